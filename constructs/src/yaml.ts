/**
 * Writes YAML that every reader takes for the same value: YAML 1.1, YAML 1.2 and go-yaml (kubectl, helm). Strings are plain only where no
 * dialect could read something else; multi-line text is a literal block where that is exact. No anchors, no folding, no tags.
 * Imports nothing but its buffer; the engine uses it too.
 */
import { ByteWriter, EncodedKeys } from './private/byte-writer';

/**
 * Writes one document piece by piece: a mapping is `key` and its value, again and again; a sequence `item` and its value. Depths count
 * from 0 for the outermost collection; a value is one deeper than the key or item before it.
 */
export class YamlWriter {
  private readonly out: ByteWriter;
  private isEmpty = true;
  private isBehindDash = false;

  public constructor(out: ByteWriter) {
    this.out = out;
  }

  /**
   * Begins a member of a mapping.
   * @param place a number that keys of mappings of one shape have in common: a hint that makes it faster. Default: the depth
   */
  public key(key: string, depth: number, place = depth): void {
    this.line(depth);
    const written = KEYS.get(key, place);
    // A key beyond what YAML allows before ":" on one line (1,024 characters) is written explicitly.
    if (written.length > LONGEST_KEY) this.out.write(`? ${keyText(key)}\n${'  '.repeat(depth)}:`);
    else this.out.copy(written);
  }

  /** Begins a member of a sequence. */
  public item(depth: number): void {
    this.line(depth);
    this.out.byte(DASH);
    this.isBehindDash = true;
  }

  public text(value: string, depth: number): void {
    const { out } = this;
    this.space();
    const start = out.length;
    out.write(value);
    if (isSurelyPlain(out.buffer, start, out.length)) return;
    out.length = start;
    out.write(text(value, depth));
  }

  public number(value: number): void {
    this.word(number(value));
  }

  /** "true", "false" or "null". */
  public word(word: string): void {
    this.space();
    this.out.write(word);
  }

  public emptyMapping(): void {
    this.word('{}');
  }

  public emptySequence(): void {
    this.word('[]');
  }

  /** Ends the document; what comes next begins another. */
  public end(): void {
    this.out.line(0);
    this.isEmpty = true;
  }

  /** Between a key or dash and the value on its line. */
  private space(): void {
    if (!this.isEmpty) this.out.byte(BLANK);
    this.isBehindDash = false;
  }

  /** Goes to where a key or dash of a depth stands: behind the dash before it, or on a line of its own. */
  private line(depth: number): void {
    if (this.isBehindDash) this.out.byte(BLANK);
    else if (!this.isEmpty) this.out.line(2 * depth);
    this.isEmpty = false;
    this.isBehindDash = false;
  }
}

const BLANK = 32;
const DASH = 45;
const COLON = 58;

/**
 * One YAML document for a JSON value, ending in a newline. Members that are `undefined` are left out, in arrays they are null;
 * -0 is written as 0, as JSON does.
 * @throws TypeError for values that JSON cannot hold (functions, symbols, bigints)
 */
export function writeYaml(value: unknown): string {
  const out = new ByteWriter(4096);
  const writer = new YamlWriter(out);
  // A scalar stands at depth 1: a literal block at the left edge could hold "---".
  writeValue(writer, value, typeof value === 'object' ? 0 : 1);
  writer.end();
  return out.toString();
}

/** Several documents, separated by "---". */
export function writeYamlDocuments(values: readonly unknown[]): string {
  return values.map((value) => writeYaml(value)).join('---\n');
}

function writeValue(writer: YamlWriter, value: unknown, depth: number): void {
  switch (typeof value) {
    case 'string':
      writer.text(value, depth);
      break;
    case 'number':
      writer.number(value);
      break;
    case 'boolean':
      writer.word(value ? 'true' : 'false');
      break;
    case 'undefined':
      writer.word('null');
      break;
    case 'object':
      if (value === null) writer.word('null');
      else if (Array.isArray(value)) writeSequence(writer, value, depth);
      else writeMapping(writer, value as Record<string, unknown>, depth);
      break;
    default:
      throw new TypeError(`YAML cannot hold a ${typeof value}`);
  }
}

function writeMapping(writer: YamlWriter, value: Record<string, unknown>, depth: number): void {
  let isEmpty = true;
  for (const key of Object.keys(value)) {
    const member = value[key];
    if (member === undefined) continue;
    isEmpty = false;
    writer.key(key, depth);
    writeValue(writer, member, depth + 1);
  }
  if (isEmpty) writer.emptyMapping();
}

function writeSequence(writer: YamlWriter, value: readonly unknown[], depth: number): void {
  for (const member of value) {
    writer.item(depth);
    writeValue(writer, member, depth + 1);
  }
  if (value.length === 0) writer.emptySequence();
}

const LONGEST_KEY = 1000;
const KEYS = new EncodedKeys((key) => `${keyText(key)}:`);

function keyText(key: string): string {
  return isPlain(key) ? key : quoted(key);
}

function text(value: string, depth: number): string {
  if (isPlain(value)) return value;
  return value.includes('\n') && isLiteral(value) ? literal(value, depth) : quoted(value);
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

/** Bytes that may follow each other in any order behind a letter, and those with which nothing but a plain text or a word begins. */
const INSIDE = new Uint8Array(256);
const FIRST = new Uint8Array(256);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_/') {
  INSIDE[character.charCodeAt(0)] = 1;
  FIRST[character.charCodeAt(0)] = 1;
}
for (const character of '-0123456789.@%+,=~^$()*;!?&|<>\\\'"`') INSIDE[character.charCodeAt(0)] = 1;
/** First letters of WORDS, of those that are short and of those of any length. */
const SHORT_WORDS = new Uint8Array(256);
for (const character of 'YyNnOoTtFfIi') SHORT_WORDS[character.charCodeAt(0)] = 1;
for (const character of 'Ee') FIRST[character.charCodeAt(0)] = 0;

/** What `isPlain` says of most texts, told by their bytes; where this is false `isPlain` decides. */
function isSurelyPlain(bytes: Uint8Array, start: number, end: number): boolean {
  const first = bytes[start] as number;
  const length = end - start;
  if (length === 0 || length >= LONGEST_PLAIN || FIRST[first] === 0) return false;
  if (length <= 5 && SHORT_WORDS[first] === 1) return false;
  for (let at = start + 1; at < end; at++) {
    const byte = bytes[at] as number;
    if (INSIDE[byte] === 1) continue;
    // As in an image: no blank behind it and not the end.
    if (byte !== COLON || at + 1 === end || bytes[at + 1] === BLANK) return false;
  }
  return true;
}

const LONGEST_PLAIN = 400;

function isPlain(text: string): boolean {
  const first = text.charCodeAt(0);
  if (first >= 48 && first <= 57) return QUANTITY.test(text);
  return text.length < LONGEST_PLAIN && PLAIN.test(text) && !WORDS.test(text);
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
  const lead = `\n${'  '.repeat(depth)}`;
  const body = text.replace(/\n+$/, '');
  const breaks = text.length - body.length;
  const lines = body.split('\n').map((line) => (line === '' ? '\n' : lead + line));
  const header = breaks === 0 ? '|-' : breaks === 1 ? '|' : '|+';
  return header + lines.join('') + '\n'.repeat(Math.max(0, breaks - 1));
}
