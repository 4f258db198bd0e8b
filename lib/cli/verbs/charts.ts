import path from 'node:path';
import { refuseStages } from '../../canary-release/place-releases.ts';
import { makeCharts } from '../../charts/make-charts.ts';
import { writeCharts } from '../../charts/write-charts.ts';
import { oneLine } from '../../report/sanitize.ts';
import { count, noteLine, platformName } from '../../report/wording.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { ChartOptions } from '../options.ts';
import { loadProgram, render } from '../planning.ts';
import type { VerbContext } from '../verb.ts';

/** Runs the program and writes what it wants as Helm charts. Asks no cluster. */
export async function charts(context: VerbContext, options: ChartOptions): Promise<ExitCode> {
  const { surroundings, screen } = context;
  const program = await loadProgram(surroundings, options);
  const { project, assembly } = program;
  const desired = await render(program, context);
  refuseStages(desired, 'a chart has no stages');
  const made = makeCharts(desired, options.chartVersion);
  const folder =
    options.out === undefined ? `${project.config.output}-helm` : path.resolve(surroundings.cwd, options.out);
  writeCharts(folder, assembly.platform.id, made.charts);
  for (const { cluster, name, notes } of made.charts)
    for (const note of notes) screen.err(noteLine(`${cluster}/${name}: ${note}`, screen.talk));
  for (const note of made.notes) screen.err(noteLine(note, screen.talk));
  const objects = made.charts.reduce((sum, chart) => sum + chart.objects, 0);
  const parts = [
    count(assembly.clusters.length, 'cluster'),
    count(made.charts.length, 'chart'),
    count(objects, 'object'),
  ];
  const shown = path.relative(surroundings.cwd, folder) || '.';
  screen.out(`${screen.paint.bold(platformName(assembly))} · ${parts.join(' · ')} → ${oneLine(shown)}\n`);
  return EXIT.ok;
}
