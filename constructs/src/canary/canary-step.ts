import type { CanaryAnalysis } from './canary-analysis';
import type { CanaryMatch } from './canary-match';
import type { StepRules } from './private/step-rules';

/** What blue-green is beside two versions and one switch. */
export interface BlueGreenOptions {
  /** Requests that get the new version before the switch. @default - none */
  readonly preview?: CanaryMatch[];
  /** What has to hold before the switch; it needs requests: `preview`, or queries of your own. @default - nothing beyond readiness */
  readonly analysis?: CanaryAnalysis;
  /** Whether a person switches. @default true */
  readonly approve?: boolean;
  /** How long the old version stays, ready to switch back, e.g. "30m". @default - until the new one has taken its place */
  readonly keep?: string;
}

/** A failure that is put into requests on purpose. At least one of the two. */
export interface CanaryFault {
  /** How long requests are held up, e.g. "2s". @default - not at all */
  readonly delay?: string;
  /** HTTP status that requests are answered with instead. @default - none */
  readonly abortStatus?: number;
  /** Share of the requests, in percent. @default 100 */
  readonly percent?: number;
  /** Whose requests, whichever version they go to. @default - those of the `headerRoute` before it, which go to the canary */
  readonly requests?: CanaryMatch[];
  /** That the timeout and retries of the service's resilience are off for these requests: without it they are an error. @default false */
  readonly withoutTimeouts?: boolean;
}

/** One step of a canary release. After the last one the canary gets all requests, the service its version, and the canary goes. */
export class CanaryStep {
  /** Gives the canary a share of the requests. It has at least as many pods of the service's as that share, and they are ready before. @param percent 0 to 100 */
  public static weight(percent: number): CanaryStep {
    return new CanaryStep({ type: 'weight', percent });
  }

  /** Gives the canary pods without requests, e.g. all of them before a switch. @param percent of the service's pods, 1 to 100 */
  public static scale(percent: number): CanaryStep {
    return new CanaryStep({ type: 'scale', percent });
  }

  /** Waits. @param duration e.g. "10m". @default - until somebody promotes */
  public static pause(duration?: string): CanaryStep {
    return new CanaryStep({ type: 'pause', ...(duration === undefined ? {} : { duration }) });
  }

  /** Waits until somebody promotes. @param message what has to be looked at */
  public static approve(message?: string): CanaryStep {
    return new CanaryStep({ type: 'approve', ...(message === undefined ? {} : { message }) });
  }

  /** Looks at the canary, and goes on when it is well. No data is never a pass. */
  public static analyse(analysis: CanaryAnalysis): CanaryStep {
    return new CanaryStep({ type: 'analyse', analysis });
  }

  /**
   * Sends copies of requests to the canary, whose answers nobody gets. What the canary does with them it does: copies of writes write. It lasts until the next weight
   * or mirror step. @param percent of the requests, 0 to 100
   */
  public static mirror(percent: number): CanaryStep {
    return new CanaryStep({ type: 'mirror', percent });
  }

  /** Requests that go to the canary whatever its weight is; any one of the matches is enough. It replaces those of the step before; none end it. */
  public static headerRoute(...matches: CanaryMatch[]): CanaryStep {
    return new CanaryStep({ type: 'headerRoute', matches: matches.map((match) => match._rules) });
  }

  /**
   * Puts failures into the requests of the `headerRoute` before it, or into those that it names, and into no others. It lasts until the next step that is not a pause, approval or analysis. Timeouts and
   * retries of the mesh are off where it acts (Istio only).
   */
  public static fault(fault: CanaryFault): CanaryStep {
    return new CanaryStep({ type: 'fault', fault });
  }

  /** Blue-green: all pods of the new version, then all requests at once. */
  public static blueGreen(options: BlueGreenOptions = {}): CanaryStep[] {
    return [
      CanaryStep.scale(100),
      ...(options.preview === undefined ? [] : [CanaryStep.headerRoute(...options.preview)]),
      ...(options.analysis === undefined ? [] : [CanaryStep.analyse(options.analysis)]),
      ...(options.approve === false ? [] : [CanaryStep.approve()]),
      CanaryStep.weight(100),
      ...(options.keep === undefined ? [] : [CanaryStep.pause(options.keep)]),
    ];
  }

  private constructor(private readonly rules: StepRules) {}

  /** @internal */
  public get _rules(): StepRules {
    return this.rules;
  }
}
