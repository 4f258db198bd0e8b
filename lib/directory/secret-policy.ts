import type { DirectoryTarget } from '../cluster/target.ts';
import { OrreryError } from '../errors.ts';
import { describeId } from '../kubernetes/object.ts';
import type { DesiredManifest } from './desired-manifests.ts';

/**
 * A folder of manifests is made to be committed and read by many, and what was once in a repository stays in its history: Secret values go there only
 * when the target says so.
 * @throws OrreryError ORR4008
 */
export function assertSecretAllowed(target: DirectoryTarget, { desired, file, holdsSecret }: DesiredManifest): void {
  if (!holdsSecret || target.secrets === 'write') return;
  throw new OrreryError(
    'ORR4008',
    `${file} would hold the values of a Secret in clear, for everybody who can read the folder.`,
    {
      cluster: target.cluster,
      object: describeId(desired.id),
      path: desired.path,
      source: desired.source,
      fix:
        'Refer to the secret instead: an ExternalSecret, a SealedSecret, or a Secret that is created in the cluster. ' +
        'Where the folder itself is protected (encrypted, never committed), set `secrets: write` on the target in cdk8s.yaml.',
    },
  );
}
