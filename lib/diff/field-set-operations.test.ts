import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../kubernetes/canonical.ts';
import type { Json, JsonObject } from '../kubernetes/object.ts';
import { FieldSetCache } from './field-set.ts';
import { unionOfAll, withoutFields } from './field-set-operations.ts';

/** Sets of fields: trees in which a leaf is owned as a whole. */
const names = fc.constantFrom('f:a', 'f:b', 'k:{"name":"x"}', '.');
const fieldsOf = fc.memo(
  (depth): fc.Arbitrary<JsonObject> =>
    depth <= 1
      ? fc.constant({})
      : fc
          .dictionary(names, fieldsOf(depth - 1), { maxKeys: 3 })
          .map((set) => ('.' in set ? { ...set, '.': {} } : set)),
);
const fields = fieldsOf(4);

describe('operations on sets of fields', () => {
  it('a union does not depend on the order, and has nothing twice', () => {
    fc.assert(
      fc.property(fields, fields, (a, b) => {
        expect(canonicalJson(unionOfAll([a, b]))).toBe(canonicalJson(unionOfAll([b, a])));
        expect(canonicalJson(unionOfAll([a, b, a]))).toBe(canonicalJson(unionOfAll([a, b])));
      }),
    );
  });

  it('a node that one set owns as a whole and another in part, is owned as a whole and in part', () => {
    expect(unionOfAll([{ 'f:a': {} }, { 'f:a': { 'f:b': {} } }])).toEqual({ 'f:a': { '.': {}, 'f:b': {} } });
  });

  const without = (value: Json, gone: JsonObject, kept: JsonObject) =>
    withoutFields(value, gone, kept, new FieldSetCache());

  it('what another set holds too, stays; what nobody else holds, goes', () => {
    const value = { labels: { a: '1', b: '2' }, replicas: 3, other: true };
    const gone = { 'f:labels': { '.': {}, 'f:a': {}, 'f:b': {} }, 'f:replicas': {} };
    expect(without(value, gone, { 'f:labels': { 'f:a': {} } })).toEqual({ labels: { a: '1' }, other: true });
    expect(without(value, gone, { 'f:replicas': {} })).toEqual({ replicas: 3, other: true });
    expect(without(value, gone, gone)).toEqual(value);
  });

  it('an item of a keyed list goes as a whole when nobody else holds anything of it, and in part otherwise', () => {
    const value = {
      env: [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
        { name: 'C', value: '3' },
      ],
    };
    const item = (name: string) => ({ [`k:{"name":"${name}"}`]: { '.': {}, 'f:name': {}, 'f:value': {} } });
    const gone = { 'f:env': { ...item('A'), ...item('B') } };
    const kept = { 'f:env': { 'k:{"name":"B"}': { '.': {}, 'f:name': {} } } };
    expect(without(value, gone, kept)).toEqual({ env: [{ name: 'B' }, { name: 'C', value: '3' }] });
  });

  it('a structure that nobody else holds goes with what the server completed in it', () => {
    const value = { strategy: { type: 'Recreate', defaulted: 1 }, rest: 1 };
    expect(without(value, { 'f:strategy': { 'f:type': {} } }, {})).toEqual({ rest: 1 });
  });
});
