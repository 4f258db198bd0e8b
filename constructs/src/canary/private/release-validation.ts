import { DURATION_RULE, milliseconds } from '../../private/gate-settings';
import { proxyMilliseconds } from '../../private/proxy-duration';
import type { Finding } from '../../private/service-validation';
import { webAddressFindings } from '../../private/web-address';
import type { CanaryReleaseProps } from '../canary-release';
import type { CanaryFault } from '../canary-step';
import type { CanaryPodStickiness, CanaryStickiness } from '../canary-stickiness';
import { analysisFindings } from './analysis-validation';
import { dyeFindings } from './dye-validation';
import { matchFindings } from './match-rules';
import type { StepRules } from './step-rules';

type Report = (code: Finding['code'], what: string, fix: string) => void;

/** Settings of an override that are none of the pods. */
const NOT_PODS = ['replicas', 'autoscaling', 'partition', 'serviceAnnotations'] as const;

/** What is wrong with a release in every cluster. */
export function releaseFindings(props: CanaryReleaseProps): Finding[] {
  const findings: Finding[] = [];
  const report: Report = (code, what, fix) => findings.push({ code, what, fix });
  const { image, changes, steps, firstOn, waves, stickiness, prometheus, prometheusPerCluster = {} } = props;
  const isNothing = Object.values(changes ?? {}).every((value) => value === undefined);
  if (props.service !== undefined && image === undefined && isNothing)
    report('ORR2012', 'The release brings nothing new.', 'Set image, or changes.');
  if (props.service === undefined && !isNothing)
    report('ORR2012', 'changes are settings of a service of an app, and none is released.', 'Set image.');
  if (props.deployment !== undefined && image === undefined)
    report('ORR2012', 'The release brings nothing new.', 'Set image.');
  if (props.versions !== undefined && image !== undefined)
    report('ORR2012', 'image is set, and both versions are there already.', 'Leave it out.');
  if (image !== undefined && changes?.image !== undefined)
    report('ORR2012', 'image and changes.image are both set.', 'Set image.');
  for (const name of NOT_PODS) {
    if (changes?.[name] === undefined) continue;
    const what = `changes.${name} is set, which is nothing of a version: it would hold for both.`;
    report('ORR2012', what, 'Set it on the service, before or after the release.');
  }
  if (firstOn !== undefined && waves !== undefined)
    report('ORR2012', 'firstOn and waves are both set.', 'Make the first cluster the first of the waves.');
  if (!Array.isArray(steps) || steps.length === 0)
    report('ORR2012', 'The release has no steps.', 'Give it some, e.g. CanaryStep.weight(5), CanaryStep.approve().');
  else
    stepFindings(
      steps.map((step) => step._rules),
      props,
      report,
    );
  if (stickiness !== undefined) stickinessFindings(stickiness, report);
  if (props.dye !== undefined) findings.push(...dyeFindings(props.dye._rules));
  for (const url of [prometheus, ...Object.values(prometheusPerCluster)])
    if (url !== undefined) findings.push(...webAddressFindings(url, 'Prometheus'));
  return findings;
}

/** What is in force when a step begins. */
interface Standing {
  weight: number;
  mirror: number;
  matches: number;
  scale: number;
  readonly isDyed: boolean;
}

function stepFindings(steps: readonly StepRules[], props: CanaryReleaseProps, report: Report): void {
  const now: Standing = { weight: 0, mirror: 0, matches: 0, scale: 0, isDyed: props.dye !== undefined };
  for (const [at, step] of steps.entries()) {
    const where = `Step ${at + 1}`;
    checkStep(where, step, now, props, report);
    if (step.type === 'weight') Object.assign(now, { weight: step.percent, mirror: 0 });
    if (step.type === 'scale' || step.type === 'weight') now.scale = Math.max(now.scale, step.percent);
    if (step.type === 'mirror') now.mirror = step.percent;
    if (step.type === 'headerRoute') now.matches = step.matches.length;
  }
}

function checkStep(where: string, step: StepRules, now: Standing, props: CanaryReleaseProps, report: Report): void {
  if (now.weight === 100 && ['mirror', 'headerRoute', 'fault', 'scale'].includes(step.type)) {
    const what = `${where} comes when the canary has all requests, and changes nothing.`;
    report('ORR2012', what, 'Move it before weight(100).');
  }
  const add = (findings: readonly Finding[]): void => {
    for (const { code, what, fix } of findings) report(code, `${where}: ${what}`, fix);
  };
  switch (step.type) {
    case 'weight':
      if (!isPercent(step.percent))
        report('ORR2011', `${where} has the weight ${step.percent}.`, 'Use a whole number from 0 to 100.');
      else if (step.percent === now.weight && now.mirror === 0)
        report('ORR2012', `${where} sets the weight ${step.percent}, which the canary has already.`, 'Remove it.');
      break;
    case 'scale':
      if (!isPercent(step.percent) || step.percent === 0)
        report('ORR2011', `${where} scales to ${step.percent} percent.`, 'Use a whole number from 1 to 100.');
      else if (step.percent <= now.scale)
        report('ORR2012', `${where} scales to ${step.percent} percent, which the canary has already.`, 'Remove it.');
      break;
    case 'mirror':
      if (!(step.percent >= 0 && step.percent <= 100))
        report('ORR2011', `${where} mirrors ${step.percent} percent.`, 'Use a number from 0 to 100.');
      else if (step.percent === now.mirror)
        report('ORR2012', `${where} mirrors ${step.percent} percent, as is done already.`, 'Remove it.');
      break;
    case 'pause':
      if (step.duration !== undefined && (milliseconds(step.duration) ?? 0) === 0)
        report('ORR2011', `${where} pauses for "${step.duration}".`, DURATION_RULE);
      break;
    case 'headerRoute':
      if (step.matches.length === 0 && now.matches === 0)
        report('ORR2012', `${where} ends a headerRoute, and there is none.`, 'Give it a match: CanaryMatch.header(…).');
      for (const match of step.matches) add(matchFindings(match));
      break;
    case 'fault':
      checkFault(where, step.fault, now, report);
      break;
    case 'analyse': {
      const hasRequests = now.weight > 0 || now.mirror > 0 || now.matches > 0 || now.isDyed;
      add(analysisFindings(step.analysis, props, hasRequests));
      break;
    }
    default:
  }
}

function checkFault(where: string, fault: CanaryFault, now: Standing, report: Report): void {
  const { delay, abortStatus, percent = 100 } = fault;
  if (delay === undefined && abortStatus === undefined)
    report('ORR2012', `${where} is a fault that does nothing.`, 'Set delay or abortStatus.');
  if (delay !== undefined && proxyMilliseconds(delay) === undefined)
    report('ORR2011', `${where} delays by "${delay}".`, 'Write it like "500ms" or "2s".');
  if (abortStatus !== undefined && !(Number.isInteger(abortStatus) && abortStatus >= 200 && abortStatus <= 599))
    report('ORR2011', `${where} answers with status ${abortStatus}.`, 'Use a status from 200 to 599.');
  if (!(percent > 0 && percent <= 100))
    report('ORR2011', `${where} hits ${percent} percent of the requests.`, 'Use a number above 0, at most 100.');
  if (fault.requests?.length === 0)
    report('ORR2012', `${where} puts failures into no requests.`, 'Give requests a match, or leave it out.');
  for (const match of fault.requests ?? [])
    for (const { code, what, fix } of matchFindings(match._rules)) report(code, `${where}: ${what}`, fix);
  if (fault.requests === undefined && now.matches === 0)
    report(
      'ORR2012',
      `${where} puts failures into requests, and nothing says into whose.`,
      'Name them by requests, or put a headerRoute before it: failures hit its requests and no others.',
    );
}

function stickinessFindings({ version, pod }: CanaryStickiness, report: Report): void {
  if (version === undefined && pod === undefined)
    report('ORR2012', 'stickiness says nothing.', 'Set version, pod or both.');
  if (version?.cookie !== undefined && !COOKIE_NAME.test(version.cookie))
    report('ORR2011', `"${version.cookie}" is no name of a cookie.`, 'Use letters, digits, "-" and "_".');
  if (version?.maxAge !== undefined && (milliseconds(version.maxAge) ?? 0) < 1000)
    report('ORR2011', `stickiness.version.maxAge is "${version.maxAge}".`, 'Use at least "1s", at most "7d".');
  if (pod !== undefined) podFindings(pod, report);
}

const COOKIE_NAME = /^[A-Za-z0-9_-]+$/;

function podFindings(
  { cookie, cookieMaxAge, header, query, sourceAddress }: CanaryPodStickiness,
  report: Report,
): void {
  const said = [cookie, header, query, sourceAddress === true ? true : undefined].filter((way) => way !== undefined);
  if (said.length !== 1) {
    const fix = 'Set exactly one of cookie, header, query and sourceAddress.';
    report('ORR2012', `stickiness.pod tells clients apart in ${said.length} ways.`, fix);
  }
  if (cookieMaxAge !== undefined && (cookie === undefined || proxyMilliseconds(cookieMaxAge) === undefined))
    report('ORR2011', `stickiness.pod.cookieMaxAge is "${cookieMaxAge}".`, 'Write it like "1h", together with cookie.');
  for (const name of [cookie, header])
    if (name !== undefined && !COOKIE_NAME.test(name))
      report('ORR2011', `stickiness.pod names "${name}".`, 'Use letters, digits, "-" and "_".');
}

function isPercent(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 100;
}
