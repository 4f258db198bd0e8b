import { describe, expect, it } from 'vitest';
import type { Json } from '../../kubernetes/object.ts';
import { structuralSchema } from './structural-schema.ts';
import { violationsOf } from './violations.ts';

const META = { type: 'object', open: true } as const;

/** What is wrong with a spec under a schema of it. */
function wrong(schema: Json, spec: Json): string[] {
  const root = structuralSchema({ type: 'object', properties: { spec: schema } }, META);
  const object = { apiVersion: 'example.com/v1', kind: 'Cart', metadata: { name: 'x' }, spec };
  return violationsOf(root, object as Json).map(({ type, path, what }) => `${type} ${path}: ${what}`);
}

const object = (properties: { [name: string]: Json }, more: { [name: string]: Json } = {}): Json => ({
  type: 'object',
  properties,
  ...more,
});
const text = { type: 'string' };

describe('the structural schema of a definition', () => {
  it.each<[string, Json, Json]>([
    ['what it describes', object({ a: text, b: { type: 'integer' } }), { a: 'x', b: 3 }],
    ['any member where it keeps unknown ones', object({}, { 'x-kubernetes-preserve-unknown-fields': true }), { z: 1 }],
    ['members of a map', { type: 'object', additionalProperties: text }, { any: 'x' }],
    ['null where it is a value', object({ a: { type: 'string', nullable: true } }), { a: null }],
    ['null where a default takes its place', object({ a: { type: 'string', default: 'x' } }), { a: null }],
    ['a missing field with a default', object({ a: { type: 'string', default: 'x' } }, { required: ['a'] }), {}],
    [
      'a number or a text where it says so',
      object({ a: { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] } }),
      { a: '50%' },
    ],
    ['an embedded object', object({ a: object({}, { 'x-kubernetes-embedded-resource': true }) }), { a: { kind: 'X' } }],
    ['a text of the pattern', object({ a: { type: 'string', pattern: '^[a-z]+\\_x\\z' } }), { a: 'ab_x' }],
    ['a pattern that only Go reads', object({ a: { type: 'string', pattern: '^[[:alpha:]]$' } }), { a: '1' }],
    [
      'one of two alternatives',
      object({ a: text, b: text }, { oneOf: [{ required: ['a'] }, { required: ['b'] }] }),
      { a: 'x' },
    ],
    [
      'a condition that a default excludes, because defaults are filled in first',
      object(
        { type: { type: 'string', default: 'IP' }, value: text },
        {
          oneOf: [
            { properties: { type: { enum: ['IP'] }, value: { pattern: '^\\d' } } },
            { properties: { type: { not: { enum: ['IP'] } } } },
          ],
        },
      ),
      { value: '10.0.0.1' },
    ],
    [
      'a condition that defaults further down fulfil',
      object(
        { size: object({ n: { type: 'integer', default: 1 } }, { default: {} }) },
        { anyOf: [{ properties: { size: { required: ['n'] } }, required: ['size'] }] },
      ),
      {},
    ],
    ['as many members as there are with defaults', object({ a: { ...text, default: 'x' } }, { minProperties: 1 }), {}],
    [
      'any member of items of a list that keeps unknown ones',
      object({ list: { type: 'array', items: { type: 'object' }, 'x-kubernetes-preserve-unknown-fields': true } }),
      { list: [{ any: { thing: 1 } }] },
    ],
  ])('takes %s', (_, schema, spec) => {
    expect(wrong(schema, spec)).toEqual([]);
  });

  it.each<[string, Json, Json, string]>([
    [
      'an unknown field, which would be pruned',
      object({ size: text }),
      { sizes: 'x' },
      'unknown-field spec.sizes: There is no field "sizes" here.',
    ],
    [
      'members of an object that has none',
      { type: 'object' },
      { a: 1 },
      'unknown-field spec.a: There is no field "a" here.',
    ],
    [
      'a wrong type',
      object({ a: { type: 'boolean' } }),
      { a: 'true' },
      'type spec.a: true or false belongs here, not this text.',
    ],
    ['null where it is none', object({ a: text }), { a: null }, 'type spec.a: Text belongs here, not null.'],
    ['a missing field', object({ a: text }, { required: ['a'] }), {}, 'required spec.a: It needs the field "a".'],
    [
      'another word',
      object({ a: { type: 'string', enum: ['On', 'Off'] } }),
      { a: 'on' },
      'value spec.a: The value "on" is none of On, Off.',
    ],
    [
      'a text that does not match',
      object({ a: { type: 'string', pattern: '^\\d+$' } }),
      { a: 'x' },
      'value spec.a: The text does not match ^\\d+$.',
    ],
    [
      'too little',
      object({ a: { type: 'integer', minimum: 1 } }),
      { a: 0 },
      'value spec.a: 0 is too little: at least 1 is allowed.',
    ],
    [
      'too much',
      object({ a: { type: 'number', maximum: 1, exclusiveMaximum: true } }),
      { a: 1 },
      'value spec.a: 1 is too much: less than 1 is allowed.',
    ],
    [
      'too long',
      object({ a: { type: 'string', maxLength: 2 } }),
      { a: 'abc' },
      'value spec.a: It has 3 characters; at most 2 are allowed.',
    ],
    [
      'too few',
      { type: 'object', properties: { a: { type: 'array', items: text, minItems: 1 } } },
      { a: [] },
      'value spec.a: It has 0 items; at least 1 are needed.',
    ],
    [
      'two items with one key',
      object({
        a: {
          type: 'array',
          items: object({ n: text }),
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['n'],
        },
      }),
      { a: [{ n: 'x' }, { n: 'x' }] },
      'duplicate spec.a[1]: The list has two items with n=x, the first at 0; the API server refuses that.',
    ],
    [
      'no alternative',
      object({ a: text, b: text }, { anyOf: [{ required: ['a'] }, { required: ['b'] }] }),
      {},
      'value spec: It fulfils none of a, b.',
    ],
    [
      'two alternatives',
      object({ a: text, b: text }, { oneOf: [{ required: ['a'] }, { required: ['b'] }] }),
      { a: 'x', b: 'x' },
      'value spec: It fulfils several of a, b.',
    ],
    [
      'what is excluded',
      object({ a: text }, { not: { required: ['a'] } }),
      { a: 'x' },
      'value spec: It is what its definition excludes.',
    ],
    [
      'a condition below',
      object({ a: text }, { allOf: [{ properties: { a: { enum: ['x'] } } }] }),
      { a: 'y' },
      'value spec: It does not fulfil all of the conditions of its definition.',
    ],
  ])('refuses %s', (_, schema, spec, expected) => {
    expect(wrong(schema, spec)).toEqual([expected]);
  });

  it('does not take ages over a schema of a thousand levels', () => {
    let schema: Json = text;
    let spec: Json = 'x';
    for (let level = 0; level < 1000; level++) {
      schema = object({ a: schema });
      spec = { a: spec };
    }
    expect(wrong(schema, spec)).toEqual([]);
  });
});
