import {
  Composer,
  type Document,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  type Pair,
  Parser,
  Schema,
} from 'yaml';
import { OrreryError } from '../errors.ts';
import type { Json } from '../kubernetes/object.ts';
import { Converter } from './convert.ts';
import { YAML_LIMITS } from './limits.ts';
import { decode, type Fail, normaliseText } from './source-text.ts';

/**
 * YAML in, as kubectl and helm read it (sigs.k8s.io/yaml over go-yaml v2), but with duplicate keys as errors. The `yaml` package
 * gives syntax and positions; every scalar, key, merge and alias is resolved here. Import this module dynamically: it loads `yaml`.
 */

export interface YamlDocument {
  /** The document as JSON. Documents without content and `null` are left out of the result. */
  readonly value: Json;
  /** 1-based line of its first content. */
  readonly line: number;
  /** 1-based line of the value at a path of keys and indexes (as far as the path exists in the text). */
  lineOf(path: readonly (string | number)[]): number;
  /** 1-based line of the key that ends a path of keys; of the value above it where there is no such key. */
  lineOfKey(path: readonly string[]): number;
}

export interface ReadYamlOptions {
  /** Name of the source in errors, e.g. "crds.yaml" or "shop/templates/cart.yaml". */
  readonly source: string;
  /** Said in errors after the position, e.g. "line of the rendered output". */
  readonly positionNote?: string | undefined;
}

const SCHEMA = new Schema({ schema: 'failsafe', resolveKnownTags: false, merge: false });
const OPTIONS = {
  schema: SCHEMA,
  uniqueKeys: false,
  strict: true,
  prettyErrors: false,
  keepSourceTokens: false,
  logLevel: 'silent',
} as const;

/**
 * Reads every document of a YAML (or JSON) text.
 * @throws OrreryError ORR2201 with "source:line:column" for syntax errors, duplicate keys, values that JSON cannot hold exactly, and
 * sources beyond `YAML_LIMITS`.
 */
export function readYaml(content: string | Uint8Array, options: ReadYamlOptions): YamlDocument[] {
  const lines = new LineCounter();
  const fail: Fail = (offset, what, fix) => {
    const { line, col } = lines.linePos(Math.max(0, offset));
    const at = `${options.source}:${Math.max(1, line)}:${Math.max(1, col)}`;
    const note = options.positionNote === undefined ? '' : ` (${options.positionNote})`;
    throw new OrreryError('ORR2201', `${what}${note}`, { source: at, fix });
  };
  const size = typeof content === 'string' ? Buffer.byteLength(content) : content.byteLength;
  if (size > YAML_LIMITS.bytes)
    fail(
      0,
      `the source holds ${mebibytes(size)} MiB of YAML, more than the ${mebibytes(YAML_LIMITS.bytes)} MiB that are read`,
    );
  const text = normaliseText(typeof content === 'string' ? content : decode(content, fail), lines, fail);
  const result: YamlDocument[] = [];
  for (const document of compose(text, lines, fail)) {
    const problem = document.errors[0];
    if (problem !== undefined) fail(problem.pos[0], problem.message);
    const contents = document.contents as Node | null;
    const value = new Converter(contents, text, fail).convert(contents);
    if (value === null || contents === null) continue;
    const lineAt = (node: Node): number => lines.linePos(node.range?.[0] ?? 0).line;
    result.push({
      value,
      line: lineAt(contents),
      lineOf: (path) => lineAt(nodeAt(contents, path)),
      lineOfKey: (path) => lineAt(keyAt(contents, path)),
    });
  }
  return result;
}

/** Lexer, parser and composer of `yaml` in a row, with the limits checked on every token: nothing is composed beyond them. */
function* compose(text: string, lines: LineCounter, fail: Fail): Generator<Document.Parsed> {
  const parser = new Parser(lines.addNewLine);
  const composer = new Composer(OPTIONS);
  let tokens = 0;
  let documents = 0;
  lines.addNewLine(0);
  for (const lexeme of new Lexer().lex(text)) {
    const at = parser.offset;
    if (lexeme.length > YAML_LIMITS.scalar)
      fail(at, `a value of ${mebibytes(lexeme.length)} MiB is more than any API server accepts`);
    if (++tokens > YAML_LIMITS.tokens)
      fail(at, `the source has more than ${YAML_LIMITS.tokens} tokens`, 'Split the file.');
    for (const token of parser.next(lexeme)) {
      for (const document of composer.next(token)) {
        if (++documents > YAML_LIMITS.documents)
          fail(at, `the source has more than ${YAML_LIMITS.documents} documents`, 'Split the file.');
        yield document as Document.Parsed;
      }
    }
    if (parser.stack.length > YAML_LIMITS.depth)
      fail(at, `the document nests more than ${YAML_LIMITS.depth} levels deep`);
  }
  for (const token of parser.end()) yield* composer.next(token) as Generator<Document.Parsed>;
  yield* composer.end(true, text.length) as Generator<Document.Parsed>;
}

function nodeAt(root: Node, path: readonly (string | number)[]): Node {
  let node = root;
  for (const step of path) {
    let next: unknown;
    if (isSeq(node) && typeof step === 'number') next = node.items[step];
    else if (isMap(node))
      next = (node.items as Pair<Node, Node>[]).find((pair) => isScalar(pair.key) && pair.key.source === step)?.value;
    if (next === undefined || next === null) return node;
    node = next as Node;
  }
  return node;
}

function keyAt(root: Node, path: readonly string[]): Node {
  const parent = nodeAt(root, path.slice(0, -1));
  if (!isMap(parent)) return parent;
  return (
    (parent.items as Pair<Node, Node>[])
      .map((pair) => pair.key)
      .find((key) => isScalar(key) && key.source === path.at(-1)) ?? parent
  );
}

function mebibytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1).replace(/\.0$/, '');
}
