import { checkText } from '../../report/check-text.ts';
import { printableJson } from '../../report/sanitize.ts';
import { sarif } from '../../report/sarif.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { SourceOptions } from '../options.ts';
import { loadProgram, render } from '../planning.ts';
import { checkedProgram } from '../program-checks.ts';
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
  const result = await checkedProgram(program.project, await render(program, context));
  if (options.output === 'json') screen.out(`${printableJson({ ...FORMAT, ...result }, 2)}\n`);
  else if (options.output === 'sarif') {
    const { CHECK_PAGES } = await import('../../explain/check-pages.ts');
    screen.out(`${printableJson(sarif(result, VERSION, CHECK_PAGES), 2)}\n`);
  } else screen.out(checkText(result, screen.paint, options.verbose));
  const failed = result.findings.some(({ severity }) => options.strict || severity === 'error');
  return failed ? EXIT.error : EXIT.ok;
}
