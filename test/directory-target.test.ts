import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { DIRECTORY_INDEX, readDirectoryIndex } from '../lib/cluster/directory-index.ts';
import { planDirectory } from '../lib/directory/plan-directory.ts';
import type { KubernetesObject } from '../lib/kubernetes/object.ts';
import { configMap, DirectoryBench, deployment, desired, platform, summary } from './directory-bench.ts';

let bench: DirectoryBench;
beforeEach(() => {
  bench = new DirectoryBench();
});
afterEach(() => {
  bench[Symbol.dispose]();
});

describe('a target folder', () => {
  it('gets one file per object, and then there is nothing to do and nothing is written', async () => {
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
    const state = desired(namespace, deployment(3), configMap('a'));
    const first = await bench.plan(state);
    expect(summary(first)).toEqual(['create Namespace/shop', 'create Deployment/cart', 'create ConfigMap/a']);
    expect(existsSync(bench.folder)).toBe(false);
    const { outcome, events } = await bench.apply(first, state);
    expect(outcome).toMatchObject({ status: 'done', written: 3, deleted: 0 });
    expect(events.map(({ type }) => type)).toEqual([
      'cluster-started',
      'object-written',
      'object-written',
      'object-written',
      'cluster-finished',
    ]);
    expect(bench.files()).toEqual([
      DIRECTORY_INDEX,
      '_cluster/namespace-shop.yaml',
      'shop/configmap-a.yaml',
      'shop/deployment-cart.yaml',
    ]);
    expect(parse(bench.read('shop/deployment-cart.yaml'))).toEqual(deployment(3));
    const before = bench.files().map((file) => statSync(path.join(bench.folder, file)).mtimeMs);
    const second = await bench.plan(state);
    expect(second).toMatchObject({ items: [], unchanged: 3, clusterUid: readDirectoryIndex(bench.folder, 'prod')?.id });
    await bench.apply(second, state);
    expect(bench.files().map((file) => statSync(path.join(bench.folder, file)).mtimeMs)).toEqual(before);
  });

  it('shows a change of the program field by field, and what it means', async () => {
    await bench.bring(desired(deployment(3)));
    const state = desired(deployment(0, 'cart:2'));
    const made = await bench.plan(state);
    expect(made.items).toMatchObject([
      {
        action: 'update',
        changes: [
          { path: 'spec.replicas', op: 'replace', before: 3, after: 0, cause: 'intent' },
          {
            path: 'spec.template.spec.containers[name=cart].image',
            op: 'replace',
            before: 'cart:1',
            after: 'cart:2',
            cause: 'intent',
          },
        ],
        dangers: [{ kind: 'scale-to-zero' }],
        restartsPods: true,
        verified: 'unverified',
        path: 'app/cart',
      },
    ]);
    await bench.apply(made, state);
    expect(parse(bench.read('shop/deployment-cart.yaml'))).toEqual(deployment(0, 'cart:2'));
    expect((await bench.plan(state)).items).toEqual([]);
  });

  it('deletes what the program no longer has, with its empty folder, after everything else', async () => {
    await bench.bring(desired(deployment(3), configMap('a')));
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'new' } };
    const made = await bench.plan(desired(namespace));
    expect(summary(made)).toEqual(['create Namespace/new', 'delete Deployment/cart', 'delete ConfigMap/a']);
    expect(made.items[1]?.dangers).toMatchObject([{ kind: 'delete-all' }, { kind: 'delete-workload' }]);
    const { outcome, events } = await bench.apply(made, desired(namespace));
    expect(outcome).toMatchObject({ status: 'done', written: 1, deleted: 2 });
    expect(events.map(({ type }) => type)).toEqual([
      'cluster-started',
      'object-written',
      'object-deleted',
      'object-deleted',
      'cluster-finished',
    ]);
    expect(bench.files()).toEqual([DIRECTORY_INDEX, '_cluster/namespace-new.yaml']);
    expect(readdirSync(bench.folder)).not.toContain('shop');
  });

  it('never touches a file that is not ours', async () => {
    await bench.bring(desired(configMap('a'), configMap('b')));
    bench.write('README.md', 'by hand');
    bench.write('shop/kustomization.yaml', 'resources: []');
    await bench.bring(desired(configMap('a')));
    await bench.apply(
      await bench.plan(desired(configMap('a')), { options: { purpose: 'destroy' } }),
      desired(configMap('a')),
    );
    expect(bench.files()).toEqual(['README.md', 'shop/kustomization.yaml']);
    expect(bench.read('README.md')).toBe('by hand');
  });

  it('does not overwrite a foreign file that has the name of one of ours', async () => {
    bench.write('shop/configmap-a.yaml', 'foreign');
    const state = desired(configMap('a'), configMap('b'));
    const made = await bench.plan(state);
    expect(made.items).toMatchObject([
      { action: 'blocked', problem: { code: 'ORR4001', where: { object: 'ConfigMap/shop/a' } } },
      { action: 'create' },
    ]);
    const { outcome } = await bench.apply(made, state);
    expect(outcome.status).toBe('failed');
    expect(bench.read('shop/configmap-a.yaml')).toBe('foreign');
    expect(readDirectoryIndex(bench.folder, 'prod')?.entries.map(({ name }) => name)).toEqual(['b']);
  });

  it('keeps the namespace rules of a cluster: default namespace, none for cluster-scoped kinds, CRDs of the program tell theirs', async () => {
    const crd = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'tenants.example.com' },
      spec: { group: 'example.com', scope: 'Cluster', names: { kind: 'Tenant' } },
    };
    const tenant = { apiVersion: 'example.com/v1', kind: 'Tenant', metadata: { name: 'a' } };
    const role = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'r', namespace: 'odd' },
    };
    const unknown = { apiVersion: 'example.org/v1', kind: 'Thing', metadata: { name: 't' } };
    const base = desired(crd, tenant, role, unknown, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' } });
    const state = { ...base, objects: base.objects.map((one) => ({ ...one, defaultNamespace: 'shop' })) };
    const made = await bench.plan(state);
    expect(made.warnings).toEqual([expect.stringContaining('Thing/t of example.org')]);
    await bench.apply(made, state);
    expect(bench.files()).toEqual([
      DIRECTORY_INDEX,
      '_cluster/clusterrole-r.yaml',
      '_cluster/customresourcedefinition-tenants.example.com.yaml',
      '_cluster/tenant.example.com-a.yaml',
      'shop/configmap-c.yaml',
      'shop/thing.example.org-t.yaml',
    ]);
    expect(parse(bench.read('_cluster/clusterrole-r.yaml')).metadata).toEqual({ name: 'r' });
    expect(parse(bench.read('shop/configmap-c.yaml')).metadata).toEqual({ name: 'c', namespace: 'shop' });
    expect((await bench.plan(state)).items).toEqual([]);
  });
});

describe('a file of ours that was edited by hand', () => {
  it('is drift: shown with what somebody changed, and set right', async () => {
    await bench.bring(desired(deployment(3)));
    bench.write(
      'shop/deployment-cart.yaml',
      bench.read('shop/deployment-cart.yaml').replace('replicas: 3', 'replicas: 7'),
    );
    const made = await bench.plan(desired(deployment(3)));
    expect(made.items).toMatchObject([
      {
        action: 'update',
        reason: expect.stringContaining('edited by hand'),
        changes: [{ path: 'spec.replicas', before: 7, after: 3, cause: 'drift' }],
      },
    ]);
    await bench.apply(made, desired(deployment(3)));
    expect((await bench.plan(desired(deployment(3)))).items).toEqual([]);
  });

  it('is told apart from a change of the program', async () => {
    await bench.bring(desired(deployment(3)));
    bench.write(
      'shop/deployment-cart.yaml',
      bench.read('shop/deployment-cart.yaml').replace('replicas: 3', 'replicas: 7'),
    );
    const [item] = (await bench.plan(desired(deployment(4)))).items;
    expect(item).toMatchObject({
      changes: [{ cause: 'intent', before: 7, after: 4 }],
      reason: expect.stringMatching(/edited by hand, and the program changed/),
    });
  });

  it('is unchanged when only its form is another', async () => {
    await bench.bring(desired(deployment(3)));
    bench.write('shop/deployment-cart.yaml', `# a comment\n${JSON.stringify(deployment(3))}\n`);
    expect(await bench.plan(desired(deployment(3)))).toMatchObject({ items: [], unchanged: 1 });
    expect(bench.read('shop/deployment-cart.yaml')).toContain('# a comment');
  });

  it.each([
    ['no YAML any more', 'a: [}'],
    ['empty', ''],
    ['two objects', `${JSON.stringify(configMap('a'))}\n---\n${JSON.stringify(configMap('b'))}`],
  ])('is set right when it is %s', async (_name, text) => {
    await bench.bring(desired(configMap('a')));
    bench.write('shop/configmap-a.yaml', text);
    await bench.bring(desired(configMap('a')));
    expect(parse(bench.read('shop/configmap-a.yaml'))).toEqual(configMap('a'));
  });

  it('is written again when it was deleted', async () => {
    await bench.bring(desired(configMap('a')));
    rmSync(path.join(bench.folder, 'shop/configmap-a.yaml'));
    const made = await bench.plan(desired(configMap('a')));
    expect(made.items).toMatchObject([{ action: 'create', reason: expect.stringContaining('removed by hand') }]);
    await bench.apply(made, desired(configMap('a')));
    expect(bench.files()).toContain('shop/configmap-a.yaml');
  });

  it('is forgotten when it was deleted and the program has it no longer', async () => {
    await bench.bring(desired(configMap('a'), configMap('b')));
    rmSync(path.join(bench.folder, 'shop/configmap-a.yaml'));
    const made = await bench.plan(desired(configMap('b')));
    expect(summary(made)).toEqual(['forget ConfigMap/a']);
    await bench.apply(made, desired(configMap('b')));
    expect((await bench.plan(desired(configMap('b')))).items).toEqual([]);
  });
});

describe('a plan of a folder that changed since', () => {
  it('leaves alone what somebody edited, does the rest, and deletes nothing', async () => {
    await bench.bring(desired(configMap('a'), configMap('b'), configMap('gone')));
    const state = desired(configMap('a', { key: 'new' }), configMap('b', { key: 'new' }));
    const made = await bench.plan(state);
    bench.write('shop/configmap-a.yaml', 'edited: true\n');
    const { outcome } = await bench.apply(made, state);
    expect(outcome).toMatchObject({
      status: 'failed',
      written: 1,
      deleted: 0,
      failures: [{ id: { name: 'a' }, problem: { code: 'ORR4104' } }],
      skipped: [{ id: { name: 'gone' } }],
    });
    expect(bench.read('shop/configmap-a.yaml')).toBe('edited: true\n');
    expect(bench.files()).toContain('shop/configmap-gone.yaml');
    expect(summary(await bench.plan(state))).toEqual(['update ConfigMap/a', 'delete ConfigMap/gone']);
  });

  it('does not write over a file that appeared, and does not take it for ours afterwards', async () => {
    const state = desired(configMap('a'));
    const made = await bench.plan(state);
    bench.write('shop/configmap-a.yaml', 'foreign');
    expect((await bench.apply(made, state)).outcome.failures).toMatchObject([{ problem: { code: 'ORR4104' } }]);
    expect(bench.read('shop/configmap-a.yaml')).toBe('foreign');
    expect((await bench.plan(state)).items).toMatchObject([{ action: 'blocked', problem: { code: 'ORR4001' } }]);
  });

  it('does not delete what was edited', async () => {
    await bench.bring(desired(configMap('a'), configMap('b')));
    const made = await bench.plan(desired(configMap('b')));
    bench.write('shop/configmap-a.yaml', 'edited: true\n');
    expect((await bench.apply(made, desired(configMap('b')))).outcome.failures).toMatchObject([
      { problem: { code: 'ORR4104' } },
    ]);
    expect(bench.files()).toContain('shop/configmap-a.yaml');
  });

  it('accepts a file in which somebody did the same', async () => {
    const state = desired(configMap('a'));
    await bench.bring(state);
    const text = bench.read('shop/configmap-a.yaml');
    rmSync(bench.folder, { recursive: true });
    const made = await bench.plan(state);
    bench.write('shop/configmap-a.yaml', text);
    expect((await bench.apply(made, state)).outcome.status).toBe('done');
  });

  it('is refused when the folder is another one, or the program is', async () => {
    await bench.bring(desired(configMap('a')));
    const state = desired(configMap('a', { key: 'new' }));
    const made = await bench.plan(state);
    const other = desired(configMap('a', { key: 'other' }));
    expect((await bench.apply(made, other)).outcome.failures).toMatchObject([{ problem: { code: 'ORR4102' } }]);
    const index = JSON.parse(bench.read(DIRECTORY_INDEX));
    bench.write(DIRECTORY_INDEX, JSON.stringify({ ...index, id: 'another' }));
    expect((await bench.apply(made, state)).outcome).toMatchObject({
      status: 'failed',
      problem: { code: 'ORR4104' },
      written: 0,
    });
    rmSync(path.join(bench.folder, DIRECTORY_INDEX));
    expect((await bench.apply(made, state)).outcome).toMatchObject({
      status: 'failed',
      problem: { code: 'ORR4104' },
      written: 0,
    });
    expect(parse(bench.read('shop/configmap-a.yaml'))).toEqual(configMap('a'));
  });
});

describe('what would be deleted without being meant', () => {
  it('is guarded: an empty program, unless it is allowed', async () => {
    await bench.bring(desired(configMap('a')));
    await expect(bench.plan(desired())).rejects.toMatchObject({ code: 'ORR4002' });
    expect(summary(await bench.plan(desired(), { options: { allowEmpty: true } }))).toEqual(['delete ConfigMap/a']);
  });

  it('is guarded: most of many, unless it is allowed', async () => {
    const many = Array.from({ length: 12 }, (_, i) => configMap(`c${i}`));
    await bench.bring(desired(...many));
    const few = desired(...many.slice(0, 3));
    const held = await bench.plan(few);
    expect(held.items).toHaveLength(9);
    for (const item of held.items) expect(item).toMatchObject({ action: 'blocked', problem: { code: 'ORR4007' } });
    await bench.apply(held, few);
    expect(bench.files()).toHaveLength(13);
    const allowed = await bench.plan(few, { options: { allowDeletes: true } });
    expect(allowed.items[0]?.dangers).toMatchObject([{ kind: 'delete-many' }]);
    await bench.apply(allowed, few);
    expect(bench.files()).toHaveLength(4);
  });

  it('and written under another name is shown as a pair', async () => {
    await bench.bring(desired(configMap('old'), configMap('stays')));
    const made = await bench.plan(desired(configMap('new'), configMap('stays')));
    expect(made.items).toMatchObject([
      { action: 'create', renamedFrom: { name: 'old' } },
      { action: 'delete', renamedTo: { name: 'new' } },
    ]);
  });

  it('is nothing when the cluster left the program and nobody chose', async () => {
    await bench.bring(desired(configMap('a')));
    expect(await bench.plan(undefined)).toMatchObject({ left: true, leftObjects: 1, items: [] });
    const orphaned = await bench.plan(undefined, { options: { onLeft: 'orphan' } });
    expect(summary(orphaned)).toEqual(['orphan ConfigMap/a']);
    await bench.apply(orphaned, undefined);
    expect(bench.files()).toEqual(['shop/configmap-a.yaml']);
  });

  it('is everything of ours, when that is destroyed', async () => {
    const state = desired(configMap('a'), deployment(1));
    await bench.bring(state);
    const made = await bench.plan(state, { options: { purpose: 'destroy' } });
    expect(summary(made)).toEqual(['delete Deployment/cart', 'delete ConfigMap/a']);
    expect((await bench.apply(made, undefined)).outcome).toMatchObject({ status: 'done', deleted: 2 });
    expect(bench.files()).toEqual([]);
    expect((await bench.plan(state, { options: { purpose: 'destroy' } })).items).toEqual([]);
  });

  it('is never in the folder of another platform or cluster', async () => {
    await bench.bring(desired(configMap('a')));
    const options = { stateFolder: bench.stateFolder };
    await expect(
      planDirectory(await bench.target(), desired(configMap('b')), { id: 'other' }, options),
    ).rejects.toMatchObject({ code: 'ORR4001' });
    const twin = { ...(await bench.target()), cluster: 'twin' };
    await expect(planDirectory(twin, desired(configMap('b')), platform, options)).rejects.toMatchObject({
      code: 'ORR4001',
      message: expect.stringContaining('"prod"'),
    });
  });
});

it('for all programs one after another: the folder holds exactly the last one, and the plan is then empty', async () => {
  const object = fc.record({ name: fc.constantFrom('a', 'b', 'C', 'c', 'd:e'), value: fc.string({ maxLength: 8 }) });
  const program = fc.uniqueArray(object, { selector: ({ name }) => name, minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(fc.array(program, { minLength: 1, maxLength: 3 }), async (programs) => {
      rmSync(bench.folder, { recursive: true, force: true });
      for (const objects of programs) {
        const state = desired(...objects.map(({ name, value }) => configMap(name, { value })));
        await bench.bring(state);
        const found = bench
          .files()
          .filter((file) => file !== DIRECTORY_INDEX)
          .map((file) => parse(bench.read(file)));
        const byName = (a: KubernetesObject, b: KubernetesObject) =>
          (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1;
        expect(found.sort(byName)).toEqual(state.objects.map((one) => one.object).sort(byName));
        expect((await bench.plan(state)).items).toEqual([]);
      }
    }),
    { numRuns: 15 },
  );
});
