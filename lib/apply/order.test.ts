import type { DependencyManifest } from '@orrery/constructs/assembly-format';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOrreryError } from '../errors.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { idOf } from '../kubernetes/object.ts';
import { type OrderedObject, orderOf, sortedByOrder } from './order.ts';
import { EDGE_ORIGINS, GraphBuilder, type OrderGraph, withoutImpliedCycles } from './order-graph.ts';

type Fields = Record<string, unknown>;

function thing(
  apiVersion: string,
  kind: string,
  name: string,
  fields: Fields = {},
  more: Partial<OrderedObject> = {},
): OrderedObject {
  const [bare = '', namespace] = name.split('/').reverse();
  const object = {
    apiVersion,
    kind,
    metadata: { name: bare, ...(namespace === undefined ? {} : { namespace }) },
    ...fields,
  } as KubernetesObject;
  return { cluster: 'one', id: idOf(object), path: name, role: 'write', object, ...more };
}

const pod = (spec: Fields, labels: Fields = {}) => ({
  spec: { template: { metadata: { labels }, spec: { containers: [{ name: 'c' }], ...spec } } },
});
const deployment = (name: string, spec: Fields = {}, labels: Fields = {}) =>
  thing('apps/v1', 'Deployment', name, pod(spec, labels));
const namespace = (name: string) => thing('v1', 'Namespace', name);

/** Paths in the order in which they may be written. */
function order(objects: readonly OrderedObject[]): string[] {
  return sortedByOrder(orderOf(objects)).map((index) => (objects[index] as OrderedObject).path);
}

function isBefore(objects: readonly OrderedObject[], first: string, second: string): boolean {
  const found = order(objects);
  return found.indexOf(first) < found.indexOf(second);
}

/** The edge between two objects, directly or through barriers: the strictest need, hard unless a soft edge lies on the way. */
function link(
  graph: OrderGraph,
  objects: readonly OrderedObject[],
  from: string,
  to: string,
): { need: string; soft: boolean } | undefined {
  const start = objects.findIndex(({ path }) => path === from);
  const goal = objects.findIndex(({ path }) => path === to);
  const queue: { vertex: number; need: string; soft: boolean }[] = [{ vertex: start, need: '', soft: false }];
  for (const { vertex, soft } of queue) {
    for (const edge of graph.edges.filter((one) => one.from === vertex)) {
      const step = { vertex: edge.to, need: edge.need, soft: soft || edge.soft };
      if (edge.to === goal) return { need: step.need, soft: step.soft };
      if (graph.vertices[edge.to]?.object === undefined) queue.push(step);
    }
  }
  return undefined;
}

describe('the order of writes', () => {
  it('puts a namespace before its members and a definition, established, before its resources', () => {
    const crd = thing('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'apps.example.com', {
      spec: { group: 'example.com', names: { kind: 'App' } },
    });
    const objects = [
      thing('example.com/v1', 'App', 'shop/a'),
      crd,
      thing('v1', 'ConfigMap', 'shop/c'),
      namespace('shop'),
    ];
    const graph = orderOf(objects);
    expect(link(graph, objects, 'shop', 'shop/c')).toEqual({ need: 'written', soft: false });
    expect(link(graph, objects, 'shop', 'shop/a')).toEqual({ need: 'written', soft: false });
    expect(link(graph, objects, 'apps.example.com', 'shop/a')).toEqual({ need: 'established', soft: false });
  });

  it('starts an operator when the definitions of its chart are established, whatever others define', () => {
    const definition = (plural: string, path: string) =>
      thing(
        'apiextensions.k8s.io/v1',
        'CustomResourceDefinition',
        `${plural}.example.com`,
        { spec: { group: 'example.com', names: { kind: plural }, scope: 'Namespaced', versions: [{ name: 'v1' }] } },
        { path },
      );
    const operator = { ...deployment('ops/operator'), path: 'chart' };
    const objects = [operator, definition('gadgets', 'chart'), definition('others', 'elsewhere')];
    const graph = orderOf(objects);
    const written = sortedByOrder(graph).map((index) => (objects[index] as OrderedObject).id.name);
    expect(written.indexOf('gadgets.example.com')).toBeLessThan(written.indexOf('operator'));
    expect(link(graph, objects, 'elsewhere', 'chart')).toBeUndefined();
    const [first] = graph.edges.filter(({ to }) => to === 0);
    expect(first).toMatchObject({ need: 'established', soft: true });
  });

  it('puts what a pod names before the workload, and lets an optional one fail alone', () => {
    const workload = deployment('shop/d', {
      serviceAccountName: 'sa',
      priorityClassName: 'high',
      volumes: [
        { name: 'v', persistentVolumeClaim: { claimName: 'pvc' } },
        {
          name: 'w',
          projected: { sources: [{ secret: { name: 'sec' } }, { configMap: { name: 'opt', optional: true } }] },
        },
      ],
      containers: [{ name: 'c', env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'cm', key: 'k' } } }] }],
    });
    const used: [string, string, boolean][] = [
      ['ServiceAccount', 'shop/sa', false],
      ['PersistentVolumeClaim', 'shop/pvc', false],
      ['Secret', 'shop/sec', false],
      ['ConfigMap', 'shop/cm', false],
      ['ConfigMap', 'shop/opt', true],
    ];
    const objects = [
      workload,
      ...used.map(([kind, name]) => thing('v1', kind, name)),
      thing('scheduling.k8s.io/v1', 'PriorityClass', 'high'),
    ];
    const graph = orderOf(objects);
    for (const [, name, soft] of used) {
      const edges = graph.edges.filter(
        (edge) => objects[edge.from]?.path === name && objects[edge.to]?.path === 'shop/d',
      );
      expect(edges.map((edge) => edge.soft)).toEqual([soft]);
    }
    expect(link(graph, objects, 'high', 'shop/d')).toEqual({ need: 'written', soft: false });
  });

  it('gives a workload its rights first, through the service account it runs as', () => {
    const role = thing('rbac.authorization.k8s.io/v1', 'ClusterRole', 'reader');
    const binding = thing('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', 'reads', {
      roleRef: { kind: 'ClusterRole', name: 'reader' },
      subjects: [{ kind: 'ServiceAccount', name: 'robot', namespace: 'ops' }],
    });
    const objects = [deployment('ops/d', { serviceAccountName: 'robot' }), deployment('ops/e'), binding, role];
    const graph = orderOf(objects);
    expect(order(objects).slice(-1)).toEqual(['ops/d']);
    expect(link(graph, objects, 'reader', 'reads')).toEqual({ need: 'written', soft: false });
    expect(link(graph, objects, 'reads', 'ops/e')).toBeUndefined();
  });

  it('writes webhook configurations and APIServices last, when the workload that serves them is ready', () => {
    const hook = thing('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', 'hook', {
      webhooks: [{ name: 'a.b.c', clientConfig: { service: { namespace: 'ops', name: 'guard' } } }],
    });
    const service = thing('v1', 'Service', 'ops/guard', { spec: { selector: { app: 'guard' } } });
    const objects = [
      hook,
      service,
      deployment('ops/other', {}, { app: 'other' }),
      deployment('ops/guard-server', {}, { app: 'guard', v: '1' }),
    ];
    const graph = orderOf(objects);
    expect(order(objects).slice(-1)).toEqual(['hook']);
    expect(graph.edges.find((edge) => edge.from === 3 && edge.to === 0)).toMatchObject({ need: 'ready', soft: false });
    expect(graph.edges.find((edge) => edge.from === 2 && edge.to === 0)).toBeUndefined();
    expect(link(graph, objects, 'ops/other', 'hook')).toEqual({ need: 'written', soft: true });
  });

  it('lets what explicitly waits for a webhook come after it, and everything else stay before it', () => {
    const hook = thing('admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration', 'cm/hook');
    const user = thing('v1', 'ConfigMap', 'a/user', {}, { dependsOn: [{ path: 'cm' }] });
    const follower = thing('v1', 'ConfigMap', 'a/follower', {}, { dependsOn: [{ path: 'a/user' }] });
    const other = thing('v1', 'ConfigMap', 'a/other');
    const objects = [follower, user, { ...hook, path: 'cm/hook' }, other];
    expect(order(objects)).toEqual(['a/other', 'cm/hook', 'a/user', 'a/follower']);
    expect(orderOf(objects).dropped.map((edge) => edge.origin)).toEqual(['last', 'last']);
  });

  it('writes a DestinationRule before the route that uses its subset, and after it when it loses subsets', () => {
    const route = thing('networking.istio.io/v1', 'VirtualService', 'shop/route', {
      spec: { http: [{ route: [{ destination: { host: 'cart', subset: 'v2' } }] }] },
    });
    const rule = (changes: OrderedObject['changes']) =>
      thing(
        'networking.istio.io/v1',
        'DestinationRule',
        'shop/rule',
        { spec: { host: 'cart.shop.svc.cluster.local' } },
        { changes },
      );
    const change = (op: 'add' | 'remove') => ({ path: 'spec.subsets[name=v2]', op, cause: 'intent' }) as const;
    expect(isBefore([route, rule([change('add')])], 'shop/rule', 'shop/route')).toBe(true);
    expect(isBefore([rule([change('remove')]), route], 'shop/route', 'shop/rule')).toBe(true);
  });

  it('drops an implied edge that contradicts an explicit one, and only that', () => {
    const config = thing('v1', 'ConfigMap', 'shop/c', {}, { dependsOn: [{ path: 'shop/d' }] });
    const workload = deployment('shop/d', { volumes: [{ name: 'v', configMap: { name: 'c' } }] });
    const graph = orderOf([namespace('shop'), config, workload]);
    expect(graph.dropped.map((edge) => edge.origin)).toEqual(['kind', 'reference']);
    expect(order([namespace('shop'), config, workload])).toEqual(['shop', 'shop/d', 'shop/c']);
  });

  it('orders objects of two clusters where one depends on the other', () => {
    const hub = thing('v1', 'ConfigMap', 'a/x', {}, { cluster: 'hub', path: 'api' });
    const member = thing(
      'v1',
      'ConfigMap',
      'a/x',
      {},
      { cluster: 'member', path: 'app', dependsOn: [{ cluster: 'hub', path: 'api' }] },
    );
    expect(order([member, hub])).toEqual(['api', 'app']);
  });

  it.each([
    ['itself', [['a', 'a']]],
    ['the subtree that holds it', [['a/b', 'a']]],
    [
      'each other',
      [
        ['a', 'b'],
        ['b', 'a'],
      ],
    ],
    [
      'a third in the middle',
      [
        ['a', 'b'],
        ['b', 'c'],
        ['c', 'a'],
      ],
    ],
  ])('refuses explicit dependencies on %s, naming the circle', (_, edges) => {
    const paths = [...new Set(edges.flat())];
    const objects = paths.map((path) =>
      thing(
        'v1',
        'ConfigMap',
        `x/${path.replace('/', '-')}`,
        {},
        { path, dependsOn: edges.filter(([from]) => from === path).map(([, to]) => ({ path: to as string })) },
      ),
    );
    let caught: unknown;
    try {
      orderOf(objects);
    } catch (error) {
      caught = error;
    }
    expect(isOrreryError(caught) && caught.code).toBe('ORR2401');
    for (const [from] of edges) expect((caught as Error).message).toContain(`${from} (ConfigMap/`);
  });
});

describe('the order of deletes', () => {
  const gone = (object: OrderedObject): OrderedObject => ({
    ...object,
    role: 'delete',
    object: undefined,
    dependsOn: undefined,
  });

  it('comes after every write of the cluster, and after the write of the same object elsewhere', () => {
    const moved = thing('v1', 'ConfigMap', 'a/moving', {}, { cluster: 'new' });
    const objects = [
      gone(thing('v1', 'Secret', 'a/old')),
      gone(thing('v1', 'ConfigMap', 'a/moving')),
      thing('v1', 'ConfigMap', 'a/kept'),
      moved,
    ];
    const graph = orderOf(objects);
    expect(link(graph, objects, 'a/kept', 'a/old')).toEqual({ need: 'ready', soft: false });
    expect(graph.edges.some((edge) => edge.from === 3 && edge.to === 1 && !edge.soft)).toBe(true);
    expect(graph.edges.some((edge) => edge.from === 3 && edge.to === 0)).toBe(false);
  });

  it('goes from what refuses, over what needs controllers, to what holds others', () => {
    const objects = [
      gone(namespace('shop')),
      gone(thing('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'apps.example.com')),
      gone(thing('v1', 'ConfigMap', 'shop/c')),
      gone(deployment('shop/d')),
      gone(thing('example.com/v1', 'App', 'shop/a')),
      gone(thing('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', 'hook')),
    ];
    const found = order(objects);
    expect(found.slice(0, 4)).toEqual(['hook', 'shop/a', 'shop/d', 'shop/c']);
    const graph = orderOf(objects);
    expect(link(graph, objects, 'shop/a', 'apps.example.com')).toEqual({ need: 'gone', soft: false });
    expect(link(graph, objects, 'shop/c', 'shop')).toEqual({ need: 'gone', soft: false });
  });

  it('reverses explicit dependencies where the program still knows them', () => {
    const db = thing('v1', 'ConfigMap', 'x/db', {}, { path: 'db/config', role: 'delete' });
    const app = thing(
      'v1',
      'ConfigMap',
      'x/app',
      {},
      { path: 'app/config', role: 'delete', dependsOn: [{ path: 'db' }] },
    );
    expect(order([db, app])).toEqual(['app/config', 'db/config']);
  });
});

/** Random units with objects in nested subtrees; dependencies point to earlier ones only, so there is no circle. */
const acyclic = fc
  .array(
    fc.tuple(
      fc.constantFrom('ConfigMap', 'Namespace', 'Deployment', 'Secret', 'MutatingWebhookConfiguration', 'Service'),
      fc.array(fc.nat(), { maxLength: 4 }),
      fc.boolean(),
    ),
    { minLength: 1, maxLength: 40 },
  )
  .map((rows) =>
    rows.map(([kind, dependencies, deep], index): OrderedObject => {
      const path = deep ? `u${index}/in/o` : `u${index}`;
      const dependsOn: DependencyManifest[] = index === 0 ? [] : dependencies.map((n) => ({ path: `u${n % index}` }));
      const scoped =
        kind === 'Namespace' || kind.endsWith('Configuration') ? `n${index % 3}` : `n${index % 3}/o${index}`;
      return {
        ...thing(
          kind === 'Deployment' ? 'apps/v1' : kind.endsWith('Configuration') ? 'admissionregistration.k8s.io/v1' : 'v1',
          kind,
          scoped,
          kind === 'Deployment' ? pod({}) : {},
        ),
        path,
        dependsOn,
      };
    }),
  );

describe('for all graphs', () => {
  it('every explicit dependency is respected, whatever is implied', () => {
    fc.assert(
      fc.property(acyclic, fc.nat(), (objects, seed) => {
        const shuffled = objects
          .map((object, index) => ({ object, key: (index * 7919 + seed) % 104729 }))
          .sort((a, b) => a.key - b.key)
          .map(({ object }) => object);
        const position = new Map(order(shuffled).map((path, at) => [path, at]));
        expect(position.size).toBe(objects.length);
        for (const { path, dependsOn } of objects) {
          for (const dependency of dependsOn ?? []) {
            for (const other of objects.filter(
              (one) => one.path === dependency.path || one.path.startsWith(`${dependency.path}/`),
            )) {
              expect(position.get(other.path)).toBeLessThan(position.get(path) as number);
            }
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('without circles among explicit edges, none is left, and no explicit edge is dropped', () => {
    const edges = fc.array(fc.tuple(fc.nat(19), fc.nat(19), fc.constantFrom(...EDGE_ORIGINS)), { maxLength: 80 });
    fc.assert(
      fc.property(edges, fc.array(fc.boolean(), { minLength: 20, maxLength: 20 }), (rows, barriers) => {
        const builder = new GraphBuilder();
        for (const [index, barrier] of barriers.entries()) {
          if (barrier) builder.barrier(`${index}`, '');
          else builder.object('', index);
        }
        for (const [from, to, origin] of rows)
          if (origin !== 'explicit' || from < to) builder.edge(from, to, 'written', origin);
        const graph = withoutImpliedCycles(
          builder.vertices,
          builder.edges.filter((edge) => edge.from !== edge.to),
        );
        expect(graph.order).toHaveLength(20);
        expect(graph.dropped.filter((edge) => edge.origin === 'explicit')).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('grows linearly: edges of 10,000 objects in 100 units that depend on each other', () => {
    const size = (units: number) => {
      const objects: OrderedObject[] = [];
      for (let unit = 0; unit < units; unit++) {
        objects.push(namespace(`n${unit}`));
        for (let index = 0; index < 99; index++) {
          const kind =
            index % 3 === 0
              ? deployment(`n${unit}/o${index}`)
              : thing('v1', index % 3 === 1 ? 'ConfigMap' : 'Secret', `n${unit}/o${index}`);
          objects.push({
            ...kind,
            path: `u${unit}/o${index}`,
            dependsOn: unit === 0 ? [] : [{ path: `u${unit - 1}` }],
          });
        }
      }
      const graph = orderOf(objects);
      expect(sortedByOrder(graph)).toHaveLength(objects.length);
      return graph.edges.length / objects.length;
    };
    expect(size(100)).toBeLessThan(size(10) * 1.2);
    expect(size(100)).toBeLessThan(6);
  });
});
