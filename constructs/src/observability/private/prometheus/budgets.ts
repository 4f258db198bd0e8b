import type { IConstruct } from 'constructs';
import type { Cluster } from '../../../cluster';
import { type Problem, problemAt } from '../../../private/problem';
import { quantityOf } from '../../../private/quantity';
import type { Finding } from '../../../private/service-validation';
import { storageClassFor } from '../../../private/storage-classes';
import type { ThanosProps } from '../../metric-props';
import type { StackContext } from '../stack-context';
import { clusterPlan, clustersWithMetrics, type MetricPlan } from './cluster-plan';
import { prometheusSeconds } from './prometheus-duration';
import { budgetFindings, type KeptSamples, sizeFindings } from './series-budget';

/** Reports volumes of a cluster that are full before samples are old enough to go, and classes of volumes that it has not. */
export function checkBudgets(
  construct: IConstruct,
  stack: StackContext,
  plan: MetricPlan,
  cluster: Cluster,
  problems: Problem[],
): void {
  const centre = stack.centreCluster() === cluster;
  const found = [
    ...(plan.prometheus === undefined ? [] : prometheusBudget(stack, plan, cluster)),
    ...(centre && plan.type === 'thanos' ? receiverBudgets(stack, plan, plan.thanos) : []),
  ];
  for (const { code, what, fix } of found)
    problems.push(problemAt(construct, code, what, { fix, cluster: cluster.clusterName }));
  for (const { what, purpose } of volumesIn(stack, plan, cluster))
    storageClassFor(construct, cluster, what, purpose, problems);
}

function prometheusBudget(stack: StackContext, plan: MetricPlan, cluster: Cluster): Finding[] {
  const own = clusterPlan(stack, plan, cluster);
  const { isAgent, storage, retention, scrapeInterval, shards, series } = own;
  const kept = keptSamples({ storage, retention, interval: scrapeInterval, shards });
  if (isAgent || kept === undefined) return [];
  const who = `Prometheus of cluster "${cluster}"`;
  const { retentionSize } = plan.prometheus ?? {};
  const settings = { storage: 'storage', retention: 'retention', shards: 'shards' };
  const sized =
    retentionSize === undefined
      ? []
      : sizeFindings(retentionSize, { ...kept, who, settings, ...(series === undefined ? {} : { series }) });
  return [...sized, ...(series === undefined ? [] : budgetFindings({ ...kept, who, settings, series }))];
}

/** Receivers keep every series as often as it is copied, each its part of them. Which tenant has how many nobody knows, so that every hashring is judged as if it took all. */
function receiverBudgets(stack: StackContext, plan: MetricPlan, props: ThanosProps): Finding[] {
  const { replicationFactor = 3, receiverRetention = '6h', scrapeInterval = '30s' } = props;
  const known = clustersWithMetrics(stack).map((cluster) => {
    const { series, replicas } = clusterPlan(stack, plan, cluster);
    return series === undefined ? undefined : series * replicas;
  });
  if (props.hashrings.length !== 1 || known.includes(undefined)) return [];
  const series = known.reduce<number>((sum, one) => sum + (one ?? 0), 0) * replicationFactor;
  return props.hashrings.flatMap(({ name, receivers = 3, storage }) => {
    // The block that is written, and the one that is uploaded, beside those that are kept.
    const kept = keptSamples({ storage, retention: receiverRetention, interval: scrapeInterval, shards: receivers });
    if (kept === undefined) return [];
    const who = `Each receiver of hashring "${name}"`;
    return budgetFindings({
      ...kept,
      who,
      series,
      settings: { storage: 'storage', retention: 'receiverRetention', shards: 'receivers' },
    });
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

function volumesIn(stack: StackContext, plan: MetricPlan, cluster: Cluster): { what: string; purpose: string }[] {
  const isCentre = stack.centreCluster() === cluster;
  const volumes: { what: string; purpose: string | undefined }[] = [];
  if (plan.prometheus !== undefined && clusterPlan(stack, plan, cluster).storage !== undefined)
    volumes.push({ what: 'Prometheus', purpose: plan.prometheus.storagePurpose });
  if (isCentre && plan.type === 'thanos')
    for (const { name, storagePurpose } of plan.thanos.hashrings)
      volumes.push({ what: `Hashring "${name}"`, purpose: storagePurpose });
  return volumes.flatMap(({ what, purpose }) => (purpose === undefined ? [] : [{ what, purpose }]));
}
