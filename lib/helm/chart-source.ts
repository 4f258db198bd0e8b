import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { HelmChartManifest } from '@orrery/constructs/assembly-format';
import type { Assets } from '../assembly/assets.ts';
import { OrreryError, type Where } from '../errors.ts';
import { sha256 } from '../kubernetes/canonical.ts';
import { HostileArchive, isGzip, readChartArchive } from './chart-archive.ts';
import { pullArguments, type RepositoryChart } from './release-arguments.ts';
import type { HelmOutput } from './run-helm.ts';

/** A chart that helm may be given. */
export interface ChartSource {
  /** Digest of its content. */
  readonly digest: string;
  /** For messages: "charts/storefront" or "https://charts.example.com/gateway 4.11.3". The second is the name of a chart of a repository in `orrery.lock`, too. */
  readonly description: string;
  /** It comes from a repository: nothing but its digest says that it is the same as last time. */
  readonly isFetched: boolean;
  /** Absolute path of the folder or archive, checked. */
  readonly location: () => Promise<string>;
}

/** Runs `helm pull` with these arguments. */
export type Pull = (args: readonly string[], chart: RepositoryChart) => Promise<HelmOutput>;

/**
 * Where the chart of a release is: in the assembly, which names it by its digest, or in the folder of downloads, to which it is pulled once. A kept archive that is
 * not the one that is pinned is pulled again, for the pin may be newer.
 * @param downloads folder that keeps archives of repositories
 * @param pins sha256 of archives by `description`
 * @throws OrreryError ORR2306 for an archive that is not the one that is pinned
 */
export async function chartSource(
  chart: HelmChartManifest,
  assets: Assets,
  downloads: string,
  pull: Pull,
  where: Where,
  pins: ReadonlyMap<string, string> = new Map(),
): Promise<ChartSource> {
  const { asset, repository, name, version } = chart;
  if (asset !== undefined) {
    return {
      digest: asset.sha256,
      description: asset.source,
      isFetched: false,
      location: async () => {
        const location = await assets.path(asset);
        const bytes = await readFile(location).catch(() => undefined);
        if (bytes !== undefined) checkArchive(bytes, asset.source, where);
        return location;
      },
    };
  }
  if (repository === undefined || name === undefined || version === undefined) {
    throw new OrreryError('ORR2304', 'the release names neither a local chart nor one of a repository', where);
  }
  const pinned = { repository, name, version };
  const description = `${repository.replace(/\/+$/, '')}/${name} ${version}`;
  const archive = path.join(downloads, `${sha256([repository, name, version].join('\0'))}.tgz`);
  const pin = pins.get(description);
  const kept = await readFile(archive).catch(() => undefined);
  const isRight = kept !== undefined && (pin === undefined || sha256(kept) === pin);
  const bytes = isRight ? kept : await download(pinned, archive, downloads, pull, where);
  const digest = sha256(bytes);
  if (pin !== undefined && digest !== pin) {
    throw new OrreryError(
      'ORR2306',
      `${description} is not the chart that orrery.lock names: its sha256 is ${digest}, not ${pin}`,
      {
        ...where,
        fix: 'Somebody published another chart under this version: find out who and why. To take it, remove its line from orrery.lock.',
      },
    );
  }
  checkArchive(bytes, description, where);
  return { digest, description, isFetched: true, location: async () => archive };
}

/** Pulls into a folder of its own and moves the archive into place: a download that was cut off is never used. */
async function download(
  chart: RepositoryChart,
  archive: string,
  downloads: string,
  pull: Pull,
  where: Where,
): Promise<Buffer> {
  await mkdir(downloads, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(path.join(downloads, 'pull-'));
  try {
    await pull(pullArguments(chart, folder, where), chart);
    const pulled = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
    const [file] = pulled;
    if (file === undefined || pulled.length > 1)
      throw new OrreryError('ORR2302', `helm pull brought ${pulled.length} charts instead of one`, where);
    const bytes = await readFile(path.join(folder, file));
    await rename(path.join(folder, file), archive);
    return bytes;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function checkArchive(bytes: Buffer, description: string, where: Where): void {
  if (!isGzip(bytes))
    throw new OrreryError('ORR2304', `the chart ${description} is neither a folder nor a .tgz archive`, where);
  try {
    readChartArchive(bytes);
  } catch (error) {
    if (!(error instanceof HostileArchive)) throw error;
    throw new OrreryError('ORR2304', `the chart archive ${description} ${error.message}`, where);
  }
}
