import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { OrreryError } from '../../errors.ts';
import { differenceOf, jenkinsfileOf } from '../../pipeline/jenkinsfile.ts';
import { oneLine } from '../../report/sanitize.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { SourceOptions } from '../options.ts';
import { loadProgram } from '../planning.ts';
import type { VerbContext } from '../verb.ts';

export interface JenkinsfileOptions extends SourceOptions {
  /** Construct path of the pipeline, or its last part. Absent: the only one. */
  readonly pipeline?: string | undefined;
  /** A file that is compared instead of printing. */
  readonly check?: string | undefined;
}

/** Prints the Jenkinsfile of a pipeline, or says whether a file is it. No cluster is contacted. */
export async function jenkinsfile(context: VerbContext, options: JenkinsfileOptions): Promise<ExitCode> {
  const { surroundings, screen } = context;
  const { assembly } = await loadProgram(surroundings, options);
  const { pipeline, text } = await jenkinsfileOf(assembly, options.pipeline);
  if (options.check === undefined) {
    screen.out(text);
    return EXIT.ok;
  }
  const { check } = options;
  const found = await readFile(path.resolve(surroundings.cwd, check), 'utf8').catch((cause: Error) => {
    throw new OrreryError('ORR1005', `${check} cannot be read: ${cause.message}`, {
      fix: `Write it: orrery pipeline jenkinsfile ${pipeline} > ${check}`,
      cause,
    });
  });
  const difference = differenceOf(text, found);
  if (difference === undefined) {
    screen.err(`${oneLine(check)} is what the program makes of ${oneLine(pipeline)}.\n`);
    return EXIT.ok;
  }
  const side = (line: string | undefined) => (line === undefined ? '(the end)' : oneLine(line));
  screen.err(
    `${oneLine(check)} is not what the program makes of ${oneLine(pipeline)}. Line ${difference.line} is the first that differs:\n` +
      `  - ${side(difference.found)}\n  + ${side(difference.expected)}\n` +
      `Write it again: orrery pipeline jenkinsfile ${oneLine(pipeline)} > ${oneLine(check)}\n`,
  );
  return EXIT.changes;
}
