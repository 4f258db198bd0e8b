import type { Construct } from 'constructs';
import type { Cluster } from '../../cluster';
import { clustersOf } from '../../private/delivery';
import { placeObjects } from '../../private/placed-objects';
import type { Problem } from '../../private/problem';
import type { Finding } from '../../private/service-validation';
import { storageClassFor } from '../../private/storage-classes';
import { reportUnkept, workloadFindings } from './workload-findings';
import { type GpuWorkload, requestsOf, volumeClaims, type WorkloadPods, workloadPods } from './workload-pods';

/** What a kind of workload makes of its pods. */
export interface WorkloadKind {
  /** Pods that run at the same time in each cluster, and have to have room. */
  readonly pods: number;
  findings(): readonly Finding[];
  /** The objects around the pods, beside claims. */
  objects(pods: WorkloadPods, cluster: Cluster, problems: Problem[]): readonly object[];
}

/** Makes a construct render a workload of a pool, late. */
export function placeWorkload(construct: Construct, workload: GpuWorkload, kind: WorkloadKind): void {
  const { props, pool } = workload;
  const placement = props.placement ?? pool.props.placement;
  // What a queue admits waits there until there is room.
  const pods = (cluster: Cluster) =>
    props.queueName === undefined && clustersOf(construct, placement, []).includes(cluster) ? kind.pods : 0;
  for (const request of requestsOf(workload)) pool.addDemand({ construct, request, pods });
  placeObjects(construct, {
    placement,
    namespace: props.namespaceName,
    differs: true,
    findings: () => [...outsideFindings(construct, workload), ...workloadFindings(workload), ...kind.findings()],
    objects: (cluster, problems) => {
      const before = problems.length;
      if (!pool.clusters().includes(cluster)) return [];
      reportUnkept(workload, cluster, problems);
      // Pods of a request that cannot be kept would be something else than what is written.
      if (problems.length > before) return [];
      const pods = workloadPods(workload, cluster);
      const storageClass = (what: string, purpose: string) =>
        storageClassFor(construct, cluster, what, purpose, problems);
      return [
        ...volumeClaims(workload, storageClass),
        ...pods.claimTemplates,
        ...kind.objects(pods, cluster, problems),
      ];
    },
  });
}

function outsideFindings(construct: Construct, { props, pool }: GpuWorkload): Finding[] {
  if (props.placement === undefined) return [];
  const known = pool.clusters();
  const outside = clustersOf(construct, props.placement, []).filter((cluster) => !known.includes(cluster));
  if (outside.length === 0) return [];
  const what = `The pool "${pool.name}" is not in cluster ${outside.join(', ')}.`;
  return [{ code: 'ORR2012', what, fix: `Its clusters are: ${known.join(', ')}.` }];
}
