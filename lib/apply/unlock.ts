import type { KubeTarget } from '../cluster/target.ts';
import { OrreryError } from '../errors.ts';
import { record } from '../kubernetes/fields.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { durationOf, holderOf, leaseName, leasePath, readLease, refused } from './lease-record.ts';

/** Who holds the lease of a cluster. */
export interface LeaseHolder {
  /** Random, one per apply and cluster: whoever names it has looked. */
  readonly id: string;
  /** "mina@laptop", "runner-7 (4711)". */
  readonly who: string;
  /** ISO 8601, UTC, by the holder's clock; absent when the lease does not say. */
  readonly since?: string | undefined;
  /** The last sign of life, likewise. */
  readonly renewedAt?: string | undefined;
  /** Without a sign of life for so long it may be taken over. */
  readonly durationSeconds: number;
}

/**
 * Who holds the lease of a platform in a cluster; undefined: nobody.
 * @throws OrreryError ORR3006, ORR5001 when it cannot be read
 */
export async function readLeaseHolder(target: KubeTarget, platformId: string): Promise<LeaseHolder | undefined> {
  return leaseHolder(await readLease(target, leaseName(platformId)));
}

/**
 * Removes a lease that is held under exactly this id, in the state that was read: one that its holder renews in between, or another apply took, stays.
 * An apply that lives after all writes nothing more once its lease is gone.
 * @returns whether this id held it; false leaves everything as it is
 * @throws OrreryError ORR5004 when the holder renews it as it is removed, ORR3006, ORR5001
 */
export async function removeLease(target: KubeTarget, platformId: string, id: string): Promise<boolean> {
  const name = leaseName(platformId);
  const lease = await readLease(target, name);
  if (lease === undefined || leaseHolder(lease)?.id !== id) return false;
  const { uid, resourceVersion } = lease.metadata;
  const answer = await target.client.request({
    method: 'DELETE',
    path: leasePath(target, name),
    body: { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid, resourceVersion } },
  });
  if (answer.status < 300 || answer.status === 404) return true;
  if (answer.status !== 409) throw refused(target, name, answer, 'removed');
  throw new OrreryError('ORR5004', `The lease of ${target.cluster} was renewed just now: its apply is alive.`, {
    cluster: target.cluster,
    object: `Lease/${target.inventoryNamespace}/${name}`,
    fix: 'End that apply where it runs, or wait until it is done.',
  });
}

function leaseHolder(lease: KubernetesObject | undefined): LeaseHolder | undefined {
  const holder = lease && holderOf(lease);
  if (lease === undefined || holder === undefined) return undefined;
  const { acquireTime, renewTime } = record(lease.spec);
  const parts = /^(.*) ([0-9a-f-]{36})$/s.exec(holder);
  return {
    id: parts?.[2] ?? holder,
    who: parts?.[1] ?? holder,
    since: timeOf(acquireTime),
    renewedAt: timeOf(renewTime),
    durationSeconds: durationOf(lease),
  };
}

/** The Lease API has microseconds. */
function timeOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value.replace(/\.\d+Z$/, 'Z') : undefined;
}
