import fc from 'fast-check';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject, KubernetesObject } from '../kubernetes/object.ts';
import { typesOfDefinition } from './definition-types.ts';
import { typesOfValues } from './values-types.ts';

function definition(schema: JsonObject, more: JsonObject = {}): KubernetesObject {
  const version = (name: string) => ({ name, served: true, schema: { openAPIV3Schema: schema } });
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'things.example.com' },
    spec: { group: 'example.com', names: { kind: 'Thing' }, scope: 'Namespaced', versions: [version('v1')], ...more },
  };
}

const spec = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: 'object',
  properties: { spec: { type: 'object', properties, ...more } },
});

const typesOf = (schema: JsonObject) => typesOfDefinition(definition(schema)).text;

function valuesTypes(schema: Json): string {
  const file = (name: string, content: Json) => ({ name, bytes: Buffer.from(JSON.stringify(content)) });
  return typesOfValues([file('Chart.yaml', { name: 'shop' }), file('values.schema.json', schema)], 'shop').text;
}

/** What stands in a text beside types, and what is no TypeScript in it. */
function anythingElse(text: string): string[] {
  const source = ts.createSourceFile('types.ts', text, ts.ScriptTarget.ES2022);
  const errors = (source as unknown as { parseDiagnostics: ts.Diagnostic[] }).parseDiagnostics;
  return [
    ...errors.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')),
    ...source.statements.flatMap((one) =>
      ts.isInterfaceDeclaration(one) || ts.isTypeAliasDeclaration(one) ? [] : [one.getText(source)],
    ),
  ];
}

describe('types of a custom resource', () => {
  it('hold identity, what the schema names with what it requires, and no status', () => {
    const text = typesOf({
      type: 'object',
      description: 'A thing.',
      required: ['spec'],
      properties: {
        apiVersion: { type: 'string' },
        metadata: { type: 'object' },
        spec: {
          type: 'object',
          required: ['size'],
          properties: {
            size: { type: 'integer', description: 'How large.', default: 3 },
            color: { type: 'string', enum: ['red', "it's"] },
            port: { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] },
            labels: { type: 'object', additionalProperties: { type: 'string' } },
            raw: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
            parts: { type: 'array', items: { type: 'object', properties: { 'x-y': { type: 'boolean' } } } },
            gone: { type: 'string', nullable: true },
          },
        },
        status: { type: 'object', properties: { ready: { type: 'boolean' } } },
      },
    });
    expect(text).toBe(`// Thing of example.com (v1). Written by orrery import; changes are lost with the next import.

/** A thing. */
export interface Thing {
  apiVersion: 'example.com/v1';
  kind: 'Thing';
  metadata?: ThingMetadata;
  spec: ThingSpec;
}

export interface ThingSpec {
  /**
   * How large.
   * Default: 3
   */
  size: number;
  color?: 'red' | 'it\\'s';
  port?: number | string;
  labels?: { [key: string]: string };
  raw?: { [key: string]: unknown };
  parts?: ThingSpecPartsItem[];
  gone?: string | null;
}

export interface ThingSpecPartsItem {
  'x-y'?: boolean;
}

export interface ThingMetadata {
  name?: string;
  namespace?: string;
  labels?: { [key: string]: string };
  annotations?: { [key: string]: string };
  finalizers?: string[];
}
`);
  });

  it('give the newest stable version the plain name, and leave out what is not served', () => {
    const version = (name: string, more: JsonObject = {}) => ({
      name,
      served: true,
      schema: { openAPIV3Schema: spec({}) },
      ...more,
    });
    const { text, about } = typesOfDefinition(
      definition(
        {},
        {
          versions: [
            version('v1alpha1'),
            version('v2beta1'),
            version('v1', { deprecated: true }),
            version('v10', { served: false }),
          ],
        },
      ),
    );
    expect(about).toBe('Thing (example.com: v1, v2beta1, v1alpha1)');
    expect(text.match(/export interface (\w+) \{\n {2}apiVersion: '[^']*'/g)).toEqual([
      "export interface Thing {\n  apiVersion: 'example.com/v1'",
      "export interface ThingV2beta1 {\n  apiVersion: 'example.com/v2beta1'",
      "export interface ThingV1alpha1 {\n  apiVersion: 'example.com/v1alpha1'",
    ]);
    expect(text).toContain('@deprecated example.com/v1 is deprecated');
  });

  it('have one interface for equal parts, and names of their own for others', () => {
    const selector = { type: 'object', properties: { app: { type: 'string' } } };
    const text = typesOf(spec({ from: selector, to: selector, metadata: { type: 'object', properties: { x: {} } } }));
    expect(text).toContain('  from?: ThingSpecFrom;\n  to?: ThingSpecFrom;\n');
    expect(text.match(/app\?: string/g)).toHaveLength(1);
  });

  it.each([
    ['no group', { group: undefined }],
    ['a group that is a path', { group: '../../etc' }],
    ['a kind that is code', { names: { kind: 'A { }; evil(); interface B' } }],
    ['no version', { versions: [] }],
  ] as const)('of a definition with %s are refused with the place', (_, more) => {
    expect(() => typesOfDefinition(definition({}, more as unknown as JsonObject), 'crds.yaml:3')).toThrow(
      expect.objectContaining({ code: 'ORR2501', where: expect.objectContaining({ source: 'crds.yaml:3' }) }),
    );
  });

  it('are types and nothing else, whatever a definition says', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(
        '*/ evil(); /*',
        "'; evil(); '",
        '\u2028evil()',
        '__proto__',
        'constructor',
        '\\',
        "\\'",
        '`',
        'a-b',
      ),
    );
    const { schema } = fc.letrec((tie) => {
      const inner = fc.oneof({ maxDepth: 3, depthSize: 'small' }, fc.constant({}), tie('schema'));
      return {
        schema: fc.record(
          {
            type: fc.constantFrom('object', 'array', 'string', 'integer', 'null', 'nonsense', ['string', 'null']),
            description: text,
            default: fc.jsonValue(),
            enum: fc.array(fc.oneof(text, fc.jsonValue()), { maxLength: 3 }),
            required: fc.array(text, { maxLength: 2 }),
            properties: fc.dictionary(text, inner, { maxKeys: 3 }),
            items: fc.oneof(inner, fc.array(inner, { maxLength: 2 })),
            additionalProperties: fc.oneof(fc.boolean(), inner),
            anyOf: fc.array(inner, { maxLength: 2 }),
            allOf: fc.array(fc.oneof(inner, fc.boolean()), { maxLength: 2 }),
            $ref: fc.constantFrom('#', '#/properties/a', '#/nowhere', 'https://example.com/schema.json'),
            nullable: fc.boolean(),
            'x-kubernetes-preserve-unknown-fields': fc.boolean(),
          },
          { requiredKeys: [] },
        ),
      };
    });
    fc.assert(
      fc.property(schema, (value) => {
        const any = JSON.parse(JSON.stringify(value)) as JsonObject;
        expect(anythingElse(typesOf({ type: 'object', properties: { spec: any } }))).toEqual([]);
        expect(
          anythingElse(valuesTypes({ ...any, properties: { a: any, ...(any.properties as JsonObject) } })),
        ).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('of a schema as deep as a hostile one end somewhere', () => {
    let schema: JsonObject = { type: 'string' };
    for (let depth = 0; depth < 3000; depth++) schema = { type: 'object', properties: { a: schema } };
    expect(typesOf({ type: 'object', properties: { spec: schema } })).toContain('a?: unknown;');
  });
});

describe('types of the values of a chart', () => {
  it('take less than the whole and null for a default, but whole items of lists', () => {
    const text = valuesTypes({
      type: 'object',
      required: ['image'],
      properties: {
        image: {
          type: 'object',
          required: ['tag'],
          properties: { tag: { type: 'string' } },
          additionalProperties: false,
        },
        hosts: {
          type: 'array',
          items: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
        },
      },
    });
    expect(text).toContain(
      '  image?: ShopValuesImage | null;\n  hosts?: ShopValuesHostsItem[] | null;\n  [key: string]: unknown;\n',
    );
    expect(text).toContain('export interface ShopValuesImage {\n  tag?: string | null;\n}\n');
    expect(text).toContain('export interface ShopValuesHostsItem {\n  name: string;\n');
  });

  it('follow references, also those of a part to itself', () => {
    const text = valuesTypes({
      $defs: {
        node: { type: 'object', properties: { next: { $ref: '#/$defs/node' }, size: { $ref: '#/$defs/size' } } },
        size: { type: 'integer' },
      },
      properties: { first: { $ref: '#/$defs/node' } },
    });
    expect(text).toContain('  first?: Node | null;\n');
    expect(text).toContain('export interface Node {\n  next?: Node | null;\n  size?: number | null;\n');
  });

  it('combine what allOf, anyOf and oneOf say, and leave conditions out', () => {
    const text = valuesTypes({
      properties: {
        a: { oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'number' } }] },
        b: { type: 'string', anyOf: [{ minLength: 1 }, { pattern: 'x' }] },
        c: { allOf: [{ type: 'object', properties: { x: { type: 'string' } } }, { required: ['x'] }] },
        d: false,
      },
    });
    expect(text).toContain(
      '  a?: string | number[] | null;\n  b?: string | null;\n  c?: ShopValuesCAll1 | null;\n  d?: never | null;\n',
    );
  });

  it('come from values.yaml where there is no schema: names, and scalars that may be any scalar', () => {
    const files = [
      { name: 'shop/Chart.yaml', bytes: Buffer.from('name: shop\nversion: 1.0.0\n') },
      {
        name: 'shop/values.yaml',
        bytes: Buffer.from('replicas: 2\nimage: { tag: "" }\nextra: []\nnodeSelector: {}\n'),
      },
    ];
    const { text } = typesOfValues(files, 'shop-1.0.0.tgz');
    expect(text).toContain(
      '  replicas?: string | number | boolean | null;\n  image?: ShopValuesImage | null;\n  extra?: unknown[] | null;\n  nodeSelector?: unknown;\n',
    );
  });

  it('of what is no chart are refused', () => {
    expect(() => typesOfValues([], 'folder')).toThrow(expect.objectContaining({ code: 'ORR2502' }));
  });
});
