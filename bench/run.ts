import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type CaseOptions, type Measurement, measureCase } from './measure.ts';
import { jsonLines, table } from './report.ts';
import { applySuite } from './suites/apply.ts';
import { diffSuite } from './suites/diff.ts';
import { fleetSuite } from './suites/fleet.ts';
import { helmSuite } from './suites/helm.ts';
import { observabilitySuite } from './suites/observability.ts';
import { scaleSuite } from './suites/scale.ts';
import { synthSuite } from './suites/synth.ts';

/** What a suite works with. */
export interface Bench {
  /** Temporary folder of the suite; it is deleted after it. */
  readonly folder: string;
  /** Talk for people, on stderr. */
  say(text: string): void;
  measure(options: CaseOptions): Promise<void>;
}

export type Suite = (bench: Bench) => Promise<void>;

const SUITES: Readonly<Record<string, Suite>> = {
  synth: synthSuite,
  helm: helmSuite,
  observability: observabilitySuite,
  diff: diffSuite,
  apply: applySuite,
  scale: scaleSuite,
  fleet: fleetSuite,
};

const RUNS = 5;
const QUICK_RUNS = 2;

const USAGE = `npm run bench -- [suites…] [--json FILE] [--runs N] [--quick]

  suites       ${Object.keys(SUITES).join(', ')} (default: all)
  --json FILE  also write the measurements to FILE, a line of JSON each
  --runs N     measured runs on each side of a case; the median counts (default ${RUNS})
  --quick      ${QUICK_RUNS} runs: to try it, not to quote it
`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'string' },
      runs: { type: 'string' },
      quick: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const runs = values.runs === undefined ? (values.quick ? QUICK_RUNS : RUNS) : Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1) throw new Error(`--runs takes a whole number, not "${values.runs}"`);
  const names = positionals.length === 0 ? Object.keys(SUITES) : positionals;
  const suites = names.map((name) => {
    const suite = SUITES[name];
    if (suite === undefined) throw new Error(`there is no suite "${name}"; known: ${Object.keys(SUITES).join(', ')}`);
    return { name, suite };
  });

  const measurements: Measurement[] = [];
  let failed = false;
  for (const { name, suite } of suites) {
    try {
      await runSuite(name, suite, runs, measurements);
    } catch (error) {
      // What the other suites measure is still worth having.
      failed = true;
      say(`\nsuite ${name} failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  process.stdout.write(`\n${table(measurements)}`);
  if (values.json !== undefined) {
    const file = resolve(values.json);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, jsonLines(measurements));
  }
  if (failed) process.exitCode = 1;
}

async function runSuite(name: string, suite: Suite, runs: number, measurements: Measurement[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), `orrery-bench-${name}-`));
  try {
    await suite({
      folder,
      say,
      measure: async (options) => {
        say(`\n${name}: ${options.name}`);
        measurements.push(
          await measureCase(name, options, runs, (side, value) => {
            const who = side === 'ours' ? 'orrery' : (options.peer?.name ?? 'peer');
            say(`  ${who.padEnd(32)} ${value.toFixed(value < 10 ? 2 : 0)} ${options.unit}`);
          }),
        );
      },
    });
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

await main();
