import path from 'node:path';
import type { Assembly } from '../../assembly/assembly.ts';
import { oneLine } from '../../report/sanitize.ts';
import { count, platformName } from '../../report/wording.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { SourceOptions } from '../options.ts';
import { loadProject, projectAssembly } from '../project.ts';
import type { VerbContext } from '../verb.ts';

/** Runs the program and reads back what it wrote, so that an assembly that this engine cannot read is found now. */
export async function synth(context: VerbContext, options: SourceOptions): Promise<ExitCode> {
  await synthesize(context, options);
  return EXIT.ok;
}

/** The same, with what was read. */
export async function synthesize({ surroundings, screen }: VerbContext, options: SourceOptions): Promise<Assembly> {
  const project = loadProject(surroundings, options);
  const assembly = await projectAssembly(project, surroundings, options);
  const units = assembly.clusters.reduce((sum, cluster) => sum + cluster.manifest.units.length, 0);
  const objects = assembly.clusters.reduce((sum, cluster) => sum + cluster.objects.length, 0);
  const all = assembly.clusters.flatMap((cluster) => cluster.manifest.units);
  const charts = all.reduce((sum, unit) => sum + (unit.helmReleases?.length ?? 0), 0);
  const files = all.reduce((sum, unit) => sum + (unit.includes?.length ?? 0), 0);
  const parts = [count(assembly.clusters.length, 'cluster'), count(units, 'unit'), count(objects, 'object')];
  if (charts > 0) parts.push(count(charts, 'Helm release'));
  if (files > 0) parts.push(count(files, 'included file'));
  const shown = path.relative(surroundings.cwd, assembly.folder) || '.';
  screen.out(`${screen.paint.bold(platformName(assembly))} · ${parts.join(' · ')} → ${oneLine(shown)}\n`);
  return assembly;
}
