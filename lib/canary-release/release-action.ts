import type { ReleaseStageManifest } from '@orrery/constructs/assembly-format';
import { resourcePath } from '../cluster/resource-path.ts';
import type { KubeTarget } from '../cluster/target.ts';
import { resolveNamespace } from '../diff/resolve-namespace.ts';
import { OrreryError } from '../errors.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { apiStatus } from '../kubernetes/status.ts';
import type { DesiredCanary, DesiredCluster } from '../render/desired-state.ts';
import { CONTROLLER_WATCHERS, type ControllerPatch } from './controller-watchers.ts';
import { readRecord, writeRecord } from './record-store.ts';
import type { ReleaseRecord } from './release-record.ts';
import { Misfit, standingOf } from './standing.ts';

/** What people say to a release: go on past what it waits for (or past everything), go back, stay, go on as before. */
export type ReleaseAction = 'promote' | 'promote-full' | 'abort' | 'pause' | 'resume';

const ATTEMPTS = 10;

/**
 * Enters into the record of one cluster what somebody says; nothing else is written here, but for releases that a controller moves: it is told, too.
 * @returns what was said, for people; undefined where it does not concern this cluster
 * @throws OrreryError ORR5302 when the record keeps changing, and those of records
 */
export async function tellRelease(
  target: KubeTarget,
  platformId: string,
  cluster: DesiredCluster,
  canary: DesiredCanary,
  action: ReleaseAction,
  who: string,
): Promise<string | undefined> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const stored = await readRecord(target, platformId, canary.name);
    const told = afterAction(cluster, canary, stored?.record, action, who);
    if (told === undefined) return undefined;
    await tellController(target, cluster, canary, stored?.record, action);
    const now = new Date().toISOString();
    const { name: release, revision } = canary;
    const head = { platform: platformId, clusterUid: target.clusterUid, release, revision, by: who, updatedAt: now };
    const record = { ...told.record, ...head, begunAt: told.record.begunAt ?? now };
    if ((await writeRecord(target, record, stored)) !== undefined) return told.said;
  }
  throw new OrreryError('ORR5302', `the record of canary release "${canary.name}" keeps changing.`, {
    cluster: target.cluster,
    fix: 'Look who else moves it (orrery release status --follow), then try again.',
  });
}

type Told = {
  readonly record: Pick<ReleaseRecord, 'status' | 'stage'> & Partial<ReleaseRecord>;
  readonly said: string;
};

/** The record after somebody said something; undefined where that means nothing as it stands. Pure. */
export function afterAction(
  cluster: DesiredCluster,
  canary: DesiredCanary,
  record: ReleaseRecord | undefined,
  action: ReleaseAction,
  who: string,
): Told | undefined {
  const standing = standingOf(cluster, canary, record);
  const misfit = standing instanceof Misfit;
  const phase = misfit ? undefined : standing.phase;
  if (record === undefined || phase === 'not-begun') return undefined;
  const { stages, abort } = canary.states;
  const { heldSince: _, approved: __, reason: ___, ...rest } = record;
  switch (action) {
    case 'abort': {
      if (phase === 'aborting' || phase === 'aborted') return undefined;
      const { skipsHolds: ____, promoted: _____, ...back } = rest;
      const reason = `aborted by ${who}`;
      return {
        record:
          abort.length > 0
            ? { ...back, status: 'aborting', abortStep: 0, reason }
            : { ...back, status: 'aborted', reason },
        said: 'goes back',
      };
    }
    case 'pause':
      if (phase !== 'progressing') return undefined;
      return { record: { ...record, status: 'paused', reason: `paused by ${who}` }, said: `stays at ${record.stage}` };
    case 'resume': {
      if (phase === 'paused') return { record: { ...rest, status: 'progressing' }, said: `goes on at ${record.stage}` };
      if (phase !== 'aborted') return undefined;
      const first = stages[0] as ReleaseStageManifest;
      const { begunAt: ____, abortStep: _____, skipsHolds: ______, ...anew } = rest;
      return { record: { ...anew, status: 'progressing', stage: first.name }, said: 'begins anew' };
    }
    default: {
      if (phase !== 'progressing' && phase !== 'paused') return undefined;
      const full = action === 'promote-full' ? { skipsHolds: true as const } : {};
      const held = record.heldSince === undefined ? {} : { heldSince: record.heldSince };
      const said = action === 'promote-full' ? 'goes on to the end' : `goes on from ${record.stage}`;
      return { record: { ...rest, ...held, ...full, status: 'progressing', approved: true }, said };
    }
  }
}

/** A release that a controller moves listens to its controller. */
async function tellController(
  target: KubeTarget,
  cluster: DesiredCluster,
  { states }: DesiredCanary,
  record: ReleaseRecord | undefined,
  action: ReleaseAction,
): Promise<void> {
  const hold = states.stages.find(({ name }) => name === record?.stage)?.hold ?? states.stages.at(-1)?.hold;
  if (hold?.type !== 'controller') return;
  const desired = (cluster.unplaced ?? cluster).objects.find(({ path }) => path === hold.object);
  const watcher = desired && CONTROLLER_WATCHERS.get(`${desired.id.group}/${desired.id.kind}`);
  const resource = desired && (await target.discovery()).find(desired.object.apiVersion, desired.id.kind);
  if (desired === undefined || watcher === undefined || resource === undefined) return;
  const { id } = resolveNamespace(desired, resource.namespaced);
  const path = resourcePath(resource, id.namespace, id.name);
  const answer = await target.client.request({ method: 'GET', path });
  if (answer.status !== 200) return;
  const live = answer.body as KubernetesObject;
  const patches: readonly ControllerPatch[] =
    action === 'abort'
      ? watcher.abort(live)
      : action === 'pause'
        ? (watcher.pause?.(live) ?? [])
        : action === 'resume'
          ? (watcher.resume?.(live) ?? [])
          : watcher.promote(live, action === 'promote-full');
  for (const { subresource, body } of patches) {
    const sent = await target.client.request({
      method: 'PATCH',
      path: subresource === undefined ? path : `${path}/${subresource}`,
      contentType: 'application/merge-patch+json',
      body,
      idempotent: true,
    });
    if (sent.status >= 300)
      throw new OrreryError('ORR5001', `${id.kind} ${id.name} cannot be told: ${apiStatus(sent).message}`, {
        cluster: target.cluster,
      });
  }
}
