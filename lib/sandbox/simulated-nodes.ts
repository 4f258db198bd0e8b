import { setTimeout as sleep } from 'node:timers/promises';
import { OrreryError } from '../errors.ts';
import type { ClusterPaths, ClusterRecord } from './cluster-record.ts';
import { requestApiServer } from './component-readiness.ts';
import type { SandboxCluster, SandboxNode } from './sandbox-cluster.ts';

const FIELD_MANAGER = 'orrery-sandbox';
const DEFAULT_NODES = 3;
const ZONES = ['zone-a', 'zone-b', 'zone-c'];
const CAPACITY = { cpu: '32', memory: '128Gi', 'ephemeral-storage': '500Gi', pods: '500' };
const CONNECTIONS = 8;
const POLL_MS = 40;

/** The nodes of a cluster with every default filled in. */
export function simulatedNodes(definition: SandboxCluster): SandboxNode[] {
  const nodes = definition.nodes ?? DEFAULT_NODES;
  const named =
    typeof nodes === 'number'
      ? Array.from({ length: nodes }, (_, index) => ({ name: `${definition.name}-node-${index + 1}` }))
      : nodes;
  return named.map((node: SandboxNode, index) => ({
    ...node,
    labels: {
      'kubernetes.io/hostname': node.name,
      'kubernetes.io/os': 'linux',
      'kubernetes.io/arch': 'amd64',
      'topology.kubernetes.io/region': 'sandbox',
      'topology.kubernetes.io/zone': ZONES[index % ZONES.length] ?? 'zone-a',
      ...node.labels,
    },
    capacity: { ...CAPACITY, ...node.capacity },
  }));
}

/** Makes the nodes exist with their capacity (server-side apply: harmless when they do already), a few at a time. */
export async function applyNodes(record: ClusterRecord, paths: ClusterPaths): Promise<void> {
  const waiting = [...simulatedNodes(record.definition).entries()];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, { name, labels, taints, capacity }] = next;
      const identity = { apiVersion: 'v1', kind: 'Node' };
      await applyNode(record, paths, name, '', {
        ...identity,
        metadata: { name, labels, annotations: { 'kwok.x-k8s.io/node': 'fake' } },
        ...(taints === undefined ? {} : { spec: { taints } }),
      });
      const addresses = [
        { type: 'Hostname', address: name },
        { type: 'InternalIP', address: `10.128.${Math.floor(index / 250)}.${(index % 250) + 1}` },
      ];
      const status = { capacity, allocatable: capacity, addresses };
      await applyNode(record, paths, name, '/status', { ...identity, metadata: { name }, status });
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, work));
}

async function applyNode(
  record: ClusterRecord,
  paths: ClusterPaths,
  name: string,
  subresource: string,
  body: unknown,
): Promise<void> {
  const path = `/api/v1/nodes/${name}${subresource}?fieldManager=${FIELD_MANAGER}&force=true`;
  const response = await requestApiServer(record, paths, 'PATCH', path, body);
  if (response.status >= 300) {
    throw new OrreryError('ORR6003', `the API server refused node ${name}: ${response.body}`, {
      cluster: record.definition.name,
      object: `Node/${name}`,
      fix: 'Correct the name, labels, taints or capacity of the node.',
    });
  }
}

/**
 * Resolves when pods can be created and will run: every node is ready and the default service account exists.
 *
 * @throws OrreryError ORR6003 after `timeoutMs`.
 */
export async function waitUntilSchedulable(
  record: ClusterRecord,
  paths: ClusterPaths,
  timeoutMs: number,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  const wanted = simulatedNodes(record.definition).map(({ name }) => name);
  for (;;) {
    const missing = await missingForPods(record, paths, wanted);
    if (missing.length === 0) return;
    if (performance.now() > deadline) {
      throw new OrreryError('ORR6003', `after ${timeoutMs / 1000} s still not ready: ${missing.join(', ')}`, {
        cluster: record.definition.name,
        source: paths.logs,
        fix: 'Read the logs of kwok and kube-controller-manager.',
      });
    }
    await sleep(POLL_MS);
  }
}

interface NodeList {
  readonly items?: readonly {
    readonly metadata: { readonly name: string };
    readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
  }[];
}

async function missingForPods(
  record: ClusterRecord,
  paths: ClusterPaths,
  wanted: readonly string[],
): Promise<string[]> {
  const [nodes, account] = await Promise.all([
    requestApiServer(record, paths, 'GET', '/api/v1/nodes'),
    requestApiServer(record, paths, 'GET', '/api/v1/namespaces/default/serviceaccounts/default'),
  ]);
  const ready = new Set(
    nodes.status !== 200
      ? []
      : ((JSON.parse(nodes.body) as NodeList).items ?? [])
          .filter((node) => node.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True'))
          .map((node) => node.metadata.name),
  );
  return [
    ...wanted.filter((name) => !ready.has(name)).map((name) => `node ${name}`),
    ...(account.status === 200 ? [] : ['service account default']),
  ];
}
