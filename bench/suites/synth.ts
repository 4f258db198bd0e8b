import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProcess } from '../measure.ts';
import { program } from '../program.ts';
import type { Bench } from '../run.ts';
import { type Workplace, workplace } from '../workplace.ts';

const CDK8S = 'cdk8s 2.70.106';
/** What eight dependent charts may take; a thousand of them 125 times that: linear. */
const CHAIN_8_MS = 50;
/** `orrery synth` of the example, and what of it is not the program's own. */
const EXAMPLE_MS = 400;
const EXAMPLE_OWN_PART_MS = 150;

/** What a program of synthesis says of itself. */
export interface Taken {
  readonly milliseconds: number;
  readonly megabytes: number;
}

/**
 * Synthesis of plain cdk8s objects by Orrery and by cdk8s, each run in a process of its own. Timed inside the process from `new Platform` or `new App`
 * to the return of `synth()`, everything written.
 */
export async function synthSuite(bench: Bench): Promise<void> {
  let runs = 0;
  const synth = async (side: string, name: string): Promise<Taken> => {
    // A folder for each run, and nothing deleted on the way: for minutes after thousands of files were deleted, ext4 takes ten times as long to
    // make a file near them, and what is measured is the file system.
    const outdir = join(bench.folder, `dist-${runs++}`);
    const { stdout } = await runProcess({
      command: process.execPath,
      args: [program(side), name, outdir],
      cwd: bench.folder,
      env: { PATH: process.env.PATH ?? '', HOME: bench.folder },
    });
    return JSON.parse(stdout) as Taken;
  };
  const timed = (name: string) => ({
    name,
    unit: 'ms' as const,
    ours: async () => (await synth('synth-orrery', name)).milliseconds,
  });
  const againstCdk8s = (name: string) => ({
    ...timed(name),
    peer: { name: CDK8S, run: async () => (await synth('synth-cdk8s', name)).milliseconds },
  });

  await bench.measure(againstCdk8s('1x10000'));
  await bench.measure({
    ...againstCdk8s('1x10000'),
    name: '1x10000-own',
    ours: async () => (await synth('synth-own', '10000')).milliseconds,
  });
  await bench.measure(againstCdk8s('3000x3'));
  await bench.measure(againstCdk8s('chain-8'));
  await bench.measure({ ...timed('chain-1000'), target: (CHAIN_8_MS * 1000) / 8 });
  await bench.measure({
    name: '1x10000-memory',
    unit: 'MB',
    ours: async () => (await synth('synth-orrery', '1x10000')).megabytes,
    peer: { name: CDK8S, run: async () => (await synth('synth-cdk8s', '1x10000')).megabytes },
  });
  await example(bench);
}

/** The example as a user runs it, after the first time: output, caches and all are there. */
async function example(bench: Bench): Promise<void> {
  const root = join(import.meta.dirname, '..', '..');
  const place = workplace(join(bench.folder, 'example'));
  const work = join(place.folder, 'work');
  const source = join(root, 'examples', 'online-shop');
  const notSource = ['dist', 'targets', 'node_modules'].map((name) => join(source, name));
  cpSync(source, work, { recursive: true, filter: (file) => !notSource.includes(file) });
  symlinkSync(join(root, 'node_modules'), join(work, 'node_modules'), 'junction');

  const whole = async () => (await place.orrery(['synth'])).milliseconds;
  await bench.measure({ name: 'example', unit: 'ms', target: EXAMPLE_MS, ours: whole });
  const bare = bareProgram(place);
  await bench.measure({
    name: 'example-own-part',
    unit: 'ms',
    target: EXAMPLE_OWN_PART_MS,
    ours: async () => {
      const without = await bare();
      return (await whole()) - without;
    },
  });
}

/** Runs the program by Node alone, without its call of `synth()`, and with a compile cache as the command gives it one. */
function bareProgram(place: Workplace): () => Promise<number> {
  const work = join(place.folder, 'work');
  const main = readFileSync(join(work, 'main.ts'), 'utf8');
  const bare = main.replace('platform.synth();', '');
  if (bare === main) throw new Error('the example does not call platform.synth()');
  writeFileSync(join(work, 'bare.ts'), bare);
  const env = { PATH: process.env.PATH ?? '', NODE_COMPILE_CACHE: join(place.folder, 'compiled') };
  return async () => (await runProcess({ command: process.execPath, args: ['bare.ts'], cwd: work, env })).milliseconds;
}
