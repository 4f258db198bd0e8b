import type { KubeResponse } from '../cluster/kube-client.ts';
import { resourcePath } from '../cluster/resource-path.ts';
import type { KubeTarget } from '../cluster/target.ts';
import { OrreryError } from '../errors.ts';
import { record } from '../kubernetes/fields.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { apiStatus, isMissingRight } from '../kubernetes/status.ts';

/** Of a lease that says nothing, and of ours unless the option says otherwise. */
export const DEFAULT_DURATION_SECONDS = 30;

/** The names by which a lease is found and held. */
export interface LeaseIdentity {
  readonly name: string;
  readonly holder: string;
  readonly manager: string;
  readonly durationSeconds: number;
}

export function leaseName(platformId: string): string {
  return `orrery-${platformId}`;
}

const LEASES = { group: 'coordination.k8s.io', version: 'v1', plural: 'leases', namespaced: true };

export function leasePath(target: KubeTarget, name?: string): string {
  return resourcePath(LEASES, target.inventoryNamespace, name);
}

export async function readLease(target: KubeTarget, name: string): Promise<KubernetesObject | undefined> {
  const answer = await target.client.request({ method: 'GET', path: leasePath(target, name) });
  if (answer.status === 404) return undefined;
  if (answer.status !== 200) throw refused(target, name, answer);
  return answer.body as KubernetesObject;
}

export function leaseBody(
  target: KubeTarget,
  identity: LeaseIdentity,
  over: KubernetesObject | undefined,
  spec: { readonly acquireTime: string; readonly renewTime: string; readonly leaseTransitions: number },
): KubernetesObject {
  const { uid, resourceVersion } = over?.metadata ?? {};
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {
      name: identity.name,
      namespace: target.inventoryNamespace,
      ...(uid === undefined || resourceVersion === undefined ? {} : { uid, resourceVersion }),
    },
    spec: { ...spec, holderIdentity: identity.holder, leaseDurationSeconds: identity.durationSeconds },
  };
}

/** POST for a new lease, PUT over one that was read. */
export function writeLease(
  target: KubeTarget,
  identity: LeaseIdentity,
  body: KubernetesObject,
  exists: boolean,
  query: Readonly<Record<string, string>> = {},
): Promise<KubeResponse> {
  return target.client.request({
    method: exists ? 'PUT' : 'POST',
    path: exists ? leasePath(target, identity.name) : leasePath(target),
    query: { ...query, fieldManager: identity.manager },
    body,
    idempotent: true,
    // A renewal that hangs is worth nothing: there must be time for another one.
    timeoutMs: Math.max(1000, identity.durationSeconds * 250),
  });
}

export function holderOf(lease: KubernetesObject): string | undefined {
  const holder = record(lease.spec).holderIdentity;
  return typeof holder === 'string' && holder !== '' ? holder : undefined;
}

export function durationOf(lease: KubernetesObject): number {
  const seconds = record(lease.spec).leaseDurationSeconds;
  return typeof seconds === 'number' ? seconds : DEFAULT_DURATION_SECONDS;
}

/** The Lease API wants microseconds. */
export function microTime(): string {
  return new Date().toISOString().replace('Z', '000Z');
}

/** @param deed what could not be done to the lease */
export function refused(target: KubeTarget, name: string, answer: KubeResponse, deed = 'taken'): OrreryError {
  const status = apiStatus(answer);
  const where = { cluster: target.cluster, object: `Lease/${target.inventoryNamespace}/${name}` };
  if (isMissingRight(status)) {
    return new OrreryError('ORR3006', `The lease cannot be ${deed}: ${status.message}.`, {
      ...where,
      fix: `Grant get, create, update and delete on leases in namespace ${target.inventoryNamespace}.`,
    });
  }
  return new OrreryError('ORR5001', `The lease cannot be ${deed}: ${status.message} (HTTP ${status.code}).`, where);
}
