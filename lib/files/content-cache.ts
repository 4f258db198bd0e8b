import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * What was made before, by everything it was made from: one file each, mode 0600 in a folder of mode 0700. What is made holds secrets, so a file is sealed with a key that follows, as its name does, from
 * what it was made from: whoever has that has the secrets anyway, and the folder alone gives nothing away.
 * Whatever cannot be read counts as absent; what cannot be written is not kept.
 */
export class ContentCache {
  readonly #folder: string | undefined;

  /** @param folder undefined: nothing is kept */
  constructor(folder: string | undefined) {
    this.#folder = folder;
  }

  /**
   * @param kind what is kept: the beginning of its file's name
   * @param from everything that it is made from, or a digest of that
   * @param keeps each: a file for everything that was made. last: one file, for what was made last.
   */
  async read(kind: string, from: string, keeps: 'each' | 'last' = 'each'): Promise<unknown> {
    if (this.#folder === undefined) return undefined;
    try {
      return JSON.parse(unsealed(await readFile(path.join(this.#folder, fileOf(kind, from, keeps))), from));
    } catch {
      return undefined;
    }
  }

  async write(kind: string, from: string, value: unknown, keeps: 'each' | 'last' = 'each'): Promise<void> {
    if (this.#folder === undefined) return;
    const name = fileOf(kind, from, keeps);
    const unfinished = path.join(this.#folder, `.${name}.${randomBytes(6).toString('hex')}`);
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await writeFile(unfinished, sealed(JSON.stringify(value), from), { mode: 0o600, flag: 'wx' });
      await rename(unfinished, path.join(this.#folder, name));
    } catch {
      await rm(unfinished, { force: true });
    }
  }
}

function digest(purpose: string, from: string): Buffer {
  return createHash('sha256').update(`${purpose} ${from}`).digest();
}

function fileOf(kind: string, from: string, keeps: 'each' | 'last'): string {
  return keeps === 'last' ? kind : `${kind}-${digest('name', from).toString('hex')}`;
}

/** What only somebody can read who has what it was made from. */
export function sealed(text: string, from: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, digest('contents', from), nonce);
  const contents = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), contents]);
}

/** Undoes `sealed`. @throws Error for what was sealed with another key, or changed since */
export function unsealed(bytes: Buffer, from: string): string {
  const options = { authTagLength: TAG_BYTES };
  const decipher = createDecipheriv(CIPHER, digest('contents', from), bytes.subarray(0, NONCE_BYTES), options);
  decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
}
