import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { RenderedChart } from './helm-output.ts';

/**
 * What was rendered before, by content: one JSON file per key, mode 0600 in a folder of mode 0700, since rendered charts hold secrets.
 * Whatever cannot be read counts as absent; what cannot be written is not kept.
 */
export class RenderCache {
  readonly #folder: string | undefined;

  /** @param folder undefined: nothing is kept */
  constructor(folder: string | undefined) {
    this.#folder = folder;
  }

  async rendered(key: string): Promise<RenderedChart | undefined> {
    const entry = await this.#read(`rendered-${key}.json`);
    return isRenderedChart(entry) ? entry : undefined;
  }

  keepRendered(key: string, chart: RenderedChart): Promise<void> {
    return this.#write(`rendered-${key}.json`, chart);
  }

  /** Version of the helm binary with this identity. */
  async helmVersion(identity: string): Promise<string | undefined> {
    const entry = (await this.#read('helm-version.json')) as { identity?: unknown; version?: unknown } | undefined;
    return entry?.identity === identity && typeof entry.version === 'string' ? entry.version : undefined;
  }

  keepHelmVersion(identity: string, version: string): Promise<void> {
    return this.#write('helm-version.json', { identity, version });
  }

  async #read(name: string): Promise<unknown> {
    if (this.#folder === undefined) return undefined;
    try {
      return JSON.parse(await readFile(path.join(this.#folder, name), 'utf8'));
    } catch {
      return undefined;
    }
  }

  async #write(name: string, value: unknown): Promise<void> {
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

function isRenderedChart(value: unknown): value is RenderedChart {
  const chart = value as Partial<RenderedChart> | null | undefined;
  return Array.isArray(chart?.objects) && Array.isArray(chart.hooks) && Array.isArray(chart.warnings);
}
