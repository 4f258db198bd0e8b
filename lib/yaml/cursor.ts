import type { Fail } from './source-text.ts';

export const TAB = 0x09;
export const LINE_FEED = 0x0a;
export const SPACE = 0x20;

/** A place in a normalised text (line feeds are its only breaks) that knows its line and column. */
export class Cursor {
  readonly text: string;
  readonly fail: Fail;
  offset = 0;
  /** 0-based. */
  line = 0;
  lineStart = 0;

  constructor(text: string, fail: Fail) {
    this.text = text;
    this.fail = fail;
  }

  /** 0-based. */
  get column(): number {
    return this.offset - this.lineStart;
  }

  get atEnd(): boolean {
    return this.offset >= this.text.length;
  }

  /** Code unit some places ahead; NaN past the end. */
  code(ahead = 0): number {
    return this.text.charCodeAt(this.offset + ahead);
  }

  /** Whether a blank, a break or the end stands some places ahead. */
  isGap(ahead = 0): boolean {
    const code = this.code(ahead);
    return code === SPACE || code === LINE_FEED || code === TAB || Number.isNaN(code);
  }

  isBlank(): boolean {
    const code = this.code();
    return code === SPACE || code === TAB;
  }

  /** Steps over a line feed. */
  newLine(): void {
    this.offset++;
    this.line++;
    this.lineStart = this.offset;
  }

  /** Offset of the next line feed, or the end. */
  lineEnd(): number {
    const found = this.text.indexOf('\n', this.offset);
    return found < 0 ? this.text.length : found;
  }

  /** Steps over blanks and a comment, up to the line feed or the end; something else there is an error. */
  restOfLine(what: string): void {
    while (this.isBlank()) this.offset++;
    if (this.code() === 0x23 /* # */) this.offset = this.lineEnd();
    if (!this.atEnd && this.code() !== LINE_FEED) this.fail(this.offset, `${what} must be followed by a line break`);
  }

  /** Whether "---" or "..." stands alone at the start of a line: the end of a document, whatever surrounds it. */
  atDocumentMarker(): boolean {
    if (this.offset !== this.lineStart) return false;
    const code = this.code();
    if (code !== 0x2d /* - */ && code !== 0x2e /* . */) return false;
    return this.code(1) === code && this.code(2) === code && this.isGap(3);
  }
}
