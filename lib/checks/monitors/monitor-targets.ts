import { list, record } from '../../kubernetes/fields.ts';
import type { CheckedCluster, CheckedObject, Found } from '../check.ts';
import { containersOf } from '../pod-security/pod.ts';
import { matches } from '../pods.ts';

type Fields = Readonly<Record<string, unknown>>;
type Finding = Omit<Found, 'object'>;

/**
 * What is wrong with what a ServiceMonitor or PodMonitor looks for. In namespaces where the program makes nothing of the kind somebody else does, and nothing is said.
 */
export function targetsOf(object: CheckedObject, cluster: CheckedCluster): Finding[] {
  if (object.id.kind === 'ServiceMonitor') return findings(object, cluster, SERVICES);
  return object.id.kind === 'PodMonitor' ? findings(object, cluster, PODS) : [];
}

/** Something with labels and ports that a monitor may look for. */
interface Candidate {
  readonly namespace: string;
  readonly title: string;
  readonly labels: Fields;
  readonly portNames: readonly string[];
}

interface Sought {
  readonly plural: string;
  /** Where a monitor lists its ports. */
  readonly endpoints: string;
  candidates(cluster: CheckedCluster): Candidate[];
}

const SERVICES: Sought = {
  plural: 'Services',
  endpoints: 'endpoints',
  candidates: ({ objects }) =>
    objects
      .filter(({ id }) => id.group === '' && id.kind === 'Service')
      .map(({ id, desired: { object } }) => ({
        namespace: id.namespace,
        title: `Service ${id.name}`,
        labels: record(record(object.metadata).labels),
        portNames: list(record(object.spec).ports).flatMap(({ name }) => (typeof name === 'string' ? [name] : [])),
      })),
};

const PODS: Sought = {
  plural: 'workloads',
  endpoints: 'podMetricsEndpoints',
  candidates: ({ workloads }) =>
    workloads.all.map(({ object: { id }, labels, pod }) => ({
      namespace: id.namespace,
      title: `${id.kind} ${id.name}`,
      labels,
      portNames: containersOf(pod)
        .flatMap(({ fields }) => list(fields.ports))
        .flatMap(({ name }) => (typeof name === 'string' ? [name] : [])),
    })),
};

function findings({ id, desired }: CheckedObject, cluster: CheckedCluster, sought: Sought): Finding[] {
  const spec = record(desired.object.spec);
  const { isAny, names } = namespacesOf(spec, id.namespace);
  // Objects of others are everywhere.
  if (isAny) return [];
  if (names.some((name) => cluster.openNamespaces.has(name))) return [];
  const there = sought.candidates(cluster).filter(({ namespace }) => names.includes(namespace));
  if (there.length === 0) return [];
  const found = there.filter(({ labels }) => matches(record(spec.selector), labels));
  if (found.length === 0) {
    const what = `None of the ${sought.plural} that the program makes in namespace ${names.join(', ')} has the labels it selects: it finds no targets.`;
    const fix =
      'Correct the selector or the labels. Where something else makes them, waive this check with that reason.';
    return [{ severity: 'warning', field: 'spec.selector', what, fix }];
  }
  return list(spec[sought.endpoints]).flatMap(({ port }, at): Finding[] => {
    if (typeof port !== 'string' || found.some(({ portNames }) => portNames.includes(port))) return [];
    const known = found.flatMap(({ title, portNames }) => portNames.map((name) => `${name} (${title})`));
    const what = `None of what it selects has a port named ${port}: it finds no targets.`;
    const fix =
      known.length === 0 ? 'Name the port.' : `There are ${[...new Set(known)].join(', ')}; a number is no name.`;
    return [{ severity: 'error', field: `spec.${sought.endpoints}[${at}].port`, what, fix }];
  });
}

/** prometheus-operator pkg/apis/monitoring/v1/types.go, NamespaceSelector: its own namespace where nothing is said. */
function namespacesOf(spec: Fields, own: string): { readonly isAny: boolean; readonly names: readonly string[] } {
  const { any, matchNames } = record(spec.namespaceSelector);
  const names = Array.isArray(matchNames) ? matchNames.map(String) : [];
  return { isAny: any === true, names: names.length === 0 ? [own] : names };
}
