import { Parser } from 'commonmark';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  htmlText,
  manyLines,
  markdownCode,
  markdownFence,
  markdownText,
  oneLine,
  printableJson,
  shorten,
} from './sanitize.ts';

/** Texts as an attacker writes them: control sequences, Markdown, HTML, CI commands, mentions, direction overrides. */
const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.constantFrom(
        '\u001b[31m',
        '\u001b]8;;http://x\u0007',
        '\u009b2J',
        '\r',
        '\n',
        '\r\n',
        '\t',
        '\u202e',
        '\u2066',
        '\u200b',
        '\ufeff',
        '\u2028',
        '\u{e0041}',
        '\ud800',
        '::error file=a::b',
        '::add-mask::x',
        '##[error]',
        '##vso[task.setvariable]',
        '##teamcity[x]',
        '</details>',
        '<img src=x onerror=alert(1)>',
        '<!-- -->',
        '&lt;',
        '&amp;',
        '&#60;',
        '|',
        '`',
        '``',
        '```',
        '~~~',
        '*',
        '**',
        '_',
        '[a](http://b)',
        '![a](b)',
        '@org/team',
        'www.evil.example',
        '#12',
        'https://evil.example',
        '- a',
        '1. a',
        '# a',
        '> a',
        '    code',
        '---',
        '===',
        '\\',
        '$x$',
        '{',
        '}',
      ),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));

/** First and last code point of what steers terminals, listed apart from the rule under test; line feed is judged by itself. */
const STEERING: readonly (readonly [number, number])[] = [
  [0x00, 0x09],
  [0x0b, 0x1f],
  [0x7f, 0x9f],
  [0x61c, 0x61c],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2066, 0x2069],
  [0xd800, 0xdfff],
  [0xfeff, 0xfeff],
  [0xe0000, 0xe007f],
];

/** Code points of a text that steer a terminal. */
function steering(text: string): string[] {
  return [...text].filter((character) => {
    const code = character.codePointAt(0) ?? 0;
    return STEERING.some(([first, last]) => code >= first && code <= last);
  });
}

const WORKFLOW_COMMAND = /^\s*::|##\w*\[/m;

interface Seen {
  readonly types: ReadonlySet<string>;
  readonly text: string;
}

/** Node types and text of a Markdown document as a reader understands it. */
function read(markdown: string): Seen {
  const types = new Set<string>();
  let text = '';
  const walker = new Parser().parse(markdown).walker();
  for (let step = walker.next(); step !== null; step = walker.next()) {
    if (!step.entering) continue;
    types.add(step.node.type);
    text += step.node.literal ?? '';
  }
  return { types, text };
}

describe('text for terminals and logs', () => {
  it('never holds a character that steers a terminal, and never a workflow command', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        for (const safe of [oneLine(text), manyLines(text)]) {
          expect(steering(safe)).toEqual([]);
          expect(safe).not.toMatch(WORKFLOW_COMMAND);
        }
        expect(oneLine(text)).not.toContain('\n');
      }),
      { numRuns: 2000 },
    );
  });

  it('is the same text when there is nothing to make safe', () => {
    for (const text of [
      'Deployment/mall/cart',
      'registry.example.com:5000/mall/cart:4.12.0',
      'größer als 5 °C → 购物车',
      'a::b',
    ])
      expect(oneLine(text)).toBe(text);
  });

  it('shows what it escaped, so that two different texts stay different', () => {
    expect(oneLine('a\u001b[31mb')).toBe('a\\x1b[31mb');
    expect(oneLine('\u202egnp.exe')).toBe('\\u202egnp.exe');
    expect(oneLine('one\ntwo')).toBe('one\\ntwo');
    expect(manyLines('one\r\ntwo\n')).toBe('one\ntwo\n');
  });

  it('is shortened without cutting a character in two', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 20 }), (text, limit) => {
        const short = shorten(text, limit);
        expect(short.length).toBeLessThanOrEqual(limit);
        expect(short).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
      }),
    );
  });
});

describe('JSON that is looked at', () => {
  it('keeps its value and holds no character that steers a terminal', () => {
    fc.assert(
      fc.property(fc.jsonValue(), hostile, (value, text) => {
        const both = { value, [text]: text };
        const printed = printableJson(both);
        expect(JSON.parse(printed)).toEqual(JSON.parse(JSON.stringify(both)));
        expect(steering(printed)).toEqual([]);
      }),
    );
  });
});

describe('Markdown', () => {
  it('shows text as text, whatever it holds: no markup, no HTML, no mention', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const markdown = markdownText(text);
        const seen = read(`x ${markdown} x`);
        expect([...seen.types].filter((type) => !['document', 'paragraph', 'text'].includes(type))).toEqual([]);
        // Nobody is mentioned, no issue linked, no address turned into a link.
        expect(seen.text).not.toMatch(/@\w|#\d|:\/\/|www\./);
        expect(seen.text.replaceAll('\u200b', '')).toBe(`x ${oneLine(text)} x`);
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps code in its span, also in a cell of a table', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const seen = read(`x ${markdownCode(text)} x`);
        expect([...seen.types].sort()).toEqual(['code', 'document', 'paragraph', 'text']);
        // Pipes of a cell are all escaped.
        expect(markdownCode(text, 'cell').replaceAll('\\|', '')).not.toContain('|');
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps a block in its fence, also inside <details>', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const seen = read(`<details>\n\n${markdownFence(text, 'diff')}\n\n</details>\n`);
        expect([...seen.types].sort()).toEqual(['code_block', 'document', 'html_block']);
        expect(seen.text).toBe(`<details>${manyLines(text)}\n</details>`);
      }),
      { numRuns: 2000 },
    );
  });

  it('cannot leave an element of HTML', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(htmlText(text)).not.toMatch(/[<>"\n]/);
        expect(htmlText(text)).not.toMatch(/&(?!(amp|lt|gt|quot|#8203);)/);
        expect(htmlText(text)).not.toMatch(/@\w/);
      }),
    );
  });
});
