import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import type { KubeTarget } from '../../lib/cluster/target.ts';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';
import type { ClusterPlan, PlanItem } from '../../lib/plan/plan.ts';
import type { PlanOptions } from '../../lib/plan/plan-options.ts';
import { AppliedPlatform, clusterPlan, itemsOf, type Program } from '../applied-platform.ts';
import { configMap, definition, deployment, namespace } from '../sample-objects.ts';
import { openAs, type Rule } from './limited-access.ts';
import { Somebody } from './somebody.ts';

/** The guards as they are when nothing is allowed. */
const GUARDED = { allowDeletes: false, allowEmpty: false } as const;

let platform: AppliedPlatform;
let ns: string;
let admin: KubeTarget;
let somebody: Somebody;
beforeEach(async () => {
  platform = new AppliedPlatform('law-4');
  ns = platform.namespace();
  admin = await platform.open();
  somebody = new Somebody(admin);
});
afterEach(() => platform.cleanUp());

async function planOf(program: Program, options: Partial<PlanOptions> = GUARDED): Promise<ClusterPlan> {
  return clusterPlan(await platform.plan(program, [await platform.open()], options));
}

const configMaps = (count: number) => Array.from({ length: count }, (_, at) => configMap(ns, `c-${at}`));
const dangersOf = (items: readonly PlanItem[]) => items.flatMap((item) => item.dangers.map((danger) => danger.kind));

describe.skipIf(inject('rig') === 'missing')('law 4: deletes come last and are guarded', () => {
  it('what the program drops is deleted, after everything else, under uid and resourceVersion of the read', async () => {
    await platform.apply({ alpha: [namespace(ns), ...configMaps(3)] });
    const plan = await planOf({ alpha: [namespace(ns), ...configMaps(2), configMap(ns, 'new')] });
    expect(itemsOf(plan)).toEqual([`create ConfigMap/${ns}/new`, `delete ConfigMap/${ns}/c-2`]);
    const live = await somebody.get('v1', 'ConfigMap', ns, 'c-2');
    const { uid, resourceVersion } = live.metadata;
    expect(plan.items[1]?.precondition).toEqual({ uid, resourceVersion });
  });

  it('an empty desired state deletes nothing unless it is allowed', async () => {
    await platform.apply({ alpha: [namespace(ns), configMap(ns, 'one')] });
    expect((await planOf({ alpha: [] })).problem).toMatchObject({
      code: 'ORR4002',
      what: expect.stringContaining('2 of ours'),
    });
    const plan = await planOf({ alpha: [] }, { ...GUARDED, allowEmpty: true });
    expect(itemsOf(plan)).toEqual([`delete ConfigMap/${ns}/one`, `delete Namespace/${ns}`]);
    expect(dangersOf(plan.items)).toEqual(expect.arrayContaining(['delete-all', 'delete-namespace']));
  });

  it('a cluster that never held anything may have an empty desired state', async () => {
    expect(await planOf({ alpha: [] })).toMatchObject({ items: [], unchanged: 0 });
  });

  it('a large share is held back, each delete with the reason, and the rest of the plan goes on', async () => {
    await platform.apply({ alpha: [namespace(ns), ...configMaps(11)] });
    const program = { alpha: [namespace(ns), ...configMaps(4), configMap(ns, 'new')] };
    const plan = await planOf(program);
    const held = plan.items.filter((item) => item.action === 'blocked');
    expect(held).toHaveLength(7);
    expect(held[0]?.problem).toMatchObject({ code: 'ORR4007', what: expect.stringContaining('7 of 12') });
    expect(plan.items.filter((item) => item.action === 'create')).toHaveLength(1);
    const allowed = await planOf(program, { ...GUARDED, allowDeletes: true });
    expect(allowed.items.filter((item) => item.action === 'delete')).toHaveLength(7);
    expect(dangersOf(allowed.items)).toEqual(['delete-many']);
    // The share is a setting.
    const strict = await planOf(
      { alpha: [namespace(ns), ...configMaps(10)] },
      { ...GUARDED, largeShare: { part: 0, ofAtLeast: 1 } },
    );
    expect(strict.items.map((item) => item.action)).toEqual(['blocked']);
  });

  it('namespaces, CRDs, storage and workloads are named as dangers', async () => {
    const claim: KubernetesObject = {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data', namespace: ns },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    };
    const crd = definition(`${platform.id}.example.com`, 'Thing');
    await platform.apply({ alpha: [namespace(ns), claim, crd, deployment(ns, 'web', {}, 0)] }, { wait: false });
    const plan = await planOf({ alpha: [] }, { ...GUARDED, allowEmpty: true });
    expect(dangersOf(plan.items).sort()).toEqual([
      'delete-all',
      'delete-crd',
      'delete-namespace',
      'delete-storage',
      'delete-workload',
    ]);
    await platform.destroy();
    expect(
      await somebody.find('apiextensions.k8s.io/v1', 'CustomResourceDefinition', '', crd.metadata.name ?? ''),
    ).toBeUndefined();
  });

  it('a namespace that still holds objects of the program is kept', async () => {
    await platform.apply({ alpha: [namespace(ns), configMap(ns, 'one')] });
    const plan = await planOf({ alpha: [configMap(ns, 'one')] });
    expect(plan.items[0]).toMatchObject({ action: 'blocked', id: { kind: 'Namespace' }, problem: { code: 'ORR4007' } });
  });

  it('system namespaces are never deleted, nor is the one of the inventory', async () => {
    const system = `kube-${platform.id}`;
    const program = { alpha: [namespace(ns), namespace(platform.inventoryNamespace), namespace(system)] };
    // The inventory makes its namespace itself.
    await platform.apply({ alpha: [namespace(ns)] });
    await platform.apply(program, {}, { adopt: 'all' });
    try {
      const plan = await planOf({ alpha: [namespace(ns)] });
      const left = [`orphan Namespace/${system}`, `orphan Namespace/${platform.inventoryNamespace}`];
      expect(itemsOf(plan).sort()).toEqual(left.sort());
      await platform.apply({ alpha: [namespace(ns)] });
      const { metadata } = await somebody.get('v1', 'Namespace', '', system);
      expect(metadata.deletionTimestamp).toBeUndefined();
      expect(metadata.labels).not.toHaveProperty('orrery.dev/platform');
    } finally {
      await somebody.remove('v1', 'Namespace', '', system);
    }
  });

  it('an object annotated on-remove: orphan stays in the cluster', async () => {
    const kept = {
      ...configMap(ns, 'kept'),
      metadata: { name: 'kept', namespace: ns, annotations: { 'orrery.dev/on-remove': 'orphan' } },
    };
    await platform.apply({ alpha: [namespace(ns), kept] });
    expect(itemsOf(await planOf({ alpha: [namespace(ns)] }))).toEqual([`orphan ConfigMap/${ns}/kept`]);
    await platform.apply({ alpha: [namespace(ns)] });
    expect(await somebody.find('v1', 'ConfigMap', ns, 'kept')).toBeDefined();
    expect(await platform.pending({ alpha: [namespace(ns)] })).toEqual([]);
  });

  it('what is already gone is forgotten, also when its kind is gone with its CRD', async () => {
    const crd = definition(`${platform.id}.example.com`, 'Thing');
    const thing = {
      apiVersion: `${platform.id}.example.com/v1`,
      kind: 'Thing',
      metadata: { name: 'one', namespace: ns },
      spec: { size: 1 },
    };
    await platform.apply({ alpha: [namespace(ns), crd, thing, configMap(ns, 'one')] });
    await somebody.remove('v1', 'ConfigMap', ns, 'one');
    await somebody.remove('apiextensions.k8s.io/v1', 'CustomResourceDefinition', '', crd.metadata.name ?? '');
    await expect
      .poll(async () => (await (await platform.open()).discovery()).find(thing.apiVersion, 'Thing'))
      .toBeUndefined();
    const plan = await planOf({ alpha: [namespace(ns)] });
    expect(itemsOf(plan).sort()).toEqual(
      [
        `forget ConfigMap/${ns}/one`,
        `forget CustomResourceDefinition/${crd.metadata.name}`,
        `forget Thing/${ns}/one`,
      ].sort(),
    );
  });

  it('objects of a kind whose versions are switched off are not taken for gone', async () => {
    const crd = definition(`${platform.id}.example.com`, 'Thing');
    const name = crd.metadata.name ?? '';
    const thing = {
      apiVersion: `${platform.id}.example.com/v1`,
      kind: 'Thing',
      metadata: { name: 'one', namespace: ns },
    };
    await somebody.create(crd);
    try {
      await expect
        .poll(async () => (await admin.discovery({ fresh: true })).find(thing.apiVersion, 'Thing'))
        .toBeDefined();
      await platform.apply({ alpha: [namespace(ns), thing, configMap(ns, 'one')] });
      const [version] = (crd.spec as { versions: object[] }).versions;
      const versions = [{ ...version, served: false }];
      await somebody.merge('apiextensions.k8s.io/v1', 'CustomResourceDefinition', '', name, { spec: { versions } });
      await expect
        .poll(async () => (await admin.discovery({ fresh: true })).find(thing.apiVersion, 'Thing'))
        .toBeUndefined();
      const plan = await planOf({ alpha: [namespace(ns)] });
      expect(plan.items.map((item) => [item.action, item.problem?.code])).toEqual([
        ['blocked', 'ORR4007'],
        ['blocked', 'ORR4007'],
      ]);
      expect(plan.items[0]?.problem?.what).toContain('CRDs of its group exist');
    } finally {
      await somebody.remove('apiextensions.k8s.io/v1', 'CustomResourceDefinition', '', name);
    }
  });

  it('nothing is deleted while a desired kind is not served', async () => {
    await platform.apply({ alpha: [namespace(ns), configMap(ns, 'one')] });
    const monitor = {
      apiVersion: 'monitoring.example.com/v1',
      kind: 'Monitor',
      metadata: { name: 'm', namespace: ns },
    };
    const plan = await planOf({ alpha: [namespace(ns), monitor] });
    expect(plan.items.map((item) => [item.action, item.id.kind, item.problem?.code]).sort()).toEqual([
      ['blocked', 'ConfigMap', 'ORR4007'],
      ['blocked', 'Monitor', 'ORR3008'],
    ]);
  });

  it('an old version of a kind is answered with the one that is served', async () => {
    const old = { apiVersion: 'batch/v1beta1', kind: 'CronJob', metadata: { name: 'm', namespace: ns } };
    const plan = await planOf({ alpha: [namespace(ns), old] });
    expect(plan.items.find((item) => item.action === 'blocked')?.problem).toMatchObject({
      code: 'ORR3008',
      what: expect.stringContaining('it serves batch/v1'),
    });
  });

  describe('with limited rights', () => {
    const LIST: Rule['verbs'] = ['get', 'list'];
    const everything: Rule = { apiGroups: ['', 'apps'], resources: ['*'], verbs: ['get', 'list', 'patch', 'create'] };

    it('nothing is deleted when one kind may not be read', async () => {
      await platform.apply(
        { alpha: [namespace(ns), configMap(ns, 'one'), configMap(ns, 'two'), deployment(ns, 'web', {}, 0)] },
        { wait: false },
      );
      const inventory = { apiGroups: [''], resources: ['secrets', 'configmaps'], verbs: LIST };
      const { target, forget } = await openAs(platform, admin, somebody, { cluster: [inventory] });
      try {
        const plan = clusterPlan(
          await platform.plan({ alpha: [namespace(ns), deployment(ns, 'web', {}, 0)] }, [target], GUARDED),
        );
        expect(plan.items.map((item) => [item.action, item.id.kind, item.problem?.code]).sort()).toEqual([
          ['blocked', 'ConfigMap', 'ORR4007'],
          ['blocked', 'ConfigMap', 'ORR4007'],
          ['blocked', 'Deployment', 'ORR3006'],
        ]);
      } finally {
        await forget();
      }
    });

    it('rights in some namespaces are enough: one LIST for each of them', async () => {
      const other = platform.namespace('other');
      const program = {
        alpha: [namespace(ns), namespace(other), ...configMaps(3), configMap(other, 'one'), configMap(other, 'two')],
      };
      await platform.apply(program);
      const { target, forget } = await openAs(platform, admin, somebody, {
        namespaces: { [ns]: [everything], [other]: [everything], [platform.inventoryNamespace]: [everything] },
      });
      try {
        const plan = clusterPlan(await platform.plan({ alpha: program.alpha.slice(0, -1) }, [target], GUARDED));
        expect(itemsOf(plan)).toEqual([`delete ConfigMap/${other}/two`]);
        expect(plan.unchanged).toBe(6);
      } finally {
        await forget();
      }
    });

    it('without the right to list objects are read one by one', async () => {
      const program = { alpha: [namespace(ns), ...configMaps(3)] };
      await platform.apply(program);
      const { target, forget } = await openAs(platform, admin, somebody, {
        namespaces: {
          [ns]: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get'] }],
          [platform.inventoryNamespace]: [everything],
        },
      });
      try {
        const plan = clusterPlan(await platform.plan(program, [target], GUARDED));
        expect(plan).toMatchObject({ items: [], unchanged: 4, dryRuns: 0 });
      } finally {
        await forget();
      }
    });

    it('a server state that is hidden is a doubt: everything is dry-run, and the plan says why', async () => {
      const program = { alpha: [namespace(ns), ...configMaps(2)] };
      await platform.apply(program);
      const { target, forget } = await openAs(platform, admin, somebody, { cluster: [everything] });
      try {
        const id = platform.id;
        const [reader] = [await somebody.get('rbac.authorization.k8s.io/v1', 'ClusterRole', '', id)];
        const rules = (reader as unknown as { rules: Rule[] }).rules.filter(
          (rule) => !rule.apiGroups.includes('admissionregistration.k8s.io'),
        );
        await somebody.merge('rbac.authorization.k8s.io/v1', 'ClusterRole', '', id, { rules });
        await expect.poll(async () => (await target.serverState({ fresh: true })).key).toBeUndefined();
        const plan = clusterPlan(await platform.plan(program, [target], GUARDED));
        expect(plan).toMatchObject({ items: [], unchanged: 3, dryRuns: 3 });
        expect(plan.warnings.join()).toContain('hidden by RBAC');
      } finally {
        await forget();
      }
    });

    it('without the right to dry-run a change the plan says which right is missing', async () => {
      await platform.apply({ alpha: [namespace(ns), configMap(ns, 'one')] });
      const reader = { apiGroups: [''], resources: ['secrets', 'configmaps'], verbs: LIST };
      const { target, forget } = await openAs(platform, admin, somebody, { cluster: [reader] });
      try {
        const plan = clusterPlan(
          await platform.plan({ alpha: [namespace(ns), configMap(ns, 'one', { a: 'b' })] }, [target], GUARDED),
        );
        expect(plan.items[0]).toMatchObject({
          action: 'blocked',
          problem: { code: 'ORR3006', fix: expect.stringContaining('patch on configmaps') },
        });
      } finally {
        await forget();
      }
    });
  });

  it('a rename is shown as a delete and a create that belong together', async () => {
    await platform.apply({
      alpha: [
        namespace(ns),
        configMap(ns, 'old', { a: '1' }),
        { object: configMap(ns, 'before', { b: '1' }), path: 'unit/thing' },
      ],
    });
    const plan = await planOf({
      alpha: [
        namespace(ns),
        configMap(ns, 'new', { a: '1' }),
        { object: configMap(ns, 'after', { c: '2' }), path: 'unit/thing' },
      ],
    });
    const pairs = plan.items
      .filter((item) => item.action === 'create')
      .map((item) => [item.renamedFrom?.name, item.id.name]);
    expect(pairs.sort()).toEqual([
      ['before', 'after'],
      ['old', 'new'],
    ]);
    expect(
      plan.items
        .filter((item) => item.action === 'delete')
        .map((item) => [item.id.name, item.renamedTo?.name])
        .sort(),
    ).toEqual([
      ['before', 'after'],
      ['old', 'new'],
    ]);
  });

  it('the same object declared under another API group is not deleted', async () => {
    const event = (apiVersion: string): KubernetesObject => ({
      apiVersion,
      kind: 'Event',
      metadata: { name: 'one', namespace: ns },
      reason: 'Started',
      type: 'Normal',
      ...(apiVersion === 'v1'
        ? {
            message: 'x',
            involvedObject: { kind: 'Pod', namespace: ns, name: 'p' },
            reportingComponent: 'a',
            reportingInstance: 'a',
          }
        : {
            note: 'x',
            regarding: { kind: 'Pod', namespace: ns, name: 'p' },
            reportingController: 'example.com/a',
            reportingInstance: 'a',
            action: 'Start',
            eventTime: '2026-01-01T00:00:00.000000Z',
          }),
    });
    await platform.apply({ alpha: [namespace(ns), event('v1')] }, { wait: false });
    const plan = await planOf({ alpha: [namespace(ns), event('events.k8s.io/v1')] });
    expect(plan.items.filter((item) => item.action === 'delete')).toEqual([]);
    expect(plan.items.find((item) => item.id.group === '')).toMatchObject({
      action: 'forget',
      reason: expect.stringContaining('another API group'),
    });
  });
});
