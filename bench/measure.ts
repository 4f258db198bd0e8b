import { spawn } from 'node:child_process';

export type Unit = 'ms' | 'MB' | 'requests';

/** One line of the JSON output. */
export interface Measurement {
  readonly suite: string;
  readonly case: string;
  readonly unit: Unit;
  /** Median of our runs. */
  readonly ours: number;
  /** Median of the peer's runs; null without a peer. */
  readonly peer: number | null;
  readonly peerName: string | null;
  /** peer ÷ ours: how many times better we are; null without a peer. */
  readonly ratio: number | null;
  /** Cases without a peer: what `ours` shall not exceed. */
  readonly target?: number;
}

export interface CaseOptions {
  readonly name: string;
  readonly unit: Unit;
  /** One measured run in a fresh process; returns its figure. `run` counts from 0, warm-up runs are negative. */
  readonly ours: (run: number) => Promise<number>;
  readonly peer?: { readonly name: string; readonly run: (run: number) => Promise<number> };
  /** Required without a peer. */
  readonly target?: number;
  /** Runs before the measured ones, one on each side, to fill file caches. Default 1. */
  readonly warmUps?: number;
}

/** Runs a case A B A B …, so that a machine that slows down meets both sides alike. */
export async function measureCase(
  suite: string,
  options: CaseOptions,
  runs: number,
  onSample: (side: 'ours' | 'peer', value: number) => void,
): Promise<Measurement> {
  const { name, unit, ours, peer, target, warmUps = 1 } = options;
  const samples = { ours: [] as number[], peer: [] as number[] };
  for (let run = -warmUps; run < runs; run++) {
    for (const [side, measured] of [['ours', ours] as const, ['peer', peer?.run] as const]) {
      if (measured === undefined) continue;
      const value = await measured(run);
      if (run < 0) continue;
      samples[side].push(value);
      onSample(side, value);
    }
  }
  const mine = median(samples.ours);
  const theirs = peer === undefined ? null : median(samples.peer);
  return {
    suite,
    case: name,
    unit,
    ours: rounded(mine),
    peer: theirs === null ? null : rounded(theirs),
    peerName: peer?.name ?? null,
    ratio: theirs === null ? null : rounded(theirs / mine),
    ...(target === undefined ? {} : { target }),
  };
}

/** @throws Error for an empty list. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[sorted.length >> 1];
  const lower = sorted[(sorted.length - 1) >> 1];
  if (upper === undefined || lower === undefined) throw new Error('no median of nothing');
  return (upper + lower) / 2;
}

function rounded(value: number): number {
  return Number(value.toPrecision(value >= 1000 ? 5 : 3));
}

export interface ProcessRun {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Exit codes that are right. Default [0]. */
  readonly expect?: readonly number[];
  /** Default 10 minutes. */
  readonly timeoutMs?: number;
}

export interface FinishedProcess {
  /** From before its start to its exit, milliseconds. */
  readonly milliseconds: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a whole process. Its environment is only what is given, so that both sides start from the same.
 * @throws Error with its errors and the end of its output when it exits otherwise than expected.
 */
export function runProcess(run: ProcessRun): Promise<FinishedProcess> {
  const { command, args, cwd, env, expect = [0], timeoutMs = 600_000 } = run;
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs });
    let milliseconds = 0;
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.on('error', reject);
    child.on('exit', () => {
      milliseconds = performance.now() - started;
    });
    child.on('close', (code, signal) => {
      const output = { stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() };
      if (code !== null && expect.includes(code)) resolve({ milliseconds, ...output });
      else {
        const said = `${output.stdout}\n${output.stderr}`;
        // Thousands of lines of success may follow the one that counts.
        const errors = said.match(/^error .*(\n {2}.*)*/gm) ?? [];
        const end = [...errors.slice(0, 10), said.trim().slice(-2000)].join('\n');
        reject(
          new Error(`${command} ${args.join(' ')}: ended with ${code ?? signal}, not ${expect.join(' or ')}\n${end}`),
        );
      }
    });
  });
}
