import type { IConstruct } from 'constructs';
import type { Cluster } from '../../../cluster';
import type { ClusterUnits } from '../../../private/dependencies';
import { type Problem, problemAt } from '../../../private/problem';
import { quantityOf } from '../../../private/quantity';
import type { Finding } from '../../../private/service-validation';
import { storageClassFor } from '../../../private/storage-classes';
import type { ThanosProps } from '../../metric-props';
import type { StackContext } from '../stack-context';
import { clusterPlan, clustersWithMetrics, estimatedSeries, type MetricPlan } from './cluster-plan';
import { prometheusSeconds } from './prometheus-duration';
import { seenPods } from './seen-pods';
import { budgetFindings, type KeptSamples, sizeFindings } from './series-budget';

/** Reports volumes that are full before samples are old enough to go. @param all what is rendered, of all clusters */
export function checkBudgets(
  construct: IConstruct,
  {
    stack,
    plan,
    all,
  }: { readonly stack: StackContext; readonly plan: MetricPlan; readonly all: readonly ClusterUnits[] },
  problems: Problem[],
): void {
  const { prometheus } = plan;
  if (prometheus === undefined) return;
  const series = new Map(
    all.map((units) => [units.cluster, estimatedSeries(prometheus, units.cluster, seenPods(units))] as const),
  );
  for (const cluster of clustersWithMetrics(stack)) {
    const isCentre = stack.centreCluster() === cluster;
    const found = [
      ...prometheusBudget(stack, plan, cluster, series.get(cluster)),
      ...(isCentre && plan.type === 'thanos' ? receiverBudgets(stack, plan.thanos, series) : []),
    ];
    for (const { code, what, fix } of found)
      problems.push(problemAt(construct, code, what, { fix, cluster: cluster.clusterName }));
  }
}

/** Reports classes of volumes that a cluster has not. */
export function checkVolumes(
  construct: IConstruct,
  { stack, plan, cluster }: { readonly stack: StackContext; readonly plan: MetricPlan; readonly cluster: Cluster },
  problems: Problem[],
): void {
  const need = (what: string, purpose: string | undefined) =>
    purpose === undefined ? undefined : storageClassFor(construct, cluster, what, purpose, problems);
  if (plan.prometheus !== undefined && clusterPlan(stack, plan, cluster).storage !== undefined)
    need('Prometheus', plan.prometheus.storagePurpose);
  if (plan.type === 'thanos' && stack.centreCluster() === cluster)
    for (const { name, storagePurpose } of plan.thanos.hashrings) need(`Hashring "${name}"`, storagePurpose);
}

function prometheusBudget(
  stack: StackContext,
  plan: MetricPlan,
  cluster: Cluster,
  series: number | undefined,
): Finding[] {
  const { isAgent, storage, retention, scrapeInterval, shards } = clusterPlan(stack, plan, cluster);
  const kept = keptSamples({ storage, retention, interval: scrapeInterval, shards });
  if (isAgent || kept === undefined) return [];
  const who = `Prometheus of cluster "${cluster}"`;
  const { retentionSize } = plan.prometheus ?? {};
  const asked = { ...kept, who, settings: { storage: 'storage', retention: 'retention', shards: 'shards' } };
  const known = series === undefined ? asked : { ...asked, series };
  return [
    ...(retentionSize === undefined ? [] : sizeFindings(retentionSize, known)),
    ...('series' in known ? budgetFindings(known) : []),
  ];
}

/** Receivers keep every series as often as it is copied, each its part of them. How many a tenant has nobody knows, so that only a single hashring is judged. */
function receiverBudgets(
  stack: StackContext,
  props: ThanosProps,
  series: ReadonlyMap<Cluster, number | undefined>,
): Finding[] {
  const { replicationFactor = 3, receiverRetention = '6h', scrapeInterval = '30s', replicas = 1 } = props;
  const known = clustersWithMetrics(stack).map((cluster) => series.get(cluster));
  const [hashring] = props.hashrings;
  if (hashring === undefined || props.hashrings.length > 1 || known.includes(undefined)) return [];
  const { name, receivers = 3, storage } = hashring;
  const kept = keptSamples({ storage, retention: receiverRetention, interval: scrapeInterval, shards: receivers });
  if (kept === undefined) return [];
  const sent = known.reduce<number>((sum, one) => sum + (one ?? 0) * replicas, 0);
  return budgetFindings({
    ...kept,
    who: `Each receiver of hashring "${name}"`,
    series: sent * replicationFactor,
    settings: { storage: 'storage', retention: 'receiverRetention', shards: 'receivers' },
  });
}

function keptSamples(said: {
  readonly storage: string | undefined;
  readonly retention: string;
  readonly interval: string;
  readonly shards: number;
}): Omit<KeptSamples, 'who' | 'series' | 'settings'> | undefined {
  const { storage, retention, interval, shards } = said;
  const volume = storage === undefined ? undefined : quantityOf(storage);
  const [retentionSeconds, intervalSeconds] = [prometheusSeconds(retention), prometheusSeconds(interval)];
  // Reported as bad values.
  if (!volume || !retentionSeconds || !intervalSeconds || !(shards >= 1) || storage === undefined) return undefined;
  return { volume, retentionSeconds, intervalSeconds, shards, said: { retention, storage, interval } };
}
