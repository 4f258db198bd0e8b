import type { Cluster } from '../../cluster';
import { GpuMode } from '../gpu-sharing-props';
import type { SharingFinding } from './gpu-sharing-rules';
import { VOLCANO } from './hami-devices';
import { hamiAmounts } from './hami-request';
import { cardMebibytes, kindsOf } from './pool-plan';
import { deviceOf, requestedKinds, shareOf } from './pool-pods';
import type { GpuPoolView, GpuRequest } from './pool-view';

/**
 * What a container takes of the nodes of a pool, by the resources that they have. Memory and compute are asked for of each card, so that one with several cards has them as often; one that
 * says nothing of them has its cards alone.
 */
export function amountsOf(
  view: GpuPoolView,
  request: GpuRequest,
  cluster: Cluster,
): { readonly [resource: string]: number } {
  const pool = view.inCluster(cluster);
  const kinds = requestedKinds(pool, request);
  const device = pool.mode === GpuMode.VOLCANO_VGPU ? VOLCANO : deviceOf(pool, kinds);
  if (device === undefined) {
    const { limits } = view.podSettings(request, cluster);
    return Object.fromEntries(Object.entries(limits).map(([resource, amount]) => [resource, Number(amount)]));
  }
  // The smallest card that it may get: what has room there is not refused for a larger one.
  const memories = kinds.map(cardMebibytes);
  const known = memories.filter((memory) => memory !== undefined);
  const facts = {
    cardMebibytes: known.length === memories.length ? Math.min(...known) : undefined,
    memoryScaling: view.props.memoryScaling,
  };
  return hamiAmounts(device, { ...shareOf(pool, request), cards: request.gpus ?? 1 }, facts);
}

/** What containers of one pod ask for together, which no node of the pool has. */
export function podFindings(
  view: GpuPoolView,
  requests: readonly GpuRequest[],
  cluster: Cluster,
): readonly SharingFinding[] {
  if (requests.length < 2) return [];
  const sums = sumOf(requests.map((request) => amountsOf(view, request, cluster)));
  const wanted = new Set(kindsOf(view.props, cluster).map(({ product }) => product));
  for (const { products } of requests) {
    for (const product of [...wanted]) if (products?.includes(product) === false) wanted.delete(product);
  }
  const nodes = view.nodes(cluster).filter(({ kind }) => wanted.has(kind.product));
  const over = nodes.map(({ resources }) =>
    Object.entries(sums).filter(([resource, sum]) => sum > (resources[resource] ?? Number.POSITIVE_INFINITY)),
  );
  const [first, ...others] = over.sort((a, b) => a.length - b.length);
  if (first === undefined || first.length === 0) return [];
  const most = (resource: string) => Math.max(...nodes.map(({ resources }) => resources[resource] ?? 0));
  const [[resource, sum]] = first as [[string, number]];
  const what = `The ${requests.length} containers of a pod ask for ${sum} of ${resource} together, and ${others.length === 0 ? 'a node' : 'the largest node'} has ${most(resource)}.`;
  return [{ code: 'ORR2012', what, fix: 'Make them smaller, or put them into pods of their own.' }];
}

/** Amounts of several, by resource. */
export function sumOf(all: readonly { readonly [resource: string]: number }[]): {
  readonly [resource: string]: number;
} {
  const sums: { [resource: string]: number } = {};
  for (const amounts of all) {
    for (const [resource, amount] of Object.entries(amounts)) sums[resource] = (sums[resource] ?? 0) + amount;
  }
  return sums;
}
