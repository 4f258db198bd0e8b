import type { DirectoryTarget } from '../cluster/target.ts';
import { applyDirectory } from '../directory/apply-directory.ts';
import { type ClusterPlan, writes } from '../plan/plan.ts';
import type { DesiredState } from '../render/desired-state.ts';
import type { ApplyOptions } from './apply-options.ts';
import type { ClusterApply } from './cluster-apply.ts';
import { ClusterTally } from './cluster-tally.ts';
import { attempt, isOpenable } from './lock-clusters.ts';
import type { ApplyEvent, ClusterOutcome } from './outcome.ts';
import type { Releases } from './releases.ts';
import { NotDone } from './skipped.ts';
import type { WaveMember } from './wave-run.ts';

/** @param place of the cluster in the order in which they start */
export function clusterMember(
  run: ClusterApply,
  releases: Releases,
  place: number,
  { announces }: { readonly announces: boolean },
): WaveMember {
  const { tally, input } = run;
  const { cluster } = tally;
  return {
    cluster,
    run,
    get isFresh() {
      return run.writes;
    },
    get condition() {
      return tally.condition;
    },
    start: async () => {
      if (announces && tally.problem === undefined) tally.started(input.plan.items.length);
      if (isOpenable(run)) await attempt(run, () => run.open());
      releases.start(cluster);
      await releases.settled(place);
    },
    refuse: (why) => {
      tally.untried(why);
      releases.refuse(cluster, new NotDone(undefined));
    },
    interrupt: () => {
      tally.interrupted();
      run.leaveUnproved();
      releases.refuse(cluster, input.options.signal?.reason);
    },
    finish: async (proved) => {
      if (!proved) run.leaveUnproved();
      // What waits for later clusters is still to come.
      if (!releases.hasLate(cluster)) await run.finish();
    },
  };
}

/** A folder of manifests; it is written as a whole, and nothing in it can be watched. */
export class FolderMember implements WaveMember {
  readonly #target: DirectoryTarget;
  readonly #plan: ClusterPlan;
  readonly #desired: DesiredState;
  readonly #options: ApplyOptions;
  readonly #emit: (event: ApplyEvent) => void;
  #outcome: ClusterOutcome | undefined;

  constructor(
    target: DirectoryTarget,
    plan: ClusterPlan,
    desired: DesiredState,
    options: ApplyOptions,
    emit: (event: ApplyEvent) => void,
  ) {
    this.#target = target;
    this.#plan = plan;
    this.#desired = desired;
    this.#options = options;
    this.#emit = emit;
  }

  get cluster(): string {
    return this.#plan.cluster;
  }

  get isFresh(): boolean {
    return this.#plan.items.some(({ action }) => writes(action));
  }

  get condition(): WaveMember['condition'] {
    const status = this.#outcome?.status;
    if (status === 'interrupted') return 'interrupted';
    return status === 'done' || status === undefined ? 'well' : 'failed';
  }

  readonly start = async (): Promise<void> => {
    const { platform, clusters } = this.#desired;
    const { stateFolder, signal } = this.#options;
    const objects = clusters.find(({ name }) => name === this.cluster);
    const options = { platform, stateFolder, signal };
    this.#outcome = await applyDirectory(this.#target, this.#plan, objects, this.#emit, options);
  };

  readonly refuse = (why: unknown): void => this.#end((tally) => tally.untried(why));

  readonly interrupt = (): void => this.#end((tally) => tally.interrupted());

  readonly finish = (): Promise<void> => Promise.resolve();

  /** Without having been tried, it did not do what was to be done. */
  finished(): ClusterOutcome {
    if (this.#outcome === undefined) this.#end((tally) => tally.interrupted());
    return this.#outcome as ClusterOutcome;
  }

  #end(how: (tally: ClusterTally) => void): void {
    if (this.#outcome !== undefined) return;
    const tally = new ClusterTally(this.#plan, this.#emit);
    how(tally);
    this.#outcome = tally.finish();
  }
}
