import type { IConstruct } from 'constructs';
import { type IstioSplit, splitRoutes } from '../canary/private/istio-routes';
import { STABLE_ONLY } from '../canary/private/split';
import type { Cluster } from '../cluster';
import { type Problem, problemAt } from './problem';
import { isHttp } from './resilience-validation';
import type { NamedPort } from './service-settings';

const API_VERSION = 'networking.istio.io/v1';

/** What one feature says of the requests to a service in the mesh of a cluster. */
export interface HostTraffic {
  /** Its name in messages, e.g. "resilience". */
  readonly by: string;
  /** Fields of `spec.trafficPolicy` of the DestinationRule: "connectionPool", "outlierDetection", "loadBalancer", … */
  readonly policy?: { readonly [field: string]: object };
  /** Fields of every HTTP route of the VirtualService: "timeout", "retries", … */
  readonly routes?: { readonly [field: string]: unknown };
  /** Versions of the service by the labels of their pods. */
  readonly subsets?: readonly { readonly name: string; readonly labels: { readonly [key: string]: string } }[];
}

/** A service whose host is described. */
export interface IstioHost {
  readonly construct: IConstruct;
  readonly cluster: Cluster;
  /** Of the Service, which its objects have, too. */
  readonly metadata: { readonly name: string; readonly namespace: string; readonly labels: object };
  readonly ports: readonly NamedPort[];
}

/**
 * The DestinationRule and the VirtualService of a service's host. They are made here and nowhere else, from what all features say together: of two
 * DestinationRules of one host Istio keeps the traffic policy of the older one, of two VirtualServices in the mesh one is ignored (IST0109). The host is a full name,
 * because short ones mean the namespace of whoever reads them.
 */
export function hostObjects(
  host: IstioHost,
  said: readonly HostTraffic[],
  problems: Problem[],
  split?: IstioSplit,
): { readonly id: string; readonly object: object }[] {
  const { metadata, ports } = host;
  const name = `${metadata.name}.${metadata.namespace}.svc.cluster.local`;
  const policy = together(host, said, 'policy', problems);
  const settings = together(host, said, 'routes', problems);
  if ('localityLbSetting' in ((policy.loadBalancer ?? {}) as object) && policy.outlierDetection === undefined) {
    const what = 'Requests shall go on to the next locality, and nothing tells when the nearest one fails.';
    const fix = 'Add resilience with a circuitBreaker.';
    problems.push(problemAt(host.construct, 'ORR2012', what, { fix, cluster: host.cluster.clusterName }));
  }
  const objects: { id: string; object: object }[] = [];
  const subsets = said
    .flatMap((one) => one.subsets ?? [])
    .map(({ name: subset, labels }) => ({ name: subset, labels }));
  if (Object.keys(policy).length + subsets.length > 0) {
    const object = {
      apiVersion: API_VERSION,
      kind: 'DestinationRule',
      metadata,
      spec: {
        host: name,
        ...(Object.keys(policy).length === 0 ? {} : { trafficPolicy: policy }),
        ...(subsets.length === 0 ? {} : { subsets }),
      },
    };
    objects.push({ id: 'DestinationRule', object });
  }
  if (Object.keys(settings).length > 0 || split !== undefined) {
    // Of several ports a destination has to say which one it means (IST0112); without a match every port of the host would lead to the first.
    const isOne = ports.length === 1;
    const undivided = { stable: { host: name }, canary: { host: name }, split: STABLE_ONLY };
    const http = ports
      .filter(isHttp)
      .flatMap((port) =>
        splitRoutes(split ?? undivided, isOne ? undefined : port, isOne ? undefined : { port: port.port }, settings),
      );
    const object = { apiVersion: API_VERSION, kind: 'VirtualService', metadata, spec: { hosts: [name], http } };
    objects.push({ id: 'VirtualService', object });
  }
  return objects;
}

function together(
  { construct, cluster }: IstioHost,
  said: readonly HostTraffic[],
  part: 'policy' | 'routes',
  problems: Problem[],
): { readonly [field: string]: unknown } {
  const owners = new Map<string, string>();
  const result: { [field: string]: unknown } = {};
  for (const { by, [part]: fields = {} } of said) {
    for (const [field, value] of Object.entries(fields)) {
      const other = owners.get(field);
      if (other !== undefined) {
        const what = `Both ${other} and ${by} decide the ${field} of the service.`;
        const fix = 'Leave it to one of them.';
        problems.push(problemAt(construct, 'ORR2012', what, { fix, cluster: cluster.clusterName }));
      }
      owners.set(field, by);
      result[field] = value;
    }
  }
  return result;
}
