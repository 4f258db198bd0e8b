import type { KubeRequest, KubeResponse } from '../cluster/kube-client.ts';
import { resourcePath, SECRETS } from '../cluster/resource-path.ts';
import type { KubeTarget } from '../cluster/target.ts';
import { OrreryError } from '../errors.ts';
import { RELEASE_LABEL } from '../helm/release-arguments.ts';
import type { InventoryEntry } from '../inventory/inventory.ts';
import { describeId, type ObjectId } from '../kubernetes/object.ts';
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
  const answer = await relabel(target, id, (platform) => platform !== to, to, send);
  if (answer !== undefined)
    throw refused(answer, 'moved', 'What has moved stays moved; run it again when this is mended.', target, id);
}

/**
 * Gives up a native release that stays: its revisions lose our label, the newest first, so that no later run takes it for ours.
 * @throws OrreryError ORR3006, ORR5001
 */
export async function giveUpRelease(
  target: KubeTarget,
  platformId: string,
  id: ObjectId,
  send: (request: KubeRequest) => Promise<KubeResponse>,
): Promise<void> {
  const answer = await relabel(target, id, (platform) => platform === platformId, null, send);
  if (answer !== undefined) throw refused(answer, 'given up', 'Run it again when this is mended.', target, id);
}

/** @returns what an answer says that is no success */
async function relabel(
  target: KubeTarget,
  id: ObjectId,
  wanted: (platform: string | undefined) => boolean,
  label: string | null,
  send: (request: KubeRequest) => Promise<KubeResponse>,
): Promise<KubeResponse | undefined> {
  for (const { secret, uid, platform } of await listRevisions(target, id)) {
    if (!wanted(platform)) continue;
    const answer = await send({
      method: 'PATCH',
      path: resourcePath(SECRETS, id.namespace, secret),
      contentType: 'application/merge-patch+json',
      body: { metadata: { uid, labels: { [RELEASE_LABEL]: label } } },
      idempotent: true,
    });
    // 404: helm keeps ten revisions, and drops the oldest with every new one.
    if (answer.status >= 300 && answer.status !== 404) return answer;
  }
  return undefined;
}

function refused(answer: KubeResponse, what: string, fix: string, target: KubeTarget, id: ObjectId): OrreryError {
  const status = apiStatus(answer);
  const code = isMissingRight(status) ? 'ORR3006' : 'ORR5001';
  return new OrreryError(code, `${describeId(id)} cannot be ${what}: ${status.message} (HTTP ${status.code}).`, {
    ...{ cluster: target.cluster, object: describeId(id) },
    fix,
  });
}
