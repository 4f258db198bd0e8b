import { OrreryError } from '../errors.ts';
import type { Json } from '../kubernetes/object.ts';
import { Converter } from './convert.ts';
import { YAML_LIMITS } from './limits.ts';
import type { Node } from './node.ts';
import { parseDocuments } from './parse.ts';
import { decode, type Fail, normaliseText, refuseUnreadable } from './source-text.ts';

/**
 * YAML in, exactly as kubectl and helm read it (sigs.k8s.io/yaml over go-yaml v2, which is libyaml), but with duplicate keys as errors.
 *
 * A reader of our own, since none for JavaScript reads the same: by YAML 1.2 real CRDs are malformed (a quoted text whose second line is
 * not indented), and `yes`, `0400` or `22:22` are other values. It is also over ten times as fast as the `yaml` package, which its tests use as
 * a second judge beside Go's.
 */
export interface YamlDocument {
  /** The document as JSON. Documents without content and `null` are left out of the result. */
  readonly value: Json;
  /** 1-based line of its first content. */
  readonly line: number;
  /** 1-based line of the value at a path of keys and indexes (as far as the path exists in the text). */
  lineOf(path: readonly (string | number)[]): number;
  /** 1-based line of the key that ends a path of keys; of the map around it where there is no such key. */
  lineOfKey(path: readonly string[]): number;
}

export interface ReadYamlOptions {
  /** Name of the source in errors, e.g. "crds.yaml" or "shop/templates/cart.yaml". */
  readonly source: string;
  /** Said in errors after the message, e.g. "the line is that of the rendered text". */
  readonly positionNote?: string | undefined;
}

/**
 * Reads every document of a YAML (or JSON) text.
 * @throws OrreryError ORR2201 with "source:line:column" for syntax errors, duplicate keys, values that JSON cannot hold exactly, and
 * sources beyond `YAML_LIMITS`.
 */
export function readYaml(content: string | Uint8Array, options: ReadYamlOptions): YamlDocument[] {
  let text = '';
  const fail: Fail = (offset, what, fix) => {
    const { line, column } = placeOf(text, offset);
    const note = options.positionNote === undefined ? '' : ` (${options.positionNote})`;
    throw new OrreryError('ORR2201', `${what}${note}`, {
      source: `${options.source}:${line}:${column}`,
      fix: fix ?? 'Correct it there.',
    });
  };
  const size = typeof content === 'string' ? content.length : content.byteLength;
  if (size > YAML_LIMITS.bytes) {
    fail(
      0,
      `the source holds ${(size / 1024 / 1024).toFixed(1)} MiB of YAML, more than the ${YAML_LIMITS.bytes / 1024 / 1024} MiB that are read`,
      'Split the file.',
    );
  }
  text = normaliseText(typeof content === 'string' ? content : decode(content, fail));
  refuseUnreadable(text, fail);
  const result: YamlDocument[] = [];
  const lines = new LineIndex(text);
  let documents = 0;
  for (const root of parseDocuments(text, fail)) {
    if (++documents > YAML_LIMITS.documents)
      fail(root.offset, `the source has more than ${YAML_LIMITS.documents} documents`, 'Split the file.');
    const value = new Converter(fail).convert(root);
    if (value !== null)
      result.push({
        value,
        line: lines.lineAt(root.offset),
        lineOf: (path) => lines.lineAt(nodeAt(root, path).offset),
        lineOfKey: (path) => lines.lineAt(keyAt(root, path).offset),
      });
  }
  return result;
}

function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

/** Lines of offsets, found by bisection; made when first asked. */
class LineIndex {
  readonly #text: string;
  #starts: number[] | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  lineAt(offset: number): number {
    this.#starts ??= this.#findStarts();
    let low = 0;
    let high = this.#starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #findStarts(): number[] {
    const starts = [0];
    for (let at = this.#text.indexOf('\n'); at >= 0; at = this.#text.indexOf('\n', at + 1)) starts.push(at + 1);
    return starts;
  }
}

function nodeAt(root: Node, path: readonly (string | number)[]): Node {
  let node = root;
  for (const step of path) {
    const parent: Node = node.kind === 'alias' ? node.target : node;
    let next: Node | undefined;
    if (parent.kind === 'sequence' && typeof step === 'number') next = parent.items[step];
    else if (parent.kind === 'mapping')
      next = parent.pairs.find(({ key }) => key.kind === 'scalar' && key.text === step)?.value;
    if (next === undefined) return node;
    node = next;
  }
  return node;
}

function keyAt(root: Node, path: readonly string[]): Node {
  const node = nodeAt(root, path.slice(0, -1));
  const map = node.kind === 'alias' ? node.target : node;
  if (map.kind !== 'mapping') return map;
  return map.pairs.find(({ key }) => key.kind === 'scalar' && key.text === path.at(-1))?.key ?? map;
}
