import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { type ChartFile, isGzip, readChartArchive } from './chart-archive.ts';

/**
 * All files of a chart, archives of subcharts included ("charts/cache-1.0.0.tgz/templates/x.yaml").
 * @param location a folder or an archive
 * @throws HostileArchive for an archive that helm must not see
 */
export async function chartFiles(location: string): Promise<ChartFile[]> {
  const own = (await stat(location)).isDirectory()
    ? await folderFiles(location)
    : readChartArchive(await readFile(location));
  return own.flatMap((file) => withSubcharts(file, 0));
}

async function folderFiles(folder: string): Promise<ChartFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => {
        const file = path.join(entry.parentPath, entry.name);
        return { name: path.relative(folder, file).split(path.sep).join('/'), bytes: await readFile(file) };
      }),
  );
}

const DEEPEST_SUBCHART = 8;

function withSubcharts(file: ChartFile, depth: number): ChartFile[] {
  if (depth > DEEPEST_SUBCHART || !/(^|\/)charts\/[^/]+$/.test(file.name) || !isGzip(file.bytes)) return [file];
  return readChartArchive(file.bytes).flatMap(({ name, bytes }) =>
    withSubcharts({ name: `${file.name}/${name}`, bytes }, depth + 1),
  );
}
