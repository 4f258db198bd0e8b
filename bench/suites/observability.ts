import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ensureTools, rigOptionsFromEnvironment } from '../../lib/sandbox/rig/ensure-tools.ts';
import { writeChart } from '../helm-chart.ts';
import { runProcess } from '../measure.ts';
import { program } from '../program.ts';
import type { Bench } from '../run.ts';

/** Three clusters with the whole stack, once what does not change is there. */
const AGAIN_MS = 1000;
/** The definitions that kube-prometheus-stack brings, 4 MB of YAML (data/SOURCES.md). */
const DEFINITIONS = join(import.meta.dirname, '../../../shared/data/crds/monitoring.coreos.com');

/**
 * A whole observability stack over three clusters: metrics in Thanos, traces in Jaeger, routes of alerts, twenty observed services. Every chart of others is replaced by one of our own
 * with thirty objects, that of Prometheus with its real definitions. Timed inside a fresh process: synthesis and rendering.
 */
export async function observabilitySuite(bench: Bench): Promise<void> {
  const { helm4 } = await ensureTools(['helm4'], {
    ...rigOptionsFromEnvironment(process.env, homedir()),
    onEvent: () => undefined,
  });
  const [chart, withDefinitions] = [join(bench.folder, 'chart'), join(bench.folder, 'chart-with-definitions')];
  writeChart(chart);
  writeChart(withDefinitions);
  mkdirSync(join(withDefinitions, 'crds'));
  if (existsSync(DEFINITIONS)) cpSync(DEFINITIONS, join(withDefinitions, 'crds'), { recursive: true });
  else bench.say('  without the definitions of the prometheus-operator: ../shared/data is not there');
  const cache = join(bench.folder, 'cache');
  let runs = 0;
  const run = async (): Promise<number> => {
    const { stdout } = await runProcess({
      command: process.execPath,
      args: [program('observability'), chart, withDefinitions, helm4, cache, join(bench.folder, `dist-${runs++}`)],
      cwd: bench.folder,
      env: { PATH: process.env.PATH ?? '', HOME: bench.folder },
    });
    return (JSON.parse(stdout) as { milliseconds: number }).milliseconds;
  };
  await bench.measure({
    name: 'stack-first',
    unit: 'ms',
    ours: () => {
      rmSync(cache, { recursive: true, force: true });
      return run();
    },
  });
  await bench.measure({ name: 'stack-again', unit: 'ms', target: AGAIN_MS, ours: run });
}
