import { builtInScope } from '../built-in-kinds';
import {
  KarmadaConflict,
  type KarmadaDeliveryProps,
  KarmadaPurge,
  KarmadaScheduling,
  type KarmadaToleration,
} from '../karmada-delivery';
import { canonicalJson, sha256 } from './canonical';
import type { Overriders } from './karmada-template';
import type { JsonMap, PlaintextOverrider } from './override-operations';

export const KARMADA_POLICY = 'policy.karmada.io/v1alpha1';

/** What a policy selects, always by name: a policy of kinds would take in what others make. */
export interface ResourceSelector {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** Clusters by their names in Karmada, with the weights that divide replicas over them. */
export interface AffinityGroup {
  readonly clusters: readonly string[];
  readonly weights: ReadonlyMap<string, number>;
}

/** Where the objects of a policy go, and how replicas are divided there. */
export interface Propagation {
  /** In order of preference. */
  readonly groups: readonly AffinityGroup[];
  /** Used in addition, in order. */
  readonly overflow: readonly (readonly string[])[];
  readonly scheduling: KarmadaScheduling | 'duplicated';
  /** Only of dynamic scheduling: Karmada ignores it for static weights. */
  readonly spread: { readonly clusters?: number | undefined; readonly regions?: number | undefined };
}

/** Names of policies have at most so many characters (karmada-io/karmada: pkg/webhook/propagationpolicy/mutating.go). */
const LONGEST_POLICY_NAME = 63;

/** "mall-deployment-cart"; what is too long ends with a hash. */
export function policyName(...parts: readonly string[]): string {
  const name = parts.join('-');
  return name.length <= LONGEST_POLICY_NAME
    ? name
    : `${name.slice(0, LONGEST_POLICY_NAME - 9).replace(/[-.]+$/, '')}-${sha256(name).slice(0, 8)}`;
}

/** "deployment-cart"; kinds that are not built in carry their group, since two may be alike. */
export function objectName(group: string, kind: string, name: string): string {
  const isBuiltIn = builtInScope(group, kind) !== undefined;
  return `${kind.toLowerCase()}${isBuiltIn ? '' : `.${group}`}-${name}`;
}

export function propagationPolicy(
  metadata: { readonly name: string; readonly namespace?: string; readonly labels: object },
  selectors: readonly ResourceSelector[],
  propagation: Propagation,
  props: KarmadaDeliveryProps,
): object {
  const { propagateDependencies, preserveResourcesOnDeletion, conflictResolution } = props;
  const failover = failoverOf(props);
  return {
    apiVersion: KARMADA_POLICY,
    kind: metadata.namespace === undefined ? 'ClusterPropagationPolicy' : 'PropagationPolicy',
    metadata,
    spec: {
      resourceSelectors: selectors,
      placement: placementOf(propagation, props.tolerations),
      conflictResolution: conflictResolution ?? KarmadaConflict.ABORT,
      ...(propagateDependencies === true ? { propagateDeps: true } : {}),
      ...(preserveResourcesOnDeletion === true ? { preserveResourcesOnDeletion: true } : {}),
      ...(failover === undefined ? {} : { failover }),
    },
  };
}

function placementOf(propagation: Propagation, tolerations: readonly KarmadaToleration[] | undefined): object {
  const { groups, overflow } = propagation;
  const isSimple = groups.length === 1 && overflow.length === 0;
  const overflowAffinities = overflow.map((clusterNames, i) => ({ affinityName: `overflow-${i + 1}`, clusterNames }));
  const affinity = isSimple
    ? { clusterAffinity: { clusterNames: groups[0]?.clusters ?? [] } }
    : {
        clusterAffinities: groups.map(({ clusters }, i) => ({
          affinityName: `group-${i + 1}`,
          clusterNames: clusters,
          ...(overflowAffinities.length === 0 ? {} : { overflowAffinities }),
        })),
      };
  const spread = spreadOf(propagation);
  return {
    ...affinity,
    ...(tolerations === undefined ? {} : { clusterTolerations: tolerations.map(tolerationOf) }),
    ...(spread.length === 0 ? {} : { spreadConstraints: spread }),
    replicaScheduling: replicaSchedulingOf(propagation),
  };
}

/** A constraint by region needs one by cluster, and without maxGroups nothing is scheduled: 0 is its default (karmada-io/karmada#4617). */
function spreadOf({ groups, overflow, spread }: Propagation): object[] {
  const { clusters, regions } = spread;
  if (clusters === undefined && regions === undefined) return [];
  const maxGroups = new Set([...groups.flatMap((group) => group.clusters), ...overflow.flat()]).size;
  const constraint = (spreadByField: string, minGroups: number) => ({ spreadByField, minGroups, maxGroups });
  return [
    ...(regions === undefined ? [] : [constraint('region', regions)]),
    constraint('cluster', Math.max(clusters ?? 1, regions ?? 1)),
  ];
}

function replicaSchedulingOf({ scheduling, groups }: Propagation): object {
  switch (scheduling) {
    case 'duplicated':
      return { replicaSchedulingType: 'Duplicated' };
    case KarmadaScheduling.AGGREGATED:
      return { replicaSchedulingType: 'Divided', replicaDivisionPreference: 'Aggregated' };
    case KarmadaScheduling.AVAILABLE_REPLICAS:
      return {
        replicaSchedulingType: 'Divided',
        replicaDivisionPreference: 'Weighted',
        weightPreference: { dynamicWeight: 'AvailableReplicas' },
      };
    case KarmadaScheduling.STATIC:
      return {
        replicaSchedulingType: 'Divided',
        replicaDivisionPreference: 'Weighted',
        weightPreference: {
          staticWeightList: groups.flatMap(({ weights }) =>
            [...weights].map(([name, weight]) => ({ targetCluster: { clusterNames: [name] }, weight })),
          ),
        },
      };
  }
}

function tolerationOf({ key, value, effect, tolerationSeconds }: KarmadaToleration): object {
  return {
    ...(key === undefined ? {} : { key }),
    operator: value === undefined ? 'Exists' : 'Equal',
    ...(value === undefined ? {} : { value }),
    ...(effect === undefined ? {} : { effect }),
    ...(tolerationSeconds === undefined ? {} : { tolerationSeconds }),
  };
}

function failoverOf({ clusterFailover, applicationFailover: application }: KarmadaDeliveryProps): object | undefined {
  if (clusterFailover === undefined && application === undefined) return undefined;
  return {
    ...(clusterFailover === undefined ? {} : { cluster: { purgeMode: clusterFailover } }),
    ...(application === undefined ? {} : { application: applicationFailoverOf(application) }),
  };
}

function applicationFailoverOf(failover: NonNullable<KarmadaDeliveryProps['applicationFailover']>): object {
  const { tolerationSeconds, purge = KarmadaPurge.GRACEFULLY, gracePeriodSeconds } = failover;
  return {
    decisionConditions: { tolerationSeconds: tolerationSeconds ?? 300 },
    purgeMode: purge,
    ...(purge === KarmadaPurge.GRACEFULLY ? { gracePeriodSeconds: gracePeriodSeconds ?? 600 } : {}),
  };
}

/** One policy per object: Karmada applies every overrider of a policy to every object that it selects (karmada-io/karmada#6103). */
export function overridePolicy(
  metadata: { readonly name: string; readonly namespace?: string; readonly labels: object },
  selector: ResourceSelector,
  overriders: ReadonlyMap<string, Overriders>,
): object {
  const all = [...overriders];
  return {
    apiVersion: KARMADA_POLICY,
    kind: metadata.namespace === undefined ? 'ClusterOverridePolicy' : 'OverridePolicy',
    metadata,
    spec: {
      resourceSelectors: [selector],
      overrideRules: [
        ...rulesOf(all.map(([cluster, { labels }]) => [cluster, labels])),
        ...rulesOf(all.map(([cluster, { rest }]) => [cluster, rest])),
      ],
    },
  };
}

/** One rule for the clusters that have the same overriders. */
function rulesOf(overriders: readonly (readonly [string, readonly PlaintextOverrider[]])[]): object[] {
  const rules = new Map<string, { readonly clusters: string[]; readonly plaintext: readonly PlaintextOverrider[] }>();
  // Clusters that get the same have the very same overriders.
  const texts = new Map<readonly PlaintextOverrider[], string>();
  for (const [cluster, plaintext] of overriders) {
    if (plaintext.length === 0) continue;
    const key = texts.get(plaintext) ?? canonicalJson(plaintext as unknown as readonly JsonMap[]);
    texts.set(plaintext, key);
    const known = rules.get(key);
    if (known === undefined) rules.set(key, { clusters: [cluster], plaintext });
    else known.clusters.push(cluster);
  }
  return [...rules.values()].map(({ clusters, plaintext }) => ({
    targetCluster: { clusterNames: clusters },
    overriders: { plaintext },
  }));
}
