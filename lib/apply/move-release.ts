import type { KubeRequest, KubeResponse } from '../cluster/kube-client.ts';
import { resourcePath, SECRETS } from '../cluster/resource-path.ts';
import type { KubeTarget } from '../cluster/target.ts';
import { OrreryError } from '../errors.ts';
import { RELEASE_LABEL } from '../helm/release-arguments.ts';
import type { InventoryEntry } from '../inventory/inventory.ts';
import { describeId } from '../kubernetes/object.ts';
import { apiStatus, isMissingRight } from '../kubernetes/status.ts';
import { isOurs, isThere } from '../native/release-state.ts';
import { listRevisions } from '../native/stored-release.ts';

/** The ids between which a platform moves. */
interface Ids {
  readonly from: string;
  readonly to: string;
}

/** Whether a native release is of the former id, or on its way to the new one. */
export async function isReleaseOf(target: KubeTarget, { from, to }: Ids, entry: InventoryEntry): Promise<boolean> {
  const revisions = await listRevisions(target, entry.id);
  const belongsTo = (platformId: string) => isOurs(revisions, { entry, platformId });
  return isThere(revisions[0]) && (revisions[0].platform === to || belongsTo(from));
}

/**
 * Labels every revision of a native release with the new id: helm copies the label of the last one to the next. What helm was given is an HMAC under the former key, so the next plan has it upgraded once.
 * @throws OrreryError ORR3006, ORR5001
 */
export async function moveRelease(
  target: KubeTarget,
  { to }: Ids,
  { id }: InventoryEntry,
  send: (request: KubeRequest) => Promise<KubeResponse>,
): Promise<void> {
  for (const { secret, uid, platform } of await listRevisions(target, id)) {
    if (platform === to) continue;
    const answer = await send({
      method: 'PATCH',
      path: resourcePath(SECRETS, id.namespace, secret),
      contentType: 'application/merge-patch+json',
      body: { metadata: { uid, labels: { [RELEASE_LABEL]: to } } },
      idempotent: true,
    });
    // 404: helm keeps ten revisions, and drops the oldest with every new one.
    if (answer.status < 300 || answer.status === 404) continue;
    const status = apiStatus(answer);
    const code = isMissingRight(status) ? 'ORR3006' : 'ORR5001';
    throw new OrreryError(code, `${describeId(id)} cannot be moved: ${status.message} (HTTP ${status.code}).`, {
      cluster: target.cluster,
      object: describeId(id),
      fix: 'What has moved stays moved; run it again when this is mended.',
    });
  }
}
