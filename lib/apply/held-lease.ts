import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeRequest, KubeResponse } from '../cluster/kube-client.ts';
import type { KubeTarget } from '../cluster/target.ts';
import { isOrreryError, OrreryError } from '../errors.ts';
import { record } from '../kubernetes/fields.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import type { Clock, Moment } from './elapsed.ts';
import { elapsed } from './elapsed.ts';
import type { LeaseIdentity } from './lease-record.ts';
import { holderOf, leaseBody, leasePath, microTime, readLease, refused, writeLease } from './lease-record.ts';

/** How long a renewal is tried again at least, before writing ends. */
const MIN_PATIENCE_MS = 15_000;
const PAUSE_MS = 200;
const ATTEMPTS = 20;

/**
 * A lease that we hold. It renews itself every third of its duration; every write asks `assertFresh` right before it is sent. Time counts from before the
 * last successful renewal was sent, on clocks that notice a suspended process, so a write is never sent on a check that is older than half a duration.
 */
export class HeldLease {
  /**
   * Whoever had it before let go of it: nothing of them can come any more. Not so where it had expired, or was not there (new, or removed by `unlock`): what the
   * apply before had sent may still be carried out.
   */
  readonly wasReleased: boolean;
  readonly #target: KubeTarget;
  readonly #identity: LeaseIdentity;
  readonly #clock: Clock;
  #lease: KubernetesObject;
  #renewed: Moment;
  #lost: OrreryError | undefined;
  #renewal: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param renewed moment before the request was sent that took the lease */
  constructor(
    target: KubeTarget,
    identity: LeaseIdentity,
    lease: KubernetesObject,
    renewed: Moment,
    clock: Clock,
    wasReleased: boolean,
  ) {
    this.wasReleased = wasReleased;
    this.#target = target;
    this.#identity = identity;
    this.#lease = lease;
    this.#renewed = renewed;
    this.#clock = clock;
    this.#schedule(identity.durationSeconds / 3);
  }

  /** @throws OrreryError ORR5005 when the last renewal is older than half the lease's duration, or the lease is somebody else's */
  assertFresh(): void {
    if (this.#lost !== undefined) throw this.#lost;
    if (!this.#isFresh()) throw this.#stale();
  }

  /**
   * Renews a lease that is no longer fresh; resolves when it is. A busy server is waited for: as long as the renewal, a compare-and-swap, succeeds, nobody else
   * was in.
   * @throws OrreryError ORR5005; ORR3005 when the cluster no longer takes our credentials
   */
  async ensureFresh(): Promise<void> {
    const began = this.#clock();
    const patience = Math.max(MIN_PATIENCE_MS, this.#identity.durationSeconds * 1000);
    while (this.#lost === undefined && !this.#isFresh() && elapsed(began, this.#clock()) < patience) {
      await this.#renew().catch((error: unknown) => {
        // Nothing that time would mend, and the reader has to know what it is.
        if (isOrreryError(error) && error.code === 'ORR3005') throw error;
        return sleep(PAUSE_MS);
      });
    }
    this.assertFresh();
  }

  /** Sends a write under a lease that is fresh whenever it goes out, repetitions by the client included. @throws OrreryError ORR5005 */
  async send(request: KubeRequest): Promise<KubeResponse> {
    for (let attempt = 1; ; attempt++) {
      await this.ensureFresh();
      try {
        return await this.#target.client.request({ ...request, beforeSend: () => this.assertFresh() });
      } catch (error) {
        // It grew old while the request waited for its turn.
        if (this.isLost || !isOrreryError(error) || error.code !== 'ORR5005' || attempt >= ATTEMPTS) throw error;
      }
    }
  }

  /** Somebody else has it: waiting does not help. */
  get isLost(): boolean {
    return this.#lost !== undefined;
  }

  /**
   * Lets go. Never fails: a lease that cannot be released expires.
   *
   * One that was not released to us is removed instead, unless what the apply before may have sent is recorded: whoever comes next must not take it for settled.
   * @param remove removes the Lease in any case
   * @param recorded the inventory holds as unsettled what the apply before may have sent
   */
  async release({ remove = false, recorded = false } = {}): Promise<void> {
    clearTimeout(this.#timer);
    await this.#renewal?.catch(() => undefined);
    if (this.#lost !== undefined) return;
    this.#lost = new OrreryError('ORR5005', 'The lease was released.', { cluster: this.#target.cluster });
    try {
      if (remove || !(this.wasReleased || recorded)) {
        const { uid, resourceVersion } = this.#lease.metadata;
        const path = leasePath(this.#target, this.#identity.name);
        await this.#target.client.request({
          method: 'DELETE',
          path,
          body: { preconditions: { uid, resourceVersion } },
        });
      } else {
        const body = this.#body();
        const { holderIdentity: _, ...spec } = record(body.spec);
        await writeLease(this.#target, this.#identity, { ...body, spec }, true);
      }
    } catch {
      // It expires by itself.
    }
  }

  #isFresh(): boolean {
    return elapsed(this.#renewed, this.#clock()) < this.#identity.durationSeconds * 500;
  }

  #schedule(seconds: number): void {
    this.#timer = setTimeout(() => {
      this.#renew().then(
        () => this.#schedule(this.#identity.durationSeconds / 3),
        () => {
          if (this.#lost === undefined) this.#schedule(this.#identity.durationSeconds / 10);
        },
      );
    }, seconds * 1000);
    this.#timer.unref();
  }

  /** One renewal at a time: all who ask meanwhile share it. */
  #renew(): Promise<void> {
    this.#renewal ??= this.#renewOnce().finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  async #renewOnce(): Promise<void> {
    const began = this.#clock();
    const answer = await writeLease(this.#target, this.#identity, this.#body(), true);
    if (answer.status < 300) {
      this.#lease = answer.body as KubernetesObject;
      this.#renewed = began;
      return;
    }
    if (answer.status !== 409 && answer.status !== 404) throw refused(this.#target, this.#identity.name, answer);
    // Either an answer of ours got lost, or somebody took over.
    const current = await readLease(this.#target, this.#identity.name);
    if (current !== undefined && holderOf(current) === this.#identity.holder) {
      this.#lease = current;
      this.#renewed = began;
      return;
    }
    const holder =
      current === undefined ? 'nobody: it was deleted' : (holderOf(current) ?? 'nobody: it was taken and released');
    this.#lost = new OrreryError('ORR5005', `The lease now belongs to ${holder}.`, {
      cluster: this.#target.cluster,
      fix: 'Plan again: another apply ran in between.',
    });
    throw this.#lost;
  }

  #body(): KubernetesObject {
    const spec = record(this.#lease.spec);
    return leaseBody(this.#target, this.#identity, this.#lease, {
      acquireTime: String(spec.acquireTime),
      renewTime: microTime(),
      leaseTransitions: typeof spec.leaseTransitions === 'number' ? spec.leaseTransitions : 0,
    });
  }

  #stale(): OrreryError {
    const seconds = Math.round(elapsed(this.#renewed, this.#clock()) / 1000);
    return new OrreryError('ORR5005', `The lease could not be renewed for ${seconds} s; nothing more is written.`, {
      cluster: this.#target.cluster,
      fix: 'Check the connection to the cluster and that this process is not suspended, then plan and apply again.',
    });
  }
}
