import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import type { PlanItem } from '../../lib/plan/plan.ts';
import type { PlanOptions } from '../../lib/plan/plan-options.ts';
import { AppliedPlatform, clusterPlan, type Program } from '../applied-platform.ts';
import { configMap, deployment, namespace, secret } from '../sample-objects.ts';
import { Somebody } from './somebody.ts';

let platform: AppliedPlatform;
let ns: string;
let somebody: Somebody;
beforeEach(async () => {
  platform = new AppliedPlatform('law-5');
  ns = platform.namespace();
  somebody = new Somebody(await platform.open());
});
afterEach(() => platform.cleanUp());

async function items(program: Program, options: Partial<PlanOptions> = {}): Promise<readonly PlanItem[]> {
  return clusterPlan(await platform.plan(program, [await platform.open()], options)).items;
}

async function only(program: Program, options: Partial<PlanOptions> = {}): Promise<PlanItem> {
  const all = await items(program, options);
  if (all.length !== 1 || all[0] === undefined) throw new Error(`one item expected: ${JSON.stringify(all)}`);
  return all[0];
}

describe.skipIf(inject('rig') === 'missing')('law 5: ownership is decided before the write', () => {
  it.each([true, false])(
    'an object of somebody else is blocked, and nothing is written to it (dry run of creates: %s)',
    async (dryRunCreates) => {
      await platform.apply({ alpha: [namespace(ns)] });
      const theirs = await somebody.create(configMap(ns, 'settings', { key: 'value' }));
      const program = { alpha: [namespace(ns), configMap(ns, 'settings', { key: 'value' })] };
      const item = await only(program, { dryRunCreates });
      if (dryRunCreates) {
        // The values are equal: the server would answer 200 and co-own silently.
        expect(item).toMatchObject({
          action: 'blocked',
          problem: { code: 'ORR4001', fix: expect.stringContaining(`--adopt ConfigMap/${ns}/settings`) },
        });
        expect(item.problem?.what).toContain('kubectl-edit');
      }
      await platform.apply(program, {}, { dryRunCreates });
      const after = await somebody.get('v1', 'ConfigMap', ns, 'settings');
      expect(after.metadata.resourceVersion).toBe(theirs.metadata.resourceVersion);
      expect((await platform.inventory()).entries.size).toBeLessThanOrEqual(2);
    },
  );

  it('adoption is chosen, shown with what it changes, and makes the object ours', async () => {
    await platform.apply({ alpha: [namespace(ns)] });
    await somebody.create(configMap(ns, 'settings', { key: 'theirs', more: 'x' }));
    const program = { alpha: [namespace(ns), configMap(ns, 'settings', { key: 'ours' })] };
    const adopt = [`ConfigMap/${ns}/settings`];
    const item = await only(program, { adopt });
    expect(item).toMatchObject({ action: 'adopt', precondition: { uid: expect.any(String) } });
    expect(item.changes.map(({ path, op }) => `${op} ${path}`).sort()).toEqual([
      'add metadata.labels',
      'replace data.key',
    ]);
    expect(item.dangers.map(({ kind }) => kind)).toEqual(['adopt', 'ownership-taken']);
    await platform.apply(program, {}, { adopt });
    expect(await platform.pending(program)).toEqual([]);
    expect(await somebody.get('v1', 'ConfigMap', ns, 'settings')).toMatchObject({ data: { key: 'ours', more: 'x' } });
  });

  it('an adoption that would come to something else by now is refused, and the former managers are back where they were', async () => {
    await platform.apply({ alpha: [namespace(ns)] });
    const kubectl = new Somebody(await platform.open(), 'kubectl-client-side-apply');
    await kubectl.create(configMap(ns, 'settings', { key: 'theirs', more: 'x' }));
    const program = { alpha: [namespace(ns), configMap(ns, 'settings', { key: 'ours' })] };
    const targets = [await platform.open()];
    const made = await platform.plan(program, targets, { adopt: [`ConfigMap/${ns}/settings`] });
    expect(clusterPlan(made).items[0]).toMatchObject({
      action: 'adopt',
      takesOver: [{ manager: 'kubectl-client-side-apply', operation: 'Update' }],
    });
    expect(
      clusterPlan(made)
        .items[0]?.changes.map(({ path, op }) => `${op} ${path}`)
        .sort(),
    ).toEqual(['add metadata.labels', 'remove data.more', 'replace data.key']);
    await kubectl.merge('v1', 'ConfigMap', ns, 'settings', { data: { more: 'y', most: 'z' } });
    const before = await somebody.get('v1', 'ConfigMap', ns, 'settings');
    const { outcome } = await platform.applyMade(made, program, targets);
    expect(outcome.clusters[0]?.failures[0]?.problem).toMatchObject({ code: 'ORR4104' });
    const after = await somebody.get('v1', 'ConfigMap', ns, 'settings');
    expect({ ...after, metadata: { ...after.metadata, resourceVersion: '' } }).toEqual({
      ...before,
      metadata: { ...before.metadata, resourceVersion: '' },
    });
  });

  it('an adoption that is not chosen for an object leaves it alone', async () => {
    await platform.apply({ alpha: [namespace(ns)] });
    await somebody.create(configMap(ns, 'settings'));
    const program = { alpha: [namespace(ns), configMap(ns, 'settings', { key: 'ours' })] };
    expect(await only(program, { adopt: [`ConfigMap/${ns}/other`, `beta:ConfigMap/${ns}/settings`] })).toMatchObject({
      action: 'blocked',
    });
    expect(await only(program, { adopt: [`alpha:ConfigMap/${ns}/*`] })).toMatchObject({ action: 'adopt' });
  });

  it('the object of another platform is named as such, and only adopted by its own name', async () => {
    const other = new AppliedPlatform('law-5-other');
    try {
      await platform.apply({ alpha: [namespace(ns)] });
      await other.apply({ alpha: [namespace(other.namespace()), configMap(ns, 'settings')] });
      const program = { alpha: [namespace(ns), configMap(ns, 'settings')] };
      const item = await only(program, { adopt: 'all' });
      expect(item.problem).toMatchObject({ code: 'ORR4001', what: expect.stringContaining(`"${other.id}"`) });
      expect(await only(program, { adopt: [`ConfigMap/${ns}/*`] })).toMatchObject({ action: 'blocked' });
      const adopt = [`ConfigMap/${ns}/settings`];
      expect(await only(program, { adopt })).toMatchObject({ action: 'adopt' });
      await platform.apply(program, {}, { adopt });

      // The other platform does not fight for it, and does not delete it when its program drops it.
      const fight = clusterPlan(
        await other.plan({ alpha: [namespace(other.namespace()), configMap(ns, 'settings')] }, [await other.open()]),
      );
      expect(fight.items[0]).toMatchObject({ action: 'blocked', problem: { code: 'ORR4001' } });
      await other.apply({ alpha: [namespace(other.namespace())] });
      expect(await somebody.find('v1', 'ConfigMap', ns, 'settings')).toBeDefined();
    } finally {
      await other.cleanUp();
    }
  });

  it('what somebody deleted and created again is not ours any more', async () => {
    const program = { alpha: [namespace(ns), configMap(ns, 'settings')] };
    await platform.apply(program);
    await somebody.remove('v1', 'ConfigMap', ns, 'settings');
    await somebody.create(configMap(ns, 'settings'));
    expect((await only(program)).problem).toMatchObject({
      code: 'ORR4001',
      what: expect.stringContaining('somebody created it again'),
    });
    // And it is not deleted either when the program drops it.
    const dropped = { alpha: [namespace(ns)] };
    expect(await only(dropped)).toMatchObject({
      action: 'forget',
      reason: expect.stringContaining('created it again'),
    });
    await platform.apply(dropped);
    expect(await somebody.find('v1', 'ConfigMap', ns, 'settings')).toBeDefined();
  });

  it('a restored object that carries our label is ours although its uid is new', async () => {
    const program = { alpha: [namespace(ns), configMap(ns, 'settings')] };
    await platform.apply(program);
    const { metadata, ...saved } = await somebody.get('v1', 'ConfigMap', ns, 'settings');
    await somebody.remove('v1', 'ConfigMap', ns, 'settings');
    await somebody.create({
      ...saved,
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'settings', namespace: ns, labels: metadata.labels ?? {} },
    });
    expect(await only(program)).toMatchObject({ action: 'ownership-only' });
    await platform.apply(program);
    expect(await platform.pending(program)).toEqual([]);
  });

  it('a field that another manager took is shown with manager, day and change, and taken over only by choice', async () => {
    const program = { alpha: [namespace(ns), deployment(ns, 'web', {}, 2)] };
    await platform.apply(program, { wait: false });
    await somebody.merge('apps/v1', 'Deployment', ns, 'web', { spec: { replicas: 5 } });
    const blocked = await only(program);
    expect(blocked).toMatchObject({
      action: 'blocked',
      changes: [{ path: 'spec.replicas', before: 5, after: 2, cause: 'drift', by: 'kubectl-edit' }],
      problem: {
        code: 'ORR4005',
        what: expect.stringMatching(/spec\.replicas from kubectl-edit \(20\d\d-\d\d-\d\d\)/),
      },
    });
    const takeOwnership = [`Deployment/${ns}/web`];
    const taken = await only(program, { takeOwnership });
    expect(taken).toMatchObject({ action: 'update', dangers: [{ kind: 'ownership-taken' }] });
    await platform.apply(program, { wait: false }, { takeOwnership });
    expect(await somebody.get('apps/v1', 'Deployment', ns, 'web')).toMatchObject({ spec: { replicas: 2 } });
    expect(await platform.pending(program)).toEqual([]);
  });

  it('choosing an object changes nothing about objects without a conflict: no force, no danger', async () => {
    await platform.apply({ alpha: [namespace(ns), configMap(ns, 'settings', { a: '1' })] });
    const item = await only(
      { alpha: [namespace(ns), configMap(ns, 'settings', { a: '2' })] },
      { takeOwnership: 'all', adopt: 'all' },
    );
    expect(item).toMatchObject({ action: 'update', dangers: [] });
  });

  it('our label stands on the object alone, never in its pod template', async () => {
    await platform.apply(
      { alpha: [namespace(ns), deployment(ns, 'web', {}, 0), secret(ns, 's', { a: 'b' })] },
      { wait: false },
    );
    const live = await somebody.get('apps/v1', 'Deployment', ns, 'web');
    const { spec } = live as unknown as { spec: { template: object } };
    expect(live.metadata.labels).toEqual({ 'orrery.dev/platform': platform.id });
    expect(JSON.stringify(spec)).not.toContain('orrery.dev');
  });

  it('objects that carry our label but that nobody knows are reported and left alone', async () => {
    const program = { alpha: [namespace(ns), configMap(ns, 'one'), configMap(ns, 'two')] };
    await platform.apply(program);
    const stray = configMap(ns, 'stray');
    await somebody.create({
      ...stray,
      metadata: { ...stray.metadata, labels: { 'orrery.dev/platform': platform.id } },
    });
    const plan = clusterPlan(await platform.plan(program, [await platform.open()]));
    expect(plan.items).toEqual([]);
    expect(plan.warnings).toEqual([expect.stringContaining(`ConfigMap/${ns}/stray: labelled as ours`)]);
  });
});
