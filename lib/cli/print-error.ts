import { CommanderError } from 'commander';
import { isOrreryError } from '../errors.ts';
import { problemText, type ReportedProblem } from '../report/problem-text.ts';
import { oneLine } from '../report/sanitize.ts';
import type { Screen } from './surroundings.ts';

/** Tells what went wrong, whatever was thrown. A stack is shown only of our own faults, and only to who asks for it. */
export function printError(error: unknown, screen: Screen, verbose: boolean): void {
  if (error instanceof CommanderError) {
    if (error.code === 'commander.help') return;
    screen.err(problemText(commandLineProblem(error), screen.talk));
    return;
  }
  const file = fileProblem(error);
  if (file !== undefined) {
    screen.err(problemText(file, screen.talk));
    return;
  }
  if (!isOrreryError(error)) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const what = `Orrery itself failed: ${verbose ? stack : stack.split('\n')[0]}`;
    screen.err(
      problemText(
        {
          code: 'ORR9001',
          what,
          where: {},
          fix: verbose ? 'Please report this with the lines above.' : 'Run it again with -v and report what it says.',
        },
        screen.talk,
      ),
    );
    return;
  }
  const { problems = [], programStack } = error as { problems?: readonly ReportedProblem[]; programStack?: string };
  for (const problem of problems) screen.err(`${problemText(problem, screen.talk)}\n`);
  const what = verbose && programStack !== undefined ? `${error.message}\n${programStack}` : error.message;
  screen.err(problemText({ code: error.code, what, where: error.where, fix: error.fix }, screen.talk));
}

const FILE_TROUBLES: Readonly<Record<string, readonly [what: string, fix: string]>> = {
  ENOSPC: [
    'the disk is full',
    'Make room there and run it again: what was written to clusters is known in their inventories.',
  ],
  EDQUOT: [
    'the quota of the disk is used up',
    'Make room there and run it again: what was written to clusters is known in their inventories.',
  ],
  EFBIG: ['it would be larger than this process may write', 'Raise the limit (ulimit -f) and run it again.'],
  EROFS: ['the file system is read-only', 'Run it where the folder of the project can be written.'],
  EACCES: ['permission denied', 'Run it as a user who may read and write the folder of the project.'],
  EPERM: ['permission denied', 'Run it as a user who may read and write the folder of the project.'],
};

/** A disk or a permission is no fault of ours; undefined for any other error. */
function fileProblem(error: unknown): ReportedProblem | undefined {
  if (isOrreryError(error) || !(error instanceof Error)) return undefined;
  const { code = '', path } = error as NodeJS.ErrnoException;
  const [what, fix] = FILE_TROUBLES[code] ?? [];
  if (what === undefined) return undefined;
  const text = path === undefined ? `a file cannot be written: ${what}` : `${oneLine(path)}: ${what}`;
  return { code: 'ORR1005', what: `${text}.`, where: {}, fix };
}

function commandLineProblem(error: CommanderError): ReportedProblem {
  const [what = '', ...advice] = error.message.replace(/^error: /, '').split('\n');
  const fix = [
    ...advice.map((line) => line.replace(/^\((.*)\)$/, '$1')),
    'orrery --help lists the verbs, orrery VERB --help their options.',
  ];
  return { code: 'ORR1001', what, where: {}, fix: fix.join('\n') };
}
