import { setTimeout as sleep } from 'node:timers/promises';
import type { CanaryReleaseManifest, ReleaseStageManifest } from '@orrery/constructs/assembly-format';
import { resourcePath } from '../cluster/resource-path.ts';
import { resolveNamespace } from '../diff/resolve-namespace.ts';
import { OrreryError } from '../errors.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import type { Problem } from '../plan/plan.ts';
import { problemOf } from '../plan/planning-context.ts';
import { applyStage, awaitRelease, type StageInput, type StageResult } from './apply-stage.ts';
import { CONTROLLER_WATCHERS } from './controller-watchers.ts';
import { holdWords } from './describe.ts';
import { type HoldVerdict, judgeHold } from './judge-hold.ts';
import { misfitError, withState } from './place-releases.ts';
import { templatesIn } from './place-stage.ts';
import { readRecord, writeRecord } from './record-store.ts';
import type { ReleaseOutcome } from './release-outcome.ts';
import type { ReleaseRecord, StoredRecord } from './release-record.ts';
import { Misfit, type Standing, standingOf } from './standing.ts';

export interface AdvanceRules {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Holds that end later than this are not followed. */
  readonly deadline: number;
  /** Whether it may begin, or go on to the next stage. Going back is always allowed. */
  readonly mayAdvance: boolean;
  /** That it goes back is what was asked for. */
  readonly goesBack: boolean;
  /** Why not. */
  readonly blockedBy?: string | undefined;
}

/** How often the record is looked at while a hold is followed: somebody may say go on, or go back. */
const LOOK_AGAIN_MS = 1000;

/**
 * Moves one release on in one cluster, as far as it goes by itself: what is to be next is entered into the record first, then its objects are written; so whoever ends in between, the next apply
 * renders what the record says and goes on there. The record changes by compare-and-swap: of two that move it one goes on, the other looks again.
 */
export class AdvanceInCluster {
  readonly #input: StageInput;
  readonly #release: CanaryReleaseManifest;
  readonly #rules: AdvanceRules;
  #wentBack: string | undefined;
  #told = '';

  constructor(input: StageInput, release: CanaryReleaseManifest, rules: AdvanceRules) {
    this.#input = input;
    this.#release = release;
    this.#rules = rules;
  }

  async run(): Promise<ReleaseOutcome> {
    try {
      return await this.#run();
    } catch (error) {
      if (this.#input.applying.signal?.aborted === true) return this.#outcome('interrupted');
      return this.#failed(problemOf(error, { cluster: this.#input.target.cluster }));
    }
  }

  async #run(): Promise<ReleaseOutcome> {
    const { target, desired, cluster, canaries, release, applying } = this.#input;
    const canary = canaries.find((one) => one.canary.name === release)?.canary;
    if (canary === undefined) throw new Error(`${release} is no release of ${target.cluster}`);
    for (;;) {
      if (applying.signal?.aborted === true) return this.#outcome('interrupted');
      const stored = await readRecord(target, desired.platform.id, release);
      const standing = standingOf(cluster, canary, stored?.record);
      if (standing instanceof Misfit) throw misfitError(standing, canary, target.cluster);
      const outcome = await this.#step(standing, stored);
      if (outcome !== undefined) return outcome;
    }
  }

  /** One step, or how it ended. */
  async #step(standing: Standing, stored: StoredRecord | undefined): Promise<ReleaseOutcome | undefined> {
    const { stages } = this.#states();
    switch (standing.phase) {
      case 'not-begun': {
        if (!this.#rules.mayAdvance) return this.#outcome('waiting', this.#rules.blockedBy);
        const first = stages[0] as ReleaseStageManifest;
        await this.#write({ status: 'progressing', stage: first.name, begunAt: this.#time() }, stored);
        return undefined;
      }
      case 'paused':
        return this.#outcome('waiting', stored?.record.reason ?? 'paused', standing.stage.name);
      case 'through':
        return this.#outcome('through', undefined, standing.stage.name);
      case 'aborted':
        return this.#wentBack === undefined || this.#rules.goesBack
          ? this.#outcome('aborted', stored?.record.reason)
          : this.#outcome('went-back', this.#wentBack);
      case 'aborting':
        return this.#goBack(standing, stored as StoredRecord);
      case 'progressing':
        if (!this.#rules.mayAdvance) return this.#outcome('waiting', this.#rules.blockedBy, standing.stage.name);
        return stored?.record.heldSince === undefined
          ? this.#reach(standing, stored as StoredRecord)
          : this.#hold(standing, stored);
    }
  }

  /** Writes the objects of a stage and waits until they are ready; then its hold begins. */
  async #reach(
    standing: Standing & { phase: 'progressing' | 'paused' },
    stored: StoredRecord,
  ): Promise<ReleaseOutcome | undefined> {
    const { stage, at } = standing;
    const { stages } = this.#states();
    const { release, target, cluster, emit } = this.#input;
    const place = `${at + 1}/${stages.length}`;
    const weight = stage.weight === undefined ? {} : { weight: stage.weight };
    emit({ type: 'release-stage', release, cluster: target.cluster, stage: stage.name, place, ...weight });
    const result = await applyStage(this.#input, standing.state);
    if (result.status !== 'ready') return this.#unready(result, stored, stage);
    if (at === stages.length - 1 && stage.hold === undefined) {
      const promoted = templatesIn(cluster, this.#states(), standing.state);
      await this.#write({ ...stored.record, status: 'through', promoted, reason: undefined }, stored);
    } else await this.#write({ ...stored.record, heldSince: this.#time() }, stored);
    return undefined;
  }

  /** What keeps a stage: nothing, then the next one; a time, then it is followed; somebody. */
  async #hold(
    standing: Standing & { phase: 'progressing' | 'paused' },
    stored: StoredRecord,
  ): Promise<ReleaseOutcome | undefined> {
    const { record } = stored;
    const { stage } = standing;
    const skips = record.approved === true || record.skipsHolds === true;
    const verdict = skips && stage.hold?.type !== 'controller' ? PASSED : await this.#judge(stage, record);
    switch (verdict.status) {
      case 'passed':
        return this.#next(standing, stored);
      case 'somebody':
        return this.#outcome('waiting', verdict.detail, stage.name);
      case 'failed':
        return this.#fail(verdict.detail, stored, stage);
      case 'inconclusive':
        await this.#write({ ...record, status: 'paused', reason: `inconclusive: ${verdict.detail}` }, stored);
        return undefined;
      case 'until':
        return this.#follow(verdict, stage);
    }
  }

  async #judge(stage: ReleaseStageManifest, record: ReleaseRecord): Promise<HoldVerdict> {
    const { hold } = stage;
    const since = Date.parse(record.heldSince ?? '');
    if (hold?.type === 'controller') return this.#askController(hold.object);
    return judgeHold(hold, since, this.#rules.now(), this.#input.applying.signal);
  }

  async #follow(
    { time, end, detail }: HoldVerdict & { status: 'until' },
    stage: ReleaseStageManifest,
  ): Promise<ReleaseOutcome | undefined> {
    const { deadline, now } = this.#rules;
    const reason = stage.hold?.type === 'pause' ? detail : `${holdWords(stage.hold) ?? 'hold'} (${detail})`;
    if (end > deadline) return this.#outcome('waiting', reason, stage.name);
    const { release, target, emit } = this.#input;
    if (this.#told !== reason) {
      this.#told = reason;
      emit({ type: 'release-holding', release, cluster: target.cluster, stage: stage.name, reason });
    }
    const { signal } = this.#input.applying;
    const wait = Math.max(1, Math.min(time - now(), LOOK_AGAIN_MS));
    await sleep(wait, undefined, signal === undefined ? {} : { signal });
    return undefined;
  }

  /** All is still well, then the next stage; after the last one it is through. */
  async #next(
    { at, stage, state }: Standing & { phase: 'progressing' | 'paused' },
    stored: StoredRecord,
  ): Promise<ReleaseOutcome | undefined> {
    const { cluster, canaries, release } = this.#input;
    const states = this.#states();
    const well = await awaitRelease(this.#input, withState(cluster, canaries, release, state));
    if (well.status !== 'ready') return this.#unready(well, stored, stage);
    const next = states.stages[at + 1];
    const { heldSince: _, approved: __, reason: ___, ...record } = stored.record;
    if (next === undefined) {
      const promoted = templatesIn(cluster, states, state);
      await this.#write({ ...record, status: 'through', promoted }, stored);
    } else await this.#write({ ...record, stage: next.name }, stored);
    return undefined;
  }

  async #goBack(
    { step, state }: Standing & { phase: 'aborting' },
    stored: StoredRecord,
  ): Promise<ReleaseOutcome | undefined> {
    const { record } = stored;
    const { release, target, emit } = this.#input;
    const reason = record.reason ?? 'aborted';
    if (this.#wentBack === undefined) emit({ type: 'release-going-back', release, cluster: target.cluster, reason });
    this.#wentBack = reason;
    const result = await applyStage(this.#input, state);
    if (result.status === 'interrupted') return this.#outcome('interrupted');
    if (result.status === 'failed') return this.#failed(result.problem);
    if (result.status === 'unwell') return this.#failed(this.#problem(`cannot go back: ${result.reason}`));
    const { abort } = this.#states();
    const { abortStep: _, ...rest } = record;
    await this.#write(
      step + 1 < abort.length ? { ...record, abortStep: step + 1 } : { ...rest, status: 'aborted' },
      stored,
    );
    return undefined;
  }

  #unready(
    result: Exclude<StageResult, { status: 'ready' }>,
    stored: StoredRecord,
    stage: ReleaseStageManifest,
  ): Promise<ReleaseOutcome | undefined> | ReleaseOutcome {
    if (result.status === 'interrupted') return this.#outcome('interrupted', undefined, stage.name);
    if (result.status === 'failed') return this.#failed(result.problem, stage.name);
    return this.#fail(result.reason, stored, stage);
  }

  /** The release is not good: it goes back, or it stays and asks. */
  async #fail(why: string, stored: StoredRecord, stage: ReleaseStageManifest): Promise<undefined> {
    const { record } = stored;
    const reason = `${stage.name}: ${why}`;
    if (this.#release.onFailure === 'pause') await this.#write({ ...record, status: 'paused', reason }, stored);
    else {
      this.#input.emit({
        type: 'release-going-back',
        release: this.#input.release,
        cluster: this.#input.target.cluster,
        reason,
      });
      this.#wentBack = reason;
      const { heldSince: _, approved: __, skipsHolds: ___, ...rest } = record;
      const back = this.#states().abort.length > 0;
      await this.#write(
        back ? { ...rest, status: 'aborting', abortStep: 0, reason } : { ...rest, status: 'aborted', reason },
        stored,
      );
    }
  }

  async #askController(path: string): Promise<HoldVerdict> {
    const { cluster, target } = this.#input;
    const desired = (cluster.unplaced ?? cluster).objects.find((one) => one.path === path);
    const watcher = desired && CONTROLLER_WATCHERS.get(`${desired.id.group}/${desired.id.kind}`);
    const resource = desired && (await target.discovery()).find(desired.object.apiVersion, desired.id.kind);
    if (desired === undefined || watcher === undefined || resource === undefined)
      throw new OrreryError('ORR4301', `nobody knows how a release of ${desired?.id.kind ?? path} is watched.`, {
        path,
      });
    const { id } = resolveNamespace(desired, resource.namespaced);
    const answer = await target.client.request({
      method: 'GET',
      path: resourcePath(resource, id.namespace, id.name),
    });
    if (answer.status !== 200) return { status: 'somebody', detail: `${id.kind} ${id.name} is not there` };
    const { phase, reason, step, weight } = watcher.read(answer.body as KubernetesObject);
    const detail = [reason, step, weight === undefined ? undefined : `${weight} %`].filter(Boolean).join(' · ');
    if (phase === 'done') return PASSED;
    if (phase === 'failed') return { status: 'failed', detail };
    if (phase === 'waiting') return { status: 'somebody', detail };
    const now = this.#rules.now();
    // How long a controller takes nobody knows: it is followed as long as there is time.
    return { status: 'until', time: now + LOOK_AGAIN_MS, end: now + LOOK_AGAIN_MS, detail };
  }

  /** A record that somebody else wrote in between is read again by the next step. */
  async #write(
    record: Partial<ReleaseRecord> & Pick<ReleaseRecord, 'status' | 'stage' | 'begunAt'>,
    before: StoredRecord | undefined,
  ): Promise<void> {
    const { target, desired, release, applying } = this.#input;
    const { revision } = this.#release;
    const { platform } = desired;
    const head = { platform: platform.id, clusterUid: target.clusterUid, release, revision };
    await writeRecord(target, { ...record, ...head, by: applying.who, updatedAt: this.#time() }, before);
  }

  #states() {
    const found = this.#input.canaries.find((one) => one.canary.name === this.#input.release);
    if (found === undefined) throw new Error('the release is in its cluster');
    return found.canary.states;
  }

  #time(): string {
    return new Date(this.#rules.now()).toISOString();
  }

  #outcome(status: ReleaseOutcome['status'], reason?: string, stage?: string): ReleaseOutcome {
    const { release, target } = this.#input;
    const problem = status === 'went-back' ? { problem: this.#problem(`went back: ${reason ?? 'aborted'}`) } : {};
    return {
      release,
      cluster: target.cluster,
      status,
      ...(stage === undefined ? {} : { stage }),
      ...(reason === undefined ? {} : { reason }),
      ...problem,
    };
  }

  #problem(what: string): Problem {
    const { release, target } = this.#input;
    return {
      code: 'ORR5301',
      what: `canary release "${release}" ${what}`,
      where: { cluster: target.cluster, path: this.#release.path },
      fix: `Mend it in the program: another revision begins anew. Or begin the same one again: orrery release resume ${release}`,
    };
  }

  #failed(problem: Problem, stage?: string): ReleaseOutcome {
    return { ...this.#outcome('failed', problem.what, stage), problem };
  }
}

const PASSED: HoldVerdict = { status: 'passed' };
