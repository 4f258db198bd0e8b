import { canonicalJson, sha256 } from '../kubernetes/canonical.ts';
import { isSecret } from '../kubernetes/object.ts';
import type { DesiredState } from '../render/desired-state.ts';
import type { Revision } from './revision.ts';

/** The desired state that revisions of some clusters held: what `rollback` applies and `drift` compares with. */
export function desiredOfRevisions(platform: DesiredState['platform'], revisions: readonly Revision[]): DesiredState {
  const clusters = revisions.map(({ desired }) => desired);
  const digests = revisions.map(({ desired, assemblyDigest, head }) => [desired.name, head.number, assemblyDigest]);
  return {
    platform,
    assemblyDigest: sha256(canonicalJson(digests)),
    holdsSecrets: clusters.some(({ objects }) => objects.some(({ id }) => isSecret(id))),
    clusters,
  };
}
