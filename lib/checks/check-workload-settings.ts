import { list, record } from '../kubernetes/fields.ts';
import { describeId } from '../kubernetes/object.ts';
import type { CheckedCluster, CheckedObject, ClusterCheck, Found, Workload } from './check.ts';
import { containersOf, type DeclaredContainer } from './pod-security/pod.ts';

const RESOURCES = ['cpu', 'memory'] as const;

/** Containers that do not say what they need: the scheduler puts them anywhere, and they are the first to be evicted. A LimitRange of the program may say it for them. */
export const resources: ClusterCheck = {
  looksAt: 'cluster',
  id: 'resources',
  title: 'containers that request no CPU or memory',
  run: (cluster) => {
    const byDefault = defaultRequests(cluster);
    return cluster.workloads.all.flatMap(({ object, pod }): Found[] => {
      const given = byDefault.get(object.id.namespace) ?? new Set();
      const ofPod = record(pod.spec.resources);
      const silent = containersOf(pod)
        .filter(({ path }) => path.includes('.containers['))
        .flatMap((container) => {
          const missing = RESOURCES.filter(
            (name) =>
              !given.has(name) && !isRequested(record(container.fields.resources), name) && !isRequested(ofPod, name),
          );
          return missing.length === 0 ? [] : [{ container, missing }];
        });
      const [first] = silent;
      if (first === undefined) return [];
      const names = silent.map(({ container, missing }) => `${container.name} (${missing.join(', ')})`).join(', ');
      return [
        {
          object,
          severity: 'warning',
          field: `${first.container.path}.resources.requests`,
          what: `Containers do not say what they need: ${names}.`,
          fix: 'Request it, or let a LimitRange of the namespace do so.',
        },
      ];
    });
  },
};

/** A limit is a request, too, where none is set. */
function isRequested({ requests, limits }: Readonly<Record<string, unknown>>, name: string): boolean {
  return record(requests)[name] !== undefined || record(limits)[name] !== undefined;
}

/** What LimitRanges among the objects request for containers that do not, by namespace. */
function defaultRequests({ objects }: CheckedCluster): Map<string, Set<string>> {
  const requests = new Map<string, Set<string>>();
  for (const { id, desired } of objects) {
    if (id.group !== '' || id.kind !== 'LimitRange') continue;
    const limits = list(record(desired.object.spec).limits).filter(({ type }) => type === 'Container');
    const names = limits.flatMap((limit) => [
      ...Object.keys(record(limit.defaultRequest)),
      ...Object.keys(record(limit.default)),
    ]);
    requests.set(id.namespace, new Set([...(requests.get(id.namespace) ?? []), ...names]));
  }
  return requests;
}

/** Workloads that a Service sends requests to from their first moment on, ready or not. */
export const readiness: ClusterCheck = {
  looksAt: 'cluster',
  id: 'probe',
  title: 'workloads behind a Service that do not say when they are ready',
  run: ({ objects, workloads }) => {
    const behind = new Map<Workload, CheckedObject>();
    for (const service of objects) {
      if (service.id.group !== '' || service.id.kind !== 'Service') continue;
      const { selector, type, publishNotReadyAddresses } = record(service.desired.object.spec);
      if (Object.keys(record(selector)).length === 0 || type === 'ExternalName' || publishNotReadyAddresses === true)
        continue;
      for (const workload of workloads.withLabels(service.id.namespace, record(selector))) {
        if (SERVING.has(workload.object.id.kind) && !behind.has(workload)) behind.set(workload, service);
      }
    }
    return [...behind].flatMap(([{ object, pod }, service]): Found[] => {
      const containers = containersOf(pod).filter(isServing);
      const [first] = containers;
      if (first === undefined || containers.some(({ fields }) => fields.readinessProbe !== undefined)) return [];
      return [
        {
          object,
          severity: 'warning',
          field: `${first.path}.readinessProbe`,
          what: `${describeId(service.id)} sends it requests, and none of its containers says when it is ready: a pod gets them as soon as it has started.`,
          fix: 'Give the container that listens a readinessProbe.',
        },
      ];
    });
  },
};

const SERVING = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet']);

/** Containers and sidecars. */
function isServing({ path, fields }: DeclaredContainer): boolean {
  return path.includes('.containers[') || fields.restartPolicy === 'Always';
}
