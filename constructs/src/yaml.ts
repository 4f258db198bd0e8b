/**
 * Writes YAML that every reader takes for the same value: YAML 1.1, YAML 1.2 and go-yaml (kubectl, helm). Strings are plain only where no
 * dialect could read something else; multi-line text is a literal block where that is exact. No anchors, no folding, no tags.
 * Imports nothing; the engine uses it too.
 */

/**
 * One YAML document for a JSON value, ending in a newline. Members that are `undefined` are left out, in arrays they are null;
 * -0 is written as 0, as JSON does.
 * @param leading members of the outermost mapping that come first, in this order
 * @throws TypeError for values that JSON cannot hold (functions, symbols, bigints)
 */
export function writeYaml(value: unknown, leading: readonly string[] = []): string {
  if (isCollection(value)) {
    const text = Array.isArray(value) ? sequence(value, 0) : mapping(value, 0, leading);
    return text === '' ? `${emptyOf(value)}\n` : `${text.slice(1)}\n`;
  }
  // Depth 1: a literal block at the left edge could hold "---".
  return `${scalar(value, 1)}\n`;
}

/** Several documents, separated by "---". */
export function writeYamlDocuments(values: readonly unknown[]): string {
  return values.map((value) => writeYaml(value)).join('---\n');
}

/** Line starts by depth: a newline and two spaces per level. */
const STARTS: string[] = [];

function start(depth: number): string {
  STARTS[depth] ??= `\n${'  '.repeat(depth)}`;
  return STARTS[depth];
}

/** A mapping's lines, each beginning with its line start; '' when it has no members. */
function mapping(value: object, depth: number, leading: readonly string[] = NONE): string {
  let text = '';
  for (const key of leading) {
    if (Object.hasOwn(value, key)) text += memberText(key, (value as Record<string, unknown>)[key], depth);
  }
  for (const key of Object.keys(value)) {
    if (leading !== NONE && leading.includes(key)) continue;
    text += memberText(key, (value as Record<string, unknown>)[key], depth);
  }
  return text;
}

const NONE: readonly string[] = [];

/** "key: value" with its line start; '' for undefined. */
function memberText(key: string, member: unknown, depth: number): string {
  if (member === undefined) return '';
  const lead = start(depth);
  const written = keyText(key);
  // A key beyond what YAML allows before ":" on one line (1,024 characters) is written explicitly.
  const head = written.length <= LONGEST_KEY ? `${lead}${written}:` : `${lead}? ${written}${lead}:`;
  return head + after(member, depth);
}

/** What follows "key:". */
function after(member: unknown, depth: number): string {
  if (!isCollection(member)) return ` ${scalar(member, depth + 1)}`;
  const text = Array.isArray(member) ? sequence(member, depth + 1) : mapping(member, depth + 1);
  return text === '' ? ` ${emptyOf(member)}` : text;
}

function sequence(value: readonly unknown[], depth: number): string {
  const lead = start(depth);
  let text = '';
  for (const member of value) {
    if (!isCollection(member)) text += `${lead}- ${scalar(member ?? null, depth + 1)}`;
    else {
      // The first line of the member goes behind the dash: its line start is replaced by "- ".
      const inner = Array.isArray(member) ? sequence(member, depth + 1) : mapping(member, depth + 1);
      text += inner === '' ? `${lead}- ${emptyOf(member)}` : `${lead}- ${inner.slice(start(depth + 1).length)}`;
    }
  }
  return text;
}

function isCollection(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function emptyOf(value: object): string {
  return Array.isArray(value) ? '[]' : '{}';
}

const LONGEST_KEY = 1000;
const MOST_KEYS = 5000;
const KEYS = new Map<string, string>();

/** Keys repeat from object to object: each is examined once. */
function keyText(key: string): string {
  let text = KEYS.get(key);
  if (text === undefined) {
    text = isPlain(key) ? key : quoted(key);
    if (KEYS.size < MOST_KEYS && key.length < 100) KEYS.set(key, text);
  }
  return text;
}

function scalar(value: unknown, depth: number): string {
  switch (typeof value) {
    case 'string':
      return isPlain(value) ? value : value.includes('\n') && isLiteral(value) ? literal(value, depth) : quoted(value);
    case 'number':
      return number(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'undefined':
      return 'null';
    case 'object':
      return 'null';
    default:
      throw new TypeError(`YAML cannot hold a ${typeof value}`);
  }
}

function number(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e21) return String(value === 0 ? 0 : value);
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  const text = String(value);
  // YAML 1.1 reads 1e-7 as text: a float needs its point there.
  const exponent = text.indexOf('e');
  return exponent < 0 || text.includes('.') ? text : `${text.slice(0, exponent)}.0${text.slice(exponent)}`;
}

/** Starts with a letter, "_" or "/", goes on with printable ASCII that has no meaning inside a plain scalar. */
const PLAIN = /^[A-Za-z_/](?:[-A-Za-z0-9_./@%+,=~^$()*;!?&|<>\\'"`]|:(?! |$)|[ ](?![ #]|$))*$/;

/** Quantities and versions that begin with a digit but are no number, date or time in any dialect: 10Gi, 500m, 30s. */
const QUANTITY = /^[0-9]+(?:\.[0-9]+)?(?:m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi|s|h|d)$/;

/** What some dialect reads as a boolean, null or number although it begins with a letter (e1: a float without digits before the exponent). */
const WORDS = /^(?:y|n|yes|no|on|off|true|false|null|nan|inf|e[-+]?[0-9]+)$/i;

function isPlain(text: string): boolean {
  const first = text.charCodeAt(0);
  if (first >= 48 && first <= 57) return QUANTITY.test(text);
  return text.length < 400 && PLAIN.test(text) && !WORDS.test(text);
}

/** Characters that some reader refuses, drops or takes for a line break when they stand for themselves. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const SPECIAL = /[\u0000-\u0008\u000b-\u001f\u007f-\u00a0\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]/;
const SPECIAL_BEYOND_JSON = /[\u007f-\u00a0\u2028\u2029\ufeff\ufffe\uffff]/g;

/** JSON's escapes are all YAML's; some characters need one in YAML only. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(
    SPECIAL_BEYOND_JSON,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * True where a literal block gives back exactly this text: no special characters, no line of blanks only, no tab or blank that begins the
 * first line (a reader would take it for indentation), no text of line breaks only.
 */
function isLiteral(text: string): boolean {
  return (
    !SPECIAL.test(withoutPairs(text)) && !/^[\s]/.test(text) && !/(?:^|\n)[ \t]+(?:\n|$)/.test(text) && !/\t/.test(text)
  );
}

/** Emoji and other characters beyond 16 bits are pairs of surrogates and stand for themselves; a lone surrogate does not. */
function withoutPairs(text: string): string {
  return /[\ud800-\udbff]/.test(text) ? text.replace(/[\ud800-\udbff][\udc00-\udfff]/g, '') : text;
}

/** "|-" drops the last line break, "|" keeps one, "|+" keeps all. */
function literal(text: string, depth: number): string {
  const lead = start(depth);
  const body = text.replace(/\n+$/, '');
  const breaks = text.length - body.length;
  const lines = body.split('\n').map((line) => (line === '' ? '\n' : lead + line));
  const header = breaks === 0 ? '|-' : breaks === 1 ? '|' : '|+';
  return header + lines.join('') + '\n'.repeat(Math.max(0, breaks - 1));
}
