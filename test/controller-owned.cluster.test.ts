import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import type { KubeTarget } from '../lib/cluster/target.ts';
import type { KubernetesObject } from '../lib/kubernetes/object.ts';
import { makePlan } from '../lib/plan/make-plan.ts';
import { desiredOfRevisions } from '../lib/revision/desired-of-revisions.ts';
import { listRevisions, readRevision } from '../lib/revision/read-revisions.ts';
import { AppliedPlatform, clusterPlan, type Declared, outcomeOf } from './applied-platform.ts';
import {
  asRendered,
  ISTIO_FILE,
  type Routes,
  virtualService,
  virtualServices,
  Witness,
  weightsOf,
} from './controller-owned.ts';
import { Somebody } from './laws/somebody.ts';
import { TestProject } from './project.ts';
import { configMap, deployment, namespace } from './sample-objects.ts';

let platform: AppliedPlatform;
let ns: string;
let target: KubeTarget;
beforeEach(async () => {
  platform = new AppliedPlatform('owned');
  ns = platform.namespace();
  target = await platform.open();
});
afterEach(() => platform.cleanUp());

const DEPLOYMENTS = { group: 'apps', version: 'v1', plural: 'deployments', namespaced: true };

type Members = readonly (KubernetesObject | Declared)[];

const planOf = async (members: Members, options = {}) =>
  clusterPlan(await platform.plan({ alpha: members }, [await platform.open()], options));

/** What `drift` compares with: the newest revision. */
async function drift(): Promise<ReturnType<typeof clusterPlan>> {
  const [head] = (await listRevisions(target, platform.id)).heads;
  if (head === undefined) throw new Error('no revision');
  const desired = desiredOfRevisions({ id: platform.id }, [await readRevision(target, platform.id, head)]);
  const options = platform.planOptions({ adopt: 'all', takeOwnership: 'all', replace: 'all' });
  return clusterPlan(await makePlan(desired, [await platform.open()], options));
}

const PROVED = { items: [], dryRuns: 0, warnings: [] };

describe.skipIf(inject('rig') === 'missing')('replicas under an autoscaler', () => {
  const autoscaler = (): KubernetesObject => ({
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'cart', namespace: ns },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'cart' },
      minReplicas: 6,
      maxReplicas: 20,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
      ],
    },
  });
  const withoutReplicas = (image = 'example.com/main:1'): KubernetesObject => {
    const object = deployment(ns, 'cart', { containers: [{ name: 'main', image }] });
    const { replicas: _, ...spec } = object.spec as { replicas: number };
    return { ...object, spec };
  };
  const replicasOf = ({ spec }: KubernetesObject) => (spec as { replicas: number }).replicas;
  const scale = async (replicas: number, manager = 'kube-controller-manager') => {
    const path = `/apis/apps/v1/namespaces/${ns}/deployments/cart/scale`;
    const body = { spec: { replicas } };
    const query = { fieldManager: manager };
    const contentType = 'application/merge-patch+json';
    const { status } = await target.client.request({ method: 'PATCH', path, body, query, contentType });
    expect(status).toBe(200);
  };

  it('are handed over at 12 without a moment of fewer, also by a program that stops setting them, and come back by choice', async () => {
    await platform.apply({ alpha: [namespace(ns), deployment(ns, 'cart', {}, 12)] }, { wait: false });
    const witness = await Witness.of(target, DEPLOYMENTS, ns, 'cart');

    const scaled = asRendered([namespace(ns), withoutReplicas(), autoscaler()]);
    const handover = await platform.plan({ alpha: scaled }, [target]);
    expect(clusterPlan(handover).items.map(({ action, id }) => `${action} ${id.kind}`)).toEqual([
      'create HorizontalPodAutoscaler',
    ]);
    // A plan that nobody applies, or an apply that dies before it records anything, leaves the next one at the same place.
    expect(clusterPlan(await platform.plan({ alpha: scaled }, [target])).items).toHaveLength(1);
    await platform.applyMade(handover, { alpha: scaled }, [target], { wait: false });
    expect(await planOf(scaled)).toMatchObject(PROVED);

    await scale(14);
    expect(await planOf(scaled)).toMatchObject(PROVED);
    expect(await planOf(scaled, { verify: 'all' })).toMatchObject({ items: [], dryRuns: 3 });
    expect(await drift()).toMatchObject({ items: [] });

    const newImage = asRendered([namespace(ns), withoutReplicas('example.com/main:2'), autoscaler()]);
    const update = await platform.plan({ alpha: newImage }, [target]);
    expect(clusterPlan(update).items).toMatchObject([
      { action: 'update', changes: [{ path: 'spec.template.spec.containers[name=main].image', cause: 'intent' }] },
    ]);
    await scale(16);
    const applied = await platform.applyMade(update, { alpha: newImage }, [target], { wait: false });
    expect(outcomeOf(applied).status).toBe('done');
    expect(await planOf(newImage)).toMatchObject(PROVED);
    const isLast = (object: KubernetesObject) => replicasOf(object) === 16 && JSON.stringify(object).includes('main:2');
    const seen = (await witness.until(isLast)).map(replicasOf);
    // The handover itself may write nothing at all: then no event says 12.
    expect(new Set([12, ...seen])).toEqual(new Set([12, 14, 16]));

    // Back: the autoscaler goes, and the program says 5 again.
    const fixed = [
      namespace(ns),
      deployment(ns, 'cart', { containers: [{ name: 'main', image: 'example.com/main:2' }] }, 5),
    ];
    const blocked = (await planOf(fixed)).items.find(({ action }) => action === 'blocked');
    expect(blocked?.problem).toMatchObject({
      code: 'ORR4005',
      what: expect.stringContaining('spec.replicas from kube-controller-manager'),
    });
    const back = (await planOf(fixed, { takeOwnership: 'all' })).items.find(({ id }) => id.kind === 'Deployment');
    expect(back).toMatchObject({
      action: 'update',
      changes: [{ path: 'spec.replicas', before: 16, after: 5 }],
      dangers: [{ kind: 'ownership-taken' }],
    });
    await platform.apply({ alpha: fixed }, { wait: false }, { takeOwnership: 'all' });
    expect(replicasOf(await new Somebody(target).get('apps/v1', 'Deployment', ns, 'cart'))).toBe(5);
    expect(await planOf(fixed)).toMatchObject(PROVED);
  });

  it('stay when an object is adopted from a tool that set them and never comes back', async () => {
    const helm = new Somebody(target, 'helm');
    await helm.create(namespace(ns));
    await helm.create(deployment(ns, 'cart', {}, 8));
    const witness = await Witness.of(target, DEPLOYMENTS, ns, 'cart');
    const members = asRendered([namespace(ns), withoutReplicas('example.com/main:2'), autoscaler()]);
    const options = { adopt: 'all' } as const;
    const adoption = (await planOf(members, options)).items.find(({ id }) => id.kind === 'Deployment');
    expect(adoption).toMatchObject({ action: 'adopt', takesOver: [{ manager: 'helm' }] });
    expect(adoption?.changes.map(({ path }) => path)).not.toContain('spec.replicas');
    await platform.apply({ alpha: members }, { wait: false }, options);
    expect(await planOf(members)).toMatchObject(PROVED);
    const seen = await witness.until((object) => JSON.stringify(object.spec).includes('main:2'));
    expect(new Set(seen.map(replicasOf))).toEqual(new Set([8]));
  });

  it('are the program’s on the day the object is made, and an edit of them by hand is no drift', async () => {
    const members = asRendered([namespace(ns), deployment(ns, 'cart', {}, 7), autoscaler()]);
    await platform.apply({ alpha: members }, { wait: false });
    const somebody = new Somebody(target);
    expect(replicasOf(await somebody.get('apps/v1', 'Deployment', ns, 'cart'))).toBe(7);
    await scale(9, 'kubectl');
    expect(await planOf(members)).toMatchObject(PROVED);
    expect(await drift()).toMatchObject({ items: [] });
    const { metadata } = await somebody.get('apps/v1', 'Deployment', ns, 'cart');
    await somebody.remove('apps/v1', 'Deployment', ns, 'cart');
    await expect
      .poll(async () => (await somebody.find('apps/v1', 'Deployment', ns, 'cart'))?.metadata.uid !== metadata.uid, {
        timeout: 20_000,
      })
      .toBe(true);
    await platform.apply({ alpha: members }, { wait: false });
    expect(replicasOf(await somebody.get('apps/v1', 'Deployment', ns, 'cart'))).toBe(7);
  });
});

describe.skipIf(inject('rig') === 'missing' || !existsSync(ISTIO_FILE))('weights in an atomic list', () => {
  const weights = { path: 'spec.http[*].route[*].weight', managers: ['flagger'] };
  let domain: string;
  let flagger: Somebody;
  const routes = (desired: Routes): Members => [
    namespace(ns),
    virtualServices(domain),
    { object: virtualService(domain, ns, desired), controllerOwned: [weights] },
  ];
  const live = () => flagger.get(`istio.${domain}/v1`, 'VirtualService', ns, 'cart');
  const write = (somebody: Somebody, changed: Routes) => {
    const { apiVersion, spec } = virtualService(domain, ns, changed);
    return somebody.merge(apiVersion, 'VirtualService', ns, 'cart', { spec });
  };
  const START = { weights: { stable: 100, canary: 0 } };

  beforeEach(async () => {
    domain = `${platform.id}.example.com`;
    flagger = new Somebody(target, 'flagger');
    await platform.apply({ alpha: routes(START) });
    target = await platform.open();
  });

  it('never move when the program changes a timeout beside them, also when the controller moves them between plan and apply', async () => {
    expect(weightsOf(await live())).toEqual(START.weights);
    const resource = { group: `istio.${domain}`, version: 'v1', plural: 'virtualservices', namespaced: true };
    await write(flagger, { weights: { stable: 75, canary: 25 } });
    expect(await planOf(routes(START))).toMatchObject(PROVED);
    expect(await planOf(routes(START), { verify: 'all' })).toMatchObject({ items: [], dryRuns: 3 });
    expect(await drift()).toMatchObject({ items: [] });

    const witness = await Witness.of(target, resource, ns, 'cart');
    const slower = routes({ ...START, timeout: '9s' });
    const plan = await platform.plan({ alpha: slower }, [target]);
    expect(clusterPlan(plan).items).toMatchObject([
      {
        action: 'update',
        dangers: [],
        changes: [{ path: 'spec.http[0].timeout', before: '5s', after: '9s', cause: 'intent' }],
      },
    ]);
    await write(flagger, { weights: { stable: 60, canary: 40 } });
    const applied = await platform.applyMade(plan, { alpha: slower }, [target]);
    expect(outcomeOf(applied).status).toBe('done');
    expect(await planOf(slower)).toMatchObject(PROVED);
    const seen = await witness.until((object) => JSON.stringify(object).includes('9s'));
    expect(seen.map(weightsOf)).toEqual(seen.map(() => ({ stable: 60, canary: 40 })));

    await write(flagger, { timeout: '9s', weights: { stable: 0, canary: 100 } });
    expect(await planOf(slower)).toMatchObject(PROVED);
    // What else the controller changes in its list is drift.
    await write(flagger, { timeout: '1s', weights: { stable: 10, canary: 90 } });
    expect((await planOf(slower)).items).toMatchObject([
      {
        action: 'update',
        changes: [{ path: 'spec.http[0].timeout', before: '1s', after: '9s', cause: 'drift', by: 'flagger' }],
      },
    ]);
    await platform.apply({ alpha: slower });
    expect(weightsOf(await live())).toEqual({ stable: 10, canary: 90 });
  });

  it('stay also when routes come and go, and a new route has the program’s weight', async () => {
    await write(flagger, { weights: { stable: 75, canary: 25 } });
    const more = routes({ weights: { preview: 5, canary: 0, stable: 100 } });
    await platform.apply({ alpha: more });
    expect(weightsOf(await live())).toEqual({ preview: 5, canary: 25, stable: 75 });
    const fewer = routes({ weights: { stable: 100, canary: 0 } });
    await platform.apply({ alpha: fewer });
    expect(weightsOf(await live())).toEqual({ stable: 75, canary: 25 });
    expect(await planOf(fewer)).toMatchObject(PROVED);
  });

  it('do not excuse another manager than the declared one: its list is a conflict', async () => {
    await write(new Somebody(target, 'kubectl-edit'), { weights: { stable: 50, canary: 50 } });
    const slower = routes({ ...START, timeout: '9s' });
    expect((await planOf(slower)).items).toMatchObject([
      {
        action: 'blocked',
        problem: { code: 'ORR4005', what: expect.stringContaining('spec.http from kubectl-edit') },
        changes: [{ path: 'spec.http[0].timeout' }],
      },
    ]);
    // Also one that comes between plan and apply.
    await write(flagger, { weights: { stable: 75, canary: 25 } });
    const plan = await platform.plan({ alpha: slower }, [target]);
    await write(new Somebody(target, 'kubectl-edit'), { weights: { stable: 50, canary: 50 } });
    const applied = await platform.applyMade(plan, { alpha: slower }, [target]);
    expect(outcomeOf(applied).failures).toMatchObject([{ problem: { code: 'ORR4005' } }]);
    expect((await live()).spec).toMatchObject({ http: [{ timeout: '5s' }] });
    await platform.apply({ alpha: slower }, {}, { takeOwnership: 'all' });
    expect(weightsOf(await live())).toEqual({ stable: 50, canary: 50 });
  });
});

describe.skipIf(inject('rig') === 'missing')('fields of their own', () => {
  const settings = (data: Record<string, string>): Declared => ({
    object: configMap(ns, 'settings', data),
    controllerOwned: [
      { path: 'data.level', managers: ['tuner'] },
      { path: 'metadata.annotations["example.com/seen"]', managers: [] },
    ],
  });

  it('are shared with a controller that applies the same value, and let go at the next apply', async () => {
    const members = [namespace(ns), settings({ level: 'info', other: 'x' })];
    await platform.apply({ alpha: members });
    const tuner = new Somebody(target, 'tuner');
    const owned = (data: Record<string, string>) => ({
      ...configMap(ns, 'settings', data),
      metadata: { name: 'settings', namespace: ns },
    });
    await tuner.apply(owned({ level: 'info' }));
    expect((await planOf(members)).items).toMatchObject([{ action: 'ownership-only', changes: [] }]);
    await platform.apply({ alpha: members });
    expect(await planOf(members)).toMatchObject(PROVED);
    // The controller may now let it go, too, and it is gone: then the program's value is the first one again.
    await tuner.apply(owned({}));
    expect((await planOf(members)).items).toMatchObject([
      { action: 'update', changes: [{ path: 'data.level', op: 'add', after: 'info' }] },
    ]);
  });

  it('that hold more are kept part by part: resources that a recommender writes beside ours', async () => {
    const resources = { limits: { memory: '1Gi' }, requests: { cpu: '100m', memory: '64Mi' } };
    const cart = (image: string): Declared => ({
      object: deployment(ns, 'cart', { containers: [{ name: 'main', image, resources }] }, 0),
      controllerOwned: [{ path: 'spec.template.spec.containers[*].resources', managers: ['vpa'] }],
    });
    await platform.apply({ alpha: [namespace(ns), cart('example.com/main:1')] }, { wait: false });
    const raised = { containers: [{ name: 'main', resources: { requests: { cpu: '900m' } } }] };
    const contentType = 'application/strategic-merge-patch+json';
    const path = `/apis/apps/v1/namespaces/${ns}/deployments/cart`;
    const body = { spec: { template: { spec: raised } } };
    await target.client.request({ method: 'PATCH', path, body, contentType, query: { fieldManager: 'vpa' } });
    expect(await planOf([namespace(ns), cart('example.com/main:1')])).toMatchObject(PROVED);
    const next = [namespace(ns), cart('example.com/main:2')];
    expect((await planOf(next)).items).toMatchObject([
      { action: 'update', changes: [{ path: 'spec.template.spec.containers[name=main].image' }] },
    ]);
    await platform.apply({ alpha: next }, { wait: false });
    const live = await new Somebody(target).get('apps/v1', 'Deployment', ns, 'cart');
    expect(live.spec).toMatchObject({
      template: {
        spec: {
          containers: [
            {
              image: 'example.com/main:2',
              resources: { limits: { memory: '1Gi' }, requests: { cpu: '900m', memory: '64Mi' } },
            },
          ],
        },
      },
    });
    expect(await planOf(next)).toMatchObject(PROVED);
  });

  it('that cannot be changed are no reason to replace the object', async () => {
    const claim = (storageClassName: string): Declared => ({
      object: {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'data', namespace: ns },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, storageClassName },
      },
      controllerOwned: [{ path: 'spec.storageClassName', managers: [] }],
    });
    await platform.apply({ alpha: [namespace(ns), claim('fast')] }, { wait: false });
    expect(await planOf([namespace(ns), claim('slow')])).toMatchObject({ items: [], dryRuns: 1 });
  });

  it('that only appear in the cluster are nobody’s business', async () => {
    const members = [namespace(ns), settings({ level: 'info' })];
    await platform.apply({ alpha: members });
    const somebody = new Somebody(target, 'watcher');
    const annotate = (value: string | null) =>
      somebody.merge('v1', 'ConfigMap', ns, 'settings', {
        metadata: { annotations: { 'example.com/seen': value } },
        data: { level: value },
      });
    for (const value of ['today', 'tomorrow']) {
      await annotate(value);
      expect(await planOf(members)).toMatchObject(PROVED);
    }
  });
});

describe.skipIf(inject('rig') === 'missing')('a program that declares controller-owned fields', () => {
  it('is planned, applied and looked at for drift by the command as it is shipped', async () => {
    const project = new TestProject({
      'main.ts': `import { ApiObject, Chart } from 'cdk8s';
import { ClusterSet, ControllerOwnedFields, Platform } from '@orrery/constructs';
const platform = new Platform({ id: '${platform.id}' });
const chart = new Chart(new ClusterSet(platform, 'clusters').add('alpha'), 'app');
new ApiObject(chart, 'namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: '${ns}' } });
const settings = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace: '${ns}' }, data: { level: 'info', name: 'x' } };
ControllerOwnedFields.of(new ApiObject(chart, 'settings', settings)).add({ path: 'data.level' });
platform.synth();
`,
      'cdk8s.yaml': `app: node main.ts
targets:
  '*': { kubeconfig: ${inject('clusters').kubeconfig}, context: '{cluster}', inventoryNamespace: ${platform.inventoryNamespace} }
`,
    });
    expect(await project.orrery('apply', '--yes')).toMatchObject({ code: 0 });
    const edit = (data: object) =>
      new Somebody(target).merge('v1', 'ConfigMap', ns, 'settings', { data }).then(({ data: now }) => now);
    expect(await edit({ level: 'debug' })).toEqual({ level: 'debug', name: 'x' });
    for (const verb of ['plan', 'drift']) expect(await project.orrery(verb, '--exit-code')).toMatchObject({ code: 0 });
    await edit({ name: 'y' });
    const drifted = await project.orrery('drift', '--exit-code');
    expect([drifted.code, drifted.stdout.includes('data.name'), drifted.stdout.includes('level')]).toEqual([
      2,
      true,
      false,
    ]);
    expect(await project.orrery('apply', '--yes', '--take-ownership', 'all')).toMatchObject({ code: 0 });
    expect(await edit({})).toEqual({ level: 'debug', name: 'x' });
  });
});
