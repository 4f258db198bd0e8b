import type { CanaryReleaseManifest } from '@orrery/constructs/assembly-format';
import type { ApplyOptions } from '../apply/apply-options.ts';
import type { KubeTarget, Target } from '../cluster/target.ts';
import { isOrreryError } from '../errors.ts';
import type { PlanTarget } from '../plan/make-plan.ts';
import type { PlanOptions } from '../plan/plan-options.ts';
import { problemOf } from '../plan/planning-context.ts';
import type { DesiredCluster, DesiredState } from '../render/desired-state.ts';
import { AdvanceInCluster } from './advance-in-cluster.ts';
import { awaitRelease, type StageInput } from './apply-stage.ts';
import { type CanaryInCluster, canariesOf, withState } from './place-releases.ts';
import type { ReleaseEvent, ReleaseOutcome } from './release-outcome.ts';
import { assertMayRelease } from './release-rights.ts';

export interface AdvanceInput {
  readonly desired: DesiredState;
  readonly targets: readonly Target[];
  readonly planning: PlanOptions;
  readonly applying: ApplyOptions;
  /** Only these; default: all. */
  readonly releases?: readonly string[] | undefined;
  /** That they go back is what was asked for, and no failure. Nothing begins or goes on. */
  readonly goesBack?: boolean | undefined;
  /** Milliseconds since 1970. Default: the clock. */
  readonly now?: (() => number) | undefined;
  /** How long holds are followed, in milliseconds; 0: not at all. Default: as long as an object may take to get ready. */
  readonly followMs?: number | undefined;
  /** Opens clusters that were not chosen: they may have to come first. */
  readonly reopen: (clusters: readonly string[]) => Promise<{
    readonly all: readonly PlanTarget[];
    readonly close: () => Promise<void>;
  }>;
}

const FOLLOW_MS = 5 * 60_000;

/**
 * Moves canary releases on in all clusters, as far as they go by themselves: releases side by side, the groups of clusters of each one after another, the clusters of a group at the same time. A
 * group begins when all those before are through and healthy; a cluster of it is not written before.
 */
export async function advanceReleases(
  input: AdvanceInput,
  emit: (event: ReleaseEvent) => void,
): Promise<readonly ReleaseOutcome[]> {
  const { desired, releases } = input;
  const { now = Date.now, followMs = input.applying.timeoutMs ?? FOLLOW_MS } = input;
  const deadline = followMs === 0 ? Number.NEGATIVE_INFINITY : now() + followMs;
  const chosen = (desired.canaryReleases ?? []).filter(({ name }) => releases?.includes(name) !== false);
  const outcomes = await Promise.all(
    chosen.map((release) => new ReleaseRun(input, release, { now, deadline }, emit).run()),
  );
  return outcomes.flat();
}

/** One release over its clusters. */
class ReleaseRun {
  readonly #input: AdvanceInput;
  readonly #release: CanaryReleaseManifest;
  readonly #time: { readonly now: () => number; readonly deadline: number };
  readonly #emit: (event: ReleaseEvent) => void;

  constructor(
    input: AdvanceInput,
    release: CanaryReleaseManifest,
    time: { readonly now: () => number; readonly deadline: number },
    emit: (event: ReleaseEvent) => void,
  ) {
    this.#input = input;
    this.#release = release;
    this.#time = time;
    this.#emit = emit;
  }

  async run(): Promise<readonly ReleaseOutcome[]> {
    const outcomes: ReleaseOutcome[] = [];
    let blockedBy: string | undefined;
    for (const wave of this.#release.waves) {
      const own = wave.filter((cluster) => this.#targetOf(cluster) !== undefined);
      const done = await Promise.all(own.map((cluster) => this.#advance(cluster, blockedBy)));
      for (const outcome of done) this.#emit({ type: 'release-finished', outcome });
      outcomes.push(...done);
      blockedBy ??= done.map(whyBlocked).find((why) => why !== undefined);
      // What comes later, and has to wait anyway, need not know more.
      if (blockedBy !== undefined || wave === this.#release.waves.at(-1)) continue;
      blockedBy = await this.#leftOut(wave.filter((cluster) => !own.includes(cluster)));
      blockedBy ??= await this.#unhealthy(own);
    }
    return outcomes;
  }

  #targetOf(cluster: string): KubeTarget | undefined {
    const target = this.#input.targets.find((one) => one.cluster === cluster);
    return target?.kind === 'kube' ? target : undefined;
  }

  async #advance(name: string, blockedBy: string | undefined): Promise<ReleaseOutcome> {
    const { name: release } = this.#release;
    try {
      const input = await this.#stageInput(name);
      const { goesBack = false } = this.#input;
      const mayAdvance = blockedBy === undefined && !goesBack;
      const { standing } = input.canaries.find(({ canary }) => canary.name === release) as CanaryInCluster;
      if (standing.phase === 'not-begun' && mayAdvance) await assertMayRelease(input);
      return await new AdvanceInCluster(input, this.#release, {
        ...this.#time,
        mayAdvance,
        goesBack,
        blockedBy,
      }).run();
    } catch (error) {
      if (!isOrreryError(error)) throw error;
      const problem = problemOf(error, { cluster: name });
      return { release, cluster: name, status: 'failed', reason: problem.what, problem };
    }
  }

  async #stageInput(name: string): Promise<StageInput> {
    const { desired, planning, applying } = this.#input;
    const target = this.#targetOf(name) as KubeTarget;
    const placed = desired.clusters.find((one) => one.name === name) as DesiredCluster;
    const cluster = placed.unplaced ?? placed;
    const canaries = await canariesOf(cluster, target, desired.platform.id);
    const { name: release } = this.#release;
    return { target, desired, cluster, canaries, release, planning, applying, emit: this.#emit };
  }

  /** Clusters of the group that were not chosen: they have to be through all the same. */
  async #leftOut(clusters: readonly string[]): Promise<string | undefined> {
    if (clusters.length === 0) return undefined;
    const { desired, reopen } = this.#input;
    const { all, close } = await reopen(clusters);
    try {
      for (const name of clusters) {
        const target = all.find((one) => one.cluster === name);
        const cluster = desired.clusters.find((one) => one.name === name);
        if (target?.kind !== 'kube' || cluster === undefined) return `${name} comes first, and cannot be reached`;
        const found = (await canariesOf(cluster.unplaced ?? cluster, target, desired.platform.id)).find(
          ({ canary }) => canary.name === this.#release.name,
        );
        if (found?.standing.phase !== 'through') return `${name} comes first, and is not through`;
      }
      return undefined;
    } finally {
      await close();
    }
  }

  /** Through is not enough: what is unwell there now would be so in the next cluster, too. */
  async #unhealthy(clusters: readonly string[]): Promise<string | undefined> {
    for (const name of clusters) {
      const input = await this.#stageInput(name);
      const found = input.canaries.find(({ canary }) => canary.name === this.#release.name);
      if (found?.standing.phase !== 'through') return `${name} comes first, and is not through`;
      const placed = withState(input.cluster, input.canaries, this.#release.name, found.standing.state);
      const result = await awaitRelease(input, placed);
      if (result.status === 'unwell') return `${name} comes first, and is not well: ${result.reason}`;
      if (result.status === 'failed') return `${name} comes first: ${result.problem.what}`;
      if (result.status === 'interrupted') return `${name} comes first`;
    }
    return undefined;
  }
}

/** What later clusters wait for; undefined when this one is through. */
function whyBlocked({ cluster, status }: ReleaseOutcome): string | undefined {
  if (status === 'through') return undefined;
  const words: Readonly<Record<Exclude<ReleaseOutcome['status'], 'through'>, string>> = {
    waiting: 'is not through',
    'went-back': 'went back',
    aborted: 'went back',
    failed: 'failed',
    interrupted: 'was interrupted',
  };
  return `${cluster} comes first, and ${words[status]}`;
}
