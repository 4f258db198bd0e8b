import { desiredDigest } from '../diff/proof.ts';
import { resolveWithoutCluster } from '../diff/resolve-namespace.ts';
import { hmacSha256, sha256 } from '../kubernetes/canonical.ts';
import { idKey, isSecret, type ObjectId } from '../kubernetes/object.ts';
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

/** The files that a target folder shall hold. */
export function desiredManifests(objects: readonly DesiredObject[], hmacKey: Uint8Array): DesiredManifests {
  const { objects: resolved, warnings } = resolveWithoutCluster(objects);
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

function holdsSecret(desired: DesiredObject): boolean {
  if (!isSecret(desired.id)) return false;
  return [desired.object.data, desired.object.stringData].some(
    (values) => typeof values === 'object' && values !== null && Object.keys(values).length > 0,
  );
}
