import { createHash } from 'node:crypto';
import { type FSWatcher, readdirSync, readFileSync, statSync, watch } from 'node:fs';
import path from 'node:path';

/** Editors write a file in several steps, and git many files: the changes of such a moment are one. */
const QUIET_MS = 60;

/** Names that no program is written in. Others that begin with a dot are passed over too. */
const FOREIGN = 'node_modules';

/**
 * The files of a folder and its folders that change, moment by moment: `node_modules`, what begins with a dot and the given folders are passed over. A file
 * that is written again as it was is no change. Ends when the signal is aborted.
 * @param without absolute folders, e.g. the output of the program.
 * @yields names relative to the folder, with forward slashes
 */
export async function* folderChanges(
  folder: string,
  without: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<readonly string[]> {
  const watchers = new Map<string, FSWatcher>();
  const digests = new Map<string, string>();
  const touched = new Set<string>();
  let wake: (() => void) | undefined;
  const onEvent = (file: string): void => {
    touched.add(file);
    wake?.();
  };
  const follow = (): void => {
    const folders = foldersOf(folder, without);
    for (const [known, watcher] of watchers) if (!folders.includes(known)) watcher.close();
    for (const one of folders) {
      if (watchers.has(one)) continue;
      const watcher = watch(one, (_, name) => name !== null && onEvent(path.join(one, name)));
      watcher.on('error', () => watcher.close());
      watcher.on('close', () => watchers.delete(one));
      watchers.set(one, watcher);
      for (const file of filesOf(one)) if (!digests.has(file)) digests.set(file, digestOf(file));
    }
  };
  const stop = (): void => wake?.();
  signal.addEventListener('abort', stop);
  try {
    follow();
    while (!signal.aborted) {
      if (touched.size === 0) await new Promise<void>((resolve) => (wake = resolve));
      // Quiet for a moment: whoever writes is done.
      for (let size = -1; size !== touched.size && !signal.aborted; ) {
        size = touched.size;
        await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
      }
      const before = new Set(digests.keys());
      follow();
      const appeared = [...digests.keys()].filter((file) => !before.has(file));
      const candidates = new Set([...touched, ...appeared].filter((file) => isSource(file, without)));
      touched.clear();
      const changed = [...candidates].filter((file) => {
        const digest = digestOf(file);
        const same = (digests.get(file) ?? '') === digest && !appeared.includes(file);
        digests.set(file, digest);
        return !same;
      });
      if (changed.length > 0 && !signal.aborted)
        yield changed.map((file) => path.relative(folder, file).split(path.sep).join('/')).sort();
    }
  } finally {
    signal.removeEventListener('abort', stop);
    for (const watcher of watchers.values()) watcher.close();
  }
}

function isSource(file: string, without: readonly string[]): boolean {
  const name = path.basename(file);
  return !name.startsWith('.') && name !== FOREIGN && !without.includes(file);
}

function foldersOf(folder: string, without: readonly string[]): string[] {
  const inside = entriesOf(folder).filter((entry) => entry.isDirectory());
  const paths = inside.map(({ name }) => path.join(folder, name)).filter((one) => isSource(one, without));
  return [folder, ...paths.flatMap((one) => foldersOf(one, without))];
}

function filesOf(folder: string): string[] {
  return entriesOf(folder)
    .filter((entry) => entry.isFile())
    .map(({ name }) => path.join(folder, name));
}

/** A folder may go while it is looked at. */
function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** Above this size (bytes) a file that was touched counts as changed, without being read. */
const LARGE = 4 * 1024 * 1024;

/** '' where there is no such file. */
function digestOf(file: string): string {
  try {
    const { size, mtimeMs } = statSync(file);
    if (size > LARGE) return `${size} ${mtimeMs}`;
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch {
    return '';
  }
}
