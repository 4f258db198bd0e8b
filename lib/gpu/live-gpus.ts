import type { KubeClient, KubeResponse } from '../cluster/kube-client.ts';
import { listPages } from '../cluster/list-pages.ts';
import type { KubeTarget } from '../cluster/target.ts';
import { OrreryError } from '../errors.ts';
import { record } from '../kubernetes/fields.ts';
import { apiStatus } from '../kubernetes/status.ts';
import type { LiveGpus } from './gpu-plan.ts';
import { hasAll, type PodRequest, requestOfPod } from './pod-requests.ts';
import { type PoolRecord, unitResources } from './pool-record.ts';

interface LiveNode {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly allocatable: Readonly<Record<string, unknown>>;
}

/** Nodes and pods of a cluster, as far as they have to do with GPUs. Nothing is written. */
export async function liveGpus({ client, cluster }: KubeTarget): Promise<LiveGpus> {
  const nodes = await all<LiveNode>(client, cluster, '/api/v1/nodes', ({ metadata, status }) => [
    { name: metadata.name ?? '', labels: metadata.labels ?? {}, allocatable: record(record(status).allocatable) },
  ]);
  const requests = await all<PodRequest>(client, cluster, '/api/v1/pods', (pod) => {
    const request = requestOfPod(pod);
    return request === undefined ? [] : [{ ...request, ...whereIs(pod, request, nodes) }];
  });
  return { requests, announced: (pool) => announcedBy(nodes, pool) };
}

/** A pod on a node takes cards there; one that waits takes them where its selector lets it. Nodes that are still to come nobody knows. */
function whereIs(pod: Item, { nodeSelector }: PodRequest, nodes: readonly LiveNode[]): Pick<PodRequest, 'nodes'> {
  const { nodeName } = record(pod.spec);
  const there = nodes.filter(({ name, labels }) =>
    typeof nodeName === 'string' && nodeName !== '' ? name === nodeName : hasAll(labels, nodeSelector),
  );
  return there.length === 0 ? {} : { nodes: there.map(({ labels }) => labels) };
}

function announcedBy(nodes: readonly LiveNode[], pool: PoolRecord): { nodes: number; slices: number } {
  const units = unitResources(pool);
  const slices = ({ allocatable }: LiveNode) =>
    units.reduce((sum, resource) => sum + (Number(allocatable[resource] ?? 0) || 0), 0);
  const own = nodes.filter(
    (node) => slices(node) > 0 && pool.groups.some(({ selector }) => hasAll(node.labels, selector)),
  );
  return { nodes: own.length, slices: own.reduce((sum, node) => sum + slices(node), 0) };
}

type Item = Parameters<Parameters<typeof listPages>[2]>[0][number];

async function all<T>(
  client: KubeClient,
  cluster: string,
  path: string,
  make: (item: Item) => T | readonly T[],
): Promise<T[]> {
  const found = await listPages<T>(client, path, (items) => items.flatMap(make));
  if (Array.isArray(found)) return found;
  const answer: KubeResponse = found;
  throw new OrreryError(
    answer.status === 403 ? 'ORR3006' : 'ORR3007',
    `${path} cannot be read: ${apiStatus(answer).message}`,
    {
      cluster,
      fix: 'Reading nodes and pods of all namespaces takes the rights "list nodes" and "list pods".',
    },
  );
}
