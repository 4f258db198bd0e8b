import { isServiceName } from '../../private/names';
import { isHttp } from '../../private/resilience-validation';
import type { Finding } from '../../private/service-validation';
import { AccessMode } from '../../service-props';
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
  if (props.meshCallers === true && backend.backend !== 'gateway-api')
    report(
      'ORR2012',
      `meshCallers is set, and ${backend.title} divides the requests of the mesh anyhow.`,
      'Leave it out.',
    );
  findings.push(...exposureFindings(exposures, props, backend));
  return findings;
}

function exposureFindings(
  exposures: readonly string[],
  { exposuresStayStable, meshCallers }: CanaryReleaseProps,
  { title, can }: CanaryBackendRules,
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
  if (can.has('mesh-callers') && meshCallers !== true && title === 'the Gateway API' && divided.length === 0) {
    const what = 'The Gateway API divides requests at HTTPRoutes, and none leads to the service.';
    const fix = 'Expose the service by an HTTPRoute, or set meshCallers where a mesh knows HTTPRoutes of Services.';
    findings.push({ code: 'ORR2012', what, fix });
  }
  return findings;
}

const WORDS: { readonly [type: string]: string } = { Ingress: 'an Ingress', LoadBalancer: 'a load balancer' };
