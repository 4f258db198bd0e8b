import type { StaleRecord } from '../canary-release/stale-records.ts';
import type { Target } from '../cluster/target.ts';
import { directoryKey, planDirectory } from '../directory/plan-directory.ts';
import { OrreryError } from '../errors.ts';
import type { InventoryEntry } from '../inventory/inventory.ts';
import type { DesiredCluster, DesiredState } from '../render/desired-state.ts';
import { ordinalWarnings } from './ordinals.ts';
import { type ClusterPlan, type Plan, writes } from './plan.ts';
import { type PlannedCluster, planCluster } from './plan-cluster.ts';
import type { PlanOptions } from './plan-options.ts';
import { droppedFields } from './plan-warnings.ts';
import { problemOf } from './planning-context.ts';
import { sealOf, shownDigest } from './seal.ts';
import { serviceMoves } from './service-moves.ts';

/** Version of the plan format: a reader refuses a newer major. */
export const PLAN_VERSION = '1.9';

const LIFETIME_MS = 24 * 60 * 60 * 1000;

/** A configured target that could not be opened: it becomes the problem of its cluster, the others are planned. */
export interface UnopenedTarget {
  readonly kind: 'unopened';
  readonly cluster: string;
  /** For people. */
  readonly description: string;
  readonly error: OrreryError;
}

export type PlanTarget = Target | UnopenedTarget;

export interface MadePlan {
  readonly plan: Plan;
  /**
   * By cluster: proofs of unchanged objects that took a dry run. An apply may record them in the inventory; without, the next plan dry-runs these objects again.
   * They hold digests of Secrets: never output.
   */
  readonly renewals: ReadonlyMap<string, readonly InventoryEntry[]>;
  /** By cluster: the inventory that the plan rests on (`inventoryVersion`). An apply of this very process ends where another apply was in between. */
  readonly inventories: ReadonlyMap<string, string>;
  /** By cluster: records of canary releases that the program no longer has there. */
  readonly staleRecords?: ReadonlyMap<string, readonly StaleRecord[]> | undefined;
  /** Of a plan of some objects: what was named and chooses nothing in any cluster that could be read. */
  readonly unmatched?: readonly string[] | undefined;
}

/**
 * Plans all clusters at once; each fails alone, as the problem of its own plan. Every configured target is asked, also those of clusters that the program no
 * longer has: what is ours there is shown as left.
 * @param targets of all configured clusters.
 */
export async function makePlan(
  desired: DesiredState,
  targets: readonly PlanTarget[],
  options: PlanOptions,
): Promise<MadePlan> {
  const byName = new Map(targets.map((target) => [target.cluster, target]));
  const declared = new Set(desired.clusters.map((cluster) => cluster.name));
  const planned = await Promise.all([
    ...desired.clusters.map((cluster) => planOne(byName.get(cluster.name), cluster, desired.platform, options)),
    ...targets
      .filter((target) => !declared.has(target.cluster) && !isPartial(options))
      .map((target) => planLeft(target, desired.platform, options)),
  ]);
  const clusters = planned.filter((cluster) => cluster !== undefined);
  return finish('apply', desired.platform, desired, clusters, options);
}

/** Plans to remove everything of a platform from its targets. Choosing to destroy allows the deletes; what must stay (annotation, system namespaces) stays. */
export async function planDestroy(
  targets: readonly PlanTarget[],
  platform: DesiredState['platform'],
  options: PlanOptions,
): Promise<MadePlan> {
  const removing: PlanOptions = { ...options, allowDeletes: true, onLeft: 'delete' };
  const planned = await Promise.all(
    targets.map(async (target) => {
      const cluster = await attempt(target, undefined, platform, removing, 'destroy');
      const { left: _, leftObjects: __, ...plan } = cluster.plan;
      return { ...cluster, plan };
    }),
  );
  return finish('destroy', platform, { assemblyDigest: '', holdsSecrets: false, clusters: [] }, planned, options);
}

async function planOne(
  target: PlanTarget | undefined,
  cluster: DesiredCluster,
  platform: DesiredState['platform'],
  options: PlanOptions,
): Promise<PlannedCluster> {
  if (target !== undefined) {
    const { plan, ...planned } = await attempt(target, cluster, platform, options, 'apply');
    const warnings = [...plan.warnings, ...droppedFields(cluster.dropped ?? [])];
    return { ...planned, plan: { ...plan, warnings } };
  }
  const error = new OrreryError('ORR3001', `cluster ${cluster.name} has no target.`, {
    cluster: cluster.name,
    fix: `Say under "targets" in cdk8s.yaml how ${cluster.name} is reached.`,
  });
  return failed(cluster.name, 'no target', error);
}

/** A target whose cluster the program does not have; undefined when it holds nothing of ours. */
async function planLeft(
  target: PlanTarget,
  platform: DesiredState['platform'],
  options: PlanOptions,
): Promise<PlannedCluster | undefined> {
  const cluster = await attempt(target, undefined, platform, options, 'apply');
  const { plan, owned } = cluster;
  const leftObjects = plan.leftObjects ?? owned;
  if (plan.problem === undefined && leftObjects === 0 && plan.items.every(({ action }) => action === 'forget'))
    return undefined;
  const keeps = (options.onLeft ?? 'ask') === 'ask' || options.onLeft === 'keep';
  return { ...cluster, plan: { ...plan, left: true, leftObjects, items: keeps ? [] : plan.items } };
}

async function attempt(
  target: PlanTarget,
  cluster: DesiredCluster | undefined,
  platform: DesiredState['platform'],
  options: PlanOptions,
  purpose: Plan['purpose'],
): Promise<PlannedCluster> {
  if (target.kind === 'unopened') return failed(target.cluster, target.description, target.error);
  try {
    if (target.kind === 'kube') return await planCluster(target, cluster, platform.id, options);
    const plan = await planDirectory(target, cluster, platform, { ...options, purpose });
    const hmacKey = await directoryKey(options.stateFolder, platform.id, target.cluster);
    return { plan, renewals: [], hmacKey, owned: plan.leftObjects ?? 0 };
  } catch (error) {
    return failed(target.cluster, target.description, error, target.kind === 'kube' ? target.clusterUid : undefined);
  }
}

function failed(cluster: string, target: string, error: unknown, clusterUid?: string): PlannedCluster {
  const problem = problemOf(error, { cluster });
  const uid = clusterUid === undefined ? {} : { clusterUid };
  return {
    plan: { cluster, target, ...uid, problem, items: [], unchanged: 0, dryRuns: 0, warnings: [] },
    renewals: [],
    owned: 0,
  };
}

/** Only some objects are planned: a part that somebody named, or a stage of a release. */
function isPartial({ part, stage }: PlanOptions): boolean {
  return part !== undefined || stage !== undefined;
}

const NO_WARNINGS: ReturnType<typeof ordinalWarnings> = new Map();

function finish(
  purpose: Plan['purpose'],
  platform: DesiredState['platform'],
  desired: Pick<DesiredState, 'assemblyDigest' | 'holdsSecrets' | 'rollout' | 'apps' | 'clusters'>,
  planned: readonly PlannedCluster[],
  options: PlanOptions,
): MadePlan {
  const { assemblyDigest, holdsSecrets } = desired;
  // Some objects out of many are no rollout of the program.
  const rollout = isPartial(options) ? undefined : desired.rollout;
  const isWhole = purpose === 'apply' && !isPartial(options);
  const headroom = isWhole ? (options.headroom ?? []) : [];
  const uncovered = isWhole ? (options.uncovered ?? []) : [];
  const moves = isWhole ? serviceMoves(desired, planned, options.leftOut) : [];
  const ordinals = purpose === 'apply' ? ordinalWarnings(desired, planned) : NO_WARNINGS;
  const now = options.now();
  const sealing = planned.filter(({ plan }) => plan.problem === undefined);
  const plan: Plan = {
    format: 'orrery/plan',
    version: PLAN_VERSION,
    platform,
    purpose,
    assemblyDigest: shownDigest(assemblyDigest, holdsSecrets, sealing[0]?.hmacKey),
    createdAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + (options.lifetimeMs ?? LIFETIME_MS)).toISOString(),
    changes: planned.some(({ plan: { items } }) => items.some(({ action }) => writes(action))),
    clusters: [],
    ...(options.dryRun === false ? { unverified: true } : {}),
    ...(rollout === undefined ? {} : { rollout }),
    ...(headroom.length === 0 ? {} : { headroom }),
    ...(uncovered.length === 0 ? {} : { uncovered }),
    ...(moves.length === 0 ? {} : { moves }),
  };
  const clusters = planned.map((one): ClusterPlan => {
    const more = ordinals.get(one.plan.cluster);
    const own = more === undefined ? one.plan : { ...one.plan, warnings: [...one.plan.warnings, ...more] };
    if (own.problem !== undefined || one.hmacKey === undefined || options.sealed === false) return own;
    return { ...own, seal: sealOf(plan, own, assemblyDigest, one.hmacKey) };
  });
  const renewals = new Map(planned.map((one) => [one.plan.cluster, one.renewals]));
  const [first = [], ...rest] = planned.flatMap((one) => (one.unmatched === undefined ? [] : [one.unmatched]));
  const unmatched = first.filter((name) => rest.every((names) => names.includes(name)));
  const inventories = new Map(
    planned.flatMap(({ plan: { cluster }, inventoryVersion }) =>
      inventoryVersion === undefined ? [] : [[cluster, inventoryVersion] as const],
    ),
  );
  const staleRecords = new Map(
    planned.flatMap(({ plan: { cluster }, staleRecords: stale }) =>
      stale === undefined ? [] : [[cluster, stale] as const],
    ),
  );
  return {
    plan: { ...plan, clusters },
    renewals,
    inventories,
    unmatched,
    ...(staleRecords.size === 0 ? {} : { staleRecords }),
  };
}
