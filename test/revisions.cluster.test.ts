import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import type { KubeRequest, KubeResponse } from '../lib/cluster/kube-client.ts';
import type { KubeTarget } from '../lib/cluster/target.ts';
import { describeId } from '../lib/kubernetes/object.ts';
import { makePlan } from '../lib/plan/make-plan.ts';
import { desiredOfRevisions } from '../lib/revision/desired-of-revisions.ts';
import { moveRevisions, planRevisionMove } from '../lib/revision/move-revisions.ts';
import { listRevisions, readParts, readRevision } from '../lib/revision/read-revisions.ts';
import { storeRevision } from '../lib/revision/record-revision.ts';
import type { RevisionHead } from '../lib/revision/revision.ts';
import { AppliedPlatform, outcomeOf, type Program } from './applied-platform.ts';
import { configMap, namespace, secret } from './sample-objects.ts';

describe.skipIf(inject('rig') === 'missing')('the revisions of a cluster', () => {
  let platform: AppliedPlatform;
  let ns: string;
  let target: KubeTarget;

  beforeEach(async () => {
    platform = new AppliedPlatform('rev');
    ns = platform.namespace();
    target = await platform.open();
  });
  afterEach(() => platform.cleanUp());

  const heads = async (): Promise<readonly RevisionHead[]> => (await listRevisions(target, platform.id)).heads;
  const colours = (colour: string): Program => ({
    alpha: [namespace(ns), configMap(ns, 'settings', { colour }), secret(ns, 'token', { token: 'c2VjcmV0' })],
  });

  it('are recorded by every apply that writes, complete when everything was done, and hold what was applied', async () => {
    await platform.apply(colours('blue'));
    await platform.apply(colours('green'));
    await platform.apply(colours('green'));
    expect(await heads()).toMatchObject([
      { number: 2, complete: true, by: 'test', objects: 3, assembly: expect.stringMatching(/^hmac:/) },
      { number: 1, complete: true, by: 'test', objects: 3 },
    ]);
    const first = (await heads()).at(-1) as RevisionHead;
    const { desired } = await readRevision(target, platform.id, first);
    expect(desired.objects).toEqual(platform.desired(colours('blue')).clusters[0]?.objects);
  });

  it('bring back what a later apply changed and removed, and are recorded as doing so', async () => {
    const more: Program = { alpha: [...(colours('blue').alpha ?? []), configMap(ns, 'more', { a: '1' })] };
    await platform.apply(more);
    await platform.apply(colours('green'));
    const first = (await heads()).at(-1) as RevisionHead;
    const desired = desiredOfRevisions({ id: platform.id }, [await readRevision(target, platform.id, first)]);
    const made = await makePlan(desired, [target], platform.planOptions());
    expect(made.plan.clusters[0]?.items.map(({ action, id }) => `${action} ${describeId(id)}`)).toEqual([
      `update ConfigMap/${ns}/settings`,
      `create ConfigMap/${ns}/more`,
    ]);
    const applied = await platform.applyDesired(made, desired, [target], { rollbackOf: new Map([['alpha', 1]]) });
    expect(outcomeOf(applied).status).toBe('done');
    expect(await platform.pending(more)).toEqual([]);
    expect((await heads())[0]).toMatchObject({ number: 3, rollbackOf: 1, complete: true });
  });

  it('are not complete when something failed', async () => {
    const stuck = { ...configMap(ns, 'bad', { a: '1' }), metadata: { name: 'bad', namespace: `${ns}-missing` } };
    const { outcome } = await platform.apply(
      { alpha: [namespace(ns), configMap(ns, 'good', { a: '1' }), stuck] },
      {},
      { dryRunCreates: false },
    );
    expect(outcome.clusters[0]?.status).toBe('failed');
    expect(await heads()).toMatchObject([{ number: 1, complete: false }]);
  });

  it('are kept ten at a time, and go with the platform', async () => {
    for (let at = 1; at <= 12; at++) await platform.apply(colours(`shade ${at}`));
    const { heads: kept, secrets } = await listRevisions(target, platform.id);
    expect(kept.map(({ number }) => number)).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3]);
    expect(secrets.size).toBe(10);
    await platform.destroy();
    expect((await listRevisions(target, platform.id)).secrets.size).toBe(0);
  });

  it('that cannot be stored are a warning: the objects count more than the way back', async () => {
    await platform.apply(colours('blue'));
    const quota = {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'no-more-secrets' },
      spec: { hard: { 'count/secrets': '1' } },
    };
    const path = `/api/v1/namespaces/${platform.inventoryNamespace}/resourcequotas`;
    await target.client.request({ method: 'POST', path, body: quota });
    await expect
      .poll(async () => {
        const { body } = await target.client.request({ method: 'GET', path: `${path}/no-more-secrets` });
        return (body as { status?: { used?: Record<string, string> } }).status?.used?.['count/secrets'];
      })
      .toBeDefined();
    const applied = await platform.apply(colours('green'));
    expect(outcomeOf(applied).status).toBe('done');
    const warnings = applied.events.flatMap((event) => (event.type === 'object-warning' ? [event.warning] : []));
    expect(warnings.join('\n')).toMatch(/Revision 2 cannot be stored: .*exceeded quota/);
  });

  it('go over to another id of the platform whole, wherever that was interrupted, and never over those that the other id has', async () => {
    await platform.apply(colours('blue'));
    await platform.apply(colours('green'));
    const original = await heads();
    const { hmacKey } = await platform.inventory();
    const lists = async (...ids: string[]) =>
      Promise.all(ids.map(async (one) => (await listRevisions(target, one)).heads));
    const sendUntil = (limit: number) => {
      let sent = 0;
      return async (request: KubeRequest): Promise<KubeResponse> => {
        if (++sent > limit) throw new Error('killed');
        return target.client.request(request);
      };
    };
    const send = sendUntil(Number.POSITIVE_INFINITY);
    // Two are stored, then two removed.
    for (const limit of [0, 1, 2, 3]) {
      const [from, to] = [`${platform.id}-from-${limit}`, `${platform.id}-to-${limit}`];
      for (const head of original)
        await storeRevision(target, head, await readParts(target, platform.id, head), { platformId: from, send });
      const killed = moveRevisions(target, from, { platformId: to, hmacKey, send: sendUntil(limit) });
      await expect(killed).rejects.toThrow('killed');
      expect((await planRevisionMove(target, from, to)).dropped).toEqual([]);
      await moveRevisions(target, from, { platformId: to, hmacKey, send });
      expect(await lists(from, to)).toEqual([[], original]);
      const [newest] = await lists(to);
      const { desired } = await readRevision(target, to, newest?.[0] as RevisionHead);
      expect(desired.objects).toEqual(platform.desired(colours('green')).clusters[0]?.objects);
    }
    // The other id has gone on: its own history stays.
    const [first] = original;
    const other = { ...(first as RevisionHead), number: 3, appliedAt: '2026-01-01T00:00:00Z' };
    const parts = await readParts(target, platform.id, first as RevisionHead);
    await storeRevision(target, other, parts, { platformId: `${platform.id}-to-0`, send });
    await platform.apply(colours('red'));
    expect((await planRevisionMove(target, platform.id, `${platform.id}-to-0`)).dropped).toMatchObject([
      { by: 'test' },
    ]);
    await moveRevisions(target, platform.id, { platformId: `${platform.id}-to-0`, hmacKey, send });
    expect(await lists(platform.id, `${platform.id}-to-0`)).toEqual([[], [other, ...original]]);
  });
});
