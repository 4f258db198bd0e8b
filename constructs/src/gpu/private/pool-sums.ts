import type { Cluster } from '../../cluster';
import type { SharingFinding } from './gpu-sharing-rules';
import { amountsOf, sumOf } from './pool-amounts';
import { capacityOf, poolNodes } from './pool-nodes';
import type { GpuPoolView } from './pool-view';

/**
 * What all declared pods of a cluster ask for together, against what the pool has there. Memory and compute are asked for of each card, so that a pod with several
 * cards has them as often. With more memory given out than there is, the sum is that of what is given out.
 */
export function sumFindings(view: GpuPoolView, cluster: Cluster): SharingFinding[] {
  const { resources } = capacityOf(poolNodes(view.inCluster(cluster)));
  const taken = view.demands().flatMap(({ request, pods }) => {
    const count = pods(cluster);
    if (count === 0 || view.findings(request, cluster).length > 0) return [];
    const amounts = Object.entries(amountsOf(view, request, cluster));
    return [Object.fromEntries(amounts.map(([resource, amount]) => [resource, amount * count]))];
  });
  return Object.entries(sumOf(taken)).flatMap(([resource, sum]) => {
    const most = resources[resource];
    if (most === undefined || sum <= most) return [];
    const what = `The declared pods ask for ${sum} of ${resource} together, and the pool has ${most} in cluster "${cluster}".`;
    const fix = 'Declare fewer or smaller pods, more nodes, or put a queue before the pool (Kueue).';
    return [{ code: 'ORR2012', what, fix }];
  });
}
