import { list, record } from '../kubernetes/fields.ts';
import type { CheckedObject, ClusterCheck, Found, Workload } from './check.ts';
import { containersOf } from './pod-security/pod.ts';
import { selects } from './pods.ts';

/** Services against the pods of the same program. A Service without a selector has its endpoints from somebody else. */
export const services: ClusterCheck = {
  looksAt: 'cluster',
  id: 'service',
  title: 'Services without pods, and ports that no container has',
  run: ({ objects, workloads, openNamespaces }) =>
    objects.flatMap((object) => {
      if (object.id.group !== '' || object.id.kind !== 'Service') return [];
      const spec = record(object.desired.object.spec);
      const selector = record(spec.selector);
      if (Object.keys(selector).length === 0 || spec.type === 'ExternalName') return [];
      const selected = workloads.withLabels(object.id.namespace, selector);
      if (selected.length === 0 && openNamespaces.has(object.id.namespace)) return [];
      return selected.length === 0
        ? [withoutPods(object, selector, workloads.all)]
        : missingPorts(object, list(spec.ports), selected);
    }),
};

function withoutPods(
  object: CheckedObject,
  selector: Readonly<Record<string, unknown>>,
  workloads: readonly Workload[],
): Found {
  const elsewhere = workloads.find((workload) => selects(selector, workload.labels));
  const hint =
    elsewhere === undefined
      ? 'Correct the selector or the labels of the pods.'
      : `The pods of ${elsewhere.object.id.kind} ${elsewhere.object.id.name} have these labels, in namespace ${elsewhere.object.id.namespace}.`;
  const wanted = Object.entries(selector).map(([key, value]) => `${key}=${String(value)}`);
  return {
    object,
    severity: 'warning',
    field: 'spec.selector',
    what: `No workload of the program in namespace ${object.id.namespace} makes pods with ${wanted.join(', ')}.`,
    fix: `${hint} Where something else makes the pods, waive this check with that reason.`,
  };
}

/** A port by name must be a container's; by number it need not be declared, so it is only looked for where the pods declare any. */
function missingPorts(
  object: CheckedObject,
  ports: readonly Readonly<Record<string, unknown>>[],
  selected: readonly Workload[],
): Found[] {
  const declared = selected.flatMap(({ pod }) => containersOf(pod).flatMap(({ fields }) => list(fields.ports)));
  return ports.flatMap((port, at) => {
    const target = port.targetPort ?? port.port;
    const protocol = port.protocol ?? 'TCP';
    const isThere = declared.some(
      (one) => (one.protocol ?? 'TCP') === protocol && (one.name === target || one.containerPort === target),
    );
    if (isThere || (typeof target === 'number' && declared.length === 0)) return [];
    const known = declared.map((one) => [one.name, one.containerPort].filter((part) => part !== undefined).join('/'));
    return [
      {
        object,
        severity: typeof target === 'string' ? 'error' : 'warning',
        field: `spec.ports[${at}].${port.targetPort === undefined ? 'port' : 'targetPort'}`,
        what: `No container of its pods has port ${String(target)} (${String(protocol)}).`,
        fix:
          known.length === 0
            ? 'Declare it in the container.'
            : `Their containers have ${[...new Set(known)].join(', ')}.`,
      },
    ];
  });
}
