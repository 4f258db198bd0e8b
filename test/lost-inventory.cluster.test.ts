import { randomBytes, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { planRefresh, refreshInventory } from '../lib/apply/refresh-inventory.ts';
import { complete } from '../lib/inventory/change-inventory.ts';
import type { InventoryEntry } from '../lib/inventory/inventory.ts';
import { readInventory } from '../lib/inventory/read-inventory.ts';
import { shardName, shardOf } from '../lib/inventory/shard-format.ts';
import { writeInventory } from '../lib/inventory/write-inventory.ts';
import { idKey, idOf } from '../lib/kubernetes/object.ts';
import { AppliedPlatform, clusterPlan } from './applied-platform.ts';
import { TestProject } from './project.ts';
import { configMap, namespace } from './sample-objects.ts';
import { kubectl, kubectlWith, platformOf } from './shared-clusters.ts';

const SYSTEM = ['-n', 'orrery-system'];

describe.skipIf(inject('rig') === 'missing')('orrery refresh and orrery unlock', () => {
  let id: string;
  beforeEach(() => {
    id = `lost-${randomBytes(4).toString('hex')}`;
  });
  afterEach(async () => {
    await kubectl('alpha', 'delete', 'namespace', id, '--ignore-not-found', '--wait=false');
    await kubectl('alpha', ...SYSTEM, 'delete', 'lease', `orrery-${id}`, '--ignore-not-found');
  });

  const yaml = (...names: string[]): string =>
    [
      `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${id} }`,
      ...names.map(
        (name) => `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name}, namespace: ${id} }\ndata: { a: b }`,
      ),
    ].join('\n---\n');

  it('a lost inventory is rebuilt from labels, and the next apply deletes what the program no longer has, copies left alone', async () => {
    const project = new TestProject(platformOf(id, yaml('stays', 'goes')));
    expect(await project.orrery('apply', '--yes')).toMatchObject({ code: 0 });
    await kubectl('alpha', ...SYSTEM, 'delete', 'secret', '-l', `orrery.dev/inventory=${id}`);
    // Somebody's copy carries our label, and was never applied by us.
    const copy = `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: copy, namespace: ${id}, labels: { orrery.dev/platform: ${id} } }`;
    await kubectlWith(copy, 'alpha', 'create', '-f', '-');

    const unasked = await project.orrery('refresh');
    expect(unasked).toMatchObject({ code: 1, stderr: expect.stringContaining('ORR1004') });
    const refreshed = await project.orrery('refresh', '--yes', '--output', 'json');
    expect(refreshed).toMatchObject({ code: 0, stderr: '' });
    const [alpha] = JSON.parse(refreshed.stdout).clusters;
    expect(alpha).toMatchObject({ cluster: 'alpha', known: 0, entered: true, damage: [], unread: [] });
    expect(alpha.found.map(({ kind, name }: { kind: string; name: string }) => `${kind} ${name}`).sort()).toEqual([
      'ConfigMap goes',
      'ConfigMap stays',
      `Namespace ${id}`,
    ]);
    expect(alpha.copies).toMatchObject([{ kind: 'ConfigMap', name: 'copy' }]);
    const again = await project.orrery('refresh', '--yes');
    expect(again.stdout).toContain('3 objects in the inventory, 0 entered');
    expect((await project.orrery('refresh', '--yes', '--output', 'markdown')).stdout).toContain('**alpha**');

    project.write('objects.yaml', yaml('stays'));
    const planned = await project.orrery('plan');
    expect(planned.stdout).toContain(`- ConfigMap/${id}/goes`);
    expect(await project.orrery('apply', '--yes')).toMatchObject({ code: 0 });
    const left = await kubectl('alpha', '-n', id, 'get', 'configmaps', '-o', 'name');
    expect(left).toContain('configmap/stays');
    expect(left).toContain('configmap/copy');
    expect(left).not.toContain('configmap/goes');
    expect((await project.orrery('plan', '--exit-code')).code).toBe(0);
  });

  it('the lease of a dead apply goes only by its id, and everything else shows who holds what and writes nothing', async () => {
    const project = new TestProject(platformOf(id, yaml(), ['alpha', 'beta']));
    const dead = randomUUID();
    const lease = (seconds: number) => `apiVersion: coordination.k8s.io/v1
kind: Lease
metadata: { name: orrery-${id}, namespace: orrery-system }
spec: { holderIdentity: "mina@laptop ${dead}", leaseDurationSeconds: ${seconds}, acquireTime: "2026-11-20T08:00:00.000000Z", renewTime: "2026-11-20T08:00:10.000000Z" }
`;
    await kubectlWith(
      'apiVersion: v1\nkind: Namespace\nmetadata: { name: orrery-system }',
      'alpha',
      'apply',
      '-f',
      '-',
    );
    await kubectlWith(lease(3600), 'alpha', 'create', '-f', '-');
    const exists = () =>
      kubectl('alpha', ...SYSTEM, 'get', 'lease', `orrery-${id}`, '--ignore-not-found', '-o', 'name');

    const shown = await project.orrery('unlock');
    expect(shown).toMatchObject({ code: 0, stderr: '' });
    expect(shown.stdout).toContain(
      'mina@laptop is applying since 2026-11-20T08:00:00Z, last sign of life 2026-11-20T08:00:10Z',
    );
    expect(shown.stdout).toContain(`orrery unlock --lease-id ${dead}`);
    expect(shown.stdout).toContain('nobody is applying');
    const wrong = await project.orrery('unlock', '--lease-id', randomUUID());
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('ORR5010') });
    expect(await exists()).not.toBe('');

    const removed = await project.orrery('unlock', '--lease-id', dead, '--output', 'json');
    expect(removed).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(removed.stdout).clusters).toMatchObject([
      { cluster: 'alpha', removed: true, lease: { id: dead, who: 'mina@laptop', durationSeconds: 3600 } },
      { cluster: 'beta', removed: false },
    ]);
    expect(await exists()).toBe('');
    expect((await project.orrery('unlock', '--lease-id', dead)).code).toBe(1);
    expect((await project.orrery('unlock', '--output', 'markdown')).stdout).toContain('nobody is applying');
  });
});

describe.skipIf(inject('rig') === 'missing')('an inventory of which parts are lost', () => {
  let platform: AppliedPlatform;
  beforeEach(() => {
    platform = new AppliedPlatform('lost');
  });
  afterEach(() => platform.cleanUp(['beta']));

  it('is made whole: what the other parts hold stays, what was in the lost ones is found again by its label', async () => {
    const ns = platform.namespace();
    const program = { beta: [namespace(ns), ...'abcdefgh'.split('').map((name) => configMap(ns, name))] };
    await platform.apply(program);
    const target = await platform.open('beta');
    const before = await platform.inventory('beta');
    // Three more parts, of objects that nobody finds in the cluster.
    const fillers = Array.from({ length: 2_500 }, (_, n): InventoryEntry => {
      const id = { group: '', kind: 'ConfigMap', namespace: ns, name: `filler-${n}` };
      return { id, apiVersion: 'v1', path: `fillers/${n}` };
    });
    await writeInventory(target, complete(before, fillers), { stateFolder: platform.stateFolder });
    const secrets = `/api/v1/namespaces/${platform.inventoryNamespace}/secrets`;
    await target.client.request({ method: 'DELETE', path: `${secrets}/${shardName(platform.id, 1)}` });
    await target.client.request({
      method: 'PATCH',
      path: `${secrets}/${shardName(platform.id, 2)}`,
      contentType: 'application/merge-patch+json',
      body: { data: { 'inventory.json.gz': 'AAAA' } },
    });
    await expect(readInventory(target, platform.id, platform)).rejects.toMatchObject({ code: 'ORR4006' });

    const plan = await planRefresh(target, platform.id, platform);
    expect(plan.damage).toEqual([expect.stringContaining(shardName(platform.id, 2))]);
    const lost = (key: string) => [1, 2].includes(shardOf(key, 4));
    const ours = program.beta.map((object) => idKey(idOf(object)));
    expect(plan.found.map(({ id }) => idKey(id)).sort()).toEqual(ours.filter(lost).sort());
    await refreshInventory(target, platform.id, plan, {
      stateFolder: platform.stateFolder,
      who: 'test',
      leaseSeconds: 5,
    });

    const after = await platform.inventory('beta');
    const kept = [...ours, ...fillers.map(({ id }) => idKey(id)).filter((key) => !lost(key))];
    expect([...after.entries.keys()].sort()).toEqual(kept.sort());
    expect(Buffer.from(after.hmacKey).equals(before.hmacKey)).toBe(true);
    for (const key of ours) expect(after.entries.get(key)?.uid).toBe(before.entries.get(key)?.uid);
    expect((await planRefresh(target, platform.id, platform)).damage).toEqual([]);

    // What was entered has no proof; objects that nothing has touched prove themselves, without a dry run.
    const made = clusterPlan(await platform.plan(program, [target]), 'beta');
    expect(made).toMatchObject({ unchanged: ours.length, dryRuns: 0 });
    expect(new Set(made.items.map(({ action }) => action))).toEqual(new Set(['forget']));
  });
});
