import { lstat, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { identifyProcess, isSameProcessRunning, type ProcessIdentity } from '../files/process-identity.ts';

/** Folders with credentials are named so; what follows is random. */
export const FOLDER_PREFIX = 'orrery-native-';
const NAME = /^orrery-native-[A-Za-z0-9]{6}$/;

/** Who works with a folder, as processes: us, and a helm that may outlive us. */
const USERS = ['owner.json', 'helm.json'] as const;
/** After this long nobody is between making a folder and saying whose it is. */
const NASCENT_MS = 60 * 60_000;

/** Says in a folder which process works with it. */
export async function signFolder(folder: string, as: 'owner' | 'helm', pid: number): Promise<void> {
  const identity = identifyProcess(pid);
  if (identity === undefined) return;
  await writeFile(path.join(folder, `${as}.json`), JSON.stringify(identity), { mode: 0o600 });
}

/**
 * Removes folders of runs that were killed: of this user, with our name, and with nobody left who works with them. A helm that goes on after its orrery was killed keeps its folder. Fails for nothing: what
 * cannot be looked at or removed stays.
 * @param parent the folder for temporary files
 */
export async function removeLeftovers(parent: string, now = Date.now()): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  await Promise.all(
    names
      .filter((name) => NAME.test(name))
      .map(async (name) => {
        const folder = path.join(parent, name);
        if (await isLeftOver(folder, now).catch(() => false))
          await rm(folder, { recursive: true, force: true }).catch(() => undefined);
      }),
  );
}

async function isLeftOver(folder: string, now: number): Promise<boolean> {
  const found = await lstat(folder);
  // A link, a file, or what others may write to is none that we made.
  if (!found.isDirectory() || found.uid !== process.getuid?.() || (found.mode & 0o077) !== 0) return false;
  const [owner, helm] = await Promise.all(USERS.map((file) => identityIn(path.join(folder, file))));
  if ([owner, helm].some((one) => one !== undefined && isSameProcessRunning(one))) return false;
  if (owner === undefined) return now - found.mtimeMs > NASCENT_MS;
  // Killed while it started a helm that writes: whether that runs nobody knows.
  const startedHelm = helm === undefined && (await lstat(path.join(folder, 'stdout')).catch(() => undefined));
  return !startedHelm || now - found.mtimeMs > NASCENT_MS;
}

async function identityIn(file: string): Promise<ProcessIdentity | undefined> {
  try {
    const { pid, startedAt } = JSON.parse(await readFile(file, 'utf8')) as Partial<ProcessIdentity>;
    return typeof pid === 'number' && typeof startedAt === 'string' ? { pid, startedAt } : undefined;
  } catch {
    return undefined;
  }
}
