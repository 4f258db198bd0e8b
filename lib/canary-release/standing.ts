import type { ReleaseStageManifest, ReleaseStateManifest } from '@orrery/constructs/assembly-format';
import type { DesiredCanary, DesiredCluster } from '../render/desired-state.ts';
import { templatesIn } from './place-stage.ts';
import type { ReleaseRecord } from './release-record.ts';

/** Where a release stands in a cluster, and so what the cluster shall hold of it. */
export type Standing =
  | { readonly phase: 'not-begun'; readonly state: ReleaseStateManifest }
  | {
      readonly phase: 'progressing' | 'paused';
      readonly state: ReleaseStateManifest;
      readonly stage: ReleaseStageManifest;
      /** Index of the stage. */
      readonly at: number;
    }
  | { readonly phase: 'aborting'; readonly state: ReleaseStateManifest; readonly step: number }
  | { readonly phase: 'aborted'; readonly state: ReleaseStateManifest }
  | { readonly phase: 'through'; readonly state: ReleaseStateManifest; readonly stage: ReleaseStageManifest };

/** Why a record and the program do not go together. */
export class Misfit {
  /** One sentence without its full stop. */
  readonly what: string;
  readonly fix: string;

  constructor(what: string, fix: string) {
    this.what = what;
    this.fix = fix;
  }
}

/**
 * Where a release stands. A record of another revision is that of another release: this one has not begun. Where only the steps changed, it goes on at the stage of the same name.
 * @param cluster the desired state around it
 */
export function standingOf(
  cluster: DesiredCluster,
  { name, states, revision }: DesiredCanary,
  record: ReleaseRecord | undefined,
): Standing | Misfit {
  const { before, stages, abort } = states;
  const last = stages.at(-1) as ReleaseStageManifest;
  if (record === undefined) return { phase: 'not-begun', state: before };
  if (record.revision !== revision) {
    if (!isTakenBack(record, templatesIn(cluster, states, before))) return { phase: 'not-begun', state: before };
    return new Misfit(
      `canary release "${name}" is through with what the service of the program does not have yet: another release would begin by taking that back`,
      `Give the service in the program what was released (its image), then release something else. Or take it back: orrery release abort ${name}`,
    );
  }
  switch (record.status) {
    case 'aborted':
      return { phase: 'aborted', state: abort.at(-1) ?? last };
    case 'aborting': {
      const step = Math.min(record.abortStep ?? 0, abort.length - 1);
      const state = abort[step];
      return state === undefined ? { phase: 'aborted', state: last } : { phase: 'aborting', state, step };
    }
    case 'through':
      return { phase: 'through', state: last, stage: last };
    default: {
      const at = stages.findIndex((stage) => stage.name === record.stage);
      const stage = stages[at];
      if (stage !== undefined) return { phase: record.status, state: stage, stage, at };
      return new Misfit(
        `canary release "${name}" stands at stage "${record.stage}", which the program no longer has`,
        `Bring the stage back (the program has ${stages.map((one) => one.name).join(', ')}), or go back: orrery release abort ${name}`,
      );
    }
  }
}

/** Whether beginning another release would give workloads a pod template from before the one that ended there. */
function isTakenBack({ status, promoted = {} }: ReleaseRecord, now: Readonly<Record<string, string>>): boolean {
  if (status !== 'through') return false;
  return Object.entries(promoted).some(([path, digest]) => Object.hasOwn(now, path) && now[path] !== digest);
}
