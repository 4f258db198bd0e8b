import { isServiceName } from '../../private/names';
import { isHttp } from '../../private/resilience-validation';
import type { Finding } from '../../private/service-validation';
import { AccessMode } from '../../service-props';
import { CanaryBackend, CanaryFailure } from '../canary-backend';
import type { CanaryReleaseProps } from '../canary-release';
import type { CanaryBackendRules } from './backend';
import { backendsWith } from './backends';
import type { ReleasedService } from './service-release';

/** Why a service cannot be released so in a cluster. */
export function serviceFindings(
  service: ReleasedService,
  props: CanaryReleaseProps,
  backend: CanaryBackendRules,
): Finding[] {
  const findings: Finding[] = [];
  const report = (code: Finding['code'], what: string, fix: string) => findings.push({ code, what, fix });
  const { name, ports, settings, exposures } = service;
  if (!isServiceName(`${name}-canary`)) {
    const what = `The canary of "${name}" would be "${name}-canary", which is longer than the name of a Service.`;
    report('ORR2003', what, 'Give the service a name of at most 56 characters.');
  }
  if (settings.stateful !== undefined) {
    const what = 'The service is stateful: each of its pods is one of its own, and none can be there twice.';
    report('ORR2012', what, 'Release it pod by pod: overrideIn with partition.');
  }
  for (const volume of settings.volumes ?? []) {
    if (volume.accessMode === AccessMode.READ_WRITE_MANY || volume.accessMode === AccessMode.READ_ONLY_MANY) continue;
    const what = `Volume "${volume.name}" can be used on one node only, and both versions need it.`;
    report('ORR2012', what, 'Use AccessMode.READ_WRITE_MANY.');
  }
  if (!ports.some(isHttp)) {
    const what = 'Requests are divided, and no port of the service is known to speak HTTP.';
    report('ORR2012', what, 'Name a port "http…" or "grpc…", or set its appProtocol.');
  }
  if (service.hub !== undefined && backend.isMovedByOrrery) {
    const what = `${service.hub} brings the objects of the service to its clusters, and a release by ${backend.title} is moved by Orrery, which has to write to each.`;
    report('ORR2012', what, 'Use DeliveryEngine.direct(), or a back-end whose controller moves it.');
  }
  if (props.onFailure === CanaryFailure.PAUSE && !backend.isMovedByOrrery) {
    const what = `onFailure is PAUSE, and ${backend.title} sends a failed release back by itself.`;
    report('ORR2012', what, 'Leave it out, or use a back-end that Orrery moves.');
  }
  faultFindings(service, props, report);
  if (props.meshCallers === true && backend.backend !== CanaryBackend.GATEWAY_API)
    report(
      'ORR2012',
      `meshCallers is set, and ${backend.title} divides the requests of the mesh anyhow.`,
      'Leave it out.',
    );
  if (props.dye?._rules.edge !== undefined && !exposures.includes('HTTPRoute')) {
    const what = 'Requests are dyed at the edge, and the service is exposed by no HTTPRoute, where that is done.';
    report('ORR2012', what, 'Expose it by Exposure.httpRoute, or leave out edge.');
  }
  findings.push(...exposureFindings(exposures, props, backend));
  return findings;
}

/** Timeouts and retries of the mesh are off where failures are put in (istio/api networking/v1alpha3/virtual_service.proto, HTTPRoute.fault). */
function faultFindings(
  { resilience }: ReleasedService,
  { steps }: CanaryReleaseProps,
  report: (code: Finding['code'], what: string, fix: string) => void,
): void {
  if (resilience?.timeout === undefined && resilience?.retries === undefined) return;
  for (const [at, { _rules: step }] of steps.entries()) {
    if (step.type !== 'fault' || step.fault.withoutTimeouts === true) continue;
    const what = `Step ${at + 1} puts failures into requests, for which Istio then holds to no timeout and retries, and resilience sets them.`;
    report('ORR2012', what, 'Say that they are off there: withoutTimeouts: true.');
  }
}

function exposureFindings(
  exposures: readonly string[],
  { exposuresStayStable, meshCallers }: CanaryReleaseProps,
  { backend, title, can }: CanaryBackendRules,
): Finding[] {
  const findings: Finding[] = [];
  const divided = exposures.filter((type) => type === 'HTTPRoute' && can.has('http-route'));
  for (const type of new Set(exposures)) {
    if (divided.includes(type) || exposuresStayStable === true) continue;
    const what =
      type === 'HTTPRoute'
        ? `The service is exposed by an HTTPRoute, which ${title} does not divide.`
        : `The service is exposed by ${WORDS[type]}, whose requests ${title} does not divide: they would all get the stable version.`;
    const other = type === 'HTTPRoute' ? backendsWith('http-route') : 'an exposure by HTTPRoute';
    const fix = `It can be done by: ${other}. Or say that they stay so: exposuresStayStable.`;
    findings.push({ code: 'ORR2012', what, fix });
  }
  if (backend === CanaryBackend.GATEWAY_API && meshCallers !== true && divided.length === 0) {
    const what = 'The Gateway API divides requests at HTTPRoutes, and none leads to the service.';
    const fix = 'Expose the service by an HTTPRoute, or set meshCallers where a mesh knows HTTPRoutes of Services.';
    findings.push({ code: 'ORR2012', what, fix });
  }
  return findings;
}

const WORDS: { readonly [type: string]: string } = { Ingress: 'an Ingress', LoadBalancer: 'a load balancer' };
