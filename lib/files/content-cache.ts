import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * What was made before, by content: one JSON file per name, mode 0600 in a folder of mode 0700, since rendered objects hold secrets.
 * Whatever cannot be read counts as absent; what cannot be written is not kept.
 */
export class ContentCache {
  readonly #folder: string | undefined;

  /** @param folder undefined: nothing is kept */
  constructor(folder: string | undefined) {
    this.#folder = folder;
  }

  async read(name: string): Promise<unknown> {
    if (this.#folder === undefined) return undefined;
    try {
      return JSON.parse(await readFile(path.join(this.#folder, name), 'utf8'));
    } catch {
      return undefined;
    }
  }

  async write(name: string, value: unknown): Promise<void> {
    if (this.#folder === undefined) return;
    const unfinished = path.join(this.#folder, `.${name}.${randomBytes(6).toString('hex')}`);
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await writeFile(unfinished, JSON.stringify(value), { mode: 0o600, flag: 'wx' });
      await rename(unfinished, path.join(this.#folder, name));
    } catch {
      await rm(unfinished, { force: true });
    }
  }
}
