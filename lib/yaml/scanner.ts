import { type Cursor, LINE_FEED, SPACE, TAB } from './cursor.ts';
import { YAML_LIMITS } from './limits.ts';
import { scanAnchorName, scanDirective, scanTag, type TagDirective } from './scan-properties.ts';
import { scanBlockScalar, scanPlain, scanQuoted } from './scan-scalar.ts';

export type TokenKind =
  | 'directive'
  | 'document-start'
  | 'document-end'
  | 'stream-end'
  | 'block-sequence'
  | 'block-mapping'
  | 'block-end'
  | '['
  | ']'
  | '{'
  | '}'
  | ','
  | '-'
  | 'key'
  | 'value'
  | 'alias'
  | 'anchor'
  | 'tag'
  | 'scalar';

export interface Token {
  readonly kind: TokenKind;
  readonly offset: number;
  /** Text of a scalar, name of an anchor or alias, handle of a tag. */
  readonly text: string;
  /** Suffix of a tag. */
  readonly suffix: string;
  /** A scalar without quotes. */
  readonly plain: boolean;
  readonly directive: TagDirective | undefined;
}

/** A token behind which a ":" may make a key of everything since. */
interface PossibleKey {
  possible: boolean;
  /** In a block mapping, at its column: it must be a key. */
  readonly required: boolean;
  /** Running number of the token. */
  readonly token: number;
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

/** How far a key may reach before its ":" (YAML 1.2, 7.4.2). */
const LONGEST_KEY = 1024;

/**
 * Splits a text into tokens as libyaml does, whose block structure comes from three things: a stack of columns, the rule where a key may
 * start, and keys that are recognised only at their ":", upon which a token is put in before them.
 */
export class Scanner {
  readonly #cursor: Cursor;
  /** Tokens that are read ahead; the first `#head` are taken. */
  #queue: Token[] = [];
  #head = 0;
  #taken = 0;
  #indent = -1;
  readonly #indents: number[] = [];
  #flowDepth = 0;
  #keyAllowed = true;
  /** One per level of braces and brackets, and one below them. */
  readonly #keys: (PossibleKey | undefined)[] = [undefined];
  /** By token number: while the first token may turn out to be a key, more is read. */
  readonly #open = new Map<number, PossibleKey>();

  constructor(cursor: Cursor) {
    this.#cursor = cursor;
  }

  peek(): Token {
    while (this.#needsMore()) this.#fetch();
    return this.#queue[this.#head] as Token;
  }

  next(): Token {
    const token = this.peek();
    this.#head++;
    this.#taken++;
    if (this.#head === this.#queue.length) {
      this.#queue = [];
      this.#head = 0;
    }
    if (this.#taken > YAML_LIMITS.tokens)
      this.#cursor.fail(token.offset, `the source has more than ${YAML_LIMITS.tokens} tokens`, 'Split the file.');
    return token;
  }

  #needsMore(): boolean {
    if (this.#head === this.#queue.length) return true;
    const key = this.#open.get(this.#taken);
    return key !== undefined && this.#isStillPossible(key);
  }

  #isStillPossible(key: PossibleKey): boolean {
    if (!key.possible) return false;
    if (key.line === this.#cursor.line && key.offset + LONGEST_KEY >= this.#cursor.offset) return true;
    if (key.required) this.#missingColon(key);
    this.#forget(key);
    return false;
  }

  #missingColon(key: PossibleKey): never {
    return this.#cursor.fail(key.offset, 'a ":" is missing behind this key');
  }

  #forget(key: PossibleKey): void {
    key.possible = false;
    this.#open.delete(key.token);
  }

  #fetch(): void {
    const cursor = this.#cursor;
    this.#toNextToken();
    this.#closeBlocksAbove(cursor.column);
    const code = cursor.code();
    if (cursor.atEnd) {
      this.#endOfBlocks('stream-end');
    } else if (code === 0x25 /* % */ && cursor.column === 0) {
      this.#directive();
    } else if (cursor.atDocumentMarker()) {
      this.#endOfBlocks(code === 0x2d ? 'document-start' : 'document-end');
      cursor.offset += 3;
    } else if (!this.#fetchSign(code) && !this.#fetchScalar(code)) {
      const what = code === TAB ? 'a tab' : JSON.stringify(String.fromCodePoint(code));
      cursor.fail(
        cursor.offset,
        `${what} cannot start a value here`,
        code === TAB ? 'Indent with spaces.' : 'Quote the value.',
      );
    }
  }

  /** Signs of structure and properties of nodes. False when none stands here. */
  #fetchSign(code: number): boolean {
    const inFlow = this.#flowDepth > 0;
    const stands = inFlow || this.#cursor.isGap(1);
    switch (code) {
      case 0x5b: /* [ */
      case 0x7b /* { */:
        this.#openFlow(code === 0x5b ? '[' : '{');
        return true;
      case 0x5d: /* ] */
      case 0x7d /* } */:
        this.#closeFlow(code === 0x5d ? ']' : '}');
        return true;
      case 0x2c /* , */:
        this.#sign(',', true);
        return true;
      case 0x2d /* - */:
        if (!this.#cursor.isGap(1)) return false;
        if (!inFlow) this.#openBlock('block-sequence', 'a list item');
        this.#sign('-', true);
        return true;
      case 0x3f /* ? */:
        if (!stands) return false;
        if (!inFlow) this.#openBlock('block-mapping', 'a key');
        this.#sign('key', !inFlow);
        return true;
      case 0x3a /* : */:
        if (stands) this.#value();
        return stands;
      case 0x2a: /* * */
      case 0x26: /* & */
      case 0x21 /* ! */:
        this.#property(code);
        return true;
      default:
        return false;
    }
  }

  #property(code: number): void {
    const { offset } = this.#cursor;
    this.#mayStartKey();
    this.#keyAllowed = false;
    if (code === 0x21) {
      const { handle, suffix } = scanTag(this.#cursor);
      this.#add('tag', offset, handle, suffix);
    } else {
      this.#add(code === 0x2a ? 'alias' : 'anchor', offset, scanAnchorName(this.#cursor));
    }
  }

  /** False when no scalar can start here. */
  #fetchScalar(code: number): boolean {
    const cursor = this.#cursor;
    const { offset } = cursor;
    const inFlow = this.#flowDepth > 0;
    if ((code === 0x7c || code === 0x3e) /* | > */ && !inFlow) {
      this.#noKeyHere();
      this.#keyAllowed = true;
      this.#add('scalar', offset, scanBlockScalar(cursor, this.#indent));
      return true;
    }
    if (code === 0x27 || code === 0x22 /* ' " */) {
      this.#mayStartKey();
      this.#keyAllowed = false;
      this.#add('scalar', offset, scanQuoted(cursor));
      return true;
    }
    if (!this.#mayStartPlain(code, inFlow)) return false;
    this.#mayStartKey();
    const { text, endsLine } = scanPlain(cursor, this.#indent + 1, inFlow);
    this.#keyAllowed = endsLine;
    this.#add('scalar', offset, text, '', true);
    return true;
  }

  #mayStartPlain(code: number, inFlow: boolean): boolean {
    if (code === 0x2d) return !this.#cursor.isGap(1) || this.#cursor.code(1) === LINE_FEED;
    if (code === 0x3f || code === 0x3a) return !inFlow;
    return code !== TAB && !'|>%@`'.includes(String.fromCharCode(code));
  }

  /** Steps over blanks, comments and breaks. Tabs may separate, but not stand where a key could start. */
  #toNextToken(): void {
    const cursor = this.#cursor;
    for (;;) {
      for (
        let code = cursor.code();
        code === SPACE || (code === TAB && (this.#flowDepth > 0 || !this.#keyAllowed));
        code = cursor.code()
      )
        cursor.offset++;
      if (cursor.code() === 0x23 /* # */) cursor.offset = cursor.lineEnd();
      if (cursor.code() !== LINE_FEED) return;
      cursor.newLine();
      if (this.#flowDepth === 0) this.#keyAllowed = true;
    }
  }

  #add(kind: TokenKind, offset: number, text = '', suffix = '', plain = false, directive?: TagDirective): void {
    if (text.length > YAML_LIMITS.scalar)
      this.#cursor.fail(
        offset,
        `a value of ${Math.round(text.length / 1024 / 1024)} MiB is more than any API server accepts`,
      );
    this.#queue.push({ kind, offset, text, suffix, plain, directive });
  }

  /** A sign of one character. */
  #sign(kind: TokenKind, keyMayFollow: boolean): void {
    this.#noKeyHere();
    this.#keyAllowed = keyMayFollow;
    this.#add(kind, this.#cursor.offset);
    this.#cursor.offset++;
  }

  #openBlock(kind: 'block-sequence' | 'block-mapping', what: string): void {
    const { column, offset } = this.#cursor;
    if (!this.#keyAllowed) this.#cursor.fail(offset, `${what} cannot start here`);
    this.#indentTo(column, kind, offset, this.#queue.length);
  }

  /** Opens a collection when the column lies deeper than the one around it. @param at place in the queue */
  #indentTo(column: number, kind: 'block-sequence' | 'block-mapping', offset: number, at: number): void {
    if (this.#flowDepth > 0 || this.#indent >= column) return;
    this.#indents.push(this.#indent);
    this.#indent = column;
    this.#queue.splice(at, 0, { kind, offset, text: '', suffix: '', plain: false, directive: undefined });
  }

  #closeBlocksAbove(column: number): void {
    if (this.#flowDepth > 0) return;
    while (this.#indent > column) {
      this.#add('block-end', this.#cursor.offset);
      this.#indent = this.#indents.pop() ?? -1;
    }
  }

  /** What ends everything that is open. */
  #endOfBlocks(kind: TokenKind): void {
    this.#closeBlocksAbove(-1);
    this.#noKeyHere();
    this.#keyAllowed = false;
    this.#add(kind, this.#cursor.offset);
  }

  #directive(): void {
    const { offset } = this.#cursor;
    this.#closeBlocksAbove(-1);
    this.#noKeyHere();
    this.#keyAllowed = false;
    this.#add('directive', offset, '', '', false, scanDirective(this.#cursor));
  }

  #openFlow(kind: '[' | '{'): void {
    this.#mayStartKey();
    this.#keys.push(undefined);
    this.#flowDepth++;
    this.#keyAllowed = true;
    this.#add(kind, this.#cursor.offset);
    this.#cursor.offset++;
  }

  #closeFlow(kind: ']' | '}'): void {
    this.#noKeyHere();
    if (this.#flowDepth > 0) {
      this.#flowDepth--;
      this.#keys.pop();
    }
    this.#keyAllowed = false;
    this.#add(kind, this.#cursor.offset);
    this.#cursor.offset++;
  }

  #value(): void {
    const { column, offset } = this.#cursor;
    const key = this.#keys.at(-1);
    if (key !== undefined && this.#isStillPossible(key)) {
      const at = this.#head + key.token - this.#taken;
      this.#queue.splice(at, 0, {
        kind: 'key',
        offset: key.offset,
        text: '',
        suffix: '',
        plain: false,
        directive: undefined,
      });
      this.#indentTo(key.column, 'block-mapping', key.offset, at);
      this.#forget(key);
      this.#keyAllowed = false;
    } else {
      if (this.#flowDepth === 0) {
        if (!this.#keyAllowed)
          this.#cursor.fail(offset, 'a ":" cannot stand here', 'Quote the value in which it stands.');
        this.#indentTo(column, 'block-mapping', offset, this.#queue.length);
      }
      this.#keyAllowed = this.#flowDepth === 0;
    }
    this.#add('value', offset);
    this.#cursor.offset++;
  }

  /** The next token may be a key. */
  #mayStartKey(): void {
    if (!this.#keyAllowed) return;
    this.#noKeyHere();
    const { offset, line, column } = this.#cursor;
    const token = this.#taken + this.#queue.length - this.#head;
    const key = {
      possible: true,
      required: this.#flowDepth === 0 && this.#indent === column,
      token,
      offset,
      line,
      column,
    };
    this.#keys[this.#keys.length - 1] = key;
    this.#open.set(token, key);
  }

  /** What could have been a key on this level is none. */
  #noKeyHere(): void {
    const key = this.#keys.at(-1);
    if (key?.possible !== true) return;
    if (key.required) this.#missingColon(key);
    this.#forget(key);
  }
}
