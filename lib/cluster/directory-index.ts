import { readFileSync } from 'node:fs';
import path from 'node:path';
import { OrreryError } from '../errors.ts';
import { errorCode } from './transport.ts';

/** Name of the index in a target folder. */
export const DIRECTORY_INDEX = '.orrery.json';

/** What we wrote into a target folder. Files that are not listed are somebody else's and never touched. */
export interface DirectoryIndex {
  readonly format: 'orrery/directory';
  readonly version: 1;
  readonly platform: string;
  readonly cluster: string;
  /** Random, for life: the folder's identity, pinned like the uid of a cluster. */
  readonly id: string;
  readonly entries: readonly DirectoryEntry[];
}

export interface DirectoryEntry {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly apiVersion: string;
  /** Construct path that declared it. */
  readonly path: string;
  /** Relative to the folder, forward slashes. */
  readonly file: string;
  /** sha256 of the file as we wrote it; absent for Secrets, and while a write is only intended. */
  readonly sha256?: string | undefined;
  /** sha256 of the desired object that was written; absent likewise. */
  readonly desired?: string | undefined;
}

/**
 * @returns undefined when nothing was ever written there
 * @throws OrreryError ORR4006 when the index cannot be read or is malformed
 */
export function readDirectoryIndex(directory: string, cluster: string): DirectoryIndex | undefined {
  const file = path.join(directory, DIRECTORY_INDEX);
  const unusable = (what: string, cause?: unknown) =>
    new OrreryError('ORR4006', `The index ${file} ${what}.`, {
      cluster,
      cause,
      source: file,
      fix: 'Restore it from version control: without it nobody knows which files of the folder are ours.',
    });
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return undefined;
    throw unusable(`cannot be read (${errorCode(cause) ?? 'unknown error'})`, cause);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw unusable('is no JSON (a merge conflict?)');
  }
  const index = value as Partial<DirectoryIndex> | null;
  if (typeof index !== 'object' || index === null || index.format !== 'orrery/directory')
    throw unusable('is no index of ours');
  if (index.version !== 1)
    throw unusable(`has version ${JSON.stringify(index.version)}, which this version does not know`);
  const { platform, id, entries } = index;
  if (
    typeof platform !== 'string' ||
    typeof id !== 'string' ||
    id === '' ||
    typeof index.cluster !== 'string' ||
    !Array.isArray(entries)
  ) {
    throw unusable('lacks platform, cluster, id or entries');
  }
  for (const entry of entries) if (!isEntry(entry)) throw unusable('has a malformed entry');
  return index as DirectoryIndex;
}

function isEntry(value: unknown): value is DirectoryEntry {
  if (typeof value !== 'object' || value === null) return false;
  const entry = value as Record<string, unknown>;
  for (const field of ['group', 'kind', 'namespace', 'name', 'apiVersion', 'path', 'file']) {
    if (typeof entry[field] !== 'string') return false;
  }
  // An index comes from a repository that others write to: it must not lead out of the folder.
  const file = entry.file as string;
  const inside =
    !path.isAbsolute(file) &&
    !/[\\\0:]/.test(file) &&
    file.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
  return inside && file.endsWith('.yaml');
}
