import { hasAvailable } from '../apply/share-ready.ts';
import { resourcePath } from '../cluster/resource-path.ts';
import { OrreryError } from '../errors.ts';
import { describeId, type KubernetesObject } from '../kubernetes/object.ts';
import type { PlanTarget } from '../plan/make-plan.ts';
import { type AwaitedWorkload, type Plan, type ServiceMove, writes } from '../plan/plan.ts';

const PLURALS: Readonly<Record<string, string>> = { Deployment: 'deployments', StatefulSet: 'statefulsets' };

/** Clusters in which a service has to be ready before its replicas go in the clusters of this plan, and which the plan leaves out. */
export function leftOutReceivers({ moves = [], clusters }: Pick<Plan, 'moves' | 'clusters'>): readonly string[] {
  const planned = new Set(clusters.map(({ cluster }) => cluster));
  const giving = new Set(
    clusters.filter(({ items }) => items.some(({ action }) => writes(action))).map(({ cluster }) => cluster),
  );
  const giveHere = ({ donors }: ServiceMove) => donors.some(({ cluster }) => giving.has(cluster));
  const receivers = moves.filter(giveHere).flatMap((move) => move.receivers.map(({ cluster }) => cluster));
  return [...new Set(receivers)].filter((cluster) => !planned.has(cluster));
}

/**
 * Makes sure that no replica goes in the clusters of a plan before it is ready in those that the plan leaves out. Reads only.
 * @param targets of `leftOutReceivers`
 * @throws OrreryError ORR4202 naming the service, the cluster and what is missing there
 */
export async function assertReceiversReady(
  { moves = [] }: Pick<Plan, 'moves'>,
  targets: readonly PlanTarget[],
): Promise<void> {
  await Promise.all(
    moves.flatMap(({ service, receivers }) =>
      receivers.flatMap(({ cluster, workloads }) => {
        const target = targets.find((one) => one.cluster === cluster);
        return target === undefined ? [] : workloads.map((workload) => assertAvailable(service, target, workload));
      }),
    ),
  );
}

async function assertAvailable(service: string, target: PlanTarget, { id, fewest }: AwaitedWorkload): Promise<void> {
  const { cluster } = target;
  const missing = await whatIsMissing(target, { id, fewest });
  if (missing === undefined) return;
  throw new OrreryError(
    'ORR4202',
    `${service} shall run less here, and is not ready in ${cluster}, which is left out: ${missing}.`,
    {
      cluster,
      path: service,
      fix: 'Apply these clusters together: leave out --cluster and --wave; or apply the other one first.',
    },
  );
}

async function whatIsMissing(target: PlanTarget, { id, fewest }: AwaitedWorkload): Promise<string | undefined> {
  if (target.kind === 'unopened') return `it cannot be reached (${target.error.code})`;
  if (target.kind === 'directory') return undefined;
  const plural = PLURALS[id.kind] ?? '';
  const path = resourcePath({ group: id.group, version: 'v1', plural, namespaced: true }, id.namespace, id.name);
  const { status, body } = await target.client.request({ method: 'GET', path });
  const live = status === 200 ? (body as KubernetesObject) : undefined;
  const { status: readiness, reason } = hasAvailable(fewest)(live);
  return readiness === 'ready' ? undefined : `${describeId(id)}: ${reason}`;
}
