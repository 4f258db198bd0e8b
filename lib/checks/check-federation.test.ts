import type { AppManifest, AppServiceManifest } from '@orrery/constructs/assembly-format';
import { describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../kubernetes/object.ts';
import type { DesiredState } from '../render/desired-state.ts';
import { type Fields, object, state } from './desired-state.test-data.ts';
import { headroomOf } from './headroom.ts';
import { runChecks } from './run-checks.ts';

const FEDERATION = ['replicas', 'headroom', 'sensitive-app', 'divided-stateful-set'];

/** "check severity cluster,cluster: what" of the checks over all clusters. */
function found(desired: DesiredState): string[] {
  return runChecks(desired, [])
    .findings.filter(({ check }) => FEDERATION.includes(check))
    .map(({ check, severity, clusters, what }) => `${check} ${severity} ${clusters.join()}: ${what}`);
}

const workload = (replicas: number | undefined, kind = 'Deployment', spec: Fields = {}): KubernetesObject =>
  object('apps/v1', kind, 'cart', {
    spec: {
      ...(replicas === undefined ? {} : { replicas }),
      selector: { matchLabels: { app: 'cart' } },
      template: {
        metadata: { labels: { app: 'cart' } },
        spec: { containers: [{ name: 'main', image: 'cart:1', resources: { requests: { cpu: '1', memory: '1Gi' } } }] },
      },
      ...spec,
    },
  });
const scaler = (minReplicas: number, maxReplicas: number) =>
  object('autoscaling/v2', 'HorizontalPodAutoscaler', 'cart', {
    spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'cart' }, minReplicas, maxReplicas },
  });
const scaled = (minReplicas: number, maxReplicas: number) => [workload(undefined), scaler(minReplicas, maxReplicas)];
const byEvents = (minReplicaCount: number, maxReplicaCount: number) => [
  workload(undefined),
  object('keda.sh/v1alpha1', 'ScaledObject', 'cart', {
    spec: { scaleTargetRef: { name: 'cart' }, minReplicaCount, maxReplicaCount, triggers: [] },
  }),
];
const service = (declared: Omit<AppServiceManifest, 'path'>): AppManifest[] => [
  { path: 'shop', services: [{ path: 'shop/cart', ...declared }] },
];

describe('the check of replicas over all clusters', () => {
  const a = [workload(4)];
  const b = [workload(2)];

  it.each<[string, Record<string, readonly KubernetesObject[]>, Omit<AppServiceManifest, 'path'>]>([
    ['of numbers that add up', { a, b }, { replicas: 6 }],
    ['of clusters without a replica', { a, b: [workload(0)] }, { replicas: 4 }],
    ['of a workload that says no number, which is one', { a, b: [workload(undefined)] }, { replicas: 5 }],
    ['where another autoscaler decides', { a: scaled(1, 9), b }, { replicas: 6 }],
    ['of bounds that add up', { a: scaled(4, 20), b: scaled(2, 10) }, { minReplicas: 6, maxReplicas: 30 }],
    ['of bounds of KEDA that add up', { a: byEvents(0, 20), b: byEvents(6, 10) }, { minReplicas: 6, maxReplicas: 30 }],
    [
      'of the one pod that every autoscaler may run',
      { a: scaled(2, 3), b: scaled(1, 1), c: scaled(1, 1) },
      { minReplicas: 2, maxReplicas: 3 },
    ],
  ])('says nothing %s', (_, clusters, declared) => {
    expect(found(state(clusters, {}, service(declared)))).toEqual([]);
  });

  it('says nothing of what is not declared, and of workloads of other services', () => {
    expect(found(state({ a, b }))).toEqual([]);
    expect(found(state({ a, b }, {}, [{ path: 'shop', services: [{ path: 'shop/car', replicas: 1 }] }]))).toEqual([]);
  });

  it('says what they are together, once for all clusters', () => {
    expect(found(state({ a, b, c: [workload(1)] }, {}, service({ replicas: 6 })))).toEqual([
      'replicas warning a,b,c: Its replicas in all clusters together are 7 (a 4, b 2, c 1); the program declares 6.',
    ]);
  });

  it('says where autoscalers keep fewer or may run more than declared', () => {
    const bounds = { minReplicas: 6, maxReplicas: 30 };
    expect(found(state({ a: scaled(3, 20), b: scaled(2, 10) }, {}, service(bounds)))).toEqual([
      'replicas warning a,b: Its autoscalers keep 5 replicas in all clusters together (a 3, b 2); the program declares at least 6.',
    ]);
    expect(found(state({ a: scaled(4, 40), b: scaled(2, 10) }, {}, service(bounds)))).toEqual([
      'replicas warning a,b: Its autoscalers run up to 50 replicas in all clusters together; the program declares at most 30.',
    ]);
    expect(found(state({ a: scaled(4, 10), b: scaled(2, 10) }, {}, service(bounds)))).toEqual([
      'replicas warning a,b: Its autoscalers run up to 20 replicas in all clusters together; the program declares at most 30.',
    ]);
  });

  it('leaves out a service whose number an autoscaler of another kind decides', () => {
    const desired = state({ a, b }, {}, service({ replicas: 9 }));
    const owned = desired.clusters.map((cluster) => ({
      ...cluster,
      objects: cluster.objects.map((one) => ({ ...one, controllerOwned: [{ path: 'spec.replicas', managers: [] }] })),
    }));
    expect(found({ ...desired, clusters: owned })).toEqual([]);
  });
});

describe('the check of headroom', () => {
  const asked = (declared: Omit<AppServiceManifest, 'path' | 'survive'>) =>
    service({ ...declared, survive: 'any-cluster' });

  it('says nothing where the others suffice without any one cluster', () => {
    const three = { a: [workload(3)], b: [workload(3)], c: [workload(3)] };
    expect(found(state(three, {}, asked({ replicas: 6 })))).toEqual([]);
    const bounds = { minReplicas: 4, maxReplicas: 9 };
    expect(found(state({ a: scaled(4, 9), b: scaled(4, 9) }, {}, asked(bounds)))).toEqual([]);
    expect(found(state({ a: byEvents(4, 9), b: scaled(4, 9) }, {}, asked(bounds)))).toEqual([]);
    expect(found(state({ a: byEvents(3, 9), b: byEvents(4, 8) }, {}, asked(bounds)))).toHaveLength(2);
  });

  it('names each cluster whose loss cannot be borne', () => {
    const three = { a: [workload(3)], b: [workload(3)], c: [workload(2)] };
    expect(found(state(three, {}, asked({ replicas: 6 })))).toEqual([
      'headroom error a: Without cluster a 5 of its 6 declared replicas are left (b 3, c 2).',
      'headroom error b: Without cluster b 5 of its 6 declared replicas are left (a 3, c 2).',
    ]);
    expect(found(state({ a: [workload(9)] }, {}, asked({ replicas: 6 })))).toEqual([
      'headroom error a: Without cluster a 0 of its 6 declared replicas are left.',
    ]);
  });

  it('asks for the upper bound of autoscalers, too', () => {
    const two = { a: scaled(4, 9), b: scaled(4, 8) };
    expect(found(state(two, {}, asked({ minReplicas: 4, maxReplicas: 9 })))).toEqual([
      'headroom error a: Without cluster a its autoscalers run up to 8 replicas; 9 are declared.',
    ]);
  });
});

describe('the headroom that a plan shows', () => {
  const exactly = (number: number) => ({ fewest: number, most: number });

  it('is what the others run without each cluster, of services that shall survive', () => {
    const apps: AppManifest[] = [
      {
        path: 'shop',
        services: [
          { path: 'shop/cart', replicas: 6, survive: 'any-cluster' },
          { path: 'shop/other', replicas: 1 },
        ],
      },
    ];
    expect(headroomOf(state({ a: [workload(3)], b: [workload(3)], c: [workload(2)] }, {}, apps))).toEqual([
      {
        app: 'shop',
        service: 'shop/cart',
        needed: exactly(6),
        without: [
          { cluster: 'a', left: exactly(5) },
          { cluster: 'b', left: exactly(5) },
          { cluster: 'c', left: exactly(6) },
        ],
      },
    ]);
  });

  it('has the bounds of autoscalers', () => {
    const bounds = service({ minReplicas: 4, maxReplicas: 9, survive: 'any-cluster' });
    expect(headroomOf(state({ a: scaled(4, 9), b: scaled(5, 8) }, {}, bounds))).toMatchObject([
      {
        needed: { fewest: 4, most: 9 },
        without: [
          { cluster: 'a', left: { fewest: 5, most: 8 } },
          { cluster: 'b', left: { fewest: 4, most: 9 } },
        ],
      },
    ]);
  });

  it('is nothing where no service shall survive', () => {
    expect(headroomOf(state({ a: [workload(3)] }, {}, service({ replicas: 6 })))).toEqual([]);
    expect(headroomOf(state({ a: [workload(3)] }))).toEqual([]);
  });
});

describe('the check of sensitive apps', () => {
  const app: AppManifest[] = [{ path: 'shop', sensitive: true }];

  it('says nothing where the internet does not reach the cluster, and of other apps', () => {
    const objects = { a: [workload(1)] };
    expect(found(state(objects, { internetFacing: false }, app))).toEqual([]);
    expect(found(state(objects, { internetFacing: true }, [{ path: 'shop' }]))).toEqual([]);
    expect(found(state(objects, { internetFacing: true }, [{ path: 'shopping', sensitive: true }]))).toEqual([]);
  });

  it('refuses clusters that the internet reaches, and asks where nobody said', () => {
    const objects = { a: [workload(1), object('v1', 'ConfigMap', 'cart', {})] };
    expect(found(state(objects, { internetFacing: true }, app))).toEqual([
      'sensitive-app error a: It belongs to a sensitive app, and the internet reaches the entry points of this cluster.',
    ]);
    expect(found(state(objects, {}, app))).toEqual([
      'sensitive-app warning a: It belongs to a sensitive app, and nobody said whether the internet reaches this cluster.',
    ]);
  });

  it('counts what makes no pods where there is nothing else', () => {
    const objects = { a: [object('v1', 'ConfigMap', 'cart', {}), object('v1', 'ConfigMap', 'other', {})] };
    expect(found(state(objects, { internetFacing: true }, app))).toHaveLength(1);
  });
});

describe('the check of divided StatefulSets', () => {
  const set = (replicas: number, start?: number) =>
    workload(replicas, 'StatefulSet', start === undefined ? {} : { ordinals: { start } });
  const policy = (type: string, selector: Fields = { name: 'cart' }) =>
    object('policy.karmada.io/v1alpha1', 'PropagationPolicy', 'cart', {
      spec: {
        resourceSelectors: [{ apiVersion: 'apps/v1', kind: 'StatefulSet', ...selector }],
        placement: { replicaScheduling: { replicaSchedulingType: type } },
      },
    });
  const numbering = object('policy.karmada.io/v1alpha1', 'OverridePolicy', 'cart', {
    spec: {
      resourceSelectors: [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'cart' }],
      overrideRules: [
        { overriders: { plaintext: [{ path: '/spec/ordinals', operator: 'add', value: { start: 3 } }] } },
      ],
    },
  });

  it.each<[string, Record<string, readonly KubernetesObject[]>, AppManifest[]?]>([
    ['of a StatefulSet in each cluster', { a: [set(3)], b: [set(3)] }],
    ['of those that count from 1 everywhere', { a: [set(3, 1)], b: [set(3, 1)] }],
    ['of ranges that do not meet', { a: [set(3)], b: [set(3, 3)], c: [set(2, 6)] }, service({ replicas: 8 })],
    ['of one cluster that has them all', { a: [set(3)], b: [set(0)] }, service({ replicas: 3 })],
    ['of a policy that copies', { hub: [set(3), policy('Duplicated')] }],
    ['of a policy for another one', { hub: [set(3), policy('Divided', { name: 'other' })] }],
    [
      'of a policy for other labels',
      { hub: [set(3), policy('Divided', { labelSelector: { matchLabels: { x: 'y' } } })] },
    ],
    ['of a policy with ordinals per cluster beside it', { hub: [set(3), policy('Divided'), numbering] }],
  ])('says nothing %s', (_, clusters, apps) => {
    expect(found(state(clusters, {}, apps))).toEqual([]);
  });

  it('knows how many an autoscaler may make of them', () => {
    const target = { kind: 'StatefulSet', name: 'cart' };
    const upTo = (most: number, start: number) => [
      set(1, start),
      object('keda.sh/v1alpha1', 'ScaledObject', 'cart', {
        spec: { scaleTargetRef: target, minReplicaCount: 1, maxReplicaCount: most, triggers: [] },
      }),
    ];
    const declared = service({ minReplicas: 2, maxReplicas: 8 });
    expect(found(state({ a: upTo(4, 0), b: upTo(4, 4) }, {}, declared))).toEqual([]);
    expect(found(state({ a: upTo(5, 0), b: upTo(3, 4) }, {}, declared))).toEqual([
      'divided-stateful-set error b: Its replicas are divided over clusters, and a has a pod cart-4 as well: both take themselves for the same member.',
    ]);
  });

  it('refuses a divided total without ordinals', () => {
    expect(found(state({ a: [set(2)], b: [set(1)] }, {}, service({ replicas: 3 })))).toEqual([
      'divided-stateful-set error b: Its replicas are divided over clusters, and a has a pod cart-0 as well: both take themselves for the same member.',
    ]);
  });

  it('refuses ranges that meet, and says where the next number is free', () => {
    const desired = state({ a: [set(3)], b: [set(3, 2)] });
    expect(found(desired)).toEqual([
      'divided-stateful-set error b: Its replicas are divided over clusters, and a has a pod cart-2 as well: both take themselves for the same member.',
    ]);
    expect(runChecks(desired, []).findings.find(({ check }) => check === 'divided-stateful-set')?.fix).toContain(
      'to 3.',
    );
  });

  it.each([[{ name: 'cart' }], [{}], [{ namespace: 'shop' }]])(
    'refuses what Karmada would divide, chosen by %j',
    (selector) => {
      expect(found(state({ hub: [set(3), policy('Divided', selector)] }))).toEqual([
        'divided-stateful-set error hub: PropagationPolicy/shop/cart divides its replicas over clusters, each of which counts its pods from 0.',
      ]);
    },
  );
});

describe('findings over all clusters', () => {
  it('are waived for one cluster alone', () => {
    const waiver = { check: 'replicas', objects: 'b:Deployment/shop/cart', reason: 'less before production' };
    const result = runChecks(state({ a: [workload(4)], b: [workload(1)] }, {}, service({ replicas: 6 })), [
      { ...waiver, source: 'cdk8s.yaml:3' },
    ]);
    expect(result.findings.map(({ check, clusters }) => [check, clusters])).toEqual([['replicas', ['a']]]);
    expect(result.waived.map(({ check, clusters }) => [check, clusters])).toEqual([['replicas', ['b']]]);
  });
});
