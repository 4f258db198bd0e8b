import { type Document, isAlias, isMap, isScalar, type LineCounter, type Node, type YAMLMap } from 'yaml';
import { OrreryError } from '../errors.ts';
import { parseDuration } from './duration.ts';
import { nearestWord } from './nearest.ts';

/** A key of a map in the file, with what it holds. */
export interface Entry {
  readonly key: string;
  /** "targets.prod-sh.context". */
  readonly path: string;
  /** "cdk8s.yaml:12". */
  readonly source: string;
  readonly node: Node | null;
}

/** Reads values out of a parsed YAML document; whatever is wrong is an ORR1002 with file and line. */
export class YamlChecker {
  readonly #document: Document;
  readonly #lines: LineCounter;
  readonly #name: string;

  /** @param name the file as shown to people. */
  constructor(document: Document, lines: LineCounter, name: string) {
    this.#document = document;
    this.#lines = lines;
    this.#name = name;
  }

  source(node: Node | null | undefined): string {
    const offset = node?.range?.[0];
    return offset === undefined ? this.#name : `${this.#name}:${this.#lines.linePos(offset).line}`;
  }

  wrong(source: string, what: string, fix?: string): OrreryError {
    return new OrreryError('ORR1002', what, { source, fix });
  }

  /** Entries of a map by key; null counts as an empty map. Unknown keys are refused when `known` is given. */
  entries(node: Node | null, path: string, known?: readonly string[]): ReadonlyMap<string, Entry> {
    const map = this.#map(node, path);
    const entries = new Map<string, Entry>();
    for (const pair of map?.items ?? []) {
      const keyNode = pair.key as Node | null;
      const source = this.source(keyNode);
      const key = isScalar(keyNode) ? String(keyNode.value) : undefined;
      if (key === undefined) throw this.wrong(source, `a key under ${quoted(path)} is no text`);
      if (known !== undefined && !known.includes(key)) throw this.#unknownKey(key, path, source, known);
      entries.set(key, {
        key,
        path: path === '' ? key : `${path}.${key}`,
        source,
        node: this.#resolved(pair.value as Node | null),
      });
    }
    return entries;
  }

  #map(node: Node | null, path: string): YAMLMap | undefined {
    if (node === null || (isScalar(node) && node.value === null)) return undefined;
    if (!isMap(node))
      throw this.wrong(
        this.source(node),
        path === '' ? 'the file must be a map of keys' : `${quoted(path)} must be a map of keys`,
      );
    return node;
  }

  #resolved(node: Node | null): Node | null {
    return isAlias(node) ? (node.resolve(this.#document) ?? null) : node;
  }

  #unknownKey(key: string, path: string, source: string, known: readonly string[]): OrreryError {
    const meant = nearestWord(key, known);
    const where = path === '' ? '' : ` under "${path}"`;
    return this.wrong(
      source,
      `there is no key "${key}"${where}`,
      meant === undefined
        ? `Known keys: ${known.join(', ')}.`
        : `Did you mean "${meant}"? Known keys: ${known.join(', ')}.`,
    );
  }

  /** @returns undefined when the key is missing or empty. */
  text(entry: Entry | undefined): string | undefined {
    const value = this.#scalar(entry);
    if (entry === undefined || value === undefined) return undefined;
    if (typeof value !== 'string' || value.trim() === '')
      throw this.wrong(entry.source, `"${entry.path}" must be text`, 'Put quotes around it if it looks like a number.');
    return value;
  }

  positiveInteger(entry: Entry | undefined, most: number): number | undefined {
    const value = this.#scalar(entry);
    if (entry === undefined || value === undefined) return undefined;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > most) {
      throw this.wrong(entry.source, `"${entry.path}" must be a whole number from 1 to ${most}`);
    }
    return value;
  }

  /** Milliseconds. */
  duration(entry: Entry | undefined): number | undefined {
    const value = this.#scalar(entry);
    if (entry === undefined || value === undefined) return undefined;
    const milliseconds = typeof value === 'string' ? parseDuration(value) : undefined;
    if (milliseconds === undefined || milliseconds === 0) {
      throw this.wrong(entry.source, `"${entry.path}" must be a duration`, 'Write it like 90s, 5m, 24h or 7d.');
    }
    return milliseconds;
  }

  #scalar(entry: Entry | undefined): unknown {
    const node = entry?.node;
    if (entry === undefined || node === null || node === undefined) return undefined;
    if (!isScalar(node)) throw this.wrong(entry.source, `"${entry.path}" must be one value, not a map or list`);
    return node.value ?? undefined;
  }
}

function quoted(path: string): string {
  return path === '' ? 'the top level' : `"${path}"`;
}
