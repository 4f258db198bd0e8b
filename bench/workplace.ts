import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FinishedProcess, runProcess } from './measure.ts';
import { program } from './program.ts';

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
  /** The same for clusters by name. */
  targets(clusters: ReadonlyMap<string, { readonly kubeconfig: string; readonly context: string }>): void;
  /** Peak memory of a run of the shipped CLI, megabytes. Not for timing. */
  orreryMemory(args: readonly string[], expect?: readonly number[]): Promise<number>;
}

/** Makes the folders when they are missing. */
export function workplace(folder: string): Workplace {
  const home = join(folder, 'home');
  const work = join(folder, 'work');
  mkdirSync(home, { recursive: true });
  mkdirSync(work, { recursive: true });
  const run: Workplace['run'] = (command, args, expect = [0]) =>
    runProcess({ command, args, cwd: work, env: { PATH: process.env.PATH ?? '', HOME: home }, expect });
  const place: Workplace = {
    folder,
    copy: (target) => {
      rmSync(target, { recursive: true, force: true });
      cpSync(folder, target, { recursive: true });
      return workplace(target);
    },
    run,
    orrery: (args, expect) => run(process.execPath, [CLI, ...args], expect),
    orreryMemory: async (args, expect = [0]) => {
      const file = join(folder, 'peak-memory');
      await runProcess({
        command: process.execPath,
        args: ['--import', program('peak-memory'), CLI, ...args],
        cwd: work,
        env: { PATH: process.env.PATH ?? '', HOME: home, PEAK_MEMORY_FILE: file },
        expect,
      });
      return Number(readFileSync(file, 'utf8'));
    },
    target: (kubeconfig, context) => place.targets(new Map([['bench', { kubeconfig, context }]])),
    targets: (clusters) => {
      const lines = [...clusters].map(
        ([name, at]) => `  ${name}: { kubeconfig: ${at.kubeconfig}, context: ${at.context} }\n`,
      );
      writeFileSync(join(work, 'cdk8s.yaml'), `targets:\n${lines.join('')}`);
    },
  };
  return place;
}
