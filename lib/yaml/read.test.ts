import { execFileSync } from 'node:child_process';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { parseAllDocuments, stringify } from 'yaml';
import { canonicalJson } from '../kubernetes/canonical.ts';
import type { Json } from '../kubernetes/object.ts';
import { EXHAUSTING } from './exhausting.test-data.ts';
import { readYaml } from './read.ts';

// A busy machine may take its time.
vi.setConfig({ testTimeout: 60_000 });

const read = (text: string | Uint8Array): Json[] => readYaml(text, { source: 'f.yaml' }).map(({ value }) => value);
const failing = (source: string, message: RegExp) =>
  expect.objectContaining({
    code: 'ORR2201',
    message: expect.stringMatching(message),
    where: expect.objectContaining({ source }),
  });

/** Texts that tempt a reader: words and numbers of YAML, signs, breaks, blanks at the ends. */
const tempting = fc.oneof(
  fc.constantFrom(
    'yes',
    'no',
    'on',
    'y',
    'null',
    '~',
    '',
    ' ',
    '0400',
    '0o17',
    '1e3',
    '1_000',
    '22:22',
    '=',
    '<<',
    '-',
    '- a',
    '? a',
    ': a',
    'a: b',
    'a #b',
    '#a',
    '"',
    "'",
    '|',
    '>',
    '%a',
    '@',
    '`',
    '*a',
    '&a',
    '!a',
    '{',
    '[',
    '---',
    '...',
    '2024-04-01',
    '.5',
    '.',
    '0x1F',
    '1.0',
    '-0',
    '\t',
    'a\tb',
    'a\n',
    '\na',
    'a\n\nb',
    'a\n  b',
    '  a',
    'a  ',
    '😀',
    'é: ü',
    '\u00a0',
    '__proto__',
  ),
  fc.string({ unit: 'grapheme' }),
  fc
    .array(fc.constantFrom('a', ' ', '\n', ':', '#', '-', '"', "'", '\\', '{', '}', ',', '0', 'é'), { maxLength: 12 })
    .map((parts) => parts.join('')),
);
const json: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    tempting,
    fc.boolean(),
    fc.constant(null),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (Object.is(number, -0) ? 0 : number)),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(tempting, tie('value'), { maxKeys: 4 }),
  ),
})).value;
/** Without what must be escaped in any YAML, or what writers of YAML 1.2 do not escape. */
const writable = (text: string) =>
  !/[^\t\n\u0020-\u007e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u.test(text);

/** Compared as text: `toEqual` looks through keys like __proto__. */
const expectSame = (documents: Json[], value: Json): void => {
  expect(canonicalJson(documents)).toBe(canonicalJson(value === null ? [] : [value]));
};

describe('reading YAML', () => {
  it('takes in JSON the escapes that only JSON has', () => {
    expect(read('\n {"a": "x\\/y\\ud83d\\ude00"}\n')).toEqual([{ a: 'x/y😀' }]);
  });

  it('gives back any JSON', () => {
    fc.assert(
      fc.property(
        json.filter((value) => writable(JSON.stringify(value))),
        (value) => {
          expectSame(read(JSON.stringify(value)), value);
          expectSame(read(JSON.stringify(value, undefined, 2)), value);
        },
      ),
    );
  });

  it('gives back what the yaml package writes, in any style', () => {
    const options = fc.record({
      version: fc.constant('1.1' as const),
      defaultStringType: fc.constantFrom(
        'PLAIN' as const,
        'QUOTE_DOUBLE' as const,
        'QUOTE_SINGLE' as const,
        'BLOCK_LITERAL' as const,
        'BLOCK_FOLDED' as const,
      ),
      indentSeq: fc.boolean(),
      lineWidth: fc.constantFrom(0, 20, 80),
      indent: fc.constantFrom(1, 2, 4),
    });
    // Its 1.1 schema quotes what is no string in YAML 1.1; the few words that only go-yaml v2 reads otherwise, and the merge key, are left to the oracle.
    const ambiguous = /"<<"|(^|[^\w.])(0o[0-7]|\.[0-9]|[+-]?[0-9])/;
    fc.assert(
      fc.property(
        json.filter((value) => writable(JSON.stringify(value)) && !ambiguous.test(JSON.stringify(value))),
        options,
        (value, style) => {
          // Before the first text of a block go-yaml takes a tab for indentation, and refuses it; the yaml package writes it all the same.
          fc.pre(!style.defaultStringType.startsWith('BLOCK') || !JSON.stringify(value).includes('\\t'));
          const text = stringify({ value }, style);
          const judge = parseAllDocuments(text, { version: '1.1', merge: false });
          fc.pre(
            judge.length === 1 &&
              judge[0]?.errors.length === 0 &&
              JSON.stringify(judge[0]?.toJS()) === JSON.stringify({ value }),
          );
          expectSame(read(text), { value });
        },
      ),
      { numRuns: 100 },
    );
  });

  it('keeps __proto__ as a key of its own and pollutes nothing', () => {
    const [value] = read(
      'a: &x { __proto__: { polluted: 1 }, constructor: { prototype: { polluted: 2 } } }\nb: { <<: *x }\n__proto__: { polluted: 3 }\n',
    ) as [{ a: object; b: object }];
    expect(Object.keys(value)).toEqual(['a', 'b', '__proto__']);
    expect(Object.keys(value.b)).toEqual(['__proto__', 'constructor']);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect((value.b as { polluted?: number }).polluted).toBeUndefined();
  });

  it('takes every line break that libyaml takes, and a missing last one as kubectl does', () => {
    for (const text of ['a: |\n  x\nb: 1', 'a: |\r\n  x\r\nb: 1\r\n', 'a: |\r  x\rb: 1\r', 'a: |\u0085  x\u0085b: 1']) {
      expect(read(text)).toEqual([{ a: 'x\n', b: 1 }]);
    }
    expect(read('a: |\n  x')).toEqual([{ a: 'x\n' }]);
  });

  it('reads UTF-8 and UTF-16 with and without byte order mark', () => {
    const text = 'a: "ü 😀"\n';
    const big = Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
    for (const bytes of [
      Buffer.from(text),
      Buffer.from(`\ufeff${text}`),
      Buffer.from(`\ufeff${text}`, 'utf16le'),
      big,
    ]) {
      expect(read(bytes)).toEqual([{ a: 'ü 😀' }]);
    }
    expect(() => read(Buffer.from([0x61, 0x3a, 0x20, 0xff]))).toThrow(failing('f.yaml:1:1', /not valid UTF-8/));
  });

  it('reads quoted text whose lines are not indented, as controller-gen once wrote it', () => {
    expect(read("a:\n  description: 'one\n  two'\n  type: string\nb: [\n1\n]\n")).toEqual([
      { a: { description: 'one two', type: 'string' }, b: [1] },
    ]);
  });

  it('merges in text order, as go-yaml v2 does', () => {
    expect(read('x: &x { a: 1, b: 2 }\nu: { <<: *x, b: 3 }\nv: { b: 3, <<: *x }\n')).toEqual([
      { x: { a: 1, b: 2 }, u: { a: 1, b: 3 }, v: { a: 1, b: 2 } },
    ]);
    expect(read('x: &x { a: 1 }\nu: &u { a: 2, b: 2 }\nv: { <<: [*x, *u] }\n')).toEqual([
      { x: { a: 1 }, u: { a: 2, b: 2 }, v: { a: 1, b: 2 } },
    ]);
  });

  it('binds an alias to the last anchor of its name above it', () => {
    expect(read('- &a 1\n- *a\n- &a 2\n- *a\n- &b { c: *a }\n- *b\n')).toEqual([[1, 1, 2, 2, { c: 2 }, { c: 2 }]]);
  });

  it('knows the lines of documents and of what is in them', () => {
    const [first, second] = readYaml('# x\na:\n  - b: 1\n\n  - c:\n      d: 2\n--- # y\n\n"a b": 1\n', {
      source: 'f.yaml',
    });
    expect([first?.line, second?.line]).toEqual([2, 9]);
    expect([['a', 0], ['a', 1], ['a', 1, 'c', 'd'], ['a', 7], ['nothing']].map((path) => first?.lineOf(path))).toEqual([
      3, 5, 6, 3, 2,
    ]);
  });
});

describe('bad YAML', () => {
  it.each([
    ['a key twice', 'a: 1\nb: 2\na: 3\n', '3:1', /"a" stands twice/],
    ['a key twice, quoted once', 'x:\n  a: 1\n  "a": 2\n', '3:3', /"a" stands twice/],
    ['keys that become one as text', '1: a\n"1": b\n', '2:1', /"1" stands twice/],
    ['an open bracket', 'a: [1, 2\nb: 3\n', '2:2', /":"|missing/],
    ['an open brace at the end', 'a: {b: 1\n', '2:1', /the end of the document/],
    ['an open quote', 'a: "x\nb: 1\n', '1:4', /closing quote/],
    ['a tab as indentation', 'a:\n\tb: 1\n', '2:1', /a tab/],
    ['a colon in plain text', 'a: b: c\n', '1:5', /":" cannot stand here/],
    ['a reserved sign', 'a: @x\n', '1:4', /"@" cannot start a value/],
    ['less indentation than anything around it', 'a:\n    b: 1\n  c: 2\n', '3:3', /indentation/],
    ['a line without colon', 'a: 1\nb\nc: 2\n', '2:1', /":" is missing/],
    ['a list item in a mapping', 'a: 1\n- b\n', '2:1', /a key is missing|cannot start/],
    ['an unknown alias', 'a: *nobody\n', '1:4', /names no anchor/],
    ['an anchor in itself', 'a: &a [*a]\n', '1:8', /contains itself/],
    ['a list as a key', '? [a]\n: 1\n', '1:3', /must be a string/],
    ['null as a key', '~: 1\n', '1:1', /must be a string/],
    ['an unquoted Helm action', 'name: {{ .Values.name }}\n', '1:8', /must be a string/],
    ['a merge of a text', 'a: { <<: b }\n', '1:6', /a merge/],
    ['infinity', 'a: .inf\n', '1:4', /no JSON form/],
    ['an integer that JavaScript cannot hold', 'a: 9007199254740993\n', '1:4', /cannot be kept exactly/],
    ['a wrong tag', 'a: !!int x\n', '1:4', /cannot be read as !!int/],
    ['an unknown escape', 'a: "\\q"\n', '1:5', /is no escape/],
    ['half a surrogate pair', 'a: "\\ud83d"\n', '1:5', /no Unicode character/],
    ['an escape that only JSON has', 'a: "x\\/y"\n', '1:6', /is no escape/],
    ['a surrogate pair outside of JSON', 'a: "\\ud83d\\ude00"\n', '1:5', /no Unicode character/],
    ['a control character', 'a: "x\u0007"\n', '1:6', /U\+0007/],
    ['a line separator', 'a: |\n  x\u2028y\n', '2:4', /U\+2028/],
    ['an unknown directive', '%FOO bar\n---\na: 1\n', '1:1', /no directive/],
    ['something behind a document', '{a: 1}\n{b: 2}\n', '2:1', /belongs to nothing/],
    ['an undeclared tag handle', 'a: !x!y 1\n', '1:4', /not declared/],
  ])('with %s is refused with line and column', (_, text, place, message) => {
    expect(() => read(text)).toThrow(failing(`f.yaml:${place}`, message));
  });

  it('never ends in anything but a located error, whatever the text', () => {
    const fragments = fc.constantFrom(
      'a',
      'b: ',
      '- ',
      '\n',
      '\n  ',
      '\n    ',
      '"',
      "'",
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '?',
      '|',
      '>',
      '#',
      ' #',
      '&x ',
      '*x',
      '!!str ',
      '!',
      '<<: ',
      '---',
      '\n---\n',
      '...',
      '%',
      '@',
      '\\',
      '\t',
      ' ',
      '\r',
      '0o7',
      'é',
      '\u0000',
    );
    fc.assert(
      fc.property(fc.array(fragments, { maxLength: 20 }), (parts) => {
        try {
          read(parts.join(''));
        } catch (error) {
          expect(error).toMatchObject({
            code: 'ORR2201',
            where: { source: expect.stringMatching(/^f\.yaml:\d+:\d+$/) },
          });
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('YAML that is made to exhaust', () => {
  it.each(EXHAUSTING)('ends in a typed error: %s', (_, text, message) => {
    expect(() => read(text)).toThrow(failing(expect.stringMatching(/^f\.yaml:\d+:\d+$/) as unknown as string, message));
  });

  it('takes 512 MB at most, one text after the other', () => {
    const program = `
      import { EXHAUSTING } from '${path.join(import.meta.dirname, 'exhausting.test-data.ts')}';
      import { readYaml } from '${path.join(import.meta.dirname, 'read.ts')}';
      const codes = EXHAUSTING.map(([, text]) => {
        try {
          return readYaml(text, { source: 'f.yaml' }).length;
        } catch ({ code }) {
          return code;
        }
      });
      console.log(JSON.stringify({ codes: [...new Set(codes)], megabytes: process.resourceUsage().maxRSS / 1024 }));
    `;
    const { codes, megabytes } = JSON.parse(
      execFileSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' }),
    ) as { codes: unknown[]; megabytes: number };
    expect(codes).toEqual(['ORR2201']);
    expect(megabytes).toBeLessThan(512);
  });

  it('is not mistaken for ordinary use of aliases', () => {
    const text = [
      'base: &base { a: 1, b: 2, c: 3 }',
      'many:',
      ...Array.from({ length: 500 }, (_, i) => `  - { <<: *base, n: ${i} }`),
    ].join('\n');
    expect((read(text)[0] as { many: unknown[] }).many).toHaveLength(500);
  });
});
