import { record } from '../../kubernetes/fields.ts';
import type { CheckedCluster, CheckedObject } from '../check.ts';
import { matches } from '../pods.ts';
import { once } from '../schema/schema.ts';

/** What is read; selectors are named by it: serviceMonitorSelector, serviceMonitorNamespaceSelector. */
export type Reading = 'serviceMonitor' | 'podMonitor' | 'probe' | 'scrapeConfig' | 'rule' | 'alertmanagerConfig';

/** Something that an operator configures by what it selects: a Prometheus, PrometheusAgent, ThanosRuler or Alertmanager. */
export interface Reader {
  /** Whether it reads such things at all. */
  reads(reading: Reading): boolean;
  /** Why it does not read an object; undefined where it does, or may. */
  refusal(reading: Reading, object: CheckedObject): string | undefined;
}

const SCRAPED = ['serviceMonitor', 'podMonitor', 'probe', 'scrapeConfig'] as const;

const KINDS: ReadonlyMap<string, readonly Reading[]> = new Map<string, readonly Reading[]>([
  ['Prometheus', [...SCRAPED, 'rule']],
  ['PrometheusAgent', SCRAPED],
  ['ThanosRuler', ['rule']],
  ['Alertmanager', ['alertmanagerConfig']],
]);

/** The readers of a cluster. */
export function readersOf(cluster: CheckedCluster): Reader[] {
  const namespaces = once(() => namespaceLabels(cluster));
  return cluster.objects.flatMap((object) => {
    const readings = object.id.group === 'monitoring.coreos.com' ? KINDS.get(object.id.kind) : undefined;
    if (readings === undefined) return [];
    const spec = record(object.desired.object.spec);
    return isManagedByHand(object.id.kind, spec) ? [] : [readerOf(object, readings, spec, namespaces)];
  });
}

/** Without any selector of what is scraped the operator leaves the configuration to somebody (prometheus_types.go, CommonPrometheusFields). */
function isManagedByHand(kind: string, spec: Readonly<Record<string, unknown>>): boolean {
  if (kind !== 'Prometheus' && kind !== 'PrometheusAgent') return false;
  return SCRAPED.every((reading) => isAbsent(spec[`${reading}Selector`]));
}

function isAbsent(selector: unknown): boolean {
  return selector === undefined || selector === null;
}

function readerOf(
  { id }: CheckedObject,
  readings: readonly Reading[],
  spec: Readonly<Record<string, unknown>>,
  namespaces: () => ReadonlyMap<string, Readonly<Record<string, unknown>>>,
): Reader {
  const title = `${id.kind} ${id.namespace}/${id.name}`;
  return {
    reads: (reading) => readings.includes(reading),
    refusal: (reading, object) => {
      const byLabel = spec[`${reading}Selector`];
      if (isAbsent(byLabel)) return `${title} reads none, because it has no ${reading}Selector`;
      const labels = record(record(object.desired.object.metadata).labels);
      if (!matches(record(byLabel), labels)) return `${title} takes ${selectorText(record(byLabel))}`;
      const byNamespace = spec[`${reading}NamespaceSelector`];
      if (isAbsent(byNamespace))
        return object.id.namespace === id.namespace ? undefined : `${title} looks in its own namespace only`;
      return looksIn(record(byNamespace), object.id.namespace, namespaces())
        ? undefined
        : `${title} looks in namespaces with ${selectorText(record(byNamespace))}`;
    },
  };
}

/** Whether a selector takes a namespace. Of one that the program does not make only the name is known: what it cannot tell it takes. */
function looksIn(
  selector: Readonly<Record<string, unknown>>,
  namespace: string,
  namespaces: ReadonlyMap<string, Readonly<Record<string, unknown>>>,
): boolean {
  const own = { 'kubernetes.io/metadata.name': namespace };
  const labels = namespaces.get(namespace);
  if (labels !== undefined) return matches(selector, { ...labels, ...own });
  const keys = [
    ...Object.keys(record(selector.matchLabels)),
    ...(Array.isArray(selector.matchExpressions) ? selector.matchExpressions.map((one) => record(one).key) : []),
  ];
  return keys.some((key) => key !== 'kubernetes.io/metadata.name') || matches(selector, own);
}

function namespaceLabels({ objects }: CheckedCluster): Map<string, Readonly<Record<string, unknown>>> {
  return new Map(
    objects
      .filter(({ id }) => id.group === '' && id.kind === 'Namespace')
      .map(({ id, desired }) => [id.name, record(record(desired.object.metadata).labels)]),
  );
}

/** "release=monitoring, team in (shop, search)" */
function selectorText(selector: Readonly<Record<string, unknown>>): string {
  const labels = Object.entries(record(selector.matchLabels)).map(([key, value]) => `${key}=${String(value)}`);
  const expressions = (Array.isArray(selector.matchExpressions) ? selector.matchExpressions : []).map((one) => {
    const { key, operator, values } = record(one);
    const listed = Array.isArray(values) ? ` (${values.map(String).join(', ')})` : '';
    return `${String(key)} ${String(operator)}${listed}`;
  });
  return [...labels, ...expressions].join(', ');
}
