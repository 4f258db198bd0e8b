import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { OrreryError } from '../lib/errors.ts';
import { narrow } from '../lib/inventory/change-inventory.ts';
import { writeInventory } from '../lib/inventory/write-inventory.ts';
import type { KubernetesObject } from '../lib/kubernetes/object.ts';
import { checkPlan } from '../lib/plan/check-plan.ts';
import { makePlan, planDestroy } from '../lib/plan/make-plan.ts';
import { readPlanFile, writePlanFile } from '../lib/plan/plan-file.ts';
import { sealKey } from '../lib/plan/seal.ts';
import { AppliedPlatform, clusterPlan, itemsOf, outcomeOf } from './applied-platform.ts';
import { Somebody } from './laws/somebody.ts';
import { configMap, definition, deployment, namespace, secret } from './sample-objects.ts';

let platform: AppliedPlatform;
let ns: string;
beforeEach(() => {
  platform = new AppliedPlatform('plan');
  ns = platform.namespace();
});
afterEach(() => platform.cleanUp(['alpha', 'beta']));

function properties(crd: KubernetesObject, added: object): KubernetesObject {
  const copy = structuredClone(crd) as unknown as {
    spec: { versions: { schema: { openAPIV3Schema: { properties: { spec: { properties: object } } } } }[] };
  };
  for (const { schema } of copy.spec.versions) Object.assign(schema.openAPIV3Schema.properties.spec.properties, added);
  return copy as unknown as KubernetesObject;
}

describe.skipIf(inject('rig') === 'missing')('a plan', () => {
  it('of a namespace, a CRD and what lives in them says what could not be asked, and the second one is empty', async () => {
    const group = `${platform.id}.example.com`;
    const crd = definition(group, 'Thing');
    const thing = { apiVersion: `${group}/v1`, kind: 'Thing', metadata: { name: 'one' }, spec: { size: 1 } };
    const program = {
      alpha: [{ ...thing, metadata: { name: 'one', namespace: ns } }, configMap(ns, 'settings'), crd, namespace(ns)],
    };
    const plan = clusterPlan(await platform.plan(program, [await platform.open()]));
    expect(plan.items.map(({ action, id, verified }) => [action, id.kind, verified])).toEqual(
      expect.arrayContaining([
        ['create', 'Namespace', 'dry-run'],
        ['create', 'CustomResourceDefinition', 'dry-run'],
        ['create', 'Thing', 'unverified'],
        ['create', 'ConfigMap', 'unverified'],
      ]),
    );
    const order = plan.items.map(({ id }) => id.kind);
    expect(order.indexOf('Namespace')).toBeLessThan(order.indexOf('ConfigMap'));
    expect(order.indexOf('CustomResourceDefinition')).toBeLessThan(order.indexOf('Thing'));
    expect(outcomeOf(await platform.apply(program))).toMatchObject({ status: 'done', failures: [] });
    expect(await platform.pending(program)).toEqual([]);
    await platform.destroy();
  });

  it('of a CRD that gets a field and of the resource that sets it does not take the old schema for the last word', async () => {
    const group = `${platform.id}.example.com`;
    const crd = definition(group, 'Thing');
    const thing = (spec: object) => ({
      apiVersion: `${group}/v1`,
      kind: 'Thing',
      metadata: { name: 'one', namespace: ns },
      spec,
    });
    await platform.apply({ alpha: [namespace(ns), crd, thing({ size: 1 })] });
    const wider = properties(crd, { shape: { type: 'string' } });
    const program = { alpha: [namespace(ns), wider, thing({ size: 1, shape: 'round' })] };
    const plan = clusterPlan(await platform.plan(program, [await platform.open()]));
    expect(plan.items.find(({ id }) => id.kind === 'Thing')).toMatchObject({
      action: 'update',
      verified: 'unverified',
      changes: [{ path: 'spec.shape', op: 'add', after: 'round' }],
    });
    // Without the new schema the same object is an error.
    const alone = clusterPlan(
      await platform.plan({ alpha: [namespace(ns), crd, thing({ size: 1, shape: 'round' })] }, [await platform.open()]),
    );
    expect(alone.items[0]).toMatchObject({
      action: 'blocked',
      problem: { code: 'ORR4003', what: expect.stringContaining('spec.shape') },
    });
    expect(outcomeOf(await platform.apply(program))).toMatchObject({ status: 'done', failures: [] });
    expect(await platform.pending(program)).toEqual([]);
    await platform.destroy();
  });

  it('completes namespaces by what the server says about scope, and drops one that a cluster-scoped object names', async () => {
    const role: KubernetesObject = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: platform.id, namespace: 'anything' },
      rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
    };
    const desired = platform.desired({ alpha: [namespace(ns), role] });
    const [cluster] = desired.clusters;
    if (cluster === undefined) throw new Error('no cluster');
    const homeless: KubernetesObject = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'homeless' },
      data: { a: 'b' },
    };
    const [declared] = platform.desired({ alpha: [homeless] }).clusters[0]?.objects ?? [];
    if (declared === undefined) throw new Error('no object');
    const objects = [...cluster.objects, { ...declared, defaultNamespace: ns }];
    const { plan } = await makePlan(
      { ...desired, clusters: [{ ...cluster, objects }] },
      [await platform.open()],
      platform.planOptions(),
    );
    expect(
      itemsOf(plan.clusters[0] ?? clusterPlan({ plan, renewals: new Map(), inventories: new Map() })).sort(),
    ).toEqual(
      [`create ClusterRole/${platform.id}`, `create ConfigMap/${ns}/homeless`, `create Namespace/${ns}`].sort(),
    );
    expect(plan.clusters[0]?.items.filter(({ problem }) => problem !== undefined)).toEqual([]);
  });

  it('is a problem of one cluster when two objects turn out to be the same one there', async () => {
    const homeless: KubernetesObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'twin' } };
    const plan = clusterPlan(
      await platform.plan({ alpha: [homeless, configMap('default', 'twin')] }, [await platform.open()]),
    );
    expect(plan.problem).toMatchObject({ code: 'ORR2203', what: expect.stringContaining('ConfigMap/default/twin') });
  });

  it('of a cluster that cannot be opened names its problem, and plans the others', async () => {
    const program = { alpha: [configMap('default', platform.id)], beta: [configMap('default', platform.id)] };
    const error = new OrreryError('ORR3004', 'alpha does not answer');
    const targets = [
      { kind: 'unopened', cluster: 'alpha', description: 'context alpha', error } as const,
      await platform.open('beta'),
    ];
    const made = await makePlan(platform.desired(program), targets, platform.planOptions());
    expect(clusterPlan(made, 'alpha')).toMatchObject({ problem: { code: 'ORR3004' }, items: [] });
    expect(itemsOf(clusterPlan(made, 'beta'))).toEqual([`create ConfigMap/default/${platform.id}`]);
  });

  it('refuses a target that stops answering in the middle, as the problem of that cluster alone', async () => {
    const alpha = await platform.open('alpha');
    const failing = { ...alpha, discovery: () => Promise.reject(new OrreryError('ORR3004', 'the connection broke')) };
    const program = { alpha: [configMap('default', platform.id)], beta: [configMap('default', platform.id)] };
    const made = await makePlan(
      platform.desired(program),
      [failing, await platform.open('beta')],
      platform.planOptions(),
    );
    expect(clusterPlan(made, 'alpha')).toMatchObject({ problem: { code: 'ORR3004' }, clusterUid: alpha.clusterUid });
    expect(clusterPlan(made, 'beta').items).toHaveLength(1);
  });

  it('shows warnings of the API server once, with the objects they are about', async () => {
    await platform.apply({ alpha: [namespace(ns)] });
    const old = (name: string): KubernetesObject => {
      const object = deployment(ns, name, {}, 0) as KubernetesObject & { spec: { template: { metadata: object } } };
      object.spec.template.metadata = {
        labels: { app: name },
        annotations: { 'scheduler.alpha.kubernetes.io/critical-pod': '' },
      };
      return object;
    };
    const plan = clusterPlan(
      await platform.plan({ alpha: [namespace(ns), old('a'), old('b')] }, [await platform.open()]),
    );
    expect(plan.warnings).toHaveLength(1);
    expect(plan.warnings[0]).toMatch(/and 1 more: .*critical-pod/);
  });

  it('names the namespace that is missing and that nothing creates', async () => {
    const plan = clusterPlan(await platform.plan({ alpha: [configMap(ns, 'one')] }, [await platform.open()]));
    expect(plan.items[0]).toMatchObject({
      action: 'blocked',
      problem: { code: 'ORR4003', fix: expect.stringContaining(`Namespace/${ns}`) },
    });
  });

  it('sees a lost inventory: what carries our label is ours, and the next apply knows it again', async () => {
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'one', namespace: ns } };
    const program = { alpha: [namespace(ns), account] };
    await platform.apply(program);
    const target = await platform.open();
    const inventory = await platform.inventory();
    await writeInventory(target, narrow(inventory, inventory.entries.keys()), { stateFolder: platform.stateFolder });
    const made = await platform.plan(program, [await platform.open()]);
    expect(clusterPlan(made)).toMatchObject({ items: [], unchanged: 2, dryRuns: 0 });
    expect(made.renewals.get('alpha')).toHaveLength(2);
    const verified = await platform.plan(program, [await platform.open()], { verify: 'all' });
    expect(clusterPlan(verified)).toMatchObject({ items: [], unchanged: 2, dryRuns: 2 });
  });

  it('knows an object wherever in the program it is declared: another construct path changes nothing', async () => {
    const at = (path: string) => ({ alpha: [namespace(ns), { object: configMap(ns, 'one'), path }] });
    await platform.apply(at('mall/cart/settings'));
    const moved = clusterPlan(await platform.plan(at('mall/shop/cart/settings'), [await platform.open()]));
    expect(moved).toMatchObject({ items: [], unchanged: 2 });
  });
});

describe.skipIf(inject('rig') === 'missing')('a cluster that left the program', () => {
  const left = async (onLeft?: 'ask' | 'delete' | 'orphan' | 'keep') => {
    const made = await platform.plan(
      { alpha: [namespace(ns)] },
      [await platform.open('alpha'), await platform.open('beta')],
      { onLeft },
    );
    return made.plan.clusters.find(({ cluster }) => cluster === 'beta');
  };

  it('is not mentioned while it holds nothing of ours', async () => {
    expect(await left()).toBeUndefined();
  });

  it('is shown with what it holds, and nothing is done until somebody chooses', async () => {
    await platform.apply({ alpha: [namespace(ns)], beta: [namespace(ns), configMap(ns, 'one')] });
    expect(await left()).toMatchObject({ left: true, leftObjects: 2, items: [] });
    expect(await left('keep')).toMatchObject({ left: true, leftObjects: 2, items: [] });
    expect((await left('delete'))?.items.map(({ action }) => action)).toEqual(['delete', 'delete']);
    expect((await left('orphan'))?.items.map(({ action }) => action)).toEqual(['orphan', 'orphan']);
  });
});

describe.skipIf(inject('rig') === 'missing')('a plan to destroy', () => {
  it('removes everything of the platform from every target, and nothing else', async () => {
    const other = new AppliedPlatform('plan-other');
    try {
      await platform.apply({ alpha: [namespace(ns), configMap(ns, 'one'), secret(ns, 'two', { a: 'b' })] });
      await other.apply({ alpha: [namespace(other.namespace())] });
      const made = await planDestroy(
        [await platform.open()],
        { id: platform.id },
        platform.planOptions({ allowDeletes: false, allowEmpty: false }),
      );
      const plan = clusterPlan(made);
      expect(plan.items.map(({ action, id }) => [action, id.kind])).toEqual(
        expect.arrayContaining([
          ['delete', 'ConfigMap'],
          ['delete', 'Secret'],
          ['delete', 'Namespace'],
        ]),
      );
      expect(plan.items).toHaveLength(3);
      expect(plan.left).toBeUndefined();
      expect(plan.items.flatMap(({ dangers }) => dangers.map(({ kind }) => kind))).toContain('delete-all');
      await platform.destroy();
      const somebody = new Somebody(await other.open());
      expect(await somebody.find('v1', 'Namespace', '', other.namespace())).toMatchObject({
        status: { phase: 'Active' },
      });
      expect((await other.inventory()).entries.size).toBe(1);
    } finally {
      await other.cleanUp();
    }
  });
});

describe.skipIf(inject('rig') === 'missing')('a saved plan', () => {
  it('is accepted for the program it was made from, also by the key that the inventory holds by then', async () => {
    const program = { alpha: [namespace(ns), secret(ns, 'login', { a: 'b' })] };
    const file = join(platform.stateFolder, 'plan.json');
    const accept = async (desired = platform.desired(program)) => {
      const plan = await readPlanFile(file);
      const key = await sealKey(await platform.open(), platform.id, platform.stateFolder);
      checkPlan(plan, desired, new Date(), new Map([['alpha', key]]));
    };
    writePlanFile(file, (await platform.plan(program, [await platform.open()])).plan);
    await accept();
    await platform.apply(program);
    await accept();
    await expect(accept(platform.desired({ alpha: [namespace(ns)] }))).rejects.toMatchObject({ code: 'ORR4102' });
    const plan = await readPlanFile(file);
    const [cluster] = plan.clusters;
    if (cluster === undefined) throw new Error('no cluster');
    writePlanFile(file, { ...plan, clusters: [{ ...cluster, items: cluster.items.slice(1) }] });
    await expect(accept()).rejects.toMatchObject({ code: 'ORR4101' });
  });
});
