import { spawn } from 'node:child_process';
import { type BigIntStats, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { getCompileCacheDir } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { OrreryError } from '../errors.ts';
import type { ReportedProblem } from '../report/problem-text.ts';
import { plainCommand } from './app-command.ts';
import type { UncaughtError } from './program-hook.ts';
import type { Environment } from './surroundings.ts';

export interface RunAppOptions {
  /** `app:` of cdk8s.yaml. */
  readonly command: string;
  /** Working folder of the program, absolute. */
  readonly folder: string;
  /** Where the assembly shall be, absolute. */
  readonly output: string;
  readonly env: Environment;
  /** What can be done beside it: called when it has started. */
  readonly whileItRuns?: (() => Promise<unknown>) | undefined;
}

/** The program failed: its own problems, and the summary as ORR1003. */
class ProgramFailure extends OrreryError {
  readonly problems: readonly ReportedProblem[];
  /** Stack of the uncaught error, for -v. */
  readonly programStack: string | undefined;

  constructor(
    what: string,
    options: {
      source?: string | undefined;
      fix?: string | undefined;
      problems?: readonly ReportedProblem[];
      stack?: string | undefined;
    } = {},
  ) {
    super('ORR1003', what, { source: options.source, fix: options.fix });
    this.problems = options.problems ?? [];
    this.programStack = options.stack;
  }
}

/**
 * Runs the program and makes sure that it wrote an assembly. Everything the program prints goes to stderr: stdout is ours.
 * @throws ProgramFailure (ORR1003); the last good output is then untouched
 */
export async function runApp(options: RunAppOptions): Promise<void> {
  const scratch = mkdtempSync(path.join(tmpdir(), 'orrery-'));
  try {
    const errorFile = path.join(scratch, 'error.json');
    const before = manifestStat(options.output);
    const [{ code, signal }] = await Promise.all([run(options, errorFile), options.whileItRuns?.()]);
    if (code !== 0) throw failure(options, errorFile, code, signal, before !== undefined);
    const after = manifestStat(options.output);
    if (after === undefined || (before !== undefined && sameFile(before, after)))
      throw nothingWritten(options, after !== undefined);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function manifestStat(output: string): BigIntStats | undefined {
  return statSync(path.join(output, 'manifest.json'), { bigint: true, throwIfNoEntry: false });
}

function sameFile(a: BigIntStats, b: BigIntStats): boolean {
  return a.ino === b.ino && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs;
}

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

function run(options: RunAppOptions, errorFile: string): Promise<Ended> {
  const words = plainCommand(options.command);
  const env = {
    ...options.env,
    ORRERY_OUTDIR: options.output,
    CDK8S_OUTDIR: options.output,
    ORRERY_ERROR_FILE: errorFile,
    ...withLocalTools(options),
    ...withCompileCache(options),
  };
  const settings = { cwd: options.folder, env, stdio: ['ignore', 2, 2] as ['ignore', 2, 2] };
  return new Promise((resolve, reject) => {
    const [program = '', ...args] = words ?? [];
    const child =
      words === undefined
        ? spawn(options.command, { ...settings, shell: true })
        : program === 'node'
          ? spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--import', hookUrl(), ...args], settings)
          : spawn(program, args, settings);
    child.once('error', (cause: NodeJS.ErrnoException) => {
      const what =
        cause.code === 'ENOENT'
          ? `there is no program "${program}" (app: ${options.command})`
          : `"${options.command}" cannot be started: ${cause.message}`;
      reject(new ProgramFailure(what, { fix: 'Correct "app" in cdk8s.yaml, or install what it needs.' }));
    });
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
}

/** Beside this file: source while developing, bundle when installed. */
function hookUrl(): string {
  return new URL(import.meta.url.endsWith('.ts') ? './program-hook.ts' : './program-hook.js', import.meta.url).href;
}

/** The PATH as npm sets it for scripts: tools of the project first, and our own Node. */
function withLocalTools(options: RunAppOptions): Record<string, string> {
  const name = Object.keys(options.env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  const bins: string[] = [];
  for (let folder = options.folder; ; folder = path.dirname(folder)) {
    bins.push(path.join(folder, 'node_modules', '.bin'));
    if (folder === path.dirname(folder)) break;
  }
  return { [name]: [...bins, path.dirname(process.execPath), options.env[name] ?? ''].join(path.delimiter) };
}

/**
 * What the command itself compiled is kept for its next run; the same for the program, whose types are stripped and whose libraries are
 * compiled at every synth: half of its time. Node keeps it by content and version. A cache of the user's own stays.
 */
function withCompileCache({ env }: RunAppOptions): Record<string, string> {
  const ours = getCompileCacheDir();
  if (ours === undefined || env.NODE_COMPILE_CACHE !== undefined) return {};
  // Node puts a folder per version below the one it is given.
  return { NODE_COMPILE_CACHE: path.dirname(ours) };
}

function failure(
  options: RunAppOptions,
  errorFile: string,
  code: number | null,
  signal: NodeJS.Signals | null,
  hasOutput: boolean,
): ProgramFailure {
  const kept = hasOutput
    ? `The output of the last good run is kept in ${shown(options.output, options.folder)}.`
    : undefined;
  const error = readUncaught(errorFile);
  if (error === undefined) {
    const how = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
    return new ProgramFailure(`the program failed: "${options.command}" ${how}. Its own message stands above.`, {
      fix: kept,
    });
  }
  const problems = [...(error.problems ?? []).flatMap(toProblem), ...sameId(error, options.folder)];
  if (problems.length > 0) {
    return new ProgramFailure(
      `the program has ${problems.length === 1 ? 'a mistake' : `${problems.length} mistakes`}.`,
      { fix: kept, problems },
    );
  }
  const advice = [missingPackage(error), kept].filter((line) => line !== undefined);
  return new ProgramFailure(uncaughtText(error), {
    source: sourceOf(error.stack, options.folder),
    fix: advice.length === 0 ? undefined : advice.join('\n'),
    stack: error.stack,
  });
}

function readUncaught(file: string): UncaughtError | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as UncaughtError;
  } catch {
    return undefined;
  }
}

/** A problem as @orrery/constructs reports it: place and text side by side. */
function toProblem(value: unknown): ReportedProblem[] {
  const field = (name: string): string | undefined => {
    const member = (value as Record<string, unknown>)[name];
    return typeof member === 'string' ? member : undefined;
  };
  const [code, what] = [field('code'), field('what')];
  if (code === undefined || what === undefined) return [];
  const where = { path: field('path'), source: field('source'), cluster: field('cluster'), object: field('object') };
  return [{ code, what, where, fix: field('fix') }];
}

/** Two charts or objects of one id: cdk8s says so without a code, and without what to do. */
function sameId({ message, stack }: UncaughtError, folder: string): ReportedProblem[] {
  const [, id, scope] = /^There is already a Construct with name '(.*)' in (.*)$/.exec(message) ?? [];
  if (id === undefined) return [];
  const what = `There is already a construct "${id}" in ${scope}.`;
  return [{ code: 'ORR2004', what, where: { source: sourceOf(stack, folder) }, fix: 'Give one of them another id.' }];
}

function uncaughtText(error: UncaughtError): string {
  const name = error.name === 'Error' || error.name === '' ? '' : `${error.name}: `;
  return `${name}${error.message}`;
}

function missingPackage(error: UncaughtError): string | undefined {
  const name = /^Cannot find (?:package|module) '([^'./][^']*)'/.exec(error.message)?.[1];
  return error.code === 'ERR_MODULE_NOT_FOUND' || error.code === 'MODULE_NOT_FOUND'
    ? name === undefined
      ? undefined
      : `Install it: npm install ${name}`
    : undefined;
}

/** First line of the program itself in a stack: "main.ts:31". */
function sourceOf(stack: string | undefined, folder: string): string | undefined {
  for (const line of stack?.split('\n') ?? []) {
    const match = /((?:file:\/\/)?[^\s()]+):(\d+)(?::\d+)?\)?$/.exec(line);
    if (match?.[1] === undefined) continue;
    const file = match[1].startsWith('file:') ? fileURLToPath(match[1]) : match[1];
    if (!path.isAbsolute(file) || /[\\/]node_modules[\\/]/.test(file)) continue;
    const relative = path.relative(folder, file);
    if (!relative.startsWith('..')) return `${relative.split(path.sep).join('/')}:${match[2]}`;
  }
  return undefined;
}

function nothingWritten(options: RunAppOptions, stale: boolean): ProgramFailure {
  const folder = shown(options.output, options.folder);
  return new ProgramFailure(
    `the program ended well but wrote no assembly to ${folder}${stale ? ' (what is there is of an earlier run)' : ''}.`,
    { fix: 'Call platform.synth() at its end, and leave `outdir` of the Platform to the command.' },
  );
}

function shown(folder: string, from: string): string {
  const relative = path.relative(from, folder);
  return relative === '' || relative.startsWith('..') ? folder : relative;
}
