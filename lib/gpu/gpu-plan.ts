import type { KubernetesObject } from '../kubernetes/object.ts';
import { type Packing, packed, unitsOf } from './card-packing.ts';
import { type PodRequest, poolFor, requestsOf } from './pod-requests.ts';
import { type PoolRecord, poolsOf, slicesOf } from './pool-record.ts';

/** What a pool of GPUs has in a cluster, what is asked of it, and how that is expected to fit. */
export interface PlannedPool extends Packing {
  readonly pool: string;
  readonly mode: string;
  readonly nodes: number;
  readonly cards: number;
  /** What pods may have, one by one: cards, replicas, partitions or shares. */
  readonly slices: number;
  readonly requested: number;
  readonly free: number;
  /** MiB that pods may have together, and have; undefined where they have no shares of memory. */
  readonly memory: { readonly mebibytes: number; readonly requested: number } | undefined;
  /** Cards that no pod is expected on. */
  readonly idleCards: number;
  /** What nodes announce in the cluster, where it was looked at: nodes, and slices. */
  readonly announced?: { readonly nodes: number; readonly slices: number };
}

/** The pools of a cluster. */
export interface PlannedCluster {
  readonly cluster: string;
  readonly pools: readonly PlannedPool[];
  /** Pods that want cards of no pool. */
  readonly outside: readonly { readonly from: string; readonly pods: number }[];
}

/** What is in a cluster already. */
export interface LiveGpus {
  readonly requests: readonly PodRequest[];
  announced(pool: PoolRecord): PlannedPool['announced'];
}

/** Domains of extended resources that are cards: of these a pod outside of all pools is told of. */
const CARDS =
  /^(nvidia\.com\/(gpu|mig-)|volcano\.sh\/vgpu-number|huawei\.com\/Ascend|amd\.com\/gpu$|cambricon\.com\/|hygon\.com\/dcu|metax-tech\.com\/|iluvatar\.ai\/|mthreads\.com\/|enflame\.com\/|kunlunxin\.com\/)/;

/** Plans the GPUs of a cluster: by the objects of the program, or by the pods that are there. */
export function gpuPlan(cluster: string, objects: readonly KubernetesObject[], live?: LiveGpus): PlannedCluster {
  const pools = poolsOf(objects);
  const requests = live?.requests ?? requestsOf(objects);
  const byPool = new Map<PoolRecord, PodRequest[]>(pools.map((pool) => [pool, []]));
  const outside: PodRequest[] = [];
  for (const request of requests) {
    const pool = poolFor(request, pools);
    if (pool !== undefined) byPool.get(pool)?.push(request);
    else if (Object.keys(request.wants).some((resource) => CARDS.test(resource))) outside.push(request);
  }
  return {
    cluster,
    pools: [...byPool].map(([pool, own]) => {
      const announced = live?.announced(pool);
      return { ...planned(pool, own), ...(announced === undefined ? {} : { announced }) };
    }),
    outside: outside.map(({ from, pods }) => ({ from, pods })),
  };
}

function planned(pool: PoolRecord, requests: readonly PodRequest[]): PlannedPool {
  const slices = slicesOf(pool);
  const requested = requests.reduce((sum, request) => sum + request.pods * unitsOf(pool, request), 0);
  const packing = packed(pool, requests);
  return {
    pool: pool.name,
    mode: pool.mode,
    nodes: pool.groups.reduce((sum, { nodes }) => sum + nodes, 0),
    cards: pool.cards,
    slices,
    requested,
    free: slices - requested,
    memory: memoryOf(pool, requests),
    idleCards: Math.max(0, pool.cards - packing.cardsNeeded),
    ...packing,
  };
}

function memoryOf(pool: PoolRecord, requests: readonly PodRequest[]): PlannedPool['memory'] {
  const { shares, resources } = pool;
  if (shares?.memory === undefined) return undefined;
  const { memory, memoryUnit } = shares;
  const requested = requests.reduce(
    (sum, request) => sum + request.pods * unitsOf(pool, request) * (request.wants[memory] ?? 0) * memoryUnit,
    0,
  );
  return { mebibytes: (resources[memory] ?? 0) * memoryUnit, requested };
}
