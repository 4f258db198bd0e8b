import { CHECKS, runChecks } from '../../checks/run-checks.ts';
import type { ProjectConfig } from '../../config/project-config.ts';
import { readDefinitions } from '../../import/read-definitions.ts';
import type { KubernetesObject } from '../../kubernetes/object.ts';
import { checkText } from '../../report/check-text.ts';
import { printableJson } from '../../report/sanitize.ts';
import { sarif } from '../../report/sarif.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { SourceOptions } from '../options.ts';
import { loadProgram, render } from '../planning.ts';
import type { VerbContext } from '../verb.ts';
import { VERSION } from '../version.ts';

export interface CheckOptions extends SourceOptions {
  readonly output: 'text' | 'json' | 'sarif';
  /** Warnings count as errors. */
  readonly strict: boolean;
}

/** Format of `--output json`. A reader of 1.x ignores fields it does not know. */
const FORMAT = { format: 'orrery/checks', version: '1.0' } as const;

/** Looks for mistakes in what the program wants. Contacts no cluster. */
export async function check(context: VerbContext, options: CheckOptions): Promise<ExitCode> {
  const { screen } = context;
  const program = await loadProgram(context.surroundings, options);
  const { config } = program.project;
  const definitions = await importedDefinitions(config);
  const result = runChecks(await render(program, context), config.waivedFindings, definitions);
  if (options.output === 'json') screen.out(`${printableJson({ ...FORMAT, ...result }, 2)}\n`);
  else if (options.output === 'sarif') screen.out(`${printableJson(sarif(result, CHECKS, VERSION), 2)}\n`);
  else screen.out(checkText(result, screen.paint, options.verbose));
  const failed = result.findings.some(({ severity }) => options.strict || severity === 'error');
  return failed ? EXIT.error : EXIT.ok;
}

/** @throws OrreryError for a definition that cannot be read: without it its resources would silently go unchecked */
async function importedDefinitions({ definitions, folder }: ProjectConfig): Promise<KubernetesObject[]> {
  const { found, problems } = await readDefinitions(definitions, folder);
  const [problem] = problems;
  if (problem !== undefined) throw problem;
  return found.map(({ object }) => object);
}
