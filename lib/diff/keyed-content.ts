import { canonicalJson, hmacSha256, sha256 } from '../kubernetes/canonical.ts';
import { withPodAnnotation } from '../kubernetes/pods.ts';
import type { DesiredCluster, DesiredObject } from '../render/desired-state.ts';

/** On pods that restart with the Secrets they read: keyed digest of these. */
const SECRETS_DIGEST = 'orrery.dev/secrets-hmac';

/**
 * Completes an object whose pods restart with their Secrets. Who may read pods may read their annotations, and could guess a short secret from a plain digest: it is an
 * HMAC with the key of the cluster's inventory, which lies where the Secrets lie. Gives back the same object when there is nothing to complete.
 */
export function withKeyedContent(desired: DesiredObject, hmacKey: Uint8Array): DesiredObject {
  const { secretContent, ...rest } = desired;
  if (secretContent === undefined) return desired;
  const object = withPodAnnotation(desired.object, SECRETS_DIGEST, hmacSha256(hmacKey, `restart ${secretContent}`));
  return { ...rest, object, sha256: sha256(canonicalJson(object)) };
}

/** All objects of a cluster, completed. */
export function clusterWithKeyedContent(cluster: DesiredCluster, hmacKey: Uint8Array): DesiredCluster {
  if (cluster.objects.every(({ secretContent }) => secretContent === undefined)) return cluster;
  return { ...cluster, objects: cluster.objects.map((desired) => withKeyedContent(desired, hmacKey)) };
}
