import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { JsonValue } from '../assembly-format';
import { YamlWriter } from '../yaml';
import { ByteWriter } from './byte-writer';
import { canonicalJson } from './canonical';
import { FlatJson } from './flat-json';
import { writeCanonicalJson, writeObjectYaml } from './object-text';

/** Any object, with keys and texts of every form that is written in its own way: short, long, beyond ASCII, escaped, several lines. */
const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ maxLength: 12 }),
  fc.constantFrom(
    '',
    'no',
    'e1',
    'a: b',
    'a:b',
    'a:',
    '1.10.0',
    'reg.example.com/x:1',
    'x\ny\n',
    '\ud800',
    '"',
    '8080',
    'é',
  ),
  fc.string({ minLength: 300, maxLength: 500 }),
);
const keys = fc.oneof(texts, fc.constantFrom('kind', 'apiVersion', 'metadata', '__proto__', '10', '9'));
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    texts,
    fc.constantFrom(null, true, false, -0),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(keys, tie('value'), { maxKeys: 40, size: 'small' }),
  ),
}));
const objects = fc.dictionary(keys, value, { maxKeys: 6 }) as fc.Arbitrary<{ [key: string]: JsonValue }>;

describe('an object, flat', () => {
  it('is written as canonical JSON, whatever was written before it', () => {
    const flat = new FlatJson();
    const out = new ByteWriter(16);
    fc.assert(
      fc.property(objects, (object) => {
        out.length = 0;
        writeCanonicalJson(flat.fill(object), out);
        expect(out.toString()).toBe(canonicalJson(object));
      }),
      { numRuns: 200 },
    );
  });

  it('is written as YAML that reads back as its JSON, heads of manifests first', () => {
    const flat = new FlatJson();
    const out = new ByteWriter(16);
    const yaml = new YamlWriter(out);
    fc.assert(
      fc.property(objects, (object) => {
        out.length = 0;
        writeObjectYaml(flat.fill(object), yaml);
        const text = out.toString();
        expect(canonicalJson(parse(text, { maxAliasCount: 0 }))).toBe(canonicalJson(object));
        const head = ['apiVersion', 'kind', 'metadata'].filter((key) => Object.hasOwn(object, key));
        const tops = text.split('\n').filter((line) => /^(apiVersion|kind|metadata):/.test(line));
        expect(tops.map((line) => line.slice(0, line.indexOf(':')))).toEqual(head);
      }),
      { numRuns: 200 },
    );
  });

  it('becomes a value again that is its own', () => {
    fc.assert(
      fc.property(objects, (object) => {
        const json = new FlatJson().fill(object).toJson();
        expect(canonicalJson(json)).toBe(canonicalJson(object));
        expect(json).not.toBe(object);
      }),
      { numRuns: 100 },
    );
  });
});
