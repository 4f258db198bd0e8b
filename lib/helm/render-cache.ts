import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { sha256 } from '../kubernetes/canonical.ts';
import type { RenderedChart } from './helm-output.ts';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * What was rendered before, by content: one file per key, mode 0600 in a folder of mode 0700. Rendered charts hold secrets, so that a file is sealed with a key that follows, as its name does, from what
 * the chart is rendered from: whoever has that has the values anyway, and the folder alone gives nothing away. Whatever cannot be read counts as absent; what cannot be written is not kept.
 */
export class RenderCache {
  readonly #folder: string | undefined;

  /** @param folder undefined: nothing is kept */
  constructor(folder: string | undefined) {
    this.#folder = folder;
  }

  /** @param key digest of everything that decides about the result */
  async rendered(key: string): Promise<RenderedChart | undefined> {
    const entry = await this.#read(fileOf(key), (bytes) => unsealed(bytes, key));
    return isRenderedChart(entry) ? entry : undefined;
  }

  keepRendered(key: string, chart: RenderedChart): Promise<void> {
    return this.#write(fileOf(key), sealed(JSON.stringify(chart), key));
  }

  /** Version of the helm binary with this identity. */
  async helmVersion(identity: string): Promise<string | undefined> {
    const entry = (await this.#read('helm-version.json', String)) as
      | { identity?: unknown; version?: unknown }
      | undefined;
    return entry?.identity === identity && typeof entry.version === 'string' ? entry.version : undefined;
  }

  keepHelmVersion(identity: string, version: string): Promise<void> {
    return this.#write('helm-version.json', JSON.stringify({ identity, version }));
  }

  async #read(name: string, textOf: (bytes: Buffer) => string): Promise<unknown> {
    if (this.#folder === undefined) return undefined;
    try {
      return JSON.parse(textOf(await readFile(path.join(this.#folder, name))));
    } catch {
      return undefined;
    }
  }

  async #write(name: string, contents: string | Uint8Array): Promise<void> {
    if (this.#folder === undefined) return;
    const unfinished = path.join(this.#folder, `.${name}.${randomBytes(6).toString('hex')}`);
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await writeFile(unfinished, contents, { mode: 0o600, flag: 'wx' });
      await rename(unfinished, path.join(this.#folder, name));
    } catch {
      await rm(unfinished, { force: true });
    }
  }
}

function fileOf(key: string): string {
  return `rendered-${sha256(`name ${key}`)}`;
}

function cipherKey(key: string): Buffer {
  return Buffer.from(sha256(`contents ${key}`), 'hex');
}

function sealed(text: string, key: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, cipherKey(key), nonce);
  const contents = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), contents]);
}

/** @throws Error for what was not sealed with this key, or changed since */
function unsealed(bytes: Buffer, key: string): string {
  const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
  const decipher = createDecipheriv(CIPHER, cipherKey(key), bytes.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  }).setAuthTag(tag);
  return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
}

function isRenderedChart(value: unknown): value is RenderedChart {
  const chart = value as Partial<RenderedChart> | null | undefined;
  return Array.isArray(chart?.objects) && Array.isArray(chart.hooks) && Array.isArray(chart.warnings);
}
