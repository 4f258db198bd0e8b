import { rmSync } from 'node:fs';
import path from 'node:path';
import { DIRECTORY_INDEX, type DirectoryIndex } from '../cluster/directory-index.ts';
import { writeFileAtomically } from '../files/write-file-atomically.ts';

/** Writes the index of a target folder, one entry per line in the order of the files, so that a review shows what came and went; an empty one is removed. */
export function writeDirectoryIndex(directory: string, index: DirectoryIndex): void {
  const file = path.join(directory, DIRECTORY_INDEX);
  if (index.entries.length === 0) {
    rmSync(file, { force: true });
    return;
  }
  const { entries, ...head } = index;
  const lines = [...entries]
    .sort((a, b) => (a.file < b.file ? -1 : 1))
    .map((entry) => `    ${JSON.stringify(entry)}`)
    .join(',\n');
  const text = `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "entries": [\n${lines}\n  ]\n}\n`;
  writeFileAtomically(file, text, 0o644);
}
