import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ensureTools, rigOptionsFromEnvironment } from '../../lib/sandbox/rig/ensure-tools.ts';
import { releaseValues, writeChart } from '../helm-chart.ts';
import { runProcess } from '../measure.ts';
import { program } from '../program.ts';
import type { Bench } from '../run.ts';

const RELEASES = 40;
/** Objects of a release: the chart's thirty templates have one each. */
const OBJECTS = 30;
const PEER = 'helm template, one after the other';

/**
 * Forty releases of one chart with forty values files, until the last rendered file is written. Ours is timed inside a fresh process from the call of
 * `renderAssembly`; helm as a shell script would call it.
 */
export async function helmSuite(bench: Bench): Promise<void> {
  const helm = await helmOfRig(bench);
  const chart = join(bench.folder, 'chart');
  writeChart(chart);
  const values = Array.from({ length: RELEASES }, (_, release) => {
    const file = join(bench.folder, `values-${release}.yaml`);
    writeFileSync(file, releaseValues(release));
    return file;
  });
  const env = { PATH: process.env.PATH ?? '', HOME: bench.folder };
  const run = (name: string, ...args: string[]) =>
    runProcess({
      command: process.execPath,
      args: [program(name), ...args],
      cwd: bench.folder,
      env,
    });
  const assembly = join(bench.folder, 'assembly');
  await run('helm-assembly', assembly, chart, ...values);

  let runs = 0;
  const render = async (cache: string): Promise<number> => {
    const outdir = join(bench.folder, `rendered-${runs++}`);
    const { stdout } = await run('helm-render', assembly, helm, cache, outdir);
    checkFiles(outdir);
    return (JSON.parse(stdout) as { milliseconds: number }).milliseconds;
  };
  const template = async (): Promise<number> => {
    const outdir = join(bench.folder, `rendered-${runs++}`);
    mkdirSync(outdir);
    const started = performance.now();
    for (const [release, file] of values.entries()) {
      const args = ['template', `release-${release}`, chart, '--values', file, '--namespace', 'portal'];
      const { stdout } = await runProcess({ command: helm, args, cwd: bench.folder, env });
      writeFileSync(join(outdir, `release-${release}.yaml`), stdout);
    }
    const taken = performance.now() - started;
    checkFiles(outdir);
    return taken;
  };
  const cache = join(bench.folder, 'cache');
  const peer = { name: PEER, run: template };
  await bench.measure({
    name: '40-first',
    unit: 'ms',
    ours: async () => {
      rmSync(cache, { recursive: true, force: true });
      return render(cache);
    },
    peer,
  });
  await bench.measure({ name: '40-again', unit: 'ms', ours: () => render(cache), peer });
}

async function helmOfRig(bench: Bench): Promise<string> {
  const { helm4 } = await ensureTools(['helm4'], {
    ...rigOptionsFromEnvironment(process.env, homedir()),
    onEvent: ({ tool, phase, seconds }) => {
      if (phase === 'compiling' && seconds < 1) bench.say(`building ${tool} (once) …`);
    },
  });
  return helm4;
}

/** @throws Error unless every release has its objects. */
function checkFiles(folder: string): void {
  const files = readdirSync(folder);
  const counts = files.map((file) => readFileSync(join(folder, file), 'utf8').match(/^kind:/gm)?.length ?? 0);
  if (files.length !== RELEASES || counts.some((count) => count !== OBJECTS))
    throw new Error(`${folder}: expected ${RELEASES} files of ${OBJECTS} objects, not ${counts.join(', ')}`);
}
