import type { GateManifest } from '@orrery/constructs/assembly-format';
import { type ErrorCode, OrreryError } from '../errors.ts';
import type { GateAnswer } from '../gates/gate.ts';
import type { Problem } from '../plan/plan.ts';
import type { ClusterApply } from './cluster-apply.ts';
import type { ClusterCondition } from './cluster-tally.ts';
import type { GateOutcome, WaveEvent, WaveOutcome } from './outcome.ts';
import { problemOf } from './problem-of.ts';
import { awaitReady, soak } from './wave-health.ts';
import type { Wave } from './wave-order.ts';

/** A cluster of a wave. */
export interface WaveMember {
  readonly cluster: string;
  /** Absent for a folder. */
  readonly run?: ClusterApply | undefined;
  /** Something is written, or an earlier apply left it before its wave was through. */
  readonly isFresh: boolean;
  readonly condition: ClusterCondition;
  /** Does what is to be done; resolves when everything that belongs to its turn is settled. */
  readonly start: () => Promise<void>;
  /** It is never started. */
  readonly refuse: (why: unknown) => void;
  readonly interrupt: () => void;
  /** Its wave is over. */
  readonly finish: (proved: boolean) => Promise<void>;
}

export interface WaveRules {
  /** False: there is no rollout, only a number of clusters at a time; nothing stops anything. */
  readonly stops: boolean;
  readonly passesUnreachable: boolean;
  /** Soak and ask gates also where everything was done before. */
  readonly recheck: boolean;
  readonly askGate: (gate: GateManifest, wave: string, clusters: readonly string[]) => Promise<GateAnswer>;
  readonly emit: (event: WaveEvent) => void;
  readonly signal: AbortSignal;
}

/** Conditions that keep further clusters from starting. One that cannot be reached fails its wave, but says nothing about the others of it. */
const HALTING: ReadonlySet<ClusterCondition> = new Set(['failed', 'waiting', 'interrupted']);

/** Runs wave after wave; the next one only when the one before is through. Resolves when every member was started or refused; never rejects. */
export async function runWaves(
  waves: readonly Wave[],
  all: readonly WaveMember[],
  rules: WaveRules,
): Promise<readonly WaveOutcome[]> {
  const outcomes: WaveOutcome[] = [];
  let stopped: WaveOutcome | undefined;
  for (const wave of waves) {
    const members = wave.clusters.flatMap((cluster) => all.find((member) => member.cluster === cluster) ?? []);
    const outcome =
      stopped === undefined
        ? await new WaveTurn(wave, members, rules).run()
        : notStarted(wave, members, stopped, rules);
    if (members.length > 0) outcomes.push(outcome);
    if (outcome.status !== 'not-started' && !PASSED.has(outcome.status) && rules.stops) stopped ??= outcome;
  }
  return outcomes;
}

const PASSED: ReadonlySet<WaveOutcome['status']> = new Set(['done', 'unchanged', 'incomplete']);

function notStarted(wave: Wave, members: readonly WaveMember[], stopped: WaveOutcome, rules: WaveRules): WaveOutcome {
  const why = new OrreryError(
    'ORR5202',
    `not started: wave "${stopped.name}" ${STOPPED_BY[stopped.status] ?? 'failed'}.`,
    {
      fix: 'When the reason is gone, apply again: what is done is not done twice.',
    },
  );
  for (const member of members) {
    if (stopped.status === 'interrupted') member.interrupt();
    else member.refuse(why);
  }
  const outcome: WaveOutcome = {
    ...head(wave, members),
    status: 'not-started',
    problem: problemOf(why, {}),
    gates: [],
  };
  if (members.length > 0) rules.emit({ type: 'wave-finished', wave: wave.name, outcome });
  return outcome;
}

const STOPPED_BY: Partial<Record<WaveOutcome['status'], string>> = {
  waiting: 'waits for somebody',
  interrupted: 'was interrupted',
};

function head(wave: Wave, members: readonly WaveMember[]): Pick<WaveOutcome, 'name' | 'clusters'> {
  return { name: wave.name, clusters: members.map(({ cluster }) => cluster) };
}

interface Verdict {
  readonly status: WaveOutcome['status'];
  /** "failed: prod-gz failed": what the wave did, as the end of a sentence. */
  readonly what?: string | undefined;
  /** Default ORR5201; ORR3004: nothing is known to be wrong but that clusters cannot be reached. */
  readonly code?: ErrorCode | undefined;
}

/** The turn of one wave. */
class WaveTurn {
  readonly #wave: Wave;
  readonly #members: readonly WaveMember[];
  readonly #rules: WaveRules;
  readonly #gates: GateOutcome[] = [];

  constructor(wave: Wave, members: readonly WaveMember[], rules: WaveRules) {
    this.#wave = wave;
    this.#members = members;
    this.#rules = rules;
  }

  async run(): Promise<WaveOutcome> {
    const { emit, stops, recheck } = this.#rules;
    const { name } = this.#wave;
    const shown = stops && this.#members.some(({ isFresh, condition }) => isFresh || recheck || condition !== 'well');
    if (shown) emit({ type: 'wave-started', wave: name, clusters: this.#members.map(({ cluster }) => cluster) });
    await this.#startAll();
    const { status, what, code = 'ORR5201' }: Verdict = stops ? await this.#judge() : { status: 'done' };
    const proved = PASSED.has(status);
    await Promise.all(this.#members.map((member) => member.finish(proved)));
    const problem: Problem | undefined =
      what === undefined ? undefined : { code, what: `wave "${name}" ${what}.`, where: {} };
    const outcome = {
      ...head(this.#wave, this.#members),
      status,
      gates: this.#gates,
      ...(problem === undefined ? {} : { problem }),
    };
    if (shown || (stops && status !== 'unchanged')) emit({ type: 'wave-finished', wave: name, outcome });
    return outcome;
  }

  /** So many at a time as the wave allows. */
  async #startAll(): Promise<void> {
    const { stops, signal } = this.#rules;
    const waiting = [...this.#members];
    let halted: WaveMember | undefined;
    const work = async (): Promise<void> => {
      for (let member = waiting.shift(); member !== undefined; member = waiting.shift()) {
        if (signal.aborted) member.interrupt();
        else if (halted !== undefined) {
          const what = `not started: ${halted.cluster}, of the same wave, ${CONDITIONS[halted.condition]}.`;
          member.refuse(new OrreryError('ORR5202', what, { fix: 'When the reason is gone, apply again.' }));
        } else {
          await member.start();
          if (stops && HALTING.has(member.condition)) halted ??= member;
        }
      }
    };
    const atATime = Math.min(this.#wave.maxParallel, waiting.length);
    await Promise.all(Array.from({ length: atATime }, work));
  }

  async #judge(): Promise<Verdict> {
    const { passesUnreachable, recheck, signal } = this.#rules;
    const before = this.#verdict('');
    if (before !== undefined) return before;
    const well = this.#members.filter(({ condition }) => condition === 'well');
    const unreachable = this.#members.length > well.length && passesUnreachable;
    const checked = well.filter(({ isFresh }) => isFresh || recheck);
    if (checked.length === 0) return { status: unreachable ? 'incomplete' : 'unchanged' };
    const found = (await this.#health(checked)) ?? (await this.#askGates(checked));
    if (signal.aborted) return this.#interrupted();
    return found ?? { status: unreachable ? 'incomplete' : 'done' };
  }

  /** Why the wave is not through; undefined when nothing is in the way. @param when " while it soaked" */
  #verdict(when: string): Verdict | undefined {
    const { passesUnreachable, signal } = this.#rules;
    if (signal.aborted) return this.#interrupted();
    const failing = this.#members.filter(
      ({ condition }) => condition === 'failed' || (condition === 'unreachable' && !passesUnreachable),
    );
    if (failing.length > 0) {
      const whats = failing.map(({ cluster, condition }) => `${cluster} ${CONDITIONS[condition]}`);
      const code = failing.every(({ condition }) => condition === 'unreachable') ? 'ORR3004' : undefined;
      return { status: 'failed', what: `failed${when}: ${whats.join(', ')}`, code };
    }
    return this.#members.some(({ condition }) => condition === 'waiting') ? { status: 'waiting' } : undefined;
  }

  #interrupted(): Verdict {
    for (const member of this.#members) if (member.condition === 'well' && member.isFresh) member.interrupt();
    return { status: 'interrupted' };
  }

  /** Everything ready, nothing failing for the soak time, everything ready again. */
  async #health(members: readonly WaveMember[]): Promise<Verdict | undefined> {
    const { signal, emit } = this.#rules;
    const { name, soakMs } = this.#wave;
    const runs = members.flatMap(({ run }) => run ?? []);
    await awaitReady(runs, signal);
    const ready = this.#verdict('');
    if (ready !== undefined || soakMs === 0) return ready;
    emit({ type: 'wave-soaking', wave: name, milliseconds: soakMs });
    await soak(runs, soakMs, signal);
    const soaked = this.#verdict(' while it soaked');
    if (soaked !== undefined) return soaked;
    await awaitReady(runs, signal);
    return this.#verdict(' after it soaked');
  }

  async #askGates(members: readonly WaveMember[]): Promise<Verdict | undefined> {
    const { askGate, emit, signal } = this.#rules;
    const { name, gates } = this.#wave;
    const clusters = members.map(({ cluster }) => cluster);
    for (const gate of gates) {
      emit({ type: 'gate-asked', wave: name, gate: gate.name });
      const answer = await askGate(gate, name, clusters).catch((error: unknown): GateAnswer => {
        return { passed: false, detail: error instanceof Error ? error.message : String(error) };
      });
      if (signal.aborted) return this.#interrupted();
      const outcome: GateOutcome = { name: gate.name, ...answer };
      this.#gates.push(outcome);
      emit({ type: 'gate-answered', wave: name, gate: outcome });
      if (!answer.passed) return { status: 'failed', what: `did not pass its gate "${gate.name}": ${answer.detail}` };
    }
    return undefined;
  }
}

const CONDITIONS: Readonly<Record<ClusterCondition, string>> = {
  well: 'is well',
  failed: 'failed',
  unreachable: 'cannot be reached',
  waiting: 'waits for somebody',
  interrupted: 'was interrupted',
};
