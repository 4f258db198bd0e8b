import { type Cursor, LINE_FEED, SPACE, TAB } from './cursor.ts';

/** The four ways to write a scalar, as libyaml reads them. Each leaves the cursor behind what it read. */

/** `|` and `>`. @param parentIndent column of the collection around it, -1 for none */
export function scanBlockScalar(cursor: Cursor, parentIndent: number): string {
  const start = cursor.offset;
  const literal = cursor.code() === 0x7c;
  cursor.offset++;
  const { keep, indicated } = blockHeader(cursor, start);
  let indent = indicated === 0 ? 0 : Math.max(parentIndent, 0) + indicated;
  let blankLines = 0;
  const toContent = (): void => {
    let deepest = 0;
    for (;;) {
      while ((indent === 0 || cursor.column < indent) && cursor.code() === SPACE) cursor.offset++;
      deepest = Math.max(deepest, cursor.column);
      if ((indent === 0 || cursor.column < indent) && cursor.code() === TAB)
        cursor.fail(cursor.offset, 'a tab must not indent a block of text');
      if (cursor.code() !== LINE_FEED) break;
      blankLines++;
      cursor.newLine();
    }
    if (indent === 0) indent = Math.max(deepest, parentIndent + 1, 1);
  };
  toContent();
  let text = '';
  let pendingBreak = false;
  let afterBlank = false;
  while (cursor.column === indent && !cursor.atEnd) {
    const blank = cursor.isBlank();
    const folds = !literal && !afterBlank && !blank;
    if (pendingBreak && (!folds || blankLines === 0)) text += folds ? ' ' : '\n';
    text += '\n'.repeat(blankLines);
    blankLines = 0;
    afterBlank = blank;
    const end = cursor.lineEnd();
    text += cursor.text.slice(cursor.offset, end);
    cursor.offset = end;
    pendingBreak = !cursor.atEnd;
    if (pendingBreak) cursor.newLine();
    toContent();
  }
  if (pendingBreak && keep !== '-') text += '\n';
  return keep === '+' ? text + '\n'.repeat(blankLines) : text;
}

function blockHeader(cursor: Cursor, start: number): { keep: '' | '+' | '-'; indicated: number } {
  const header = /[^ \t\n#]*/y;
  header.lastIndex = cursor.offset;
  const word = header.exec(cursor.text)?.[0] ?? '';
  const match = /^(?:([+-])([1-9])?|([1-9])([+-])?)?$/.exec(word);
  if (match === null) return cursor.fail(start, `"${word}" is no sign of how to read a block of text`);
  cursor.offset += word.length;
  cursor.restOfLine('the head of a block of text');
  if (!cursor.atEnd) cursor.newLine();
  return { keep: (match[1] ?? match[4] ?? '') as '' | '+' | '-', indicated: Number(match[2] ?? match[3] ?? 0) };
}

/** `'…'` and `"…"`. */
export function scanQuoted(cursor: Cursor): string {
  const start = cursor.offset;
  const quote = cursor.code();
  const single = quote === 0x27;
  cursor.offset++;
  let text = '';
  for (;;) {
    if (cursor.atDocumentMarker()) cursor.fail(start, 'a document ends before the closing quote');
    if (cursor.atEnd) cursor.fail(start, 'the closing quote is missing');
    const run = single ? /[^' \t\n]+/y : /[^"\\ \t\n]+/y;
    let lineContinues = false;
    for (;;) {
      run.lastIndex = cursor.offset;
      const plain = run.exec(cursor.text)?.[0];
      if (plain !== undefined) {
        text += plain;
        cursor.offset += plain.length;
      }
      const code = cursor.code();
      if (single && code === quote && cursor.code(1) === quote) {
        text += "'";
        cursor.offset += 2;
      } else if (!single && code === 0x5c && cursor.code(1) === LINE_FEED) {
        cursor.offset++;
        cursor.newLine();
        lineContinues = true;
        break;
      } else if (!single && code === 0x5c) {
        text += escaped(cursor);
      } else {
        break;
      }
    }
    if (cursor.code() === quote && !lineContinues) break;
    text += foldedGap(cursor, lineContinues, 0);
  }
  cursor.offset++;
  return text;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  ' ': ' ',
  '"': '"',
  "'": "'",
  '/': '/',
  '\\': '\\',
  N: '\u0085',
  _: '\u00a0',
  L: '\u2028',
  P: '\u2029',
};

/** An escape of a double-quoted scalar. In JSON `\/` and surrogate pairs count as well. */
function escaped(cursor: Cursor): string {
  const start = cursor.offset;
  const name = cursor.text[start + 1] ?? '';
  const plain = ESCAPES[name];
  if (plain !== undefined && (name !== '/' || isJson(cursor))) {
    cursor.offset += 2;
    return plain;
  }
  const length = { x: 2, u: 4, U: 8 }[name];
  if (length === undefined)
    return cursor.fail(start, `"\\${name}" is no escape`, 'Write a backslash as \\\\, or use single quotes.');
  const value = hexadecimal(cursor, start + 2, length);
  cursor.offset += 2 + length;
  if (
    value >= 0xd800 &&
    value <= 0xdbff &&
    name === 'u' &&
    cursor.text.startsWith('\\u', cursor.offset) &&
    isJson(cursor)
  ) {
    const low = hexadecimal(cursor, cursor.offset + 2, 4);
    cursor.offset += 6;
    if (low >= 0xdc00 && low <= 0xdfff) return String.fromCharCode(value, low);
  }
  if (value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
    return cursor.fail(start, 'the escape is no Unicode character');
  return String.fromCodePoint(value);
}

/** kubectl reads a file that begins with "{" as JSON (k8s.io/apimachinery, pkg/util/yaml: GuessJSONStream). */
function isJson({ text }: Cursor): boolean {
  return /^\s*\{/.test(text);
}

function hexadecimal(cursor: Cursor, from: number, length: number): number {
  const digits = cursor.text.slice(from, from + length);
  if (digits.length < length || !/^[0-9a-fA-F]+$/.test(digits))
    return cursor.fail(from, `${length} hexadecimal digits are missing`);
  return Number.parseInt(digits, 16);
}

/**
 * Blanks and breaks inside a scalar: blanks stay where no break follows; the first break becomes a space, or nothing where more follow.
 * @param continued a break was escaped just before: no space for it
 * @param tabLimit column before which a tab at the start of a line is refused
 */
function foldedGap(cursor: Cursor, continued: boolean, tabLimit: number): string {
  const start = cursor.offset;
  let folds = continued;
  let breaks = 0;
  for (;;) {
    const code = cursor.code();
    if (code === LINE_FEED) {
      if (folds) breaks++;
      else folds = true;
      cursor.newLine();
    } else if (code === SPACE || code === TAB) {
      if (folds && code === TAB && cursor.column < tabLimit) cursor.fail(cursor.offset, 'a tab must not indent');
      cursor.offset++;
    } else {
      break;
    }
  }
  if (!folds) return cursor.text.slice(start, cursor.offset);
  return breaks > 0 || continued ? '\n'.repeat(breaks) : ' ';
}

const BLOCK_RUN = /[^ \t\n:]+/y;
const FLOW_RUN = /[^ \t\n:,?[\]{}]+/y;

/**
 * A scalar without quotes. It ends before ": ", " #", less indentation, and in braces or brackets before any of their signs.
 * @param indent column that its further lines must reach (only tabs have to in braces or brackets)
 * @returns its text, and whether a line ended behind it, after which a key may stand
 */
export function scanPlain(cursor: Cursor, indent: number, inFlow: boolean): { text: string; endsLine: boolean } {
  let text = '';
  let gap = '';
  for (;;) {
    const { offset, line } = cursor;
    toEndOfWord(cursor, inFlow);
    text += gap + cursor.text.slice(offset, cursor.offset);
    if (!cursor.isBlank() && cursor.code() !== LINE_FEED) return { text, endsLine: false };
    gap = foldedGap(cursor, false, indent);
    const endsLine = cursor.line > line;
    const dedented = !inFlow && cursor.column < indent;
    if (
      dedented ||
      cursor.atEnd ||
      cursor.code() === 0x23 /* # */ ||
      cursor.atDocumentMarker() ||
      stopsHere(cursor, inFlow)
    ) {
      return { text, endsLine };
    }
  }
}

function toEndOfWord(cursor: Cursor, inFlow: boolean): void {
  const run = inFlow ? FLOW_RUN : BLOCK_RUN;
  for (;;) {
    run.lastIndex = cursor.offset;
    const word = run.exec(cursor.text)?.[0];
    if (word !== undefined) cursor.offset += word.length;
    if (cursor.isGap() || stopsHere(cursor, inFlow)) return;
    cursor.offset++;
  }
}

/** Whether a sign ends the plain scalar here. */
function stopsHere(cursor: Cursor, inFlow: boolean): boolean {
  const code = cursor.code();
  if (code === 0x3a /* : */) return cursor.isGap(1);
  if (!inFlow) return false;
  return code === 0x2c || code === 0x3f || code === 0x5b || code === 0x5d || code === 0x7b || code === 0x7d;
}
