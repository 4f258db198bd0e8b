import type { ImageBuildProps } from '../../image-build/image-build-props';
import type { BuildParameterValue } from '../../image-build/image-build-strategy';
import { isImage } from '../../image-name';
import { isDnsLabel, isDnsSubdomain, isEnvName } from '../names';
import type { Finding } from '../service-validation';
import { reportDuration } from '../tekton/durations';
import { type Report, unique } from '../tekton/task-rules';
import { strategyOf } from './rendering';

/**
 * What Shipwright's controller would find when it looks at a build, or at its first run (shipwright-io/build pkg/validate/{buildname,params,trigger,envvars,output,sources}.go), and inputs that have no way
 * to it.
 */
export function shipwrightFindings(props: ImageBuildProps): Finding[] {
  const findings: Finding[] = [];
  const report: Report = (code, what, fix) => findings.push({ code, what, fix });
  checkInput(props, report);
  checkParameters(props, report);
  checkTriggers(props, report);
  checkRetention(props, report);
  for (const image of [props.image, ...(props.runs ?? []).flatMap((run) => run.image ?? [])]) {
    if (!isImage(image)) report('ORR2011', `"${image}" is no name of an image.`, 'Use registry, repository and tag.');
  }
  for (const secret of [
    props.pushSecret,
    props.triggerSecret,
    ...Object.values(props.secretEnvironment ?? {}).map((one) => one.secret),
  ]) {
    if (secret !== undefined && !isDnsSubdomain(secret))
      report('ORR2003', `"${secret}" is no name of a Secret.`, 'Use a DNS subdomain.');
  }
  for (const name of [...Object.keys(props.environment ?? {}), ...Object.keys(props.secretEnvironment ?? {})]) {
    if (!isEnvName(name)) report('ORR2003', `"${name}" is no name of a variable.`, 'Use letters, digits and "_".');
    if (props.environment?.[name] !== undefined && props.secretEnvironment?.[name] !== undefined)
      report('ORR2012', `Variable "${name}" has a text and a Secret.`, 'Leave one of them.');
  }
  if (props.timeout !== undefined) reportDuration(props.timeout, 'timeout', report);
  checkRuns(props, report);
  return findings;
}

const NO_WAY: { readonly [kind: string]: string } = {
  url: 'Shipwright fetches no artifact by its address.',
  uploaded: 'What is uploaded into KubeSphere is there for its own builds.',
};

function checkInput({ input, strategy, runs = [] }: ImageBuildProps, report: Report): void {
  const kind = input._kind();
  const none = NO_WAY[kind];
  if (none !== undefined) {
    const fix =
      "Push the artifact as an OCI artifact (ImageInput.ociArtifact), send it from your machine (ImageInput.localUpload), or build of the sources (ImageInput.git). KubeSphere's SourceToImage takes addresses and uploads.";
    report('ORR2012', none, fix);
    return;
  }
  if (kind === 'local' && runs.length > 0) {
    const what = 'A run waits for files that somebody sends, and only the command that sends them can start it.';
    report('ORR2012', what, 'Leave runs out, and start one with: shp build upload <build> <folder>.');
  }
  if (kind === 'artifact' && strategy?._strategy().name === 'ko')
    report('ORR2012', 'ko builds of sources in Go, and the input is an artifact.', 'Use another strategy.');
}

function checkParameters(props: ImageBuildProps, report: Report): void {
  const { name, kind, parameters, known } = strategyOf(props);
  if (!isDnsSubdomain(name)) report('ORR2003', `"${name}" is no name of a ${kind}.`, 'Use its name.');
  const given: { readonly [name: string]: BuildParameterValue } = { ...parameters, ...props.parameters };
  const twice = Object.keys(parameters).filter(
    (one) => props.parameters !== undefined && Object.hasOwn(props.parameters, one),
  );
  for (const one of twice)
    report('ORR2012', `Parameter "${one}" is given by the strategy and by parameters.`, 'Leave one of them.');
  const runs = (props.runs ?? []).map((run) => run.parameters ?? {});
  for (const [parameter, value] of [given, ...runs].flatMap((one) => Object.entries(one))) {
    if (parameter.startsWith('shp-'))
      report('ORR2011', `Parameter "${parameter}" is one of Shipwright itself.`, 'Leave it out.');
    else if (known !== undefined && !Object.hasOwn(known.parameters, parameter))
      report(
        'ORR2011',
        `Strategy "${name}" has no parameter "${parameter}".`,
        `It has: ${Object.keys(known.parameters).join(', ')}.`,
      );
    else if (known !== undefined && 'values' in value._fields !== (known.parameters[parameter] === 'texts')) {
      const wanted = known.parameters[parameter] === 'texts' ? 'a list' : 'one text';
      report('ORR2011', `Parameter "${parameter}" of strategy "${name}" is ${wanted}.`, 'Give that.');
    }
  }
  for (const needed of known?.needed ?? []) {
    const value = (given[needed]?._fields as { value?: string } | undefined)?.value;
    if (given[needed] === undefined || value === '')
      report('ORR2011', `Strategy "${name}" needs parameter "${needed}".`, 'Give it.');
    else if (needed === 'builder-image' && value !== undefined && !isImage(value))
      report('ORR2011', `"${value}" is no name of an image.`, 'Name the image that builds.');
  }
}

/** pkg/validate/trigger.go. */
function checkTriggers({ triggers = [], triggerSecret, input }: ImageBuildProps, report: Report): void {
  const all = triggers.map((trigger) => trigger._when());
  unique(
    all.map(({ name }) => name),
    'trigger',
    report,
  );
  for (const { name, complete } of all) {
    if (!complete) report('ORR2011', `Trigger "${name}" names nothing that it waits for.`, 'Name it.');
  }
  const isHook = all.some(({ type }) => type === 'GitHub');
  if (isHook && triggerSecret === undefined)
    report(
      'ORR2012',
      'Webhooks are not signed: whoever reaches the listener could start builds.',
      'Set triggerSecret.',
    );
  if (isHook && input._kind() !== 'git')
    report('ORR2012', 'Pushes start a build that is not of a repository.', 'Leave the trigger out.');
  if (triggerSecret !== undefined && !isHook)
    report('ORR2012', 'triggerSecret signs webhooks, and none is a trigger.', 'Leave it out.');
}

function checkRetention({ retention }: ImageBuildProps, report: Report): void {
  if (retention === undefined) return;
  const { failedLimit, succeededLimit, afterFailure, afterSuccess } = retention;
  for (const [field, value] of Object.entries({ failedLimit, succeededLimit })) {
    if (value !== undefined && !(Number.isInteger(value) && value >= 1 && value <= 10_000))
      report('ORR2011', `retention.${field} is ${value}.`, 'Use a whole number from 1 to 10000.');
  }
  for (const [field, value] of Object.entries({ afterFailure, afterSuccess })) {
    if (value !== undefined) reportDuration(value, `retention.${field}`, report);
  }
}

function checkRuns({ runs = [] }: ImageBuildProps, report: Report): void {
  unique(
    runs.map(({ name }) => name),
    'run',
    report,
  );
  for (const { name, timeout, serviceAccountName } of runs) {
    if (!isDnsLabel(name)) report('ORR2003', `"${name}" is no name of a run.`, 'Use a DNS label.');
    if (timeout !== undefined) reportDuration(timeout, `timeout of run "${name}"`, report);
    if (serviceAccountName !== undefined && serviceAccountName !== '.generate' && !isDnsSubdomain(serviceAccountName))
      report(
        'ORR2003',
        `"${serviceAccountName}" is no name of a ServiceAccount.`,
        'Use a DNS subdomain, or ".generate".',
      );
  }
}
