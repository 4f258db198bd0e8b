import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject, KubernetesObject } from '../kubernetes/object.ts';
import { applyEntryOf, FieldSetCache, ownedFields, ownedTexts, ownsItem } from './field-set.ts';

const object = (spec: Json): KubernetesObject => ({ apiVersion: 'v1', kind: 'Thing', metadata: { name: 'a' }, spec });
const owned = (spec: Json, fields: JsonObject) => ownedFields(object(spec), { 'f:spec': fields }, new FieldSetCache());
const projection = (spec: Json, fields: JsonObject) => owned(spec, fields).projection;

/** A value, and a fieldsV1 that owns some of it. */
const word = fc.string({ minLength: 1, maxLength: 4 });
const leaf = fc.oneof(fc.string({ maxLength: 5 }), fc.integer(), fc.boolean(), fc.constant(null));
type Pair = { value: Json; fields: JsonObject };
const owning = fc.letrec<{ tree: Pair; map: Pair; list: Pair; leaf: Pair }>((tie) => ({
  leaf: leaf.map((value) => ({ value: value as Json, fields: {} })),
  map: fc.dictionary(word, fc.tuple(tie('tree'), fc.boolean()), { maxKeys: 4 }).map((members) => ({
    value: Object.fromEntries(Object.entries(members).map(([name, [child]]) => [name, child.value])),
    fields: Object.fromEntries(
      Object.entries(members).flatMap(([name, [child, own]]) => (own ? [[`f:${name}`, child.fields]] : [])),
    ),
  })),
  list: fc
    .uniqueArray(fc.tuple(word, tie('map'), fc.boolean()), { maxLength: 4, selector: ([name]) => name })
    .map((items) => ({
      value: items.map(([name, { value }]) => ({ ...(value as JsonObject), name })),
      fields: Object.fromEntries(
        items.flatMap(([name, { fields }, own]) =>
          own ? [[`k:${JSON.stringify({ name })}`, { '.': {}, ...fields, 'f:name': {} }]] : [],
        ),
      ),
    })),
  tree: fc.oneof({ maxDepth: 3 }, tie('leaf'), tie('map'), tie('list')),
}));

/** The same JSON with the names of every object in another order. */
function reordered(value: Json): Json {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(reordered);
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, reordered(member as Json)]),
  );
}

describe('what is ours of a live object', () => {
  it('has one text, in whatever order fields and members are written', () => {
    fc.assert(
      fc.property(owning.map, ({ value, fields }) => {
        const one = ownedTexts(value, fields, new FieldSetCache());
        const other = ownedTexts(reordered(value), reordered(fields) as JsonObject, new FieldSetCache());
        expect(other).toEqual(one);
      }),
    );
  });

  it('does not see what is not ours', () => {
    fc.assert(
      fc.property(owning.map, word, leaf, ({ value, fields }, name, added) => {
        fc.pre(!(`f:${name}` in fields));
        const before = ownedTexts(value, { 'f:anchor': {}, ...fields }, new FieldSetCache());
        const after = ownedTexts(
          { ...(value as JsonObject), [name]: added },
          { 'f:anchor': {}, ...fields },
          new FieldSetCache(),
        );
        expect(after).toEqual(before);
      }),
    );
  });

  it('sees every change of a value that is ours', () => {
    fc.assert(
      fc.property(owning.map, word, leaf, leaf, ({ value, fields }, name, before, after) => {
        fc.pre(before !== after);
        const own = { ...fields, [`f:${name}`]: {} };
        const of = (now: Json) =>
          ownedTexts({ ...(value as JsonObject), [name]: now }, own, new FieldSetCache()).projection;
        expect(of(before)).not.toBe(of(after));
      }),
    );
  });

  it('sees the order of items, of a keyed list and of a set', () => {
    const keyed = { 'f:env': { 'k:{"name":"A"}': { 'f:name': {} }, 'k:{"name":"B"}': { 'f:name': {} } } };
    expect(projection({ env: [{ name: 'A' }, { name: 'B' }] }, keyed)).not.toBe(
      projection({ env: [{ name: 'B' }, { name: 'A' }] }, keyed),
    );
    const set = { 'f:tags': { 'v:"a"': {}, 'v:"b"': {} } };
    expect(projection({ tags: ['a', 'b'] }, set)).not.toBe(projection({ tags: ['b', 'a'] }, set));
  });

  it('sees every item that matches a key, so that duplicates count', () => {
    const fields = { 'f:env': { 'k:{"name":"A"}': { 'f:name': {}, 'f:value': {} } } };
    const one = projection({ env: [{ name: 'A', value: '1' }] }, fields);
    expect(
      projection(
        {
          env: [
            { name: 'A', value: '1' },
            { name: 'A', value: '1' },
          ],
        },
        fields,
      ),
    ).not.toBe(one);
    expect(
      projection(
        {
          env: [
            { name: 'A', value: '1' },
            { name: 'B', value: '1' },
          ],
        },
        fields,
      ),
    ).toBe(one);
  });

  it('takes an empty field for the whole value', () => {
    expect(projection({ emptyDir: {} }, { 'f:emptyDir': {} })).not.toBe(
      projection({ emptyDir: { medium: 'Memory' } }, { 'f:emptyDir': {} }),
    );
    expect(projection({ args: ['a'] }, { 'f:args': {} })).not.toBe(projection({ args: ['a', 'b'] }, { 'f:args': {} }));
  });

  it('tells apart values whose plain texts would be alike', () => {
    const of = (value: Json) => projection({ a: value, b: '' }, { 'f:a': {}, 'f:b': {} });
    const values: Json[] = [
      '1',
      1,
      true,
      'true',
      null,
      'null',
      '',
      [],
      {},
      [''],
      [[]],
      { a: '' },
      '1"2',
      ['1', '2'],
      ['1,2'],
    ];
    expect(new Set(values.map(of)).size).toBe(values.length);
    expect(projection({ a: 'x', b: '' }, { 'f:a': {}, 'f:b': {} })).not.toBe(
      projection({ a: '', b: 'x' }, { 'f:a': {}, 'f:b': {} }),
    );
  });

  it('is not fooled by members that every JavaScript object inherits', () => {
    const fields = { 'f:constructor': {}, 'f:__proto__': {}, 'f:toString': {} };
    const absent = ownedTexts({}, fields, new FieldSetCache()).projection;
    expect(ownedTexts(JSON.parse('{"__proto__":{"a":1}}'), fields, new FieldSetCache()).projection).not.toBe(absent);
    expect(ownedTexts(JSON.parse('{"constructor":"x"}'), fields, new FieldSetCache()).projection).not.toBe(absent);
  });

  it('of a Secret is an HMAC: without the key nobody can test guesses', () => {
    const secret = object({ password: 'hunter2' });
    const fields = { 'f:spec': { 'f:password': {} } };
    const plain = ownedFields(secret, fields, new FieldSetCache());
    const one = ownedFields(secret, fields, new FieldSetCache(), Buffer.alloc(32, 1));
    const other = ownedFields(secret, fields, new FieldSetCache(), Buffer.alloc(32, 2));
    expect(new Set([plain.projection, one.projection, other.projection]).size).toBe(3);
    expect(one.fields).toBe(plain.fields);
  });
});

describe('an item of a list', () => {
  it('belongs to the key whose members it has, whatever else it holds', () => {
    const fieldSets = new FieldSetCache();
    expect(ownsItem('k:{"port":80,"protocol":"TCP"}', { port: 80, protocol: 'TCP', name: 'x' }, 0, fieldSets)).toBe(
      true,
    );
    expect(ownsItem('k:{"port":80,"protocol":"TCP"}', { port: 80, protocol: 'UDP' }, 0, fieldSets)).toBe(false);
    expect(ownsItem('k:{"port":80}', { port: '80' }, 0, fieldSets)).toBe(false);
    expect(ownsItem('v:"a"', 'a', 0, fieldSets)).toBe(true);
    expect(ownsItem('v:{"a":1}', { a: 1 }, 0, fieldSets)).toBe(true);
    expect(ownsItem('i:1', 'a', 1, fieldSets)).toBe(true);
    expect(ownsItem('k:not json', {}, 0, fieldSets)).toBe(false);
    expect(ownsItem('.', {}, 0, fieldSets)).toBe(false);
  });
});

describe('our entry in managedFields', () => {
  const live = (...entries: object[]): KubernetesObject => ({
    apiVersion: 'v1',
    kind: 'Thing',
    metadata: { name: 'a', managedFields: entries },
  });
  const ours = { manager: 'orrery.shop', operation: 'Apply', fieldsV1: {} };

  it('is the one apply of our manager that is of no subresource', () => {
    expect(applyEntryOf(live(ours, { ...ours, subresource: 'status' }), 'orrery.shop')).toEqual(ours);
    expect(applyEntryOf(live({ ...ours, operation: 'Update' }), 'orrery.shop')).toBeUndefined();
    expect(applyEntryOf(live({ ...ours, manager: 'orrery.mall' }), 'orrery.shop')).toBeUndefined();
    expect(applyEntryOf(live(ours, { ...ours, apiVersion: 'v2' }), 'orrery.shop')).toBeUndefined();
    expect(applyEntryOf({ apiVersion: 'v1', kind: 'Thing', metadata: {} }, 'orrery.shop')).toBeUndefined();
  });
});
