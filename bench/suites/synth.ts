import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { runProcess } from '../measure.ts';
import type { Bench } from '../run.ts';

const CDK8S = 'cdk8s 2.70.106';
/** What eight dependent charts may take; a thousand of them 125 times that: linear. */
const CHAIN_8_MS = 50;

interface Taken {
  readonly milliseconds: number;
  readonly megabytes: number;
}

/**
 * Synthesis of plain cdk8s objects by Orrery and by cdk8s, each run in a process of its own. Timed inside the process from `new Platform` or `new App`
 * to the return of `synth()`, everything written.
 */
export async function synthSuite(bench: Bench): Promise<void> {
  const outdir = join(bench.folder, 'dist');
  const synth = async (program: string, name: string): Promise<Taken> => {
    rmSync(outdir, { recursive: true, force: true });
    const { stdout } = await runProcess({
      command: process.execPath,
      args: [join(import.meta.dirname, '..', 'programs', program), name, outdir],
      cwd: bench.folder,
      env: { PATH: process.env.PATH ?? '', HOME: bench.folder },
    });
    return JSON.parse(stdout) as Taken;
  };
  const timed = (name: string) => ({
    name,
    unit: 'ms' as const,
    ours: async () => (await synth('synth-orrery.ts', name)).milliseconds,
  });
  const againstCdk8s = (name: string) => ({
    ...timed(name),
    peer: { name: CDK8S, run: async () => (await synth('synth-cdk8s.ts', name)).milliseconds },
  });

  await bench.measure(againstCdk8s('1x10000'));
  await bench.measure({
    ...againstCdk8s('1x10000'),
    name: '1x10000-own',
    ours: async () => (await synth('synth-own.ts', '10000')).milliseconds,
  });
  await bench.measure(againstCdk8s('3000x3'));
  await bench.measure(againstCdk8s('chain-8'));
  await bench.measure({ ...timed('chain-1000'), target: (CHAIN_8_MS * 1000) / 8 });
  await bench.measure({
    name: '1x10000-memory',
    unit: 'MB',
    ours: async () => (await synth('synth-orrery.ts', '1x10000')).megabytes,
    peer: { name: CDK8S, run: async () => (await synth('synth-cdk8s.ts', '1x10000')).megabytes },
  });
}
