import type { Literal } from './tree';

/*
 * Texts as literals of Groovy 2.4, in single quotes: there "$" has no meaning. Before Groovy looks at anything it replaces "\\uXXXX", also in
 * comments and behind an escaped backslash in some places (org.codehaus.groovy.antlr.UnicodeEscapingReader), so no "u" ever stands behind a backslash that
 * is meant as one: such a backslash is written by its number. U+FFFF means the end of the source to its lexer, wherever it stands, and half of a
 * surrogate pair cannot be written in a file: whoever calls this has refused both.
 */

/** What would be hard to see, turn the line, or be no character at all: it is written by its number. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u;

/** A text as a literal on one line. */
export function quoted(text: string): string {
  return `'${escaped(text, false)}'`;
}

/** A text as a literal; one of several lines over several lines, as a person writes it. */
function textLiteral(text: string): string {
  if (!text.includes('\n')) return quoted(text);
  return `'''${escaped(text, true)}'''`;
}

/** A literal of any kind. Numbers are whole. */
export function groovyLiteral(value: Literal): string {
  return typeof value === 'string' ? textLiteral(value) : String(value);
}

/** A text inside a literal in double quotes. */
export function inDoubleQuotes(text: string): string {
  return escaped(text, false).replaceAll("\\'", "'").replaceAll('"', '\\"').replaceAll('$', '\\$');
}

function escaped(text: string, isLong: boolean): string {
  let result = '';
  const characters = [...text];
  for (const [index, character] of characters.entries()) {
    result += escapedCharacter(character, characters[index + 1], isLong);
  }
  return result;
}

function escapedCharacter(character: string, next: string | undefined, isLong: boolean): string {
  switch (character) {
    case '\\':
      return next === 'u' || isUnicodeEscaped(next) ? '\\134' : '\\\\';
    case "'":
      // In a literal of several lines a quote ends nothing, three of them or one before the end would.
      return isLong && next !== "'" && next !== undefined ? "'" : "\\'";
    case '\n':
      return isLong ? '\n' : '\\n';
    case '\r':
      return '\\r';
    case '\t':
      return isLong ? '\t' : '\\t';
  }
  if (!HIDDEN.test(character)) return character;
  return [...Array(character.length).keys()].map((index) => unicodeEscape(character.charCodeAt(index))).join('');
}

/** Whether a backslash and "u" will stand for it. */
function isUnicodeEscaped(character: string | undefined): boolean {
  return character !== undefined && character >= '\u0080' && HIDDEN.test(character);
}

/** Such an escape is replaced before the source is read: it may not stand for what means something there, which has escapes of its own. */
function unicodeEscape(unit: number): string {
  return unit < 0x80 ? `\\${unit.toString(8).padStart(3, '0')}` : `\\u${unit.toString(16).padStart(4, '0')}`;
}
