/** One piece of a regular expression of Java, as far as it matters what may follow it. */
const PIECE =
  /\\Q(?:[^\\]|\\(?!E))*(?:\\E|$)|\\(?:[pP]\{\w+\}|x\{[0-9a-fA-F]+\}|[\s\S])|\[\^?\]?(?:\\[\s\S]|\[:\w+:\]|[^\]\\])*\]|\(\?(?:[idmsuxU-]+[:)]|[:=!>]|<[=!]|<[A-Za-z]\w*>)|[\s\S]/g;

const REPETITION = /^\{\d+(?:,\d*)?\}/;

/**
 * What a regular expression of Java begins and does not end, or repeats where there is nothing (java.util.regex.Pattern). What else may be wrong with
 * one only Java can say.
 */
export function regexpOffence(pattern: string): string | undefined {
  let depth = 0;
  let isRepeatable = false;
  let end = 0;
  for (const { 0: piece, index } of pattern.matchAll(PIECE)) {
    if (index < end) continue;
    if (piece === '\\') return 'ends with a backslash';
    if (piece === '[') return 'opens "[" and does not close it';
    if (piece.startsWith('(')) {
      if (!piece.endsWith(')')) depth += 1;
      isRepeatable = false;
    } else if (piece === ')') {
      depth -= 1;
      if (depth < 0) return 'closes ")", which it has not opened';
      isRepeatable = true;
    } else if (piece === '|') isRepeatable = false;
    else if (piece === '{') {
      const repetition = REPETITION.exec(pattern.slice(index))?.[0];
      if (!isRepeatable || repetition === undefined) return 'has "{" where nothing is repeated';
      end = index + repetition.length;
    } else if (piece === '*' || piece === '+' || piece === '?') {
      if (!isRepeatable) return `has "${piece}" where there is nothing to repeat`;
    } else isRepeatable = true;
  }
  return depth > 0 ? 'opens "(" and does not close it' : undefined;
}
