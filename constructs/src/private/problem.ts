import type { IConstruct } from 'constructs';
import type { PROBLEM_CODES } from '../problem-codes';
import { CallSite, locationOf } from './location';

export type ProblemCode = keyof typeof PROBLEM_CODES;

/** One mistake in a program: what happened, where, what to do. */
export interface Problem {
  readonly code: ProblemCode;
  /** What happened, with the actual values; no advice. */
  readonly what: string;
  /** Construct path, e.g. "mall/cart". */
  readonly path?: string | undefined;
  /** "main.ts:31". */
  readonly source?: string | undefined;
  readonly cluster?: string | undefined;
  /** Kind/namespace/name of the object concerned. */
  readonly object?: string | undefined;
  /** What to do about it, imperative. */
  readonly fix?: string | undefined;
}

/** Details of a problem beside its text. */
export interface ProblemDetails {
  readonly fix?: string | undefined;
  readonly cluster?: string | undefined;
  readonly object?: string | undefined;
  /** Location of the call that caused it, when that is closer than the construct's own. */
  readonly source?: string | undefined;
}

/** A problem located at a construct. */
export function problemAt(
  construct: IConstruct | undefined,
  code: ProblemCode,
  what: string,
  details: ProblemDetails = {},
): Problem {
  return {
    code,
    what,
    path: construct === undefined || construct.node.path === '' ? undefined : construct.node.path,
    source: details.source ?? (construct === undefined ? undefined : locationOf(construct)),
    cluster: details.cluster,
    object: details.object,
    fix: details.fix,
  };
}

const BRAND = Symbol.for('orrery.error');

/**
 * Thrown for mistakes of the program. jsii forbids exporting subclasses of Error, so it stays private and is recognised by its brand;
 * `code`, `where` and `fix` have the shape of lib/errors.ts and describe the first problem, `problems` has all.
 * `stack` is the readable text with the place of the first problem: a program that runs without the CLI then prints what a person can act on.
 */
class ProgramError extends Error {
  public readonly code!: ProblemCode;
  public readonly where!: {
    readonly path?: string | undefined;
    readonly source?: string | undefined;
    readonly cluster?: string | undefined;
    readonly object?: string | undefined;
  };
  public readonly path!: string | undefined;
  public readonly source!: string | undefined;
  public readonly fix!: string | undefined;
  public readonly problems!: readonly Problem[];

  public constructor(problems: readonly Problem[]) {
    super(problems.map(describeProblem).join('\n'));
    const first = problems[0] as Problem;
    // Not enumerable: Node prints enumerable members of an uncaught error after its text.
    hide(this, 'name', 'OrreryError');
    // Node puts an uncaught error into brackets unless a line looks like a stack frame.
    hide(this, 'stack', `${this.message}\n    at ${first.path ?? 'platform'} (${first.source ?? 'unknown place'})`);
    hide(this, BRAND, true);
    hide(this, 'code', first.code);
    hide(this, 'path', first.path);
    hide(this, 'source', first.source);
    hide(this, 'where', { path: first.path, source: first.source, cluster: first.cluster, object: first.object });
    hide(this, 'fix', first.fix);
    hide(this, 'problems', problems);
  }
}

function hide(target: object, key: PropertyKey, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: false, configurable: true, writable: true });
}

/** "error ORR2005  main.ts:31  mall/cart" and, indented, what happened and what to do. */
function describeProblem(problem: Problem): string {
  const head = [`error ${problem.code}`, problem.source, problem.path, problem.cluster && `on ${problem.cluster}`]
    .filter((part) => part !== undefined && part !== '')
    .join('  ');
  const lines = [problem.what, ...(problem.fix === undefined ? [] : [problem.fix])];
  return [head, ...lines.flatMap((line) => line.split('\n')).map((line) => `  ${line}`)].join('\n');
}

/** Throws one problem at once, where going on makes no sense. */
export function fail(
  construct: IConstruct | undefined,
  code: ProblemCode,
  what: string,
  details: ProblemDetails = {},
): never {
  throwProblems([problemAt(construct, code, what, details)]);
}

/** Like `fail`, located at the line of the program that is being executed: for mistakes in the very call. */
export function failHere(
  construct: IConstruct | undefined,
  code: ProblemCode,
  what: string,
  details: ProblemDetails = {},
): never {
  fail(construct, code, what, { ...details, source: new CallSite().source });
}

/** Throws problems as one error. */
export function throwProblems(problems: readonly Problem[]): never {
  // Node prints the line that throws before the text of an uncaught error, unless that line has these words (AppendExceptionLine in its node_errors.cc).
  throw new ProgramError(problems); // node-do-not-add-exception-line
}

/** Runs something; problems that it throws are added to a list, anything else goes on. */
export function collectProblems<T>(problems: Problem[], run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    problems.push(...error.problems);
    return undefined;
  }
}
