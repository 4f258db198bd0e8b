import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../assembly-format';
import { applyJsonPatch } from '../json-patch';
import { type JsonMap, labelOverriders, overridersBetween } from './override-operations';

const key = fc.constantFrom('a', 'b', 'c/d', 'e~f');
const { object } = fc.letrec<{ value: JsonValue; object: JsonMap }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(1, 2, 'x', 'y', true),
    fc.constantFrom(0, '', false),
    tie('object'),
    fc.array(tie('value'), { maxLength: 3 }),
  ) as fc.Arbitrary<JsonValue>,
  object: fc.dictionary(key, tie('value'), { maxKeys: 3 }),
}));

/** What an API server keeps for sure: nothing empty. */
function dropped(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(dropped);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value)
    .map(([name, member]) => [name, dropped(member)] as const)
    .filter(([, member]) => !isEmpty(member));
  return Object.fromEntries(kept);
}

function isEmpty(value: JsonValue): boolean {
  return typeof value === 'object' && value !== null ? Object.keys(value).length === 0 : !value;
}

function applied(from: JsonMap, to: JsonMap): JsonValue {
  const operations = overridersBetween(from, to).map(({ operator, ...rest }) => ({ op: operator, ...rest }));
  return applyJsonPatch(from, operations) as JsonValue;
}

const named = (value: JsonMap): JsonMap => ({ ...value, metadata: { name: 'cart', ...structuredClone(value) } });

describe('overriders', () => {
  it('make, for all pairs of objects, the one of the other', () => {
    fc.assert(
      fc.property(object, object, (from, to) => {
        expect(applied(named(from), named(to))).toEqual(named(to));
      }),
      { numRuns: 2000 },
    );
  });

  it('also hold on an object of which the server dropped what is empty', () => {
    fc.assert(
      fc.property(object, object, (from, to) => {
        const operations = overridersBetween(named(from), named(to)).map(({ operator, ...rest }) => ({
          op: operator,
          ...rest,
        }));
        const result = applyJsonPatch(dropped(named(from)), operations);
        expect(dropped(result as JsonValue)).toEqual(dropped(named(to)));
      }),
      { numRuns: 2000 },
    );
  });

  it('are none for equal objects, whatever their labels', () => {
    const of = (labels: JsonMap): JsonMap => ({ metadata: { name: 'cart', labels }, spec: { a: [1, {}] } });
    expect(overridersBetween(of({ a: 'b' }), of({ c: 'd' }))).toEqual([]);
  });

  it('of labels leave exactly those of the object, and none where it has none', () => {
    const set = { path: '/metadata/labels', operator: 'add' };
    expect(labelOverriders({ metadata: { labels: { a: 'b' } } })).toEqual([{ ...set, value: { a: 'b' } }]);
    expect(labelOverriders({ metadata: {} })).toEqual([
      { ...set, value: {} },
      { ...set, operator: 'remove' },
    ]);
  });
});
