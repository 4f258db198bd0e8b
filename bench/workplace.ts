import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FinishedProcess, runProcess } from './measure.ts';

const CLI = join(import.meta.dirname, '..', 'lib', 'dist', 'orrery.js');

/** A home folder and a working folder, as a person's terminal has them. */
export interface Workplace {
  /** Holds `home` and `work`. */
  readonly folder: string;
  /** A copy in another folder, so that a measured run leaves no trace for the next. */
  copy(folder: string): Workplace;
  /** Runs the shipped CLI in the working folder. */
  orrery(args: readonly string[], expect?: readonly number[]): Promise<FinishedProcess>;
  /** Runs another program there. */
  run(command: string, args: readonly string[], expect?: readonly number[]): Promise<FinishedProcess>;
  /** Writes the working folder's cdk8s.yaml: cluster "bench" is the kubeconfig's context. */
  target(kubeconfig: string, context: string): void;
}

/** Makes the folders when they are missing. */
export function workplace(folder: string): Workplace {
  const home = join(folder, 'home');
  const work = join(folder, 'work');
  mkdirSync(home, { recursive: true });
  mkdirSync(work, { recursive: true });
  const run: Workplace['run'] = (command, args, expect = [0]) =>
    runProcess({ command, args, cwd: work, env: { PATH: process.env.PATH ?? '', HOME: home }, expect });
  return {
    folder,
    copy: (target) => {
      rmSync(target, { recursive: true, force: true });
      cpSync(folder, target, { recursive: true });
      return workplace(target);
    },
    run,
    orrery: (args, expect) => run(process.execPath, [CLI, ...args], expect),
    target: (kubeconfig, context) => {
      writeFileSync(
        join(work, 'cdk8s.yaml'),
        `targets:\n  bench:\n    kubeconfig: ${kubeconfig}\n    context: ${context}\n`,
      );
    },
  };
}
