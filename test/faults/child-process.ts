import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { Outcome } from '../../lib/apply/outcome.ts';
import type { ChildRun } from './apply-child.ts';

export interface RunningChild {
  readonly process: ChildProcess;
  /** The outcome it printed; undefined when it was killed before. */
  readonly ended: Promise<{
    readonly outcome: Outcome | undefined;
    readonly stderr: string;
    readonly signal: NodeJS.Signals | null;
  }>;
}

/** Starts test/faults/apply-child.ts with the Node that runs the tests (it strips types). */
export function startApply(run: ChildRun): RunningChild {
  const script = join(import.meta.dirname, 'apply-child.ts');
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // Many are started: what one has compiled, the next one need not.
    env: { NODE_COMPILE_CACHE: join(inject('scratch'), 'compiled') },
  });
  // It may be larger than an argument may be. One that is killed before it has read is of no interest.
  child.stdin.on('error', () => undefined);
  child.stdin.end(JSON.stringify(run));
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<Awaited<RunningChild['ended']>>((resolve) => {
    child.on('close', (_code, signal) =>
      resolve({ outcome: stdout === '' ? undefined : (JSON.parse(stdout) as Outcome), stderr, signal }),
    );
  });
  return { process: child, ended };
}
