import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isOrreryError, OrreryError, type Where } from '../errors.ts';
import { fileIdentity } from '../files/find-executable.ts';
import { checkHelmVersion, type HelmBinary, locateHelm } from './find-helm.ts';
import type { HelmOptions } from './helm-options.ts';
import { RenderCache } from './render-cache.ts';
import { runHelm } from './run-helm.ts';

/**
 * The helm to use, and its version; a binary that was asked before is not asked again.
 * @param where the first release that needs it
 * @throws OrreryError ORR2301 when there is none, or it is too old
 */
export async function helmBinary(options: HelmOptions, where: Where): Promise<HelmBinary> {
  const file = await locateHelm(options.helmBinary, options.searchPath).catch((error: unknown) => {
    if (!isOrreryError(error)) throw error;
    const { path: release, source } = where;
    throw new OrreryError(error.code, error.message, { path: release, source, fix: error.fix, cause: error });
  });
  const cache = new RenderCache(options.cacheFolder);
  const identity = await fileIdentity(file);
  const known = await cache.helmVersion(identity);
  if (known !== undefined) return { file, version: Promise.resolve(known), isKnown: true };
  const version = askVersion(file, identity, options, cache);
  version.catch(() => undefined);
  return { file, version, isKnown: false };
}

async function askVersion(file: string, identity: string, options: HelmOptions, cache: RenderCache): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'orrery-helm-'));
  try {
    const run = {
      binary: file,
      args: ['version', '--template', '{{.Version}}'],
      cwd: folder,
      home: path.join(folder, 'helm-home'),
    };
    const { stdout } = await runHelm(
      run,
      options,
      {},
      (stderr) => new OrreryError('ORR2301', `${file} fails: ${stderr.trim()}`),
    );
    const version = checkHelmVersion(file, stdout);
    await cache.keepHelmVersion(identity, version);
    return version;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
