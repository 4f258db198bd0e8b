import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { OrreryError } from '../errors.ts';
import { writeFileAtomically } from '../files/write-file-atomically.ts';
import { record } from '../kubernetes/fields.ts';
import type { HelmChart } from './make-charts.ts';

/** Lists the charts for programs that install them, and says that the folder is ours. */
const INDEX = 'charts.json';
const FORMAT = 'orrery/charts';

/** Values of Secrets are for no repository. */
const IGNORE = '.gitignore';
const SECRETS_SUFFIX = '.secrets.yaml';

/**
 * Writes charts as <folder>/<cluster>/<chart>, with the values of their Secrets beside them (mode 0600). What an earlier run wrote there goes.
 * @throws OrreryError ORR1005 for a folder that holds files of somebody else
 */
export function writeCharts(folder: string, platform: string, charts: readonly HelmChart[]): void {
  const before = clustersWritten(folder);
  const clusters = [...new Set(charts.map(({ cluster }) => cluster))];
  mkdirSync(folder, { recursive: true });
  const fresh = mkdtempSync(path.join(path.dirname(folder), `.${path.basename(folder)}-new-`));
  try {
    for (const chart of charts) writeChart(fresh, chart);
    // Written first and last: whenever it ends in between, the next run knows every folder as ours.
    writeIndex(folder, platform, [...new Set([...before, ...clusters])], charts);
    writeFileAtomically(path.join(folder, IGNORE), `*${SECRETS_SUFFIX}\n`, 0o644);
    for (const cluster of before) rmSync(path.join(folder, cluster), { recursive: true, force: true });
    for (const cluster of clusters) renameSync(path.join(fresh, cluster), path.join(folder, cluster));
    writeIndex(folder, platform, clusters, charts);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

function writeChart(folder: string, { cluster, name, files, secretValues }: HelmChart): void {
  for (const [file, text] of files) {
    const target = path.join(folder, cluster, name, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
  if (secretValues !== undefined)
    writeFileSync(path.join(folder, cluster, name + SECRETS_SUFFIX), secretValues, { mode: 0o600 });
}

function writeIndex(folder: string, platform: string, clusters: readonly string[], charts: readonly HelmChart[]): void {
  const entries = charts.map(({ cluster, unit, name, version, namespace, secretValues, after, notes }) => ({
    cluster,
    unit,
    name,
    version,
    folder: `${cluster}/${name}`,
    ...(secretValues === undefined ? {} : { secretValues: `${cluster}/${name}${SECRETS_SUFFIX}` }),
    namespace,
    after,
    notes,
  }));
  const index = { format: FORMAT, version: '1.0', platform, clusters, charts: entries };
  writeFileAtomically(path.join(folder, INDEX), `${JSON.stringify(index, undefined, 2)}\n`, 0o644);
}

/** Folders of an earlier run. */
function clustersWritten(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder);
  const clusters = names.includes(INDEX) ? clustersOf(path.join(folder, INDEX)) : [];
  const foreign = names.filter((name) => name !== INDEX && name !== IGNORE && !clusters.includes(name));
  if (foreign.length === 0) return clusters;
  throw new OrreryError('ORR1005', `${folder} holds what no charts of Orrery are: ${foreign.slice(0, 5).join(', ')}`, {
    fix: 'Choose another folder with --out, or empty this one.',
  });
}

function clustersOf(index: string): string[] {
  let contents: Record<string, unknown>;
  try {
    contents = record(JSON.parse(readFileSync(index, 'utf8')));
  } catch {
    return [];
  }
  const { format, clusters } = contents;
  if (format !== FORMAT || !Array.isArray(clusters)) return [];
  // An index that somebody wrote must not lead out of the folder.
  return clusters.filter(
    (name): name is string => typeof name === 'string' && path.basename(name) === name && name !== '..',
  );
}
