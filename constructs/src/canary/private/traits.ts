import type { StepRules } from './step-rules';

/** What of a release decides which features it needs. */
export interface CanaryTraits {
  readonly steps: readonly StepRules[];
  readonly stickyVersion: boolean;
  readonly stickyPod: boolean;
  /** Requests are dyed by a header. */
  readonly dyed: boolean;
  /** Requests are told apart by the pods that send them. */
  readonly lane: boolean;
}
