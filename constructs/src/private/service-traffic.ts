import type { IstioSplit } from '../canary/private/istio-routes';
import { ResilienceBackend, type ResilienceProps } from '../resilience';
import { type HostTraffic, hostObjects } from './istio-host';
import type { CallSite } from './location';
import { type Problem, type ProblemCode, problemAt } from './problem';
import { BACKENDS_FIX, backendsIn, backendTrafficPolicy, localRateLimit, meshTraffic } from './resilience-rendering';
import { backendProblems, resilienceProblems } from './resilience-validation';
import { metadataOf, type ServiceInCluster, selectorOf } from './service-rendering';
import { portsOf, type ServiceSettings } from './service-settings';
import type { Entry } from './unit';

/** The resilience of a service as the program declares it. */
export interface DeclaredResilience {
  readonly props: ResilienceProps;
  readonly site: CallSite;
}

/** What is said of the requests to a service in one cluster. */
export interface Traffic {
  readonly declared: DeclaredResilience | undefined;
  /** By other features, of the mesh. */
  readonly said: readonly HostTraffic[];
  /** Objects by which the service is reached from outside. */
  readonly exposures: readonly Entry[];
  /** How a release divides the requests in the mesh. */
  readonly split?: IstioSplit | undefined;
}

/** Reports what is wrong with it in every cluster. */
export function validateResilience(
  construct: ServiceInCluster['construct'],
  { props, site }: DeclaredResilience,
  settings: ServiceSettings,
  problems: Problem[],
): void {
  for (const { code, what, fix } of resilienceProblems(props, portsOf(settings)))
    problems.push(problemAt(construct, code, what, { fix, source: site.source }));
}

/** The objects about the requests to a service in one cluster: what its resilience and other features of it say of them together. */
export function renderTraffic(
  service: ServiceInCluster,
  settings: ServiceSettings,
  { declared, said: others, exposures, split }: Traffic,
  problems: Problem[],
): Entry[] {
  const { construct, cluster } = service;
  const metadata = metadataOf(service);
  const host = { construct, cluster, metadata, ports: portsOf(settings) };
  const said = [...others];
  const objects: { id: string; object: object }[] = [];
  const backend = declared === undefined ? undefined : backendIn(service, declared, problems);
  if (declared !== undefined && backend === ResilienceBackend.ISTIO) {
    const { rateLimit } = declared.props;
    said.push(meshTraffic(declared.props));
    if (rateLimit !== undefined)
      objects.push({ id: 'EnvoyFilter', object: localRateLimit(metadata, selectorOf(service), rateLimit) });
  }
  if (declared !== undefined && backend === ResilienceBackend.ENVOY_GATEWAY) {
    const routes = routesOf(service, declared, exposures, problems);
    objects.push({ id: 'BackendTrafficPolicy', object: backendTrafficPolicy(metadata, declared.props, routes) });
  }
  if (said.length > 0 || split !== undefined) objects.unshift(...hostObjects(host, said, problems, split));
  return objects.map(({ id, object }) => ({
    path: `${construct.node.path}/${id}`,
    owner: construct,
    content: { type: 'object', object },
  }));
}

function routesOf(
  { construct, cluster }: ServiceInCluster,
  { props, site }: DeclaredResilience,
  exposures: readonly Entry[],
  problems: Problem[],
): readonly string[] {
  if (props.routes !== undefined) return props.routes;
  const objects = exposures.flatMap(({ content }) => (content.type === 'object' ? [content.object] : []));
  const routes = (objects as { kind: string; metadata: { name: string } }[]).filter(({ kind }) => kind === 'HTTPRoute');
  if (routes.length === 0) {
    const what = `Envoy Gateway shall hold to the resilience of the service, and no HTTPRoute leads to it in cluster "${cluster}".`;
    const fix = 'Expose the service by an HTTPRoute, or name those that others make by routes.';
    problems.push(problemAt(construct, 'ORR2012', what, { fix, cluster: cluster.clusterName, source: site.source }));
  }
  return routes.map(({ metadata }) => metadata.name);
}

function backendIn(
  { construct, cluster }: ServiceInCluster,
  { props, site }: DeclaredResilience,
  problems: Problem[],
): ResilienceBackend | undefined {
  const report = (code: ProblemCode, what: string, fix: string) =>
    problems.push(problemAt(construct, code, what, { fix, cluster: cluster.clusterName, source: site.source }));
  const available = props.backend === undefined ? backendsIn(cluster) : [props.backend];
  const [backend] = available;
  if (backend === undefined) {
    report('ORR2013', `resilience needs a mesh or a gateway, and cluster "${cluster}" declares none.`, BACKENDS_FIX);
    return undefined;
  }
  if (available.length > 1) {
    report('ORR2012', `Cluster "${cluster}" has both Istio and Envoy Gateway.`, 'Say which one by backend.');
    return undefined;
  }
  for (const { code, what, fix } of backendProblems(props, backend)) report(code, what, fix);
  return backend;
}
