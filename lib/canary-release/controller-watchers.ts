import type { KubernetesObject } from '../kubernetes/object.ts';
import { ARGO_ROLLOUT } from './watch-argo-rollout.ts';
import { FLAGGER_CANARY } from './watch-flagger-canary.ts';

/**
 * What controllers of other people say about a release that they move. One entry per kind: how its status is read, and which patches let it go on or send it back. Whoever writes an entry names
 * the source of each rule.
 */
export interface ControllerWatcher {
  /** "argoproj.io/Rollout". */
  readonly kind: string;
  readonly read: (object: KubernetesObject) => ControllerState;
  /** Lets it go on. */
  readonly promote: (object: KubernetesObject, full: boolean) => readonly ControllerPatch[];
  /** Sends it back. */
  readonly abort: (object: KubernetesObject) => readonly ControllerPatch[];
  /** Halts it where it is, and lets it go on as it would have. Absent: it cannot be halted. */
  readonly pause?: ((object: KubernetesObject) => readonly ControllerPatch[]) | undefined;
  readonly resume?: ((object: KubernetesObject) => readonly ControllerPatch[]) | undefined;
}

/** waiting: for somebody. */
export interface ControllerState {
  readonly phase: 'progressing' | 'waiting' | 'failed' | 'done';
  /** "step 3/8". */
  readonly step?: string | undefined;
  /** Share of the requests that the canary gets, in percent. */
  readonly weight?: number | undefined;
  /** One line. */
  readonly reason: string;
}

/** A merge patch (RFC 7386) of the object, or of a subresource. */
export interface ControllerPatch {
  readonly subresource?: 'status' | undefined;
  readonly body: object;
}

/** By "group/Kind". */
export const CONTROLLER_WATCHERS: ReadonlyMap<string, ControllerWatcher> = new Map(
  [ARGO_ROLLOUT, FLAGGER_CANARY].map((watcher) => [watcher.kind, watcher]),
);
