import { Cursor } from './cursor.ts';
import { YAML_LIMITS } from './limits.ts';
import type { MappingNode, Node, SequenceNode } from './node.ts';
import { Scanner, type Token, type TokenKind } from './scanner.ts';
import type { Fail } from './source-text.ts';

/** From tokens to trees, by the grammar of libyaml. A document without content gives an empty scalar. */
export function* parseDocuments(text: string, fail: Fail): Generator<Node> {
  const parser = new Parser(new Scanner(new Cursor(text, fail)), fail);
  for (let first = true; ; first = false) {
    const document = parser.document(first);
    if (document === undefined) return;
    yield document;
  }
}

const DEFAULT_TAGS = [
  { handle: '!', prefix: '!' },
  { handle: '!!', prefix: 'tag:yaml.org,2002:' },
] as const;

/** What may follow a document or stand in place of its content. */
const OUTSIDE: ReadonlySet<TokenKind> = new Set<TokenKind>([
  'directive',
  'document-start',
  'document-end',
  'stream-end',
]);
const AFTER_KEY: ReadonlySet<TokenKind> = new Set<TokenKind>(['key', 'value', 'block-end']);
const AFTER_ITEM: ReadonlySet<TokenKind> = new Set<TokenKind>(['-', 'key', 'value', 'block-end']);

class Parser {
  readonly #scanner: Scanner;
  readonly #fail: Fail;
  #anchors = new Map<string, Node>();
  #tags = new Map<string, string>();
  #depth = 0;

  constructor(scanner: Scanner, fail: Fail) {
    this.#scanner = scanner;
    this.#fail = fail;
  }

  document(first: boolean): Node | undefined {
    while (!first && this.#is('document-end')) this.#scanner.next();
    this.#anchors = new Map();
    this.#tags = new Map(DEFAULT_TAGS.map(({ handle, prefix }) => [handle, prefix]));
    const start = this.#scanner.peek();
    if (start.kind === 'stream-end') return undefined;
    let root: Node;
    if (first && !OUTSIDE.has(start.kind)) {
      root = this.#node(true, false);
    } else {
      while (this.#is('directive')) {
        const { directive } = this.#scanner.next();
        if (directive !== undefined) this.#tags.set(directive.handle, directive.prefix);
      }
      const marker = this.#scanner.next();
      if (marker.kind !== 'document-start')
        this.#fail(
          marker.offset,
          'something stands here that belongs to nothing above it',
          'Check the indentation, or start a new document with "---".',
        );
      root = OUTSIDE.has(this.#scanner.peek().kind) ? empty(marker.offset) : this.#node(true, false);
    }
    if (this.#is('document-end')) this.#scanner.next();
    return root;
  }

  /**
   * @param block whether a block collection may start here
   * @param indentless whether list items may stand at the column of the mapping around them
   */
  #node(block: boolean, indentless: boolean): Node {
    const { offset } = this.#scanner.peek();
    if (this.#is('alias')) return this.#alias(this.#scanner.next());
    let anchor: string | undefined;
    let tag: string | undefined;
    for (let token = this.#scanner.peek(); ; token = this.#scanner.peek()) {
      if (token.kind === 'anchor' && anchor === undefined) anchor = token.text;
      else if (token.kind === 'tag' && tag === undefined) tag = this.#tag(token);
      else break;
      this.#scanner.next();
    }
    const { kind } = this.#scanner.peek();
    if (kind === 'scalar') {
      const { text, plain } = this.#scanner.next();
      return this.#anchored(anchor, { kind: 'scalar', offset, text, plain, tag });
    }
    const isSequence = kind === '[' || (block && kind === 'block-sequence') || (indentless && kind === '-');
    if (isSequence || kind === '{' || (block && kind === 'block-mapping')) {
      const node: SequenceNode | MappingNode = isSequence
        ? { kind: 'sequence', offset, items: [] }
        : { kind: 'mapping', offset, pairs: [] };
      this.#anchored(anchor, node);
      if (++this.#depth > YAML_LIMITS.depth)
        this.#fail(offset, `the document nests more than ${YAML_LIMITS.depth} levels deep`);
      if (kind !== '-') this.#scanner.next();
      if (node.kind === 'mapping') kind === '{' ? this.#flowMapping(node) : this.#blockMapping(node);
      else if (kind === '[') this.#flowSequence(node);
      else kind === '-' ? this.#indentlessSequence(node) : this.#blockSequence(node);
      this.#depth--;
      return node;
    }
    if (anchor !== undefined || tag !== undefined) return this.#anchored(anchor, { ...empty(offset), tag });
    return this.#fail(this.#scanner.peek().offset, `a value is missing before ${wordFor(kind)}`);
  }

  /** An anchor counts from here on, inside its own node, too. */
  #anchored<T extends Node>(anchor: string | undefined, node: T): T {
    if (anchor !== undefined) this.#anchors.set(anchor, node);
    return node;
  }

  #alias({ offset, text: name }: Token): Node {
    const target = this.#anchors.get(name);
    if (target === undefined) return this.#fail(offset, `the alias *${name} names no anchor above it`);
    return { kind: 'alias', offset, name, target };
  }

  #tag({ text: handle, suffix, offset }: Token): string {
    if (handle === '') return suffix;
    const prefix = this.#tags.get(handle);
    return prefix === undefined ? this.#fail(offset, `the tag handle ${handle} is not declared`) : prefix + suffix;
  }

  #blockSequence({ items }: SequenceNode): void {
    while (this.#is('-')) {
      const { offset } = this.#scanner.next();
      items.push(this.#is('-') || this.#is('block-end') ? empty(offset) : this.#node(true, false));
    }
    this.#end('block-end', 'a list item ("- ") is missing, or the indentation is wrong');
  }

  #indentlessSequence({ items }: SequenceNode): void {
    while (this.#is('-')) {
      const { offset } = this.#scanner.next();
      items.push(AFTER_ITEM.has(this.#scanner.peek().kind) ? empty(offset) : this.#node(true, false));
    }
  }

  #blockMapping({ pairs }: MappingNode): void {
    while (this.#is('key')) {
      const { offset } = this.#scanner.next();
      const key = AFTER_KEY.has(this.#scanner.peek().kind) ? empty(offset) : this.#node(true, true);
      let value: Node = empty(this.#scanner.peek().offset);
      if (this.#is('value')) {
        const sign = this.#scanner.next();
        value = AFTER_KEY.has(this.#scanner.peek().kind) ? empty(sign.offset) : this.#node(true, true);
      }
      pairs.push({ key, value });
    }
    this.#end('block-end', 'a key is missing, or the indentation is wrong');
  }

  #flowSequence({ items }: SequenceNode): void {
    while (!this.#is(']')) {
      if (items.length > 0) this.#separator(']');
      if (this.#is(']')) break;
      if (this.#is('key'))
        items.push({ kind: 'mapping', offset: this.#scanner.peek().offset, pairs: [this.#flowPair(']')] });
      else items.push(this.#node(false, false));
    }
    this.#scanner.next();
  }

  #flowMapping({ pairs }: MappingNode): void {
    while (!this.#is('}')) {
      if (pairs.length > 0) this.#separator('}');
      if (this.#is('}')) break;
      if (this.#is('key')) {
        pairs.push(this.#flowPair('}'));
      } else {
        const key = this.#node(false, false);
        pairs.push({ key, value: empty(this.#scanner.peek().offset) });
      }
    }
    this.#scanner.next();
  }

  #flowPair(end: ']' | '}'): { key: Node; value: Node } {
    const { offset } = this.#scanner.next();
    const isMissing = (): boolean => this.#is(',') || this.#is(end);
    const key = this.#is('value') || isMissing() ? empty(offset) : this.#node(false, false);
    if (!this.#is('value')) return { key, value: empty(offset) };
    const sign = this.#scanner.next();
    return { key, value: isMissing() ? empty(sign.offset) : this.#node(false, false) };
  }

  #separator(end: ']' | '}'): void {
    if (this.#is(',')) this.#scanner.next();
    else
      this.#fail(
        this.#scanner.peek().offset,
        `a "," or "${end}" is missing before ${wordFor(this.#scanner.peek().kind)}`,
      );
  }

  #end(kind: TokenKind, otherwise: string): void {
    if (!this.#is(kind)) this.#fail(this.#scanner.peek().offset, otherwise);
    this.#scanner.next();
  }

  #is(kind: TokenKind): boolean {
    return this.#scanner.peek().kind === kind;
  }
}

function empty(offset: number): Node & { kind: 'scalar' } {
  return { kind: 'scalar', offset, text: '', plain: true, tag: undefined };
}

function wordFor(kind: TokenKind): string {
  if (kind === 'stream-end' || kind === 'document-end' || kind === 'document-start') return 'the end of the document';
  if (kind === 'block-end') return 'the end of the block';
  if (kind === 'scalar' || kind === 'alias' || kind === 'anchor' || kind === 'tag') return 'this value';
  if (kind === 'key' || kind === 'block-mapping') return 'this key';
  if (kind === 'value') return '":"';
  if (kind === 'block-sequence') return '"-"';
  return `"${kind}"`;
}
