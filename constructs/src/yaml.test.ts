import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { writeYaml, writeYamlDocuments } from './yaml';

/** What both dialects of the judge read back. */
function readBack(text: string): unknown[] {
  return (['1.1', '1.2'] as const).map((version) =>
    parse(text, { version, maxAliasCount: 0, uniqueKeys: true, strict: true, mapAsMap: false }),
  );
}

function expectSame(value: unknown): void {
  const text = writeYaml(value);
  const json = JSON.parse(JSON.stringify(value)) as unknown;
  for (const read of readBack(text)) expect(read, text).toEqual(json);
}

/** Text that some dialect takes for something else, or that breaks naive writers. */
const TRAPS = [
  ...[
    'yes',
    'Yes',
    'no',
    'NO',
    'on',
    'off',
    'y',
    'n',
    'Y',
    'true',
    'False',
    'null',
    'Null',
    '~',
    '',
    ' ',
    '  a',
    'a ',
    '-',
    '- a',
    '--- a',
  ],
  ...[
    '---',
    '...',
    '0o17',
    '017',
    '0x1F',
    '0b11',
    '1e3',
    '1E3',
    '1e-3',
    '.5',
    '5.',
    '+1',
    '-1',
    '1_000',
    '22:22',
    '1:2:3',
    '190:20:30.15',
  ],
  ...[
    '.inf',
    '-.Inf',
    '.nan',
    'NaN',
    'Infinity',
    '=',
    '<<',
    '!',
    '!!str a',
    '&a',
    '*a',
    '@a',
    '`a',
    '%a',
    '#a',
    'a #b',
    'a#b',
    'a: b',
    'a:',
    ':a',
  ],
  ...[
    '2024-04-01',
    '2024-04-01T00:00:00Z',
    '2001-12-14 21:59:43.10 -5',
    '10Gi',
    '500m',
    '1.5Ki',
    '1M',
    '30s',
    '1.36',
    '4.12.0',
    'v1',
    '1h30m',
  ],
  ...[
    '[a]',
    '{a}',
    '{a: b}',
    'a, b',
    '"a"',
    "'a'",
    'a"b',
    "a'b",
    'a\\b',
    '\\n',
    '? a',
    '?a',
    '|',
    '>',
    '|-\n a',
    'a\tb',
    '\ta',
    'a\n',
    '\na',
  ],
  ...[
    'a\nb',
    'a\nb\n',
    'a\nb\n\n',
    'a\n\nb',
    'a\n  b',
    ' a\nb',
    'a\n \nb',
    'a \nb',
    'a\n\t\nb',
    'a\r\nb',
    'a\rb',
    '\n',
    '\n\n',
    '#a\nb',
    'a\n---\nb',
    'a\n...\nb',
  ],
  ...[
    '\u0000',
    '\u0007',
    '\u001b[31m',
    '\u007f',
    '\u0085',
    '\u00a0',
    '\u2028',
    '\u2029',
    '\ufeff',
    '\ufeffa',
    '\ufffe',
    '\uffff',
    'a\u0085b\nc',
  ],
  ...[
    'grüße',
    '你好',
    '你好\n世界',
    '😀',
    '😀\n😀',
    'e\u0301',
    '\u200b',
    '\u202e',
    'a'.repeat(500),
    'a b '.repeat(200),
    '/',
    '/etc/config',
    'a/b:c',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    '08',
    '09',
    '0.0',
    '-0',
    '0',
    '1',
    'null\n',
    'yes\nno',
    'key: |\n  text',
    'a:\tb',
    'Inf',
    'inf',
    'nan',
    'e1',
    'E+12',
  ],
];

const text = fc.oneof(
  fc.constantFrom(...TRAPS),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({
    unit: fc.constantFrom(
      ' ',
      '\n',
      '\t',
      'a',
      ':',
      '#',
      '-',
      '"',
      "'",
      '\\',
      '0',
      '1',
      'e',
      '.',
      '+',
      '_',
      ',',
      '[',
      '{',
      '|',
      '>',
      '%',
      '\r',
      '😀',
    ),
    maxLength: 16,
  }),
);

const { value: anyValue } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    text,
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(
      text.filter((key) => key !== '__proto__'),
      tie('value'),
      { maxKeys: 5 },
    ),
  ),
}));

describe('writeYaml', { timeout: 30_000 }, () => {
  it.each(TRAPS.map((trap) => [JSON.stringify(trap), trap]))(
    'gives back the text %s as value, as key and in a list',
    (_, trap) => {
      expectSame(trap);
      expectSame({
        before: 1,
        [trap as string]: trap,
        nested: { list: [trap, [trap], { [trap as string]: trap }] },
        after: trap,
      });
    },
  );

  it('gives back every JSON value, in YAML 1.1 and 1.2', () => {
    fc.assert(fc.property(anyValue, expectSame), { numRuns: 600 });
  });

  it('gives back every number', () => {
    for (const number of [
      0,
      -0,
      1,
      -1,
      1e21,
      1e-7,
      123456789012345680000,
      2 ** 53,
      5e-324,
      1.7976931348623157e308,
      0.1,
      1e100,
    ]) {
      expectSame({ number, list: [number] });
    }
  });

  it('gives back a text of 1 MB, on one line and on many', () => {
    for (const large of [
      'x'.repeat(1 << 20),
      'line of text: # 1\n'.repeat(60_000),
      '😀'.repeat(1 << 18),
      `${' '.repeat(1 << 20)}x`,
    ]) {
      expectSame({ large });
    }
  });

  it('gives back keys longer than a reader allows on one line', () => {
    expectSame({ ['k'.repeat(1500)]: 1, ['k k'.repeat(600)]: { inner: [1] }, ['k'.repeat(1023)]: 'a\nb\n' });
  });

  it('keeps a key named __proto__', () => {
    const value = JSON.parse('{"a":{"__proto__":{"polluted":true}}}') as object;
    expect(writeYaml(value)).toBe('a:\n  __proto__:\n    polluted: true\n');
  });

  it('leaves out what is undefined, and writes null for it in lists', () => {
    expect(writeYaml({ a: undefined, b: [undefined], c: {}, d: [] })).toBe('b:\n  - null\nc: {}\nd: []\n');
  });

  it('writes an empty document for empty collections and scalars', () => {
    expect([writeYaml({}), writeYaml([]), writeYaml(null), writeYaml('a'), writeYaml({ a: undefined })]).toEqual([
      '{}\n',
      '[]\n',
      'null\n',
      'a\n',
      '{}\n',
    ]);
  });

  it('refuses what JSON cannot hold', () => {
    expect(() => writeYaml({ a: () => 1 })).toThrow(TypeError);
    expect(() => writeYaml({ a: 1n })).toThrow(TypeError);
  });

  it('writes text of several lines as a literal block', () => {
    expect(writeYaml({ data: { 'a.conf': 'one\n  two\n\nthree\n', b: ['x\ny'] } })).toBe(
      'data:\n  a.conf: |\n    one\n      two\n\n    three\n  b:\n    - |-\n      x\n      y\n',
    );
  });

  it('puts the first line of a nested collection behind the dash', () => {
    expect(writeYaml({ a: [{ b: 1, c: [2] }, [3, [4]]] })).toBe(
      'a:\n  - b: 1\n    c:\n      - 2\n  - - 3\n    - - 4\n',
    );
  });
});

describe('writeYamlDocuments', { timeout: 30_000 }, () => {
  it('writes documents that are read back one by one', () => {
    fc.assert(
      fc.property(fc.array(anyValue, { minLength: 1, maxLength: 4 }), (values) => {
        const documents = parseAllDocuments(writeYamlDocuments(values)) as { errors: unknown[]; toJS(): unknown }[];
        expect(documents.flatMap((document) => document.errors)).toEqual([]);
        expect(documents.map((document) => document.toJS())).toEqual(JSON.parse(JSON.stringify(values)));
      }),
      { numRuns: 200 },
    );
  });
});
