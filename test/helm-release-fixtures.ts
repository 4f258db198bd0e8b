import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { HelmReleaseManifest } from '@orrery/constructs/assembly-format';
import { Assets } from '../lib/assembly/assets.ts';
import type { HelmOptions } from '../lib/helm/helm-options.ts';
import { HelmRenderer } from '../lib/helm/render-release.ts';
import { folderAsset, type TemporaryFolders } from './write-assembly.ts';

export const WHERE = { cluster: 'prod-sh', path: 'mall/shop', source: 'main.ts:12' };
export const CONTEXT = { kubeVersion: '1.36', apiVersions: [] };

/** A release and the folder of the assembly that holds its chart. */
interface ReleaseOfAssembly {
  readonly assembly: string;
  readonly release: HelmReleaseManifest;
}

/** A release of a chart folder, in an assembly's asset folder of its own. */
export function releaseOf(
  folders: TemporaryFolders,
  chart: string,
  more: Partial<HelmReleaseManifest> = {},
): ReleaseOfAssembly {
  const assembly = folders.make();
  return {
    assembly,
    release: {
      path: 'mall/shop',
      releaseName: 'shop',
      namespace: 'mall',
      chart: { asset: folderAsset(assembly, chart) },
      ...more,
    },
  };
}

/** Renders one release with a renderer of its own. */
export async function render(
  { assembly, release }: ReleaseOfAssembly,
  options: HelmOptions,
  context: { kubeVersion: string | undefined; apiVersions: string[] } = CONTEXT,
) {
  const renderer = new HelmRenderer(new Assets(assembly), options);
  try {
    return await renderer.render(release, context, WHERE);
  } finally {
    await renderer.close();
  }
}

/** A helm that writes down how it is called, then does what helm does. */
export function recordingHelm(
  folders: TemporaryFolders,
  real: string,
): { file: string; calls: () => string[]; environment: () => string } {
  const folder = folders.make();
  const file = path.join(folder, 'helm');
  const log = path.join(folder, 'calls');
  const env = path.join(folder, 'env');
  writeFileSync(
    file,
    `#!/bin/sh\nfor word in "$@"; do printf '%s|' "$word"; done >> '${log}'\necho >> '${log}'\n/usr/bin/env > '${env}'\nexec '${real}' "$@"\n`,
  );
  chmodSync(file, 0o755);
  const read = (name: string) => (existsSync(name) ? readFileSync(name, 'utf8') : '');
  return {
    file,
    calls: () =>
      read(log)
        .split('\n')
        .filter((line) => line !== ''),
    environment: () => read(env),
  };
}
