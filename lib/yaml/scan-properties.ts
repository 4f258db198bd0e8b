import type { Cursor } from './cursor.ts';

/** `%TAG handle prefix`; `%YAML` is checked and says nothing. */
export interface TagDirective {
  readonly handle: string;
  readonly prefix: string;
}

const WORD = /[-\w]*/y;
/** What libyaml takes for part of a tag. */
const TAG_CHARACTERS = /[-\w;/?:@&=+$,.!~*'()[\]%]*/y;

/** The name behind `&` or `*`. */
export function scanAnchorName(cursor: Cursor): string {
  const start = cursor.offset;
  cursor.offset++;
  const name = take(cursor, WORD);
  if (name === '' || !(cursor.isGap() || '?:,]}%@`'.includes(cursor.text[cursor.offset] ?? ''))) {
    cursor.fail(start, 'the name of an anchor or alias holds letters, digits, "-" and "_" only');
  }
  return name;
}

/** A tag: handle and suffix. `!` alone, and `!<…>`, have an empty handle. */
export function scanTag(cursor: Cursor): { handle: string; suffix: string } {
  const start = cursor.offset;
  let handle = '!';
  let suffix: string;
  if (cursor.code(1) === 0x3c /* < */) {
    cursor.offset += 2;
    handle = '';
    suffix = unescaped(cursor, take(cursor, TAG_CHARACTERS));
    if (cursor.code() !== 0x3e /* > */) cursor.fail(start, 'the ">" of a tag is missing');
    cursor.offset++;
  } else {
    cursor.offset++;
    const word = take(cursor, WORD);
    const named = cursor.code() === 0x21; /* ! */
    if (named) {
      cursor.offset++;
      handle = `!${word}!`;
    }
    suffix = unescaped(cursor, (named ? '' : word) + take(cursor, TAG_CHARACTERS));
    if (!named && suffix === '') {
      handle = '';
      suffix = '!';
    }
    if (named && suffix === '') cursor.fail(start, `the tag ${handle} says nothing`);
  }
  if (!cursor.isGap()) cursor.fail(start, 'a tag must be followed by a space');
  return { handle, suffix };
}

/** A line that starts with `%`. */
export function scanDirective(cursor: Cursor): TagDirective | undefined {
  const start = cursor.offset;
  const line = cursor.text.slice(start, cursor.lineEnd()).replace(/(^|[ \t])#.*$/, '');
  cursor.offset = cursor.lineEnd();
  const [name, first = '', second = '', more] = line.trim().split(/[ \t]+/);
  if (name === '%YAML' && /^1\.[12]$/.test(first) && second === '') return undefined;
  if (name === '%TAG' && /^!([-\w]*!)?$/.test(first) && second !== '' && more === undefined)
    return { handle: first, prefix: second };
  return cursor.fail(start, `"${line.trim()}" is no directive that is known`, 'Quote a value that starts with "%".');
}

function take(cursor: Cursor, characters: RegExp): string {
  characters.lastIndex = cursor.offset;
  const taken = characters.exec(cursor.text)?.[0] ?? '';
  cursor.offset += taken.length;
  return taken;
}

function unescaped(cursor: Cursor, text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return cursor.fail(cursor.offset - text.length, 'a tag holds a "%" that is no escape');
  }
}
