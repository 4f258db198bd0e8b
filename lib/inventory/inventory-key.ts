import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

const KEY_BYTES = 32;

/** Where the key of a cluster without inventory waits for its first apply. */
function keyFile(stateFolder: string, platformId: string, clusterUid: string): string {
  return path.join(stateFolder, 'keys', `${platformId}.${clusterUid}`);
}

/**
 * The HMAC key for a cluster that holds no inventory yet: made once per platform and cluster, kept in the state folder with mode 0600 so that a plan
 * and its apply agree on it, moved into the inventory by the first apply.
 * @param stateFolder the project's `.orrery` folder.
 */
export async function waitingKey(stateFolder: string, platformId: string, clusterUid: string): Promise<Uint8Array> {
  const file = keyFile(stateFolder, platformId, clusterUid);
  const known = await readKey(file);
  if (known !== undefined) return known;
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const key = randomBytes(KEY_BYTES);
  // A link appears whole or not at all: of processes that come at the same time exactly one wins, and nobody reads half a key.
  const draft = `${file}.${key.toString('hex', 0, 8)}`;
  await writeFile(draft, key.toString('hex'), { mode: 0o600, flag: 'wx' });
  try {
    await link(draft, file);
    return key;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const other = await readKey(file);
    if (other === undefined) throw new Error(`${file} holds no key; delete it`, { cause: error });
    return other;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Removes the waiting key once the inventory holds it. One that cannot be removed (a read-only folder) is never asked for again. */
export async function forgetWaitingKey(stateFolder: string, platformId: string, clusterUid: string): Promise<void> {
  await rm(keyFile(stateFolder, platformId, clusterUid), { force: true }).catch(() => undefined);
}

async function readKey(file: string): Promise<Uint8Array | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return new RegExp(`^[0-9a-f]{${KEY_BYTES * 2}}$`).test(text.trim()) ? Buffer.from(text.trim(), 'hex') : undefined;
}
