import { Construct } from 'constructs';
import { ClusterSelection } from '../cluster-selection';
import { ScrapedComponent } from '../observability/metric-props';
import type { ObservabilityStack } from '../observability/observability-stack';
import { componentMonitors } from '../observability/private/prometheus/component-monitors';
import { prometheusSeconds } from '../observability/private/prometheus/prometheus-duration';
import { labelFindings } from '../observability/private/slo-findings';
import { Placement } from '../placement';
import { recordLocation } from '../private/location';
import { placeObjects } from '../private/placed-objects';
import { problemAt } from '../private/problem';
import type { Finding } from '../private/service-validation';
import { webAddressFindings } from '../private/web-address';
import { GpuVendor } from './gpu-nodes';
import type { GpuPool } from './gpu-pool';
import { gpuAlerts } from './private/gpu-alerts';

/** How the cards of a pool are observed. */
export interface GpuObservation {
  /** Part of a card's memory, or of a partition's, from which somebody is told that it is nearly full: above 0, at most 1. @default 0.95 */
  readonly memoryFullFrom?: number;
  /** Degrees Celsius from which a card is too hot. @default 85 */
  readonly hotFrom?: number;
  /** For how long a pod may have a card and not compute on it until somebody is told, e.g. "4h". @default "2h" */
  readonly idleAfter?: string;
  /** Whether somebody is told when cards fail, are missing, too hot, nearly full or not used. @default true */
  readonly alerts?: boolean;
  /** Labels of its alerts, e.g. { team: 'platform' }. @default - none */
  readonly alertLabels?: { readonly [name: string]: string };
  /** What to do when an alert fires; on the alerts as `runbook_url`. @default - none */
  readonly runbookUrl?: string;
}

/** A pool in the eyes of a stack: its metrics are scraped, and somebody is told of its cards. Made by `GpuPool.observe`. */
export class GpuPoolObservation extends Construct {
  /** Use `GpuPool.observe`. */
  public constructor(pool: GpuPool, stack: ObservabilityStack, how: GpuObservation = {}) {
    super(pool, 'observation');
    recordLocation(this);
    const view = pool._view();
    const context = stack._context();
    const isScraped = stack._scrapes('dcgm');
    if (!isScraped) context.addMetrics('dcgm');
    const { namespaceName: namespace, selectedBy } = context;
    const name = `${context.name}-gpu-${pool.poolName}`;
    placeObjects(this, {
      placement: view.props.placement && Placement.on(ClusterSelection._lazy(() => [...view.clusters()])),
      namespace,
      differs: true,
      findings: () => [...findingsOf(how), ...vendorFindings(view.vendor())],
      objects: (cluster, problems) => {
        if (!context.clusters().includes(cluster)) {
          const what = `The stack "${context.name}" does not observe ${cluster.clusterName}, where the pool has nodes.`;
          problems.push(
            problemAt(this, 'ORR2012', what, {
              fix: 'Add the cluster to the placement of the stack.',
              cluster: cluster.clusterName,
            }),
          );
        }
        const rule = {
          apiVersion: 'monitoring.coreos.com/v1',
          kind: 'PrometheusRule',
          metadata: { name, namespace, labels: { 'app.kubernetes.io/managed-by': 'orrery', ...selectedBy } },
          spec: { groups: gpuAlerts({ pool: pool.poolName, nodes: view.nodes(cluster), ...how }) },
        };
        return [
          ...(isScraped ? [] : componentMonitors({ ...context, name }, [ScrapedComponent.DCGM])),
          ...(how.alerts === false ? [] : [rule]),
        ];
      },
    });
  }
}

function findingsOf(how: GpuObservation): Finding[] {
  const { memoryFullFrom = 0.95, hotFrom = 85, idleAfter = '2h', alertLabels = {}, runbookUrl } = how;
  const bad = (what: string, fix: string): Finding => ({ code: 'ORR2011', what, fix });
  return [
    ...(memoryFullFrom > 0 && memoryFullFrom <= 1
      ? []
      : [bad(`memoryFullFrom is ${memoryFullFrom}.`, 'Use a part: above 0, at most 1.')]),
    ...(hotFrom > 0 && Number.isFinite(hotFrom) ? [] : [bad(`hotFrom is ${hotFrom}.`, 'Use degrees Celsius.')]),
    ...(prometheusSeconds(idleAfter) === undefined
      ? [bad(`idleAfter "${idleAfter}" is no duration.`, 'Write it like "30m" or "2h".')]
      : []),
    ...labelFindings('alertLabels', alertLabels, ['severity', 'pool']),
    ...(runbookUrl === undefined ? [] : webAddressFindings(runbookUrl, 'the runbook')),
  ];
}

/** dcgm-exporter knows NVIDIA's cards. */
function vendorFindings(vendor: GpuVendor | undefined): Finding[] {
  if (vendor === undefined || vendor === GpuVendor.NVIDIA) return [];
  const what = `Of cards of ${vendor} no exporter is known whose metrics these alerts are of.`;
  return [{ code: 'ORR2012', what, fix: "Leave `observe` out, and observe the vendor's exporter as a service." }];
}
