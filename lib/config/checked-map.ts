import { parseDuration } from '@orrery/constructs/duration';
import { OrreryError } from '../errors.ts';
import type { Json } from '../kubernetes/object.ts';
import type { YamlDocument } from '../yaml/read.ts';
import { nearestWord } from './nearest.ts';

/** A value of the file and where it stands. */
export interface Entry {
  readonly key: string;
  /** "targets.prod-sh.context". */
  readonly path: string;
  readonly steps: readonly string[];
  /** "cdk8s.yaml:12". */
  readonly source: string;
  readonly value: Json | undefined;
}

/** The whole file as an entry. */
export function fileEntry(document: YamlDocument | undefined, name: string): Entry {
  return { key: '', path: '', steps: [], source: name, value: document?.value };
}

/** Reads values out of a parsed YAML file; whatever is wrong is an ORR1002 with file and line. */
export class CheckedMap {
  readonly #document: YamlDocument | undefined;
  readonly #name: string;

  /** @param name the file as shown to people. */
  constructor(document: YamlDocument | undefined, name: string) {
    this.#document = document;
    this.#name = name;
  }

  /** Members of a map by key; null counts as an empty map. Unknown keys are refused when `known` is given. */
  entries(parent: Entry | undefined, known?: readonly string[]): ReadonlyMap<string, Entry> {
    const entries = new Map<string, Entry>();
    const value = parent?.value;
    if (parent === undefined || value === undefined || value === null) return entries;
    if (typeof value !== 'object' || Array.isArray(value)) {
      throw wrong(
        parent,
        parent.path === '' ? 'the file must be a map of keys' : `"${parent.path}" must be a map of keys`,
      );
    }
    for (const [key, member] of Object.entries(value)) {
      const steps = [...parent.steps, key];
      const line = this.#document?.lineOfKey(steps);
      const entry = {
        key,
        path: steps.join('.'),
        steps,
        source: line === undefined ? this.#name : `${this.#name}:${line}`,
        value: member,
      };
      if (known !== undefined && !known.includes(key)) throw unknownKey(entry, parent, known);
      entries.set(key, entry);
    }
    return entries;
  }
}

function unknownKey(entry: Entry, parent: Entry, known: readonly string[]): OrreryError {
  const meant = nearestWord(entry.key, known);
  const where = parent.path === '' ? '' : ` under "${parent.path}"`;
  const list = `Known keys: ${known.join(', ')}.`;
  return wrong(
    entry,
    `there is no key "${entry.key}"${where}`,
    meant === undefined ? list : `Did you mean "${meant}"? ${list}`,
  );
}

export function wrong(entry: Pick<Entry, 'source'>, what: string, fix?: string): OrreryError {
  return new OrreryError('ORR1002', what, { source: entry.source, fix });
}

/** @returns undefined when the key is missing or empty. */
export function text(entry: Entry | undefined): string | undefined {
  if (entry?.value === undefined || entry.value === null) return undefined;
  if (typeof entry.value !== 'string' || entry.value.trim() === '') {
    throw wrong(
      entry,
      `"${entry.path}" must be text`,
      'Put quotes around what looks like a number or a yes or no (y, no, on, …).',
    );
  }
  return entry.value;
}

/** A list of texts; a missing one is empty. */
export function texts(entry: Entry | undefined): string[] {
  const value = entry?.value;
  if (entry === undefined || value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw wrong(entry, `"${entry.path}" must be a list`, 'Write it like [one, two].');
  return value.flatMap((member) => text({ ...entry, value: member }) ?? []);
}

export function positiveInteger(entry: Entry | undefined, most: number): number | undefined {
  const value = entry?.value;
  if (entry === undefined || value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > most) {
    throw wrong(entry, `"${entry.path}" must be a whole number from 1 to ${most}`);
  }
  return value;
}

/** Milliseconds. */
export function duration(entry: Entry | undefined): number | undefined {
  const value = entry?.value;
  if (entry === undefined || value === undefined || value === null) return undefined;
  const milliseconds = typeof value === 'string' ? parseDuration(value) : undefined;
  if (milliseconds === undefined || milliseconds === 0) {
    throw wrong(entry, `"${entry.path}" must be a duration`, 'Write it like 90s, 5m, 24h or 7d.');
  }
  return milliseconds;
}
