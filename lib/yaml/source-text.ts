/** Throws an ORR2201 that stands at an offset of the text. */
export type Fail = (offset: number, what: string, fix?: string) => never;

/** Text of UTF-8 bytes, or of UTF-16 with a byte order mark. */
export function decode(bytes: Uint8Array, fail: Fail): string {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return fail(0, `the source is not valid ${encoding.toUpperCase()}`, 'Save the file as UTF-8.');
  }
}

/**
 * What libyaml's reader refuses, and the two line separators that it takes for line breaks while everybody else does not
 * (written as all that is readable, negated).
 */
const UNREADABLE =
  /[^\t\n\r\u0020-\u007e\u0085\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u;

/**
 * The text with line feeds for all that libyaml takes for a break (CR, CR LF, NEL), and one at the end, which kubectl adds (apimachinery:
 * pkg/util/yaml, LineReader). Lines and columns stay what they are.
 */
export function normaliseText(source: string): string {
  let text = source.startsWith('\ufeff') ? source.slice(1) : source;
  if (text.includes('\r')) text = text.replace(/\r\n?/g, '\n');
  if (text.includes('\u0085')) text = text.replaceAll('\u0085', '\n');
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

export function refuseUnreadable(text: string, fail: Fail): void {
  const bad = UNREADABLE.exec(text);
  if (bad === null) return;
  const code = `U+${(bad[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  fail(
    bad.index,
    `the character ${code} must not stand in YAML as it is`,
    'Write it as an escape in a double-quoted string.',
  );
}
