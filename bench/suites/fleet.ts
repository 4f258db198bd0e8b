import { join } from 'node:path';
import { runProcess } from '../measure.ts';
import { program } from '../program.ts';
import type { Bench } from '../run.ts';
import type { Taken } from './synth.ts';

/** 100,000 objects, the assembly and the YAML for readers written. */
const LARGE = '500x50';
const LARGE_MS = 5000;
const LARGE_MEGABYTES = 1000;
/** A tenth of them. */
const SMALL = '50x50';

/**
 * Synthesis of many clusters, each with facts of its own, and apps of one service in all of them: Deployment, Service, ServiceAccount and ConfigMap. Timed inside the process from `new Platform`
 * to the return of `synth()`.
 */
export async function fleetSuite(bench: Bench): Promise<void> {
  let runs = 0;
  const synth = async (size: string): Promise<Taken> => {
    // A new folder each time, as in the suite `synth`.
    const outdir = join(bench.folder, `fleet-${runs++}`);
    const { stdout } = await runProcess({
      command: process.execPath,
      args: [program('synth-fleet'), size, outdir],
      cwd: bench.folder,
      env: { PATH: process.env.PATH ?? '', HOME: bench.folder },
    });
    return JSON.parse(stdout) as Taken;
  };
  const milliseconds = async (size: string) => (await synth(size)).milliseconds;

  await bench.measure({ name: LARGE, unit: 'ms', target: LARGE_MS, ours: () => milliseconds(LARGE) });
  await bench.measure({
    name: `${LARGE}-memory`,
    unit: 'MB',
    target: LARGE_MEGABYTES,
    ours: async () => (await synth(LARGE)).megabytes,
  });
  // Linear: ten times as many clusters take no more than ten times as long.
  await bench.measure({
    name: `${LARGE}-linear`,
    unit: 'ms',
    ours: () => milliseconds(LARGE),
    peer: { name: `10 × ${SMALL}`, run: async () => 10 * (await milliseconds(SMALL)) },
  });
}
