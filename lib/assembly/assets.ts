import { lstat, readdir, readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import type { AssetManifest } from '@orrery/constructs/assembly-format';
import { OrreryError } from '../errors.ts';
import { sha256 } from '../kubernetes/canonical.ts';

/** Bytes that an asset may hold in all: what helm allows a chart (helm/helm: pkg/chart/loader/archive). */
const MAX_ASSET_BYTES = 100 * 1024 * 1024;

/** The files and folders of an assembly, verified by content whenever they are first used. */
export class Assets {
  readonly #folder: string;
  readonly #verified = new Map<string, Promise<string>>();

  /** @param folder the assembly's folder */
  constructor(folder: string) {
    this.#folder = path.join(folder, 'assets');
  }

  /** Absolute path of the folder that holds them, each under its sha256. */
  get folder(): string {
    return this.#folder;
  }

  /**
   * Absolute path of a file or folder that holds what was written.
   * @throws OrreryError ORR2104
   */
  path(asset: AssetManifest): Promise<string> {
    let verified = this.#verified.get(asset.sha256);
    if (verified === undefined) {
      verified = verify(path.join(this.#folder, asset.sha256), asset);
      this.#verified.set(asset.sha256, verified);
    }
    return verified;
  }

  /**
   * Bytes of a file.
   * @throws OrreryError ORR2104
   */
  async bytes(asset: AssetManifest): Promise<Buffer> {
    const bytes = await readFile(await this.path(asset)).catch((cause: unknown) => {
      throw changed(asset, 'cannot be read as a file', cause);
    });
    if (sha256(bytes) !== asset.sha256) throw changed(asset, 'changed while it was read');
    return bytes;
  }
}

async function verify(location: string, asset: AssetManifest): Promise<string> {
  const real = await realpath(location).catch((cause: unknown) => {
    throw changed(asset, 'is missing', cause);
  });
  const status = await lstat(location);
  const budget = { left: MAX_ASSET_BYTES };
  const digest = status.isDirectory()
    ? await folderDigest(real, asset, budget)
    : await fileDigest(location, asset, budget);
  if (digest !== asset.sha256) throw changed(asset, 'is not the one that was written');
  return real;
}

async function folderDigest(folder: string, asset: AssetManifest, budget: Budget): Promise<string> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const names: string[] = [];
  for (const entry of files) {
    if (entry.isDirectory()) continue;
    names.push(path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'));
  }
  names.sort();
  let list = '';
  for (const name of names) list += `${name}\0${await fileDigest(path.join(folder, name), asset, budget)}\n`;
  return sha256(list);
}

interface Budget {
  left: number;
}

async function fileDigest(file: string, asset: AssetManifest, budget: Budget): Promise<string> {
  const status = await lstat(file);
  if (!status.isFile()) throw changed(asset, 'holds a link or a device, which are never written');
  budget.left -= status.size;
  if (budget.left < 0) throw changed(asset, `is larger than ${MAX_ASSET_BYTES / 1024 / 1024} MiB`);
  return sha256(await readFile(file));
}

function changed(asset: AssetManifest, what: string, cause?: unknown): OrreryError {
  return new OrreryError('ORR2104', `the assembly's copy of ${asset.source} ${what}`, {
    source: `assets/${asset.sha256}`,
    fix: 'Write the assembly again with "orrery synth"; never edit its files.',
    cause,
  });
}
