import type { KubernetesObject, ObjectId } from '../kubernetes/object.ts';
import { idKey } from '../kubernetes/object.ts';
import type { AwaitedWorkload, LateWrite, ServiceMove } from '../plan/plan.ts';
import { count, notObserved, READY, statusOf } from './conditions.ts';
import type { Readiness } from './readiness.ts';

/** Whether a workload runs its share: so many replicas are available, by what its controller says of the newest spec. */
export function hasAvailable(fewest: number): (workload: KubernetesObject | undefined) => Readiness {
  return (workload) => {
    if (workload === undefined) return { status: 'waiting', reason: 'it is not there' };
    const unseen = notObserved(workload);
    if (unseen !== undefined) return unseen;
    const available = count(statusOf(workload).availableReplicas);
    return available >= fewest ? READY : { status: 'waiting', reason: `${available} of ${fewest} replicas available` };
  };
}

/** What the moves of a plan ask of one cluster. */
export class ClusterShares {
  readonly #awaited = new Map<string, AwaitedWorkload>();
  readonly #late = new Map<string, LateWrite & { readonly service: string }>();

  constructor(cluster: string, moves: readonly ServiceMove[]) {
    for (const { service, receivers, donors } of moves) {
      for (const receiver of receivers)
        if (receiver.cluster === cluster)
          for (const workload of receiver.workloads) this.#awaited.set(idKey(workload.scaler ?? workload.id), workload);
      for (const donor of donors)
        if (donor.cluster === cluster)
          for (const write of donor.writes) this.#late.set(idKey(write.id), { ...write, service });
    }
  }

  /** The workload that has to be available before others may shrink; asked for the object after which it can be. */
  awaited(id: ObjectId): AwaitedWorkload | undefined {
    return this.#awaited.size === 0 ? undefined : this.#awaited.get(idKey(id));
  }

  /** What is written late of an object, and for which service. */
  late(id: ObjectId): (LateWrite & { readonly service: string }) | undefined {
    return this.#late.size === 0 ? undefined : this.#late.get(idKey(id));
  }
}
