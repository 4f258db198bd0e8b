import { lstatSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { errorCode } from '../cluster/transport.ts';
import { OrreryError } from '../errors.ts';
import { writeFileAtomically } from '../files/write-file-atomically.ts';

/**
 * Content of a manifest.
 * @param file relative to the folder, forward slashes
 * @returns undefined when there is none
 * @throws OrreryError ORR4001 for what is no plain file inside the folder (a symbolic link may lead anywhere)
 */
export function readManifest(directory: string, file: string): Buffer | undefined {
  if (!isPlainFile(directory, file)) return undefined;
  return readFileSync(path.join(directory, file));
}

/** Writes a manifest in one step; `mode` as in chmod. */
export function writeManifest(directory: string, file: string, text: string, mode: number): void {
  isPlainFile(directory, file);
  const absolute = path.join(directory, file);
  mkdirSync(path.dirname(absolute), { recursive: true });
  writeFileAtomically(absolute, text, mode);
}

/** Removes a manifest, and its folder when that is empty now. */
export function deleteManifest(directory: string, file: string): void {
  if (!isPlainFile(directory, file)) return;
  const absolute = path.join(directory, file);
  rmSync(absolute);
  try {
    if (path.dirname(absolute) !== directory) rmdirSync(path.dirname(absolute));
  } catch {
    // Something else is in it.
  }
}

/** Removes what a killed apply may have left beside its files. */
export function removeUnfinished(directory: string, files: Iterable<string>): void {
  const byFolder = Map.groupBy(files, (file) => path.posix.dirname(file));
  for (const [folder, members] of byFolder) {
    const names = new Set(members.map((file) => path.posix.basename(file)));
    for (const name of namesIn(path.join(directory, folder))) {
      const finished = /^(.+)\.\d+\.[0-9a-f]{8}\.tmp$/.exec(name)?.[1];
      if (finished !== undefined && names.has(finished)) rmSync(path.join(directory, folder, name), { force: true });
    }
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Whether the file is there. */
function isPlainFile(directory: string, file: string): boolean {
  const parts = file.split('/');
  for (let depth = 1; depth <= parts.length; depth++) {
    const step = path.join(directory, ...parts.slice(0, depth));
    const expected = depth === parts.length ? 'file' : 'folder';
    const found = kindOf(step);
    if (found === undefined) return false;
    if (found !== expected) {
      throw new OrreryError(
        'ORR4001',
        `${step} is ${found === 'link' ? 'a symbolic link' : `a ${found}`}, not a ${expected}.`,
        {
          source: step,
          fix: 'Move it away: in a target folder manifests are plain files in plain folders.',
        },
      );
    }
  }
  return true;
}

function kindOf(step: string): 'file' | 'folder' | 'link' | 'special file' | undefined {
  try {
    const found = lstatSync(step);
    if (found.isSymbolicLink()) return 'link';
    if (found.isDirectory()) return 'folder';
    return found.isFile() ? 'file' : 'special file';
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT') return undefined;
    throw error;
  }
}
