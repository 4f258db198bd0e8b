import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { Cluster } from '../../cluster';
import type { ClusterUnits } from '../../private/dependencies';
import { type Problem, problemAt } from '../../private/problem';
import type { Entry } from '../../private/unit';
import { type CanaryNames, fullHost, type LooseObject } from './canary-objects';

/** Kinds that can be in the way of a release. */
const KINDS = new Set(['VirtualService', 'DestinationRule', 'Service', 'HTTPRoute', 'GRPCRoute', 'Ingress']);

/**
 * What other objects of the cluster say about the host of a release. Of two VirtualServices of one host in the mesh one is ignored (IST0109), of two DestinationRules the subsets of one
 * may be; and a Service that selects the canary's pods sends its callers there whatever the shares are.
 */
export function neighbourProblems(
  construct: IConstruct,
  cluster: Cluster,
  all: readonly ClusterUnits[],
  names: CanaryNames,
  own: readonly Entry[],
  exposuresStayStable: boolean,
): Problem[] {
  const paths = new Set(own.map(({ path }) => path));
  const hosts = [names.stable, names.canary].map((name) => fullHost(name, names.namespace));
  const divides = own.some((entry) => kindOf(entry) === 'VirtualService');
  const pods = own.flatMap((entry): LooseObject[] => {
    if (kindOf(entry) !== 'Deployment') return [];
    const object = objectOf(entry);
    return object.metadata.name === `${names.workload}-canary` ? [object.spec.template.metadata.labels] : [];
  });
  return otherObjects(all, cluster, paths).flatMap(({ entry, object }) => {
    const isPast = !exposuresStayStable && destinationsOf(object, names.namespace).includes(hosts[0] as string);
    const found = conflictOf(object, names, hosts, divides, pods) ?? (isPast ? PAST : undefined);
    if (found === undefined) return [];
    const { kind, metadata } = object;
    const details = { cluster: cluster.clusterName, object: `${kind}/${metadata.name}`, fix: found.fix };
    return [problemAt(construct, 'ORR2012', `${kind} "${metadata.name}" (${entry.path}) ${found.what}`, details)];
  });
}

const PAST = {
  what: 'leads requests to the service past the release, which does not divide them.',
  fix: 'Expose a service of an app by Exposure.httpRoute, or say that they stay undivided: exposuresStayStable.',
};

/** Full names of the Services that a route or an Ingress leads to. */
function destinationsOf({ kind, metadata, spec = {} }: LooseObject, namespace: string): string[] {
  const space = metadata.namespace ?? namespace;
  const full = (host: string) => (host.includes('.') ? host : fullHost(host, space));
  if (kind === 'VirtualService')
    return ['http', 'tcp', 'tls'].flatMap((protocol) =>
      (spec[protocol] ?? []).flatMap(({ route = [] }: LooseObject) =>
        route.map(({ destination }: LooseObject) => full(String(destination?.host ?? ''))),
      ),
    );
  if (kind === 'HTTPRoute' || kind === 'GRPCRoute')
    return (spec.rules ?? []).flatMap(({ backendRefs = [] }: LooseObject) =>
      backendRefs.map((ref: LooseObject) => fullHost(String(ref.name), ref.namespace ?? space)),
    );
  if (kind !== 'Ingress') return [];
  const paths = (spec.rules ?? []).flatMap(({ http }: LooseObject) => http?.paths ?? []);
  return [spec.defaultBackend, ...paths.map(({ backend }: LooseObject) => backend)].flatMap((backend) =>
    backend?.service === undefined ? [] : [fullHost(String(backend.service.name), space)],
  );
}

function conflictOf(
  { kind, metadata, spec = {} }: LooseObject,
  { namespace, stable, canary }: CanaryNames,
  hosts: readonly string[],
  divides: boolean,
  pods: readonly { readonly [key: string]: string }[],
): { readonly what: string; readonly fix: string } | undefined {
  const space = metadata.namespace ?? namespace;
  const full = (host: string) => (host.includes('.') ? host : fullHost(host, space));
  if (kind === 'VirtualService') {
    const inMesh = spec.gateways === undefined || spec.gateways.includes('mesh');
    const host = (spec.hosts ?? []).map(full).find((one: string) => hosts.includes(one));
    if (!divides || !inMesh || host === undefined) return undefined;
    return {
      what: `is for host ${host} in the mesh, too: of two one is ignored.`,
      fix: 'Leave it to the release, or bind it to a gateway only.',
    };
  }
  if (kind === 'DestinationRule') {
    const host = full(String(spec.host ?? ''));
    if (!divides || !hosts.includes(host)) return undefined;
    return {
      what: `is for host ${host}, too: of two what the older one says holds.`,
      fix: 'Say it by resilience of the service, or leave it to the release.',
    };
  }
  if (kind !== 'Service' || space !== namespace || metadata.name === stable || metadata.name === canary)
    return undefined;
  const selector = Object.entries(spec.selector ?? {});
  if (selector.length === 0 || !pods.some((labels) => selector.every(([key, value]) => labels[key] === value)))
    return undefined;
  return {
    what: 'selects the pods of the canary: its callers would get it whatever its share is.',
    fix: 'Make it select what only the pods of the service have.',
  };
}

/** The objects of a cluster that may be in the way, but not those of the release itself. */
function otherObjects(
  all: readonly ClusterUnits[],
  cluster: Cluster,
  own: ReadonlySet<string>,
): { readonly entry: Entry; readonly object: LooseObject }[] {
  const units = all.find((one) => one.cluster === cluster)?.units ?? [];
  return units.flatMap(({ entries }) =>
    entries.flatMap((entry) =>
      own.has(entry.path) || !KINDS.has(kindOf(entry) ?? '') ? [] : [{ entry, object: objectOf(entry) }],
    ),
  );
}

export function kindOf({ content, owner }: Entry): string | undefined {
  if (content.type === 'construct') return (owner as ApiObject).kind;
  return content.type === 'object' ? (content.object as LooseObject).kind : undefined;
}

/** An object as it will be written. */
export function objectOf({ content, owner }: Entry): LooseObject {
  return content.type === 'construct' ? (owner as ApiObject).toJson() : (content as { object: object }).object;
}
