import { canonicalJson } from '../kubernetes/canonical.ts';
import { idKey } from '../kubernetes/object.ts';
import type { Danger, Plan, PlanItem, Problem } from '../plan/plan.ts';

/** The same thing happening to the same object in one or more clusters. */
export interface ChangeGroup {
  readonly item: PlanItem;
  readonly clusters: readonly string[];
}

/** A danger, and where it lies. */
export interface DangerGroup {
  readonly danger: Danger;
  readonly item: PlanItem;
  readonly clusters: readonly string[];
}

/** Something that could not be planned: a whole cluster (no item) or an object. */
export interface ProblemGroup {
  readonly problem: Problem;
  readonly item?: PlanItem | undefined;
  readonly clusters: readonly string[];
}

interface MutableGroup<T> {
  readonly value: T;
  readonly clusters: string[];
}

class Groups<T> {
  readonly #byKey = new Map<string, MutableGroup<T>>();

  add(key: string, cluster: string, value: T): void {
    const group = this.#byKey.get(key);
    if (group === undefined) this.#byKey.set(key, { value, clusters: [cluster] });
    else if (!group.clusters.includes(cluster)) group.clusters.push(cluster);
  }

  values(): MutableGroup<T>[] {
    return [...this.#byKey.values()];
  }
}

/**
 * Two items are the same change when everything a reader sees of them is equal. The effect digest is left out on purpose: it is keyed per cluster
 * where Secrets are concerned; masked values are keyed too, so equal-looking Secrets are only grouped when they are equal.
 */
function sameness(item: PlanItem): string {
  const seen = {
    action: item.action,
    reason: item.reason,
    changes: item.changes,
    dangers: item.dangers,
    verified: item.verified,
    restarts: item.restartsPods ?? false,
    from: item.renamedFrom,
    to: item.renamedTo,
    problem: item.problem?.what,
    release: item.release,
    // For an update the changes say it all; the rest of the object may differ per cluster.
    desired:
      item.action === 'create' || item.action === 'adopt' || item.action === 'replace' ? item.desired : undefined,
  };
  return `${idKey(item.id)} ${canonicalJson(seen)}`;
}

/** All items of a plan but the blocked ones, in the order of their first appearance. */
export function groupChanges(plan: Plan): ChangeGroup[] {
  const [only, ...others] = plan.clusters.filter(({ items }) => items.length > 0);
  // In one cluster no object is twice: nothing has to be compared.
  if (only !== undefined && others.length === 0) {
    const items = only.items.filter(({ action }) => action !== 'blocked');
    return items.map((item) => ({ item, clusters: [only.cluster] }));
  }
  const groups = new Groups<PlanItem>();
  for (const cluster of plan.clusters) {
    for (const item of cluster.items) {
      if (item.action !== 'blocked') groups.add(sameness(item), cluster.cluster, item);
    }
  }
  return groups.values().map((group) => ({ item: group.value, clusters: group.clusters }));
}

/** Most dangerous first. */
const DANGER_ORDER: readonly Danger['kind'][] = [
  'delete-all',
  'delete-crd',
  'delete-namespace',
  'delete-storage',
  'delete-many',
  'replace',
  'delete-workload',
  'scale-to-zero',
  'pods-renamed',
  'gpu-repartition',
  'crd-upgrade',
  'grants-rights',
  'adopt',
  'ownership-taken',
];

export function groupDangers(plan: Plan): DangerGroup[] {
  const groups = new Groups<{ danger: Danger; item: PlanItem }>();
  for (const cluster of plan.clusters) {
    for (const item of cluster.items) {
      for (const danger of item.dangers)
        groups.add(`${idKey(item.id)} ${danger.kind} ${danger.text}`, cluster.cluster, { danger, item });
    }
  }
  const rank = (kind: Danger['kind']): number => {
    const index = DANGER_ORDER.indexOf(kind);
    return index < 0 ? DANGER_ORDER.length : index;
  };
  return groups
    .values()
    .map((group) => ({ ...group.value, clusters: group.clusters }))
    .sort((a, b) => rank(a.danger.kind) - rank(b.danger.kind));
}

/** Clusters that could not be planned first, then blocked objects. */
export function groupProblems(plan: Plan): ProblemGroup[] {
  const whole: ProblemGroup[] = [];
  const groups = new Groups<{ problem: Problem; item: PlanItem }>();
  for (const cluster of plan.clusters) {
    if (cluster.problem !== undefined) whole.push({ problem: cluster.problem, clusters: [cluster.cluster] });
    for (const item of cluster.items) {
      if (item.problem !== undefined) {
        groups.add(`${idKey(item.id)} ${item.problem.code} ${item.problem.what}`, cluster.cluster, {
          problem: item.problem,
          item,
        });
      }
    }
  }
  return [...whole, ...groups.values().map((group) => ({ ...group.value, clusters: group.clusters }))];
}

/** "same in 2 of 3 clusters" counts the clusters that were planned. */
export function whereAmong(clusters: readonly string[], all: number): string | undefined {
  if (all < 2) return undefined;
  if (clusters.length === all) return all === 2 ? 'same in both clusters' : `same in all ${all} clusters`;
  return clusters.length > 1 ? `same in ${clusters.length} of ${all} clusters` : undefined;
}
