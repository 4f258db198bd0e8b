import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readLockFile } from '../../cluster/lock-file.ts';
import { OrreryError } from '../../errors.ts';
import { HostileArchive } from '../../helm/chart-archive.ts';
import { chartFiles } from '../../helm/chart-files.ts';
import { clusterDefinitions } from '../../import/cluster-definitions.ts';
import type { TypesFile } from '../../import/definition-types.ts';
import { type Imported, readDefinitions, typesOfDefinitions } from '../../import/read-definitions.ts';
import { typesOfValues } from '../../import/values-types.ts';
import { problemText } from '../../report/problem-text.ts';
import { oneLine } from '../../report/sanitize.ts';
import { count } from '../../report/wording.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { ClusterOptions, GlobalOptions } from '../options.ts';
import { loadProject } from '../project.ts';
import { chooseClusters, openTargets } from '../targets.ts';
import type { VerbContext } from '../verb.ts';

export interface ImportOptions extends GlobalOptions {
  /** Folder that the types are written to. */
  readonly out: string;
}

/** Types from CRDs in YAML files. */
export async function importDefinitions(
  context: VerbContext,
  options: ImportOptions & { readonly sources: readonly string[] },
): Promise<ExitCode> {
  const { found, problems } = await readDefinitions(options.sources, context.surroundings.cwd);
  const imported = typesOfDefinitions(found);
  return write(context, options, { ...imported, problems: [...problems, ...imported.problems] });
}

/** Types from the CRDs of a live cluster. */
export async function importCluster(
  context: VerbContext,
  options: ImportOptions & ClusterOptions & { readonly cluster: string; readonly groups: readonly string[] },
): Promise<ExitCode> {
  const { surroundings } = context;
  const project = loadProject(surroundings, options);
  const clusters = [options.cluster];
  const lock = readLockFile(project.lockFile);
  const chosen = chooseClusters(project, surroundings, { ...options, clusters }, clusters, lock);
  const targets = await openTargets(project, surroundings, chosen, lock);
  try {
    const [target] = targets.all;
    if (target?.kind === 'unopened') throw target.error;
    if (target?.kind !== 'kube')
      throw new OrreryError('ORR2502', `${options.cluster} is a folder: it serves no CRDs.`, {
        fix: 'Import from their YAML with orrery import crd.',
      });
    return write(context, options, typesOfDefinitions(await clusterDefinitions(target, options.groups)));
  } finally {
    await targets.close();
  }
}

/** Types of the values of Helm charts. */
export async function importCharts(
  context: VerbContext,
  options: ImportOptions & { readonly charts: readonly string[] },
): Promise<ExitCode> {
  const files: TypesFile[] = [];
  for (const chart of options.charts) files.push(typesOfValues(await filesOf(chart, context), chart));
  return write(context, options, { files, problems: [] });
}

async function filesOf(chart: string, { surroundings }: VerbContext): ReturnType<typeof chartFiles> {
  const location = path.resolve(surroundings.cwd, chart);
  if (!existsSync(location))
    throw new OrreryError('ORR1001', `there is no chart ${chart}.`, {
      fix: 'Name the folder or .tgz of a chart; helm pull brings one from a repository.',
    });
  try {
    return await chartFiles(location);
  } catch (error) {
    if (!(error instanceof HostileArchive)) throw error;
    throw new OrreryError('ORR2304', `the chart archive ${chart} ${error.message}`, { cause: error });
  }
}

/** Writes what is new or changed, and says what is there now. */
function write({ surroundings, screen }: VerbContext, { out }: ImportOptions, { files, problems }: Imported): ExitCode {
  const folder = path.resolve(surroundings.cwd, out);
  let written = 0;
  for (const { path: name, text, about } of files) {
    const file = path.join(folder, name);
    const isSame = existsSync(file) && readFileSync(file, 'utf8') === text;
    if (!isSame) {
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, text);
      written++;
    }
    screen.out(`${oneLine(path.join(out, name))}  ${screen.paint.dim(oneLine(about))}\n`);
  }
  for (const { code, message, where, fix } of problems)
    screen.err(`${problemText({ code, what: message, where, fix }, screen.talk)}\n`);
  screen.err(`${count(files.length, 'file')} of types, ${written} written\n`);
  return problems.length > 0 ? EXIT.error : EXIT.ok;
}
