import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeRequest } from '../cluster/kube-client.ts';
import type { KubeTarget } from '../cluster/target.ts';
import { OrreryError } from '../errors.ts';
import { createInventoryNamespace } from '../inventory/inventory-namespace.ts';
import { record } from '../kubernetes/fields.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { count } from './conditions.ts';
import type { Clock } from './elapsed.ts';
import { elapsed, systemClock } from './elapsed.ts';
import { HeldLease } from './held-lease.ts';
import type { LeaseIdentity } from './lease-record.ts';
import {
  DEFAULT_DURATION_SECONDS,
  durationOf,
  holderOf,
  leaseBody,
  leaseName,
  microTime,
  readLease,
  refused,
  writeLease,
} from './lease-record.ts';

export interface LeaseOptions {
  readonly platformId: string;
  /** Who applies, for people who are kept waiting: "mina@laptop", "pipeline 4711". A random id is added. */
  readonly who: string;
  /** Seconds after which a lease that is not renewed may be taken over. Default 30. */
  readonly durationSeconds?: number | undefined;
  /**
   * How long to wait for a holder that is alive, in milliseconds. Default 0: as soon as it is seen renewing its lease, ORR5004. A holder that died is always waited
   * for: its lease expires.
   */
  readonly waitMs?: number | undefined;
  /**
   * How the namespace of the lease is made where it is missing. Default: plainly. A program that declares this very namespace would find it there, made by
   * nobody it knows, when its own turn comes.
   */
  readonly namespaceRequest?: KubeRequest | undefined;
  readonly onWaiting?: ((holder: string) => void) | undefined;
  readonly clock?: Clock | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Takes the Lease `orrery-<platform id>` of a cluster: one apply at a time.
 *
 * Whether another holder's lease has expired is judged by clocks that cannot disagree: the server's own (it stamps the time of every renewal into managedFields,
 * and the time of our dry run of a takeover), else by watching it unchanged for its whole duration. The takeover is a compare-and-swap.
 * @throws OrreryError ORR5004 when another apply holds it, ORR3006 without the right, ORR5001 otherwise
 */
export async function acquireLease(target: KubeTarget, options: LeaseOptions): Promise<HeldLease> {
  const clock = options.clock ?? systemClock;
  const identity: LeaseIdentity = {
    name: leaseName(options.platformId),
    holder: `${options.who} ${randomUUID()}`,
    manager: `orrery.${options.platformId}`,
    durationSeconds: options.durationSeconds ?? DEFAULT_DURATION_SECONDS,
  };
  const began = clock();
  let seen: { lease: KubernetesObject; at: ReturnType<Clock> } | undefined;
  let first: string | undefined;
  for (;;) {
    options.signal?.throwIfAborted();
    const at = clock();
    const lease = await readLease(target, identity.name);
    if (lease === undefined || holderOf(lease) === undefined) {
      const taken = await takeLease(target, identity, lease, options.namespaceRequest);
      if (taken !== undefined) return new HeldLease(target, identity, taken, at, clock, lease !== undefined);
      continue;
    }
    const version = lease.metadata.resourceVersion ?? '';
    if (seen?.lease.metadata.resourceVersion !== version) seen = { lease, at };
    first ??= version;
    if (elapsed(seen.at, clock()) >= durationOf(lease) * 1000 || (await isExpired(target, identity, lease))) {
      const taken = await takeLease(target, identity, lease, options.namespaceRequest);
      if (taken !== undefined) return new HeldLease(target, identity, taken, at, clock, false);
      continue;
    }
    const holder = holderOf(lease) ?? '';
    // Renewed since we look: its holder lives.
    if (version !== first && elapsed(began, clock()) >= (options.waitMs ?? 0)) throw heldByOther(target, lease);
    options.onWaiting?.(whoOf(holder));
    await sleep(
      Math.min(1000, durationOf(lease) * 100),
      undefined,
      options.signal === undefined ? {} : { signal: options.signal },
    );
  }
}

/** Writes the lease as ours over exactly the state that was read; undefined when somebody was faster. */
async function takeLease(
  target: KubeTarget,
  identity: LeaseIdentity,
  over: KubernetesObject | undefined,
  namespaceRequest: KubeRequest | undefined,
): Promise<KubernetesObject | undefined> {
  const transitions = record(over?.spec).leaseTransitions;
  const now = microTime();
  const body = leaseBody(target, identity, over, {
    acquireTime: now,
    renewTime: now,
    leaseTransitions: over === undefined ? 0 : count(transitions) + 1,
  });
  const send = () => writeLease(target, identity, body, over !== undefined);
  let answer = await send();
  if (answer.status === 404 && over === undefined) {
    const refusal = await createInventoryNamespace(target, { request: namespaceRequest });
    if (refusal !== undefined) throw refused(target, target.inventoryNamespace, refusal);
    answer = await send();
  }
  if (answer.status === 404) return undefined;
  if (answer.status === 409) {
    // A connection that broke after the write was executed makes the repetition collide with itself.
    const current = await readLease(target, identity.name);
    return current !== undefined && holderOf(current) === identity.holder ? current : undefined;
  }
  if (answer.status >= 300) throw refused(target, identity.name, answer);
  return answer.body as KubernetesObject;
}

/** By the server's clock: a dry run of the takeover is stamped with its present time, the last renewal was stamped when it came. */
async function isExpired(target: KubeTarget, identity: LeaseIdentity, lease: KubernetesObject): Promise<boolean> {
  const body = leaseBody(target, identity, lease, {
    acquireTime: microTime(),
    renewTime: microTime(),
    leaseTransitions: 0,
  });
  const answer = await writeLease(target, identity, body, true, { dryRun: 'All' });
  if (answer.status >= 300) return false;
  const now = lastChange(answer.body as KubernetesObject);
  const renewed = lastChange(lease);
  if (now === undefined || renewed === undefined) return false;
  // Stamps are whole seconds, hence one more.
  return now - renewed >= (durationOf(lease) + 1) * 1000;
}

function lastChange(lease: KubernetesObject): number | undefined {
  const times = (lease.metadata.managedFields ?? [])
    .map((entry) => Date.parse(entry.time ?? ''))
    .filter((time) => !Number.isNaN(time));
  return times.length === 0 ? undefined : Math.max(...times);
}

/** Without the random id. */
function whoOf(holder: string): string {
  return holder.replace(/ [0-9a-f-]{36}$/, '');
}

function heldByOther(target: KubeTarget, lease: KubernetesObject): OrreryError {
  const since = record(lease.spec).acquireTime;
  return new OrreryError(
    'ORR5004',
    `${whoOf(holderOf(lease) ?? '')} is applying to ${target.cluster} since ${String(since ?? 'an unknown time').replace(/\.\d+Z$/, 'Z')}.`,
    {
      cluster: target.cluster,
      object: `Lease/${target.inventoryNamespace}/${lease.metadata.name ?? ''}`,
      fix: 'Wait until that apply has ended, then plan again. A holder that died is replaced when its lease expires.',
    },
  );
}
