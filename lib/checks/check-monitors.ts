import { record } from '../kubernetes/fields.ts';
import type { CheckedCluster, CheckedObject, FoundIn, PlatformCheck } from './check.ts';
import { targetsOf } from './monitors/monitor-targets.ts';
import { type Reader, type Reading, readersOf } from './monitors/readers.ts';

/**
 * What operators of Prometheus read by labels: monitors, rules and configurations of Alertmanager that nobody reads, and monitors that find nothing. The operator drops
 * the former without a word.
 */
export const monitors: PlatformCheck = {
  looksAt: 'platform',
  id: 'monitor',
  title: 'monitors, rules and alert routes that nobody reads, and monitors without targets',
  run: ({ clusters }) => {
    const readers = new Map(clusters.map((cluster) => [cluster, readersOf(cluster)]));
    return clusters.flatMap((cluster) =>
      cluster.objects.flatMap((object): FoundIn[] => {
        if (object.id.group !== 'monitoring.coreos.com') return [];
        const reading = READINGS.get(object.id.kind);
        if (reading === undefined) return [];
        const unread = unreadFinding(object, reading, cluster, readers);
        if (unread !== undefined) return [unread];
        return targetsOf(object, cluster).map((found) => ({ ...found, object, cluster }));
      }),
    );
  },
};

/** By which selectors the kinds are read (prometheus-operator pkg/apis/monitoring/v1: prometheus_types.go, thanos_types.go, alertmanager_types.go). */
const READINGS: ReadonlyMap<string, Reading> = new Map([
  ['ServiceMonitor', 'serviceMonitor'],
  ['PodMonitor', 'podMonitor'],
  ['Probe', 'probe'],
  ['ScrapeConfig', 'scrapeConfig'],
  ['PrometheusRule', 'rule'],
  ['AlertmanagerConfig', 'alertmanagerConfig'],
]);

function unreadFinding(
  object: CheckedObject,
  reading: Reading,
  cluster: CheckedCluster,
  readers: ReadonlyMap<CheckedCluster, readonly Reader[]>,
): FoundIn | undefined {
  const here = (readers.get(cluster) ?? []).filter((reader) => reader.reads(reading));
  const by = reading === 'alertmanagerConfig' ? 'Alertmanager' : 'Prometheus';
  if (here.length === 0) {
    // In no cluster: somebody else's reads it.
    const elsewhere = [...readers].find(([, all]) => all.some((reader) => reader.reads(reading)))?.[0];
    if (elsewhere === undefined || cluster.openNamespaces.size > 0) return undefined;
    return {
      object,
      cluster,
      severity: 'warning',
      what: `The program has no ${by} in this cluster that would read it, but one in ${elsewhere.name}.`,
      fix: `Put one here, or leave the ${object.id.kind} out. Where somebody else runs it, waive this check with that reason.`,
    };
  }
  const refusals = here.map((reader) => reader.refusal(reading, object));
  // What helm installs by itself nobody knows, and it may have one, too.
  if (refusals.some((refusal) => refusal === undefined) || cluster.openNamespaces.size > 0) return undefined;
  const labels = Object.entries(record(object.desired.object.metadata?.labels));
  const has = labels.length === 0 ? 'no labels' : labels.map(([key, value]) => `${key}=${String(value)}`).join(', ');
  return {
    object,
    cluster,
    severity: 'error',
    field: 'metadata.labels',
    what: `No ${by} of the cluster selects it: ${refusals.join('; ')}. It has ${has}.`,
    fix: 'Give it these labels, put it where they look, or let them look here.',
  };
}
