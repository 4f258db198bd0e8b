import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../kubernetes/canonical.ts';
import type { Json, JsonObject, KubernetesObject, ManagedFieldsEntry, ObjectMeta } from '../kubernetes/object.ts';
import { pathOfServer } from './dry-run.ts';
import { diffFields, equalJson, pathOf } from './field-changes.ts';

const object = (spec: Json, metadata: ObjectMeta = {}, more: object = {}): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'cart', namespace: 'shop', ...metadata },
  spec,
  ...more,
});
const changes = (before: Json, after: Json, managedFields: ManagedFieldsEntry[] = []) =>
  diffFields(object(before, { managedFields }), object(after)).map(({ owners: _, ...change }) => change);

describe('field changes', () => {
  it('name the field by a path with the keys of list items', () => {
    const before = {
      template: {
        spec: {
          containers: [
            { name: 'cart', image: 'cart:1' },
            { name: 'side', image: 's:1' },
          ],
        },
      },
    };
    const after = {
      template: {
        spec: {
          containers: [
            { name: 'cart', image: 'cart:2' },
            { name: 'side', image: 's:1' },
          ],
        },
      },
    };
    expect(changes(before, after)).toEqual([
      { path: 'spec.template.spec.containers[name=cart].image', op: 'replace', before: 'cart:1', after: 'cart:2' },
    ]);
  });

  it('quote names that would be read as something else', () => {
    const one = object({}, { labels: { 'app.kubernetes.io/name': 'a', plain: 'a' } });
    const two = object({}, { labels: { 'app.kubernetes.io/name': 'b', plain: 'b' } });
    expect(diffFields(one, two).map(({ path }) => path)).toEqual([
      'metadata.labels["app.kubernetes.io/name"]',
      'metadata.labels.plain',
    ]);
    expect(pathOf('data', 'a.b')).toBe('data["a.b"]');
  });

  it('leave out status and what the server writes into metadata', () => {
    const before = object(
      { a: 1 },
      { resourceVersion: '1', generation: 1, uid: 'x', managedFields: [{ manager: 'a' }] },
      { status: { ready: 1 } },
    );
    const after = object(
      { a: 1 },
      { resourceVersion: '2', generation: 2, managedFields: [] },
      { status: { ready: 2 } },
    );
    expect(diffFields(before, after)).toEqual([]);
  });

  it('match items of a keyed list wherever they stand, and show a new order as such', () => {
    const before = {
      env: [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ],
    };
    const after = {
      env: [
        { name: 'B', value: '2' },
        { name: 'A', value: '1' },
      ],
    };
    expect(changes(before, after)).toEqual([
      { path: 'spec.env[order]', op: 'replace', before: ['name=A', 'name=B'], after: ['name=B', 'name=A'] },
    ]);
  });

  it('show added and removed items without calling it an order', () => {
    const before = { env: [{ name: 'A' }, { name: 'B' }, { name: 'C' }] };
    const after = { env: [{ name: 'A' }, { name: 'X' }, { name: 'C' }] };
    expect(changes(before, after)).toEqual([
      { path: 'spec.env[name=B]', op: 'remove', before: { name: 'B' } },
      { path: 'spec.env[name=X]', op: 'add', after: { name: 'X' } },
    ]);
  });

  it('take the key of a list from managedFields where a manager knows it', () => {
    const fieldsV1 = { 'f:spec': { 'f:parts': { 'k:{"serial":7}': { 'f:serial': {} } } } };
    const before = {
      parts: [
        { serial: 7, color: 'red' },
        { serial: 8, color: 'red' },
      ],
    };
    const after = {
      parts: [
        { serial: 8, color: 'red' },
        { serial: 7, color: 'blue' },
      ],
    };
    expect(changes(before, after, [{ manager: 'a', fieldsV1 }]).map(({ path }) => path)).toEqual([
      'spec.parts[order]',
      'spec.parts[serial=7].color',
    ]);
  });

  it('join the members of a key, and cope with one that an item lacks', () => {
    const before = { ports: [{ containerPort: 80 }, { containerPort: 80, protocol: 'UDP', name: 'a' }] };
    const after = { ports: [{ containerPort: 80 }, { containerPort: 80, protocol: 'UDP', name: 'b' }] };
    expect(changes(before, after).map(({ path }) => path)).toEqual(['spec.ports[containerPort=80,protocol=UDP].name']);
  });

  it('fall back to positions where keys are not unique, keeping what is equal at both ends', () => {
    const before = {
      env: [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ],
    };
    const after = {
      env: [
        { name: 'A', value: '1' },
        { name: 'A', value: '9' },
        { name: 'B', value: '2' },
      ],
    };
    expect(changes(before, after)).toEqual([{ path: 'spec.env[1]', op: 'add', after: { name: 'A', value: '9' } }]);
  });

  it('show lists of plain values as a whole', () => {
    expect(changes({ args: ['a', 'b'] }, { args: ['a', 'c'] })).toEqual([
      { path: 'spec.args', op: 'replace', before: ['a', 'b'], after: ['a', 'c'] },
    ]);
  });

  it('say who owned a field before', () => {
    const entries: ManagedFieldsEntry[] = [
      { manager: 'orrery.shop', operation: 'Apply', fieldsV1: { 'f:spec': { 'f:replicas': {} } } },
      { manager: 'helm', operation: 'Update', fieldsV1: { 'f:spec': { 'f:template': {} } } },
      { manager: 'hpa', operation: 'Update', fieldsV1: { 'f:spec': { 'f:replicas': {} } } },
    ];
    const before = object({ replicas: 1, template: { a: { b: 1 } } }, { managedFields: entries });
    const found = diffFields(before, object({ replicas: 2, template: { a: { b: 2 } } }));
    expect(found.map(({ path, owners }) => [path, owners.map((owner) => owner.manager)])).toEqual([
      ['spec.replicas', ['orrery.shop', 'hpa']],
      ['spec.template.a.b', ['helm']],
    ]);
  });

  const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;

  it('are none exactly when the values are equal', () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        expect(diffFields(object(a), object(a))).toEqual([]);
        expect(diffFields(object(a), object(b)).length === 0).toBe(equalJson(a, b));
      }),
    );
  });

  it('name every path once', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), json), fc.dictionary(fc.string(), json), (a, b) => {
        const paths = diffFields(object(a), object(b)).map(({ path }) => path);
        expect(new Set(paths).size).toBe(paths.length);
      }),
    );
  });
});

describe('equality of JSON', () => {
  it('is that of canonical JSON', () => {
    expect(equalJson({ a: 1, b: undefined }, { a: 1 })).toBe(true);
    expect(equalJson({ a: 1 }, { a: 1, b: null })).toBe(false);
    expect(equalJson([], {})).toBe(false);
    expect(equalJson({ a: undefined }, { b: undefined })).toBe(true);
    expect(equalJson(null, {})).toBe(false);
  });

  it('is symmetric and holds for a copy', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        expect(equalJson(a, structuredClone(a))).toBe(true);
        expect(equalJson(a, b)).toBe(equalJson(b, a));
      }),
    );
  });
});

describe('a path as the API server writes it', () => {
  it.each([
    ['.spec.replicas', 'spec.replicas'],
    ['.spec.template.spec.containers[name="cart"].image', 'spec.template.spec.containers[name=cart].image'],
    ['.spec.ports[containerPort=80,protocol="TCP"].name', 'spec.ports[containerPort=80,protocol=TCP].name'],
    ['.metadata.labels.app.kubernetes.io/name', 'metadata.labels["app.kubernetes.io/name"]'],
    ['.data.a.b', 'data["a.b"]'],
    ['.data.plain', 'data.plain'],
    ['.items[name="a b"].value', 'items[name="a b"].value'],
  ])('%s is ours %s', (server, ours) => {
    expect(pathOfServer(server)).toBe(ours);
  });
});

it('members that are objects or lists are compared to any depth', () => {
  const deep = (leaf: Json): JsonObject => ({ a: { b: [[{ c: { d: leaf } }]] } });
  expect(changes(deep(1), deep(2)).map(({ path }) => path)).toEqual(['spec.a.b']);
});

it('field changes find keys that every object of JavaScript has as well as any others, added, changed and removed', () => {
  const keys = fc.constantFrom('constructor', 'toString', 'hasOwnProperty', '__proto__', 'key');
  const json = fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      fc.constantFrom<Json>('a', 'b', {}),
      // Object.fromEntries makes "__proto__" a member, as JSON.parse does.
      fc.array(fc.tuple(keys, tie('value')), { maxLength: 3 }).map((entries): Json => Object.fromEntries(entries)),
    ),
  })).value;
  fc.assert(
    fc.property(json, json, (before, after) => {
      const isSame = canonicalJson(before) === canonicalJson(after);
      expect(equalJson(before, after)).toBe(isSame);
      expect(changes(before, after).length === 0).toBe(isSame);
    }),
  );
  expect(changes({ data: JSON.parse('{"__proto__":"1","a":"1"}') }, { data: { a: '1', constructor: '2' } })).toEqual([
    { path: 'spec.data.__proto__', op: 'remove', before: '1', after: undefined },
    { path: 'spec.data.constructor', op: 'add', before: undefined, after: '2' },
  ]);
});
