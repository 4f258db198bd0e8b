import { splitRules } from '../canary/private/http-route-rules';
import type { TrafficSplit } from '../canary/private/release-in-cluster';
import { STABLE_ONLY } from '../canary/private/split';
import type { Cluster } from '../cluster';
import { ExposureScheme } from '../entry-points';
import {
  type ExposureRules,
  entryFact,
  entryPoint,
  exposureName,
  type GlobalAdditions,
  type HttpRouteRules,
  type IngressRules,
  type LoadBalancerRules,
} from './exposure-rules';
import { type LoadBalancing, loadBalancing } from './load-balancing';
import { servesApi } from './served-apis';
import { portsOf, type ServiceSettings } from './service-settings';
import type { Finding } from './service-validation';

/** Version of the Gateway API that is written. */
const GATEWAY_API = 'gateway.networking.k8s.io/v1';

/** An exposure of a service on its way into one cluster. */
export interface ExposureInCluster {
  readonly rules: ExposureRules;
  readonly cluster: Cluster;
  /** Of the service. */
  readonly name: string;
  readonly namespace: string;
  readonly labels: { readonly [key: string]: string };
  readonly selector: { readonly [key: string]: string };
  readonly settings: ServiceSettings;
  /** Whether the app must never be reached from the internet. */
  readonly sensitive: boolean;
  /** What addresses over several clusters add to its object. */
  readonly global: GlobalAdditions;
  /** How a release divides the requests; absent: the service has one version. */
  readonly traffic?: TrafficSplit;
}

interface ExposureObject {
  /** Path below the service. */
  readonly path: string;
  readonly object: object;
}

/** The objects of an exposure in one cluster, and what keeps it from being there. */
export function renderExposure(exposure: ExposureInCluster): {
  readonly objects: readonly ExposureObject[];
  readonly findings: readonly Finding[];
} {
  const findings = schemeFindings(exposure);
  const report = (finding: Finding) => findings.push(finding);
  const { rules } = exposure;
  const objects =
    rules.type === 'Ingress'
      ? ingress(exposure, rules, report)
      : rules.type === 'HTTPRoute'
        ? httpRoute(exposure, rules, report)
        : loadBalancerService(exposure, rules, report);
  return { objects: findings.length === 0 ? objects : [], findings };
}

type Report = (finding: Finding) => void;

function schemeFindings({ rules: { scheme }, cluster, sensitive }: ExposureInCluster): Finding[] {
  if (scheme !== ExposureScheme.INTERNET_FACING) return [];
  if (sensitive) {
    const what = 'The app is sensitive, and the exposure of its service is internet-facing.';
    return [{ code: 'ORR2012', what, fix: 'Use ExposureScheme.INTERNAL.' }];
  }
  const { internetFacing } = cluster.facts;
  if (internetFacing === true) return [];
  if (internetFacing === false) {
    const what = `The exposure is internet-facing, and the internet does not reach cluster "${cluster}" (internetFacing: false).`;
    return [{ code: 'ORR2012', what, fix: 'Use ExposureScheme.INTERNAL, or exposeIn for other clusters.' }];
  }
  const what = `The exposure is internet-facing, and no fact of cluster "${cluster}" says that the internet reaches it.`;
  return [{ code: 'ORR2013', what, fix: 'Add internetFacing to the facts of the cluster.' }];
}

function ingress(exposure: ExposureInCluster, rules: IngressRules, report: Report): ExposureObject[] {
  const { cluster } = exposure;
  const ingressClassName = entryPoint(cluster, rules.scheme).ingressClass;
  if (ingressClassName === undefined) report(missing(cluster, rules.scheme, 'ingressClass', 'Ingresses'));
  const { host, tlsSecret, path = '/' } = rules;
  const backend = { service: { name: exposure.name, port: { number: portOf(exposure, rules) } } };
  const object = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: metadata(exposure, report),
    spec: {
      ingressClassName,
      ...(tlsSecret === undefined ? {} : { tls: [{ hosts: [host], secretName: tlsSecret }] }),
      rules: [{ host, http: { paths: [{ path, pathType: 'Prefix', backend }] } }],
    },
  };
  return [{ path: `Ingress/${object.metadata.name}`, object }];
}

function httpRoute(exposure: ExposureInCluster, rules: HttpRouteRules, report: Report): ExposureObject[] {
  const { cluster, namespace, traffic } = exposure;
  const { host, path = '/', ownGateway = false } = rules;
  if (!servesApi(cluster, GATEWAY_API)) {
    const what = `The service is exposed by an HTTPRoute, and no fact of cluster "${cluster}" says that it serves ${GATEWAY_API}.`;
    report({ code: 'ORR2013', what, fix: `Add apiVersions: ['${GATEWAY_API}'] to the facts of the cluster.` });
  }
  const name = exposureName(exposure.name, rules);
  const { gateway } = entryPoint(cluster, rules.scheme);
  if (!ownGateway && gateway === undefined) {
    report(missing(cluster, rules.scheme, 'gateway', 'routes', ' Or ask for an own one: ownGateway.'));
  }
  const [gatewayNamespace, gatewayName] = ownGateway ? [namespace, name] : (gateway?.split('/') ?? []);
  const route = {
    apiVersion: GATEWAY_API,
    kind: 'HTTPRoute',
    metadata: metadata(exposure, report),
    spec: {
      parentRefs: [
        {
          name: gatewayName,
          ...(gatewayNamespace === namespace ? {} : { namespace: gatewayNamespace }),
        },
      ],
      hostnames: [host],
      rules: splitRules(
        {
          stable: { name: exposure.name, port: portOf(exposure, rules) },
          canary: traffic?.canary ?? exposure.name,
          split: traffic?.split ?? STABLE_ONLY,
        },
        { matches: [{ path: { type: 'PathPrefix', value: path } }] },
        'edge',
      ),
    },
  };
  const objects: ExposureObject[] = [{ path: `HTTPRoute/${name}`, object: route }];
  return ownGateway
    ? [{ path: `Gateway/${name}`, object: ownGatewayOf(exposure, rules, name, report) }, ...objects]
    : objects;
}

function ownGatewayOf(exposure: ExposureInCluster, rules: HttpRouteRules, name: string, report: Report): object {
  const { cluster, namespace, labels } = exposure;
  const { gatewayClass } = entryPoint(cluster, rules.scheme);
  if (gatewayClass === undefined) report(missing(cluster, rules.scheme, 'gatewayClass', 'Gateways'));
  const annotations = balancing(exposure, report)?.annotations ?? {};
  const { host, tlsSecret } = rules;
  const listener = { hostname: host, allowedRoutes: { namespaces: { from: 'Same' } } };
  return {
    apiVersion: GATEWAY_API,
    kind: 'Gateway',
    metadata: { name, namespace, labels },
    spec: {
      gatewayClassName: gatewayClass,
      ...(Object.keys(annotations).length === 0 ? {} : { infrastructure: { annotations } }),
      listeners: [
        tlsSecret === undefined
          ? { name: 'http', port: 80, protocol: 'HTTP', ...listener }
          : {
              name: 'https',
              port: 443,
              protocol: 'HTTPS',
              tls: { mode: 'Terminate', certificateRefs: [{ name: tlsSecret }] },
              ...listener,
            },
      ],
    },
  };
}

function loadBalancerService(exposure: ExposureInCluster, rules: LoadBalancerRules, report: Report): ExposureObject[] {
  const { annotations = {}, loadBalancerClass } = balancing(exposure, report) ?? {};
  const { loadBalancerAddress } = exposure.global;
  const ports = portsOf(exposure.settings).filter(({ port }) => rules.ports?.includes(port) ?? true);
  const object = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadata(exposure, report, annotations),
    spec: {
      type: 'LoadBalancer',
      ...(loadBalancerClass === undefined ? {} : { loadBalancerClass }),
      ...(loadBalancerAddress === undefined ? {} : { loadBalancerIP: loadBalancerAddress }),
      ...(rules.preserveClientAddress === true ? { externalTrafficPolicy: 'Local' } : {}),
      ...(rules.sourceRanges === undefined ? {} : { loadBalancerSourceRanges: rules.sourceRanges }),
      selector: exposure.selector,
      ports: ports.map(({ targetPort: _target, ...port }) => ({ ...port, targetPort: port.name })),
    },
  };
  return [{ path: `Service/${object.metadata.name}`, object }];
}

function balancing({ cluster, rules }: ExposureInCluster, report: Report): LoadBalancing | undefined {
  const found = loadBalancing(cluster, rules.scheme);
  if (!('code' in found)) return found;
  report(found);
  return undefined;
}

function metadata(
  { rules, name, namespace, labels, global }: ExposureInCluster,
  report: Report,
  balancing: LoadBalancing['annotations'] = {},
) {
  const own = { ...balancing, ...global.annotations };
  for (const key of Object.keys(rules.annotations ?? {})) {
    if (!Object.hasOwn(own, key)) continue;
    const what = `The exposure sets annotation "${key}" itself.`;
    report({ code: 'ORR2012', what, fix: 'Leave it out; what is special in a cluster its facts declare.' });
  }
  const annotations = { ...rules.annotations, ...own };
  return {
    name: exposureName(name, rules),
    namespace,
    labels,
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
  };
}

/** The port that requests go to; validation sees to it that there is one. */
function portOf({ settings }: ExposureInCluster, { port }: IngressRules | HttpRouteRules): number | undefined {
  return port ?? portsOf(settings)[0]?.port;
}

function missing(cluster: Cluster, scheme: ExposureScheme, field: string, kinds: string, more = ''): Finding {
  const fact = `entryPoints.${entryFact(scheme)}`;
  const what = `No fact of cluster "${cluster}" says which ${field} ${scheme} ${kinds} have.`;
  return { code: 'ORR2013', what, fix: `Add ${fact}: { ${field}: '…' } to the facts of the cluster.${more}` };
}
