import type { Cluster } from '../cluster';
import type { ReplicaDivision } from '../replica-division';
import { type ServiceProps, Survive } from '../service-props';
import { type BoundsByName, divideInOrder, type Groups } from './bounded-division';
import type { Placed } from './placement-rules';

/** More replicas than any cluster runs; a larger number is a mistake, and dividing it would take long. */
export const MOST_REPLICAS = 1_000_000;

/** True for numbers that replicas can have. */
export function isReplicas(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0 && value <= MOST_REPLICAS;
}

/** What a cluster gets of a service's totals: replicas, or the bounds of its autoscaler. */
export interface Share {
  readonly replicas: number;
  readonly minReplicas: number;
  /** 0 where the cluster has weight 0: there is nothing to scale. */
  readonly maxReplicas: number;
  /** Of each trigger of its autoscaler that asks for replicas. */
  readonly triggerReplicas: readonly (number | undefined)[];
  /** What KEDA runs while it cannot read its triggers. */
  readonly fallbackReplicas: number | undefined;
}

export type Shares = ReadonlyMap<Cluster, Share>;

/**
 * Divides a service's totals over the clusters, within the bounds and as spread as the placement says, and with headroom where it shall survive the loss of one. An
 * HorizontalPodAutoscaler needs at least one replica (it has no zero, KEDA has), and an upper bound is never below its lower one, nor 0.
 */
export function divideOverClusters(props: ServiceProps, placed: Placed, division: ReplicaDivision): Shares {
  const { groups, bounds } = placed;
  const divideAsAsked = props.survive === Survive.ANY_CLUSTER ? divideWithHeadroom : divideInOrder;
  // Other numbers are reported by the validation and not divided.
  const divide = (total: number | undefined): ReadonlyMap<string, number> =>
    total === undefined ? NOTHING : divideAsAsked(isReplicas(total) ? total : 0, groups, bounds, division);
  const replicas = divide(props.replicas);
  const min = divide(props.autoscaling?.minReplicas);
  const max = divide(props.autoscaling?.maxReplicas);
  const { triggers = [], fallback } = props.autoscaling ?? {};
  const least = triggers.length > 0 ? 0 : 1;
  const ofTriggers = triggers.map((trigger) => {
    const { replicas: asked } = trigger._rule();
    return asked === undefined ? undefined : divide(asked);
  });
  const ofFallback = fallback === undefined ? undefined : divide(fallback.replicas);
  return new Map(
    [...placed.weights].map(([cluster, weight]) => {
      const { clusterName } = cluster;
      const isEmpty = weight === 0 || bounds.get(clusterName)?.max === 0;
      const minReplicas = isEmpty ? 0 : Math.max(least, min.get(clusterName) ?? 0);
      const maxReplicas = isEmpty ? 0 : Math.max(1, minReplicas, max.get(clusterName) ?? 0);
      const within = (shares: ReadonlyMap<string, number>, fewest: number) =>
        Math.min(maxReplicas, Math.max(fewest, shares.get(clusterName) ?? 0));
      const own = isEmpty ? 0 : (props.replicasPerCluster ?? (props.replicas === undefined ? 1 : undefined));
      return [
        cluster,
        {
          replicas: own ?? replicas.get(clusterName) ?? 0,
          minReplicas,
          maxReplicas,
          triggerReplicas: ofTriggers.map((shares) => (shares === undefined ? undefined : within(shares, 1))),
          fallbackReplicas: ofFallback === undefined ? undefined : within(ofFallback, 0),
        },
      ];
    }),
  );
}

const NOTHING: ReadonlyMap<string, number> = new Map();

/**
 * What each cluster needs so that the total is there without any one of them: the most it would get when one of the others is gone. In sum that is
 * n / (n − 1) times the total for n clusters of the same weight. With a single cluster nothing remains, and it gets the total.
 */
export function divideWithHeadroom(
  total: number,
  groups: Groups,
  bounds: BoundsByName,
  division: ReplicaDivision,
): Map<string, number> {
  const taking = groups.flatMap((weights) => [...weights].filter(([, weight]) => weight > 0).map(([name]) => name));
  const result = divideInOrder(total, groups, bounds, division);
  if (taking.length < 2) return result;
  for (const gone of taking) {
    const left = groups.map((weights) => (weights.has(gone) ? without(weights, gone) : weights));
    for (const [name, share] of divideInOrder(total, left, bounds, division))
      result.set(name, Math.max(result.get(name) ?? 0, share));
  }
  return result;
}

export function without(weights: ReadonlyMap<string, number>, gone: string): Map<string, number> {
  return new Map([...weights].filter(([name]) => name !== gone));
}
