import path from 'node:path';
import type { Plan } from '../../plan/plan.ts';
import { writePlanFile } from '../../plan/plan-file.ts';
import { planJson } from '../../report/json-report.ts';
import { planId } from '../../report/plan-id.ts';
import { planText } from '../../report/plan-text.ts';
import { oneLine } from '../../report/sanitize.ts';
import { type ExitCode, planExitCode } from '../exit-code.ts';
import type { PlanningOptions } from '../options.ts';
import { makePlanning } from '../planning.ts';
import type { Screen } from '../surroundings.ts';
import type { VerbContext } from '../verb.ts';

export interface PlanVerbOptions extends PlanningOptions {
  /** File to save the plan to. */
  readonly out?: string | undefined;
}

/** Shows what would change; saves nothing. */
export function diff(context: VerbContext, options: PlanningOptions): Promise<ExitCode> {
  return showPlan(context, options, () => undefined);
}

/** Shows what would change, saves it when asked, and says how to go on. */
export function plan(context: VerbContext, options: PlanVerbOptions): Promise<ExitCode> {
  return showPlan(context, options, (made) => save(made, context, options));
}

async function showPlan(
  context: VerbContext,
  options: PlanningOptions,
  after: (made: Plan) => SavedPlan | undefined,
): Promise<ExitCode> {
  const { screen } = context;
  const { plan: made, targets } = await makePlanning(context, options, 'apply', true);
  await targets.close();
  const saved = after(made);
  await printPlan(made, screen, options, saved);
  if (saved !== undefined) screen.err(closing(made, saved, options));
  return planExitCode(made, options.exitCode);
}

interface SavedPlan {
  readonly id: string;
  readonly file?: string | undefined;
}

function save(made: Plan, { surroundings }: VerbContext, options: PlanVerbOptions): SavedPlan {
  const id = planId(made);
  if (options.out === undefined) return { id };
  writePlanFile(path.resolve(surroundings.cwd, options.out), made);
  return { id, file: options.out };
}

/** The plan on stdout, in the format that was asked for. */
async function printPlan(
  made: Plan,
  screen: Screen,
  options: PlanningOptions,
  saved: SavedPlan | undefined,
): Promise<void> {
  if (options.output === 'json') screen.out(planJson(made));
  else if (options.output === 'markdown') {
    const { planMarkdown } = await import('../../report/plan-markdown.ts');
    const file = saved?.file;
    screen.out(
      planMarkdown(made, file === undefined ? {} : { planId: saved?.id, applyCommand: `orrery apply ${file}` }),
    );
  } else
    screen.out(
      planText(made, { paint: screen.paint, verbose: options.verbose, milliseconds: process.uptime() * 1000 }),
    );
}

function closing(made: Plan, saved: SavedPlan, options: PlanningOptions): string {
  if (saved.file !== undefined) {
    const how = made.changes ? ` Apply it with: orrery apply ${oneLine(saved.file)}` : '';
    return `Plan ${saved.id} saved. Nothing was written.${how}\n`;
  }
  if (made.unverified) return 'No server was asked by a dry run: this is there to be read and cannot be applied.\n';
  if (!made.changes) return '';
  const flags = [
    ...(options.sandbox ? ['--sandbox'] : []),
    ...options.clusters.map((name) => `--cluster ${oneLine(name)}`),
  ];
  return `Nothing was written. Apply it with: ${['orrery apply', ...flags].join(' ')}\n`;
}
