import { desiredDigest } from '../diff/proof.ts';
import { resolveNamespace } from '../diff/resolve-namespace.ts';
import { hmacSha256, sha256 } from '../kubernetes/canonical.ts';
import { describeId, idKey, isSecret, type ObjectId } from '../kubernetes/object.ts';
import { type ScopeOf, scopesWith } from '../kubernetes/scope.ts';
import type { DesiredObject } from '../render/desired-state.ts';
import { manifestPaths } from './manifest-path.ts';

/** An object and the file that shall hold it. */
export interface DesiredManifest {
  /** Namespace completed. */
  readonly desired: DesiredObject;
  /** Relative to the target folder. */
  readonly file: string;
  /** As in `PlanItem.desiredDigest`; of a Secret an HMAC. */
  readonly digest: string;
  /** A Secret with values. */
  readonly holdsSecret: boolean;
}

export interface DesiredManifests {
  readonly manifests: readonly DesiredManifest[];
  readonly warnings: readonly string[];
}

/**
 * The files that a target folder shall hold. Without a cluster to ask, the scope of a kind is known for built-in kinds and for those whose CRD is part
 * of the program; of others a namespace that is written counts, else a kind is taken for namespaced unless its name says "Cluster…" or "…Class".
 */
export function desiredManifests(objects: readonly DesiredObject[], hmacKey: Uint8Array): DesiredManifests {
  const scopeOf = scopesWith(objects.map(({ object }) => object));
  const warnings: string[] = [];
  const resolved = objects.map((desired) => resolveNamespace(desired, isNamespaced(desired, scopeOf, warnings)));
  const paths = manifestPaths(resolved.map(({ id }) => id));
  const manifests = resolved.map((desired) => ({
    desired,
    file: paths.get(idKey(desired.id)) as string,
    digest: desiredDigest(desired, hmacKey),
    holdsSecret: holdsSecret(desired),
  }));
  return { manifests, warnings };
}

/** Digest of a file's bytes that may stand in a plan. */
export function fileVersion(id: ObjectId, bytes: Uint8Array, hmacKey: Uint8Array): string {
  return isSecret(id) ? `hmac:${hmacSha256(hmacKey, Buffer.from(bytes).toString('latin1'))}` : sha256(bytes);
}

function isNamespaced(desired: DesiredObject, scopeOf: ScopeOf, warnings: string[]): boolean {
  const { group, kind } = desired.id;
  const scope = scopeOf(group, kind);
  if (scope !== undefined) return scope === 'Namespaced';
  if ((desired.object.metadata.namespace ?? '') !== '') return true;
  const clusterScoped = /^Cluster[A-Z]/.test(kind) || kind.endsWith('Class');
  const taken = clusterScoped ? 'cluster-scoped' : `namespaced, in "${desired.defaultNamespace ?? 'default'}"`;
  warnings.push(
    `${describeId(desired.id)} of ${group}: the program has no CustomResourceDefinition of this kind, it was taken for ${taken}. Name its namespace to be sure.`,
  );
  return !clusterScoped;
}

function holdsSecret(desired: DesiredObject): boolean {
  if (!isSecret(desired.id)) return false;
  return [desired.object.data, desired.object.stringData].some(
    (values) => typeof values === 'object' && values !== null && Object.keys(values).length > 0,
  );
}
