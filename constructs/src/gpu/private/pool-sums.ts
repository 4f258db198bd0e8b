import type { Cluster } from '../../cluster';
import { GpuMode } from '../gpu-sharing-props';
import type { SharingFinding } from './gpu-sharing-rules';
import { hamiResources } from './gpu-vendors';
import { capacityOf, poolNodes } from './pool-nodes';
import { vendorOfKind } from './pool-plan';
import type { GpuPoolView } from './pool-view';

/**
 * What all declared pods of a cluster ask for together, against what the pool has there. Memory and compute are asked for of each card, so that a pod with several
 * cards has them as often. With more memory given out than there is, the sum is that of what is given out.
 */
export function sumFindings(view: GpuPoolView, cluster: Cluster): SharingFinding[] {
  const { resources } = capacityOf(poolNodes(view.inCluster(cluster)));
  const sums = new Map<string, number>();
  for (const { request, pods } of view.demands()) {
    const count = pods(cluster);
    if (count === 0 || view.findings(request, cluster).length > 0) continue;
    for (const [resource, amount] of Object.entries(view.podSettings(request, cluster).limits)) {
      const times = isOfEachCard(view, resource, cluster) ? (request.gpus ?? 1) : 1;
      sums.set(resource, (sums.get(resource) ?? 0) + Number(amount) * times * count);
    }
  }
  return [...sums].flatMap(([resource, sum]) => {
    const most = resources[resource];
    if (most === undefined || sum <= most) return [];
    const what = `The declared pods ask for ${sum} of ${resource} together, and the pool has ${most} in cluster "${cluster}".`;
    const fix = 'Declare fewer or smaller pods, more nodes, or put a queue before the pool (Kueue).';
    return [{ code: 'ORR2012', what, fix }];
  });
}

/** Whether a resource is a part of a card and not a number of cards. */
function isOfEachCard(view: GpuPoolView, resource: string, cluster: Cluster): boolean {
  const mode = view.mode();
  if (mode === GpuMode.VOLCANO_VGPU) return resource !== 'volcano.sh/vgpu-number';
  if (mode !== GpuMode.HAMI) return false;
  return view.nodes(cluster).every(({ kind }) => hamiResources(vendorOfKind(kind), kind.product).count !== resource);
}
