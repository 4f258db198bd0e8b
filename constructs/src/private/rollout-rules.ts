import type { ArgoCanaryStep, ArgoStringMatch } from '../argo/canary-step-props';
import type {
  ArgoAntiAffinity,
  ArgoBlueGreenStrategy,
  ArgoCanaryStrategy,
  ArgoRolloutSpec,
} from '../argo/rollout-props';
import type { ArgoTrafficRouting } from '../argo/traffic-routing-props';
import { checkRolloutAnalysis } from './analysis-rules';
import { goMilliseconds } from './go-duration';
import { checkPodTemplate, checkSelector } from './pod-template-rules';
import { findingsOf, type ObjectFinding, type ReportFinding } from './typed-object';

/** What Argo Rollouts takes where `revisionHistoryLimit` and `progressDeadlineSeconds` are left out (utils/defaults/defaults.go). */
const REVISIONS_KEPT = 10;
const PROGRESS_DEADLINE = 600;

/**
 * What is wrong with a Rollout: what its controller would mark as InvalidSpec (argoproj/argo-rollouts pkg/apis/rollouts/validation/validation.go,
 * v1.9.1), which no admission sees.
 */
export function rolloutProblems(spec: ArgoRolloutSpec): ObjectFinding[] {
  return findingsOf((report) => {
    checkPods(spec, report);
    checkNumbers(spec, report);
    const { blueGreen, canary } = spec.strategy ?? {};
    if ((blueGreen === undefined) === (canary === undefined)) {
      const what = `spec.strategy has ${canary === undefined ? 'neither canary nor blueGreen' : 'both canary and blueGreen'}.`;
      report('ORR2012', what, 'Set exactly one.');
    }
    if (blueGreen !== undefined) checkBlueGreen(blueGreen, spec, report);
    if (canary !== undefined) checkCanary(canary, report);
  });
}

function checkPods(spec: ArgoRolloutSpec, report: ReportFinding): void {
  const { workloadRef, template, selector } = spec;
  if (workloadRef !== undefined) {
    if (template !== undefined) {
      const what = 'spec has template and workloadRef, and the pods come from the workload.';
      report('ORR2012', what, 'Leave one of them out.');
    }
    for (const field of ['apiVersion', 'kind', 'name'] as const) {
      if ((workloadRef[field] ?? '') === '') {
        report('ORR2011', `spec.workloadRef.${field} is not set.`, 'Name the workload.');
      }
    }
    return;
  }
  checkPodTemplate(template, 'spec.template', 'ReplicaSet', report);
  if (selector === undefined)
    report('ORR2011', 'spec.selector is not set.', 'Set it to the labels of the pods, or set workloadRef.');
  else checkSelector(selector, template, 'spec.selector', report);
}

function checkNumbers(spec: ArgoRolloutSpec, report: ReportFinding): void {
  for (const field of ['replicas', 'minReadySeconds', 'revisionHistoryLimit', 'progressDeadlineSeconds'] as const) {
    const value = spec[field];
    if (value !== undefined && !(Number.isInteger(value) && value >= 0)) {
      report('ORR2011', `spec.${field} is ${value}.`, 'Use a whole number from 0 on.');
    }
  }
  const { progressDeadlineSeconds = PROGRESS_DEADLINE, minReadySeconds = 0 } = spec;
  if (progressDeadlineSeconds <= minReadySeconds) {
    const what = `spec.progressDeadlineSeconds is ${progressDeadlineSeconds}, and a pod needs ${minReadySeconds} s (minReadySeconds) before it counts.`;
    report('ORR2012', what, 'Use a greater number.');
  }
}

function checkBlueGreen(blueGreen: ArgoBlueGreenStrategy, spec: ArgoRolloutSpec, report: ReportFinding): void {
  const at = 'spec.strategy.blueGreen';
  const { activeService, previewService, scaleDownDelayRevisionLimit: kept } = blueGreen;
  if (activeService === '') report('ORR2011', `${at}.activeService is empty.`, 'Name the Service.');
  if (activeService === previewService) {
    report('ORR2012', `${at}: the active and the preview Service are both "${activeService}".`, 'Use two Services.');
  }
  const { revisionHistoryLimit = REVISIONS_KEPT } = spec;
  if (kept !== undefined && kept > revisionHistoryLimit) {
    const what = `${at}.scaleDownDelayRevisionLimit is ${kept}, and ${revisionHistoryLimit} revisions are kept.`;
    report('ORR2012', what, 'Raise spec.revisionHistoryLimit, or use a smaller number.');
  }
  checkAntiAffinity(blueGreen.antiAffinity, `${at}.antiAffinity`, report);
  checkRolloutAnalysis(blueGreen.prePromotionAnalysis, `${at}.prePromotionAnalysis`, report);
  checkRolloutAnalysis(blueGreen.postPromotionAnalysis, `${at}.postPromotionAnalysis`, report);
}

function checkCanary(canary: ArgoCanaryStrategy, report: ReportFinding): void {
  const at = 'spec.strategy.canary';
  const { canaryService, stableService, maxSurge = '25%', maxUnavailable = '25%', trafficRouting } = canary;
  if (isZero(maxSurge) && isZero(maxUnavailable)) {
    const what = `${at}: maxSurge and maxUnavailable are both 0, so no pod could be replaced.`;
    report('ORR2012', what, 'Raise one of them.');
  }
  if (canaryService !== undefined && canaryService !== '' && canaryService === stableService) {
    report('ORR2012', `${at}: canaryService and stableService are both "${canaryService}".`, 'Use two Services.');
  }
  checkPingPong(canary, report);
  if (trafficRouting === undefined) checkWithoutRouter(canary, report);
  else checkRouter(canary, trafficRouting, report);
  checkAntiAffinity(canary.antiAffinity, `${at}.antiAffinity`, report);
  checkRolloutAnalysis(canary.analysis, `${at}.analysis`, report);
  const startingStep = canary.analysis?.startingStep;
  const steps = canary.steps ?? [];
  if (startingStep !== undefined && startingStep >= steps.length) {
    const what = `${at}.analysis.startingStep is ${startingStep}, and there are ${steps.length} steps, from 0.`;
    report('ORR2012', what, 'Use the index of a step.');
  }
  for (const [i, step] of steps.entries()) checkStep(step, `${at}.steps[${i}]`, canary, report);
}

function checkPingPong({ pingPong, trafficRouting }: ArgoCanaryStrategy, report: ReportFinding): void {
  if (pingPong === undefined) return;
  const at = 'spec.strategy.canary.pingPong';
  const { pingService, pongService } = pingPong;
  for (const [field, value] of Object.entries({ pingService, pongService })) {
    if (value === '') report('ORR2011', `${at}.${field} is empty.`, 'Name the Service.');
  }
  if (pingService === pongService) report('ORR2012', `${at}: both Services are "${pingService}".`, 'Use two Services.');
  if (trafficRouting !== undefined && trafficRouting.alb === undefined && trafficRouting.istio === undefined) {
    report('ORR2012', `${at} needs the router alb or istio.`, 'Use canaryService and stableService.');
  }
  if (trafficRouting?.alb !== undefined && (trafficRouting.alb.rootService ?? '') === '') {
    report('ORR2012', `${at} needs trafficRouting.alb.rootService.`, 'Set it to the Service that the Ingress names.');
  }
}

function checkWithoutRouter(canary: ArgoCanaryStrategy, report: ReportFinding): void {
  const at = 'spec.strategy.canary';
  const fix = 'Set trafficRouting, or leave it out.';
  if (canary.scaleDownDelaySeconds !== undefined) {
    report('ORR2012', `${at}.scaleDownDelaySeconds needs trafficRouting.`, fix);
  }
  if (canary.dynamicStableScale === true) report('ORR2012', `${at}.dynamicStableScale needs trafficRouting.`, fix);
}

function checkRouter(canary: ArgoCanaryStrategy, routing: ArgoTrafficRouting, report: ReportFinding): void {
  const at = 'spec.strategy.canary';
  if (canary.scaleDownDelaySeconds !== undefined && canary.dynamicStableScale === true) {
    const what = `${at}: dynamicStableScale takes stable pods away at once, and scaleDownDelaySeconds keeps them.`;
    report('ORR2012', what, 'Leave one of them out.');
  }
  if (routing.maxTrafficWeight !== undefined && routing.nginx === undefined && !hasPlugins(routing)) {
    const what = `${at}.trafficRouting.maxTrafficWeight is set, which only the router nginx and plugins know.`;
    report('ORR2012', what, 'Leave it out: weights are percentages.');
  }
  if (needsServices(canary, routing)) {
    for (const field of ['stableService', 'canaryService'] as const) {
      if ((canary[field] ?? '') !== '') continue;
      report('ORR2012', `${at}.${field} is not set, and the router needs both Services.`, 'Name the Service.');
    }
  }
  const { virtualService, virtualServices } = routing.istio ?? {};
  if (routing.istio !== undefined && (virtualService === undefined) === (virtualServices === undefined)) {
    const what = `${at}.trafficRouting.istio has ${virtualService === undefined ? 'no virtualService' : 'virtualService and virtualServices'}.`;
    report('ORR2012', what, 'Set exactly one of virtualService and virtualServices.');
  }
}

/** Where the router tells the two versions apart by Services (validation.go: requireCanaryStableServices). */
function needsServices({ pingPong }: ArgoCanaryStrategy, routing: ArgoTrafficRouting): boolean {
  const { alb, istio, smi, apisix, ambassador, nginx, appMesh, traefik } = routing;
  if ([smi, apisix, ambassador, nginx, appMesh, traefik].some((router) => router !== undefined)) return true;
  if (pingPong !== undefined) return false;
  return alb !== undefined || (istio !== undefined && istio.destinationRule === undefined);
}

/** Kinds of steps that stand alone. The others the controller takes beside each other, as examples of its own do. */
const SINGLE = ['setWeight', 'experiment', 'analysis', 'plugin'] as const;
const TOGETHER = ['pause', 'setCanaryScale', 'setHeaderRoute', 'setMirrorRoute'] as const;

function checkStep(step: ArgoCanaryStep, at: string, canary: ArgoCanaryStrategy, report: ReportFinding): void {
  const set = (names: readonly (keyof ArgoCanaryStep)[]) => names.filter((name) => step[name] !== undefined);
  const single = set(SINGLE);
  const others = set(TOGETHER);
  if (single.length + others.length === 0) {
    report('ORR2011', `${at} says nothing.`, `Set one of ${[...SINGLE, ...TOGETHER].join(', ')}.`);
  } else if (single.length > 1 || (single.length === 1 && others.length > 0)) {
    report('ORR2012', `${at} has ${[...single, ...others].join(' and ')}.`, 'Make a step of each.');
  }
  const routing = canary.trafficRouting;
  checkWeight(step, at, routing, report);
  if (step.pause?.duration !== undefined && !isPositiveDuration(step.pause.duration)) {
    const what = `${at}.pause.duration is ${JSON.stringify(step.pause.duration)}.`;
    report('ORR2011', what, 'Use seconds, or e.g. "10m"; leave it out to wait for a person.');
  }
  if (step.setCanaryScale !== undefined && routing === undefined) {
    report('ORR2012', `${at}.setCanaryScale needs trafficRouting.`, 'Set trafficRouting, or use setWeight.');
  }
  checkHeaderRoute(step, at, routing, report);
  checkMirrorRoute(step, at, routing, report);
  for (const kind of ['setHeaderRoute', 'setMirrorRoute'] as const) {
    const route = step[kind];
    if (route === undefined || routing === undefined) continue;
    if ((routing.managedRoutes ?? []).some(({ name }) => name === route.name)) continue;
    const what = `${at}.${kind} makes route "${route.name ?? ''}", which trafficRouting.managedRoutes does not name.`;
    report('ORR2012', what, 'Add it there: the order of that list is the order of the routes.');
  }
  checkRolloutAnalysis(step.analysis, `${at}.analysis`, report);
  checkExperiment(step, at, routing, report);
}

function checkWeight(
  { setWeight, setCanaryScale }: ArgoCanaryStep,
  at: string,
  routing: ArgoTrafficRouting | undefined,
  report: ReportFinding,
): void {
  const most = routing?.maxTrafficWeight ?? 100;
  if (setWeight !== undefined && !(Number.isInteger(setWeight) && setWeight >= 0 && setWeight <= most)) {
    report('ORR2011', `${at}.setWeight is ${setWeight}.`, `Use a whole number from 0 to ${most}.`);
  }
  if (setCanaryScale === undefined) return;
  const { weight, replicas, matchTrafficWeight } = setCanaryScale;
  const said = [weight !== undefined, replicas !== undefined, matchTrafficWeight === true].filter(Boolean);
  if (said.length > 1) {
    const what = `${at}.setCanaryScale says the number of pods ${said.length} times.`;
    report('ORR2012', what, 'Set one of weight, replicas and matchTrafficWeight.');
  }
  if (weight !== undefined && !(Number.isInteger(weight) && weight >= 0 && weight <= 100)) {
    report('ORR2011', `${at}.setCanaryScale.weight is ${weight}.`, 'Use a whole number from 0 to 100.');
  }
  if (replicas !== undefined && !(Number.isInteger(replicas) && replicas >= 0)) {
    report('ORR2011', `${at}.setCanaryScale.replicas is ${replicas}.`, 'Use a whole number from 0 on.');
  }
}

function checkHeaderRoute(
  { setHeaderRoute }: ArgoCanaryStep,
  at: string,
  routing: ArgoTrafficRouting | undefined,
  report: ReportFinding,
): void {
  if (setHeaderRoute === undefined) return;
  const routers = [routing?.istio, routing?.alb, routing?.apisix];
  if (routing === undefined || (routers.every((router) => router === undefined) && !hasPlugins(routing))) {
    const what = `${at}.setHeaderRoute needs a router that knows headers.`;
    report('ORR2012', what, 'Use istio, alb, apisix or a plugin.');
  }
  for (const [i, { headerValue }] of (setHeaderRoute.match ?? []).entries()) {
    const where = `${at}.setHeaderRoute.match[${i}].headerValue`;
    if (routing?.alb === undefined) checkMatch(headerValue, where, report);
    else if ((headerValue.exact ?? '') === '' || set(headerValue).length > 1) {
      report('ORR2012', `${where} is no exact value, and the router alb knows no other.`, 'Set exact alone.');
    }
  }
}

function checkMirrorRoute(
  { setMirrorRoute }: ArgoCanaryStep,
  at: string,
  routing: ArgoTrafficRouting | undefined,
  report: ReportFinding,
): void {
  if (setMirrorRoute === undefined) return;
  if (routing?.istio === undefined && !(routing !== undefined && hasPlugins(routing))) {
    report('ORR2012', `${at}.setMirrorRoute needs a router that copies requests.`, 'Use istio or a plugin.');
  }
  const { percentage, match = [] } = setMirrorRoute;
  if (percentage !== undefined && !(Number.isInteger(percentage) && percentage >= 0 && percentage <= 100)) {
    report('ORR2011', `${at}.setMirrorRoute.percentage is ${percentage}.`, 'Use a whole number from 0 to 100.');
  }
  for (const [i, { method, path, headers = {} }] of match.entries()) {
    const where = `${at}.setMirrorRoute.match[${i}]`;
    if (method !== undefined) checkMatch(method, `${where}.method`, report);
    if (path !== undefined) checkMatch(path, `${where}.path`, report);
    for (const [name, value] of Object.entries(headers)) checkMatch(value, `${where}.headers.${name}`, report);
  }
}

function checkExperiment(
  { experiment }: ArgoCanaryStep,
  at: string,
  routing: ArgoTrafficRouting | undefined,
  report: ReportFinding,
): void {
  for (const [i, { weight }] of (experiment?.templates ?? []).entries()) {
    if (weight === undefined) continue;
    const known = [routing?.alb, routing?.smi, routing?.istio].some((router) => router !== undefined);
    if (known || (routing !== undefined && hasPlugins(routing))) continue;
    const what = `${at}.experiment.templates[${i}].weight needs a router that knows more than two versions.`;
    report('ORR2012', what, 'Use istio, alb, smi or a plugin, or leave it out.');
  }
}

function checkAntiAffinity(affinity: ArgoAntiAffinity | undefined, at: string, report: ReportFinding): void {
  if (affinity === undefined) return;
  const preferred = affinity.preferredDuringSchedulingIgnoredDuringExecution;
  const required = affinity.requiredDuringSchedulingIgnoredDuringExecution;
  if ((preferred === undefined) === (required === undefined)) {
    report(
      'ORR2012',
      `${at} has ${preferred === undefined ? 'neither' : 'both'} of its two forms.`,
      'Set exactly one.',
    );
  }
  if (preferred !== undefined && !(preferred.weight >= 1 && preferred.weight <= 100)) {
    report('ORR2011', `${at}: the weight is ${preferred.weight}.`, 'Use a whole number from 1 to 100.');
  }
}

function checkMatch(match: ArgoStringMatch, at: string, report: ReportFinding): void {
  const count = set(match).length;
  if (count !== 1) report('ORR2012', `${at} has ${count} of exact, prefix and regex.`, 'Set exactly one.');
}

function set({ exact = '', prefix = '', regex = '' }: ArgoStringMatch): string[] {
  return [exact, prefix, regex].filter((value) => value !== '');
}

function hasPlugins({ plugins = {} }: ArgoTrafficRouting): boolean {
  return Object.keys(plugins).length > 0;
}

function isZero(value: number | string): boolean {
  return /^0+%?$/.test(String(value));
}

/** As RolloutPause.DurationSeconds reads it: seconds as a number or in a text, or a duration of Go. */
function isPositiveDuration(duration: number | string): boolean {
  if (typeof duration === 'number') return Number.isInteger(duration) && duration > 0;
  if (/^\d+$/.test(duration)) return Number(duration) > 0;
  return (goMilliseconds(duration) ?? 0) > 0;
}
