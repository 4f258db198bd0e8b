import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Match, mismatches } from './match';

const compare = (expected: unknown, actual: unknown): string[] =>
  mismatches(expected, actual, '').map((one) => `${one.path}: ${one.expected} / ${one.actual}`);

const json = fc.jsonValue({ maxDepth: 4 });

describe('an expected value', () => {
  it('is like itself, exactly too, and nothing is like its opposite', () => {
    fc.assert(
      fc.property(json, (value) => {
        const copy: unknown = JSON.parse(JSON.stringify(value));
        expect(compare(value, copy)).toEqual([]);
        expect(compare(Match.exact(value), copy)).toEqual([]);
        expect(compare(Match.not(value), copy)).toHaveLength(1);
      }),
    );
  });

  it('is a map with further members, which an exact one is not', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), json), json, (map, added) => {
        fc.pre(!Object.hasOwn(map, 'added'));
        const more = { ...map, added };
        expect(compare(map, more)).toEqual([]);
        expect(compare(Match.exact(map), more)).toHaveLength(1);
      }),
    );
  });

  it('is named by its path where it differs', () => {
    const object = { spec: { containers: [{ image: 'a:1', ports: [80] }] }, 'a.b/c': 1 };
    expect(compare({ spec: { containers: [{ image: 'a:2' }] } }, object)).toEqual([
      'spec.containers[0].image: "a:2" / "a:1"',
    ]);
    expect(compare({ 'a.b/c': 2, spec: { replicas: 3 } }, object)).toEqual([
      '["a.b/c"]: 2 / 1',
      'spec.replicas: 3 / nothing',
    ]);
    expect(compare({ spec: { containers: [] } }, object)).toEqual([
      'spec.containers: 0 items / 1: [{"image":"a:1","ports":[80]}]',
    ]);
  });

  it('has all items of a list, unless it asks for some of them in their order', () => {
    expect(compare([1, 2], [1, 2, 3])).toHaveLength(1);
    expect(compare(Match.arrayWith([1, 3]), [1, 2, 3])).toEqual([]);
    expect(compare(Match.arrayWith([3, 1]), [1, 2, 3])).toHaveLength(1);
    expect(compare(Match.arrayWith([{ name: 'A' }]), [{ name: 'A', value: '1' }])).toEqual([]);
    expect(compare(Match.arrayWith([]), 'no list')).toHaveLength(1);
  });

  it('can be a question at any depth', () => {
    const object = { a: { image: 'shop/cart:1.4.0' }, list: [1] };
    expect(compare({ a: { image: Match.stringMatching(/:\d+\.\d+\.\d+$/), tag: Match.absent() } }, object)).toEqual([]);
    expect(compare({ a: Match.anyValue(), b: Match.anyValue() }, object)).toEqual(['b: any value / nothing']);
    expect(compare({ list: Match.absent() }, object)).toEqual(['list: nothing / [1]']);
    expect(compare({ a: { image: Match.not(Match.stringMatching(/^shop/)) } }, object)).toHaveLength(1);
  });

  it('is the same zero, whatever its sign: JSON has one', () => {
    expect(compare({ spec: { replicas: -0 } }, { spec: { replicas: 0 } })).toEqual([]);
  });

  it('does not take what a plain object inherits for a value', () => {
    expect(compare({ constructor: Match.absent(), toString: Match.absent() }, {})).toEqual([]);
  });
});
