import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject, KubernetesObject, ManagedFieldsEntry } from '../kubernetes/object.ts';
import type { DesiredObject } from '../render/desired-state.ts';
import { FieldSetCache } from './field-set.ts';
import { graft, maskedFields } from './graft.ts';
import { unmasked } from './item-pairs.ts';
import { doubtAboutFields, entryFromResponse } from './proof.ts';
import { disputed } from './sent-object.ts';

const US = 'orrery.shop';
const WEIGHTS = [{ path: 'spec.http[*].route[*].weight', managers: ['flagger'] }];
const masks = maskedFields(WEIGHTS).map(({ steps }) => steps);

interface Route {
  readonly subset: string;
  readonly weight?: number;
}
interface Http {
  readonly name?: string;
  readonly timeout: string;
  readonly route: readonly Route[];
}

function service(http: readonly Http[], managedFields?: ManagedFieldsEntry[]): KubernetesObject {
  const spec = {
    hosts: ['cart'],
    http: http.map(({ route, ...rest }) => ({
      ...rest,
      route: route.map(({ subset, ...more }) => ({ destination: { host: 'cart', subset }, ...more })),
    })),
  };
  const metadata = { name: 'cart', uid: 'u', ...(managedFields === undefined ? {} : { managedFields }) };
  return { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata, spec };
}

const entry = (manager: string, fieldsV1: JsonObject, operation: 'Apply' | 'Update' = 'Apply'): ManagedFieldsEntry => ({
  manager,
  operation,
  apiVersion: 'networking.istio.io/v1',
  fieldsType: 'FieldsV1',
  fieldsV1,
});
const OURS = [entry(US, { 'f:spec': { 'f:hosts': {}, 'f:http': {} } })];
const FLAGGERS = [
  entry(US, { 'f:spec': { 'f:hosts': {} } }),
  entry('flagger', { 'f:spec': { 'f:http': {} } }, 'Update'),
];

const weightsOf = ({ spec }: KubernetesObject) =>
  Object.fromEntries(
    (spec as { http: { route: { destination: { subset: string }; weight?: number }[] }[] }).http.flatMap(({ route }) =>
      route.map(({ destination, weight }) => [destination.subset, weight]),
    ),
  );

const weight = fc.integer({ min: 0, max: 100 });
const timeout = fc.constantFrom('1s', '2s', '3s');

/** Routes of distinct subsets over one or two entries, named where there are two. */
const routing = fc
  .uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1, maxLength: 5 })
  .chain((subsets) =>
    fc.record({
      cut: fc.nat({ max: subsets.length }),
      weights: fc.array(weight, { minLength: subsets.length, maxLength: subsets.length }),
      timeouts: fc.tuple(timeout, timeout),
      subsets: fc.constant(subsets),
    }),
  )
  .map(({ cut, weights, timeouts, subsets }): Http[] => {
    const routes = subsets.map((subset, at) => ({ subset, weight: weights[at] as number }));
    return [
      { name: 'first', timeout: timeouts[0], route: routes.slice(0, cut) },
      { name: 'second', timeout: timeouts[1], route: routes.slice(cut) },
    ];
  });

const graftWeights = (desired: KubernetesObject, live: KubernetesObject) =>
  graft(desired, live, maskedFields(WEIGHTS), US, new FieldSetCache());

describe('grafting controller-owned fields', () => {
  it('changes nothing but them, whatever desired and live', () => {
    fc.assert(
      fc.property(routing, routing, fc.constantFrom(OURS, FLAGGERS), (wanted, present, owners) => {
        const desired = service(wanted);
        const { object, ambiguous } = graftWeights(desired, service(present, owners));
        if (ambiguous !== undefined) return;
        const rest = (value: KubernetesObject) => unmasked(value as unknown as Json, masks);
        expect(rest(object)).toEqual(rest(desired));
      }),
    );
  });

  it('gives every kept route its live weight and every new one the program’s, in any order, beside any other change', () => {
    const change = fc.record({
      order: fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }),
      gone: fc.subarray(['a', 'b', 'c']),
      timeout,
      live: fc.array(weight, { minLength: 3, maxLength: 3 }),
      initial: fc.array(weight, { minLength: 4, maxLength: 4 }),
      isNew: fc.boolean(),
    });
    fc.assert(
      fc.property(change, fc.constantFrom(OURS, FLAGGERS), ({ order, gone, timeout, live, initial, isNew }, owners) => {
        const present = ['a', 'b', 'c'].map((subset, at) => ({ subset, weight: live[at] as number }));
        const wanted = order
          .map((at) => ({ subset: 'abcd'[at] as string, weight: initial[at] as number }))
          .filter(({ subset }) => (subset === 'd' ? isNew : !gone.includes(subset)));
        // Of one entry without a name, also with another timeout.
        const { object, settled, ambiguous } = graftWeights(
          service([{ timeout, route: wanted }]),
          service([{ timeout: '1s', route: present }], owners),
        );
        // One that replaces another one stands in its place, as the plan shows it; of more than one nobody can tell.
        const replaced = isNew ? gone.length : 0;
        expect(ambiguous).toBe(replaced > 1 ? 'spec.http[0].route' : undefined);
        if (replaced > 1) return;
        const known = new Map(present.map((route) => [route.subset, route.weight]));
        if (replaced === 1) known.set('d', known.get(gone[0] as string) as number);
        expect(weightsOf(object)).toEqual(
          Object.fromEntries(wanted.map((route) => [route.subset, known.get(route.subset) ?? route.weight])),
        );
        expect(settled).toBe(!isNew || replaced === 1);
      }),
    );
  });

  it('done twice is done once', () => {
    fc.assert(
      fc.property(routing, routing, fc.constantFrom(OURS, FLAGGERS), (wanted, present, owners) => {
        const live = service(present, owners);
        const once = graftWeights(service(wanted), live);
        if (once.ambiguous === undefined) expect(graftWeights(once.object, live).object).toEqual(once.object);
      }),
    );
  });

  it('says so where it cannot tell which item a value belongs to', () => {
    const live = service([{ timeout: '1s', route: [{ subset: 'a', weight: 75 }] }], OURS);
    const desired = service([
      { timeout: '2s', route: [{ subset: 'a', weight: 100 }] },
      { timeout: '3s', route: [{ subset: 'b', weight: 100 }] },
    ]);
    expect(graftWeights(desired, live).ambiguous).toBe('spec.http');
  });

  it('takes a value that the program leaves out, and items that only the cluster has where they are declared', () => {
    const http = (...items: object[]) => ({ ...service([]), spec: { hosts: ['cart'], http: items } });
    const header = { name: 'canary-header', match: [{ uri: {} }] };
    const live = {
      ...http(header, { name: 'main', route: [{ weight: 5 }] }, { name: 'canary-b' }),
      metadata: { name: 'cart', managedFields: OURS },
    };
    const fields = [
      { path: 'spec.http[name=main].route[*].weight', managers: [] },
      { path: 'spec.http[name=canary-header]', managers: [] },
    ];
    const desired = http({ name: 'main', route: [{}] }, { name: 'last' });
    expect(graft(desired, live, maskedFields(fields), US, new FieldSetCache()).object.spec).toEqual({
      hosts: ['cart'],
      http: [header, { name: 'main', route: [{ weight: 5 }] }, { name: 'last' }],
    });
  });
});

describe('a controller-owned field outside of lists that are applied as a whole', () => {
  const fields = maskedFields([{ path: 'spec.replicas', managers: ['hpa'] }]);
  const deployment = (replicas: number | undefined, managedFields?: ManagedFieldsEntry[]): KubernetesObject => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'cart', ...(managedFields === undefined ? {} : { managedFields }) },
    spec: { paused: false, ...(replicas === undefined ? {} : { replicas }) },
  });
  const own = (...names: string[]): JsonObject => ({
    'f:spec': Object.fromEntries(names.map((name) => [`f:${name}`, {}])),
  });
  const sent = (desired: KubernetesObject, live: KubernetesObject) => {
    const { object, settled } = graft(desired, live, fields, US, new FieldSetCache());
    return { spec: object.spec, settled };
  };

  it('is sent with its live value as long as only we own it, also by a program that does not set it: dropping it would be 1', () => {
    const live = deployment(12, [entry(US, own('paused', 'replicas'))]);
    for (const desired of [deployment(5), deployment(undefined)])
      expect(sent(desired, live)).toEqual({ spec: { paused: false, replicas: 12 }, settled: true });
  });

  it('is not sent once somebody else took it', () => {
    for (const manager of ['hpa', 'kubectl']) {
      const live = deployment(12, [entry(US, own('paused')), entry(manager, own('replicas'), 'Update')]);
      expect(sent(deployment(5), live)).toEqual({ spec: { paused: false }, settled: true });
    }
  });

  it('is let go when its controller owns it as well, and kept beside anybody else', () => {
    const live = (manager: string) =>
      deployment(12, [entry(US, own('paused', 'replicas')), entry(manager, own('replicas'))]);
    expect(sent(deployment(5), live('hpa'))).toEqual({ spec: { paused: false }, settled: false });
    expect(sent(deployment(5), live('kubectl'))).toEqual({ spec: { paused: false, replicas: 12 }, settled: true });
  });

  it('has the program’s value where the cluster has none', () => {
    const live = deployment(undefined, [entry(US, own('paused'))]);
    expect(sent(deployment(5), live)).toEqual({ spec: { paused: false, replicas: 5 }, settled: false });
    expect(sent(deployment(undefined), live)).toEqual({ spec: { paused: false }, settled: true });
  });

  it('that holds more is divided: ours with live values, theirs not, and items keep their keys', () => {
    const container = (resources: object) => ({
      ...deployment(undefined),
      spec: { containers: [{ name: 'main', image: 'a:1', resources }] },
    });
    const key = 'k:{"name":"main"}';
    const ours = {
      'f:name': {},
      'f:image': {},
      'f:resources': { 'f:limits': { 'f:memory': {} }, 'f:requests': { 'f:cpu': {} } },
    };
    const live = {
      ...container({ limits: { memory: '2Gi' }, requests: { cpu: '3', memory: '1Gi' } }),
      metadata: {
        name: 'cart',
        managedFields: [
          entry(US, { 'f:spec': { 'f:containers': { [key]: ours } } }),
          entry('vpa', {
            'f:spec': {
              'f:containers': { [key]: { 'f:resources': { 'f:requests': { 'f:cpu': {}, 'f:memory': {} } } } },
            },
          }),
        ],
      },
    };
    const [vpa] = [maskedFields([{ path: 'spec.containers[*].resources', managers: ['vpa'] }])];
    const result = graft(container({ limits: { memory: '1Gi' } }), live, vpa, US, new FieldSetCache());
    expect(result.object.spec).toEqual({
      containers: [{ name: 'main', image: 'a:1', resources: { limits: { memory: '2Gi' } } }],
    });
    expect(result.settled).toBe(false);
  });
});

describe('the proof of an object with controller-owned fields', () => {
  const desired = (object: KubernetesObject): DesiredObject => ({
    id: { group: 'networking.istio.io', kind: 'VirtualService', namespace: 'shop', name: 'cart' },
    object,
    sha256: 'x',
    path: 'cart',
    unit: 'shop',
    dependsOn: [],
    controllerOwned: WEIGHTS,
  });
  const KEY = Buffer.alloc(32);
  const doubt = (http: readonly Http[], before: KubernetesObject, now: KubernetesObject) => {
    const program = desired(service(http));
    const known = entryFromResponse(program, before, 'state', KEY, US, new FieldSetCache());
    return doubtAboutFields(now, known, program, KEY, US, new FieldSetCache());
  };

  it('stands for any weights and either owner of the list, and falls with anything else in it', () => {
    const anyOwner = fc.constantFrom(OURS, FLAGGERS);
    fc.assert(
      fc.property(
        routing,
        fc.array(weight, { minLength: 5, maxLength: 5 }),
        anyOwner,
        anyOwner,
        timeout,
        (http, weights, before, now, other) => {
          const moved = http.map((one, n) => ({
            ...one,
            route: one.route.map((route, at) => ({ ...route, weight: weights[(n + at) % 5] as number })),
          }));
          expect(doubt(http, service(http, before), service(moved, now))).toBeUndefined();
          const edited = moved.map((one, n) => (n === 1 ? { ...one, timeout: other } : one));
          expect(doubt(http, service(http, before), service(edited, now)) === undefined).toBe(
            other === http[1]?.timeout,
          );
          const fewer = moved.map((one) => ({ ...one, route: one.route.slice(1) }));
          expect(doubt(http, service(http, before), service(fewer, now))).toBeDefined();
        },
      ),
    );
  });

  it('falls where the controller took a value away that the program would set again, and where nobody owns the list', () => {
    const http = [{ timeout: '1s', route: [{ subset: 'a', weight: 100 }] }];
    const gone = [{ timeout: '1s', route: [{ subset: 'a' }] }];
    expect(doubt(http, service(http, OURS), service(gone, FLAGGERS))).toBe('a controller-owned field is to be written');
    const nobody = [entry(US, { 'f:spec': { 'f:hosts': {} } })];
    expect(doubt(http, service(http, OURS), service(http, nobody))).toBe('fields changed hands');
  });

  it('does not take the rest of a map into account of which only a controller’s key was ours', () => {
    const annotated = (annotations: Record<string, string>, fieldsV1: JsonObject): KubernetesObject => ({
      ...service([], [entry(US, fieldsV1)]),
      metadata: { name: 'cart', uid: 'u', annotations, managedFields: [entry(US, fieldsV1)] },
    });
    const program: DesiredObject = {
      ...desired(annotated({ x: '1' }, {})),
      controllerOwned: [{ path: 'metadata.annotations.x', managers: [] }],
    };
    const spec = { 'f:spec': { 'f:hosts': {} } };
    const known = entryFromResponse(
      program,
      annotated({ x: '1' }, { 'f:metadata': { 'f:annotations': { '.': {}, 'f:x': {} } }, ...spec }),
      'state',
      KEY,
      US,
      new FieldSetCache(),
    );
    const now = annotated({ x: '2', theirs: 'y' }, { 'f:metadata': { 'f:annotations': { '.': {} } }, ...spec });
    expect(doubtAboutFields(now, known, program, KEY, US, new FieldSetCache())).toBeUndefined();
  });
});

describe('a conflict', () => {
  const wholes = [{ path: 'spec.http', elements: ['f:spec', 'f:http'], managers: ['flagger'] }];

  it('is none where it is about the declared controller’s list alone', () => {
    const theirs = { path: 'spec.http', manager: 'flagger' };
    expect(disputed([theirs, { path: 'spec.http', manager: 'flagger" with subresource "status' }], wholes)).toEqual([]);
    const others = [
      { path: 'spec.http', manager: 'kubectl-edit' },
      { path: 'spec.hosts', manager: 'flagger' },
      { path: 'spec.http[0].timeout', manager: 'flagger' },
    ];
    expect(disputed([theirs, ...others], wholes)).toEqual(others);
  });
});
