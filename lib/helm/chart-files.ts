import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { type ChartFile, isGzip, readChartArchive } from './chart-archive.ts';

/**
 * All files of a chart, archives of subcharts included ("charts/cache-1.0.0.tgz/templates/x.yaml").
 * @param location a folder or an archive
 * @param wanted by name; those of others need not be read. Default: all.
 * @throws HostileArchive for an archive that helm must not see
 */
export async function chartFiles(
  location: string,
  wanted: (name: string) => boolean = () => true,
): Promise<ChartFile[]> {
  const own = (await stat(location)).isDirectory()
    ? await folderFiles(location, (name) => wanted(name) || SUBCHART.test(name))
    : readChartArchive(await readFile(location));
  return own.flatMap((file) => withSubcharts(file, 0)).filter(({ name }) => wanted(name));
}

const nameIn = (folder: string, file: string) => path.relative(folder, file).split(path.sep).join('/');

async function folderFiles(folder: string, wanted: (name: string) => boolean): Promise<ChartFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  return Promise.all(
    files
      .map((file) => ({ file, name: nameIn(folder, file) }))
      .filter(({ name }) => wanted(name))
      .map(async ({ file, name }) => ({ name, bytes: await readFile(file) })),
  );
}

/** A chart, folder or archive, right below charts/. */
const SUBCHART = /(^|\/)charts\/[^/]+$/;
const DEEPEST_SUBCHART = 8;

function withSubcharts(file: ChartFile, depth: number): ChartFile[] {
  if (depth > DEEPEST_SUBCHART || !SUBCHART.test(file.name) || !isGzip(file.bytes)) return [file];
  return readChartArchive(file.bytes).flatMap(({ name, bytes }) =>
    withSubcharts({ name: `${file.name}/${name}`, bytes }, depth + 1),
  );
}
