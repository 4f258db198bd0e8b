import { series } from './indicator';
import type { Texts } from './slo-rules';

/** A workload whose pods a controller makes. */
export interface AlertedWorkload {
  readonly kind: 'DaemonSet' | 'Deployment' | 'StatefulSet';
  readonly name: string;
}

/** What kube-state-metrics calls the replicas of a workload (kubernetes/kube-state-metrics docs/metrics/workload). */
interface Replicas {
  readonly label: string;
  readonly wanted: string;
  readonly available: string;
  /** Of its pods, behind "<name>-". */
  readonly suffix: string;
}

/** Letters and digits of generated names (kubernetes/apimachinery pkg/util/rand/rand.go): with these alone pods of "cart" are told from those of "cart-worker". */
const GENERATED = '[bcdfghjklmnpqrstvwxz2456789]';

const REPLICAS: { readonly [K in AlertedWorkload['kind']]: Replicas } = {
  DaemonSet: {
    label: 'daemonset',
    wanted: 'kube_daemonset_status_desired_number_scheduled',
    available: 'kube_daemonset_status_number_available',
    suffix: `${GENERATED}{5}`,
  },
  Deployment: {
    label: 'deployment',
    wanted: 'kube_deployment_spec_replicas',
    available: 'kube_deployment_status_replicas_available',
    suffix: `${GENERATED}{1,10}-${GENERATED}{5}`,
  },
  StatefulSet: {
    label: 'statefulset',
    wanted: 'kube_statefulset_replicas',
    available: 'kube_statefulset_status_replicas_available',
    suffix: '[0-9]+',
  },
};

/** How many replicas a workload shall have, and has: one series per cluster, however many kube-state-metrics there are. */
export function replicaSeries(
  namespace: string,
  { kind, name }: AlertedWorkload,
): { readonly wanted: string; readonly available: string; readonly raw: string } {
  const { label, wanted, available } = REPLICAS[kind];
  const of = (metric: string) => series(metric, { namespace, [label]: name });
  const each = (metric: string) => `max by (cluster, namespace, ${label}) (${of(metric)})`;
  return { wanted: each(wanted), available: each(available), raw: of(wanted) };
}

/** Series of the pods of a workload: metric{namespace="…",pod=~"…"}. */
export function podSeries(metric: string, namespace: string, workload: AlertedWorkload, more: Texts = {}): string {
  const pods = `pod=~"${workload.name.replaceAll('.', '[.]')}-${REPLICAS[workload.kind].suffix}"`;
  return series(metric, { namespace, ...more }, pods);
}
