import type { Cluster } from '../../../cluster';
import { Provider } from '../../../cluster-facts';
import { quantityOf } from '../../../private/quantity';
import type { ClusterMetrics, ExistingPrometheusProps, PrometheusProps, ThanosProps } from '../../metric-props';
import type { StackContext } from '../stack-context';
import type { SeenPods } from './seen-pods';

/** What the metrics of a stack are made of. */
export type MetricPlan =
  | { readonly type: 'per-cluster'; readonly prometheus: PrometheusProps }
  | { readonly type: 'thanos'; readonly prometheus: PrometheusProps; readonly thanos: ThanosProps }
  /** prometheus: of what only sends; absent where nothing is installed. */
  | {
      readonly type: 'existing';
      readonly existing: ExistingPrometheusProps;
      readonly prometheus: PrometheusProps | undefined;
    };

/** What a Prometheus in a cluster shall be. */
export interface ClusterPlan {
  readonly isAgent: boolean;
  readonly isCentre: boolean;
  readonly hasAlertmanager: boolean;
  readonly hasControlPlane: boolean;
  readonly retention: string;
  readonly storage: string | undefined;
  readonly storagePurpose: string | undefined;
  readonly replicas: number;
  readonly shards: number;
  readonly scrapeInterval: string;
}

/** Label of a Prometheus among those that scrape the same; dropped where samples are asked. */
export const REPLICA_LABEL = 'prometheus_replica';
export const CLUSTER_LABEL = 'cluster';

/** Providers that run the control plane themselves, so that etcd, scheduler and controller manager cannot be scraped. Who builds clusters on their machines says `controlPlane: true`. */
const MANAGED: ReadonlySet<Provider> = new Set([
  Provider.ALIBABA_CLOUD,
  Provider.AWS,
  Provider.AZURE,
  Provider.GOOGLE_CLOUD,
  Provider.HUAWEI_CLOUD,
  Provider.TENCENT_CLOUD,
  Provider.VOLCENGINE,
  Provider.QINGCLOUD,
  Provider.ORACLE_CLOUD,
  Provider.IBM_CLOUD,
  Provider.OVHCLOUD,
]);

export function clusterPlan(stack: StackContext, plan: MetricPlan, cluster: Cluster): ClusterPlan {
  const { prometheus = {} } = plan;
  const own = ownOf(prometheus, cluster);
  const isCentre = stack.centreCluster() === cluster;
  const isAgent = plan.type === 'existing' || own.agent === true;
  const { provider } = cluster.facts;
  return {
    isAgent,
    isCentre,
    hasAlertmanager: plan.type !== 'existing' && (isCentre || (!isAgent && prometheus.alertmanager === undefined)),
    hasControlPlane: own.controlPlane ?? !(provider !== undefined && MANAGED.has(provider)),
    retention: own.retention ?? prometheus.retention ?? (plan.type === 'per-cluster' ? '15d' : '2d'),
    storage: own.storage ?? prometheus.storage,
    storagePurpose: prometheus.storagePurpose,
    replicas: prometheus.replicas ?? 1,
    shards: own.shards ?? prometheus.shards ?? 1,
    scrapeInterval: prometheus.scrapeInterval ?? '30s',
  };
}

/** What the program says of one cluster. */
function ownOf({ clusters = {} }: PrometheusProps, { clusterName }: Cluster): ClusterMetrics {
  return Object.hasOwn(clusters, clusterName) ? (clusters[clusterName] ?? {}) : {};
}

/** Series of a cluster, by its nodes and pods and what is observed in it; undefined where nothing is known of it. */
export function estimatedSeries(props: PrometheusProps, cluster: Cluster, seen: SeenPods): number | undefined {
  const { nodes, pods = quantityOf(cluster.facts.capacity?.pods ?? '') } = ownOf(props, cluster);
  if (nodes === undefined && pods === undefined && seen.pods === 0) return undefined;
  const { perCluster = 30_000, perNode = 2_000, perPod = 250, perObservedPod = 500 } = props.series ?? {};
  return perCluster + (nodes ?? 0) * perNode + (pods ?? seen.pods) * perPod + seen.observed * perObservedPod;
}

/** The observed clusters, and the centre. */
export function clustersWithMetrics(stack: StackContext): Cluster[] {
  const centre = stack.centreCluster();
  return [...new Set([...stack.clusters(), ...(centre === undefined ? [] : [centre])])];
}
