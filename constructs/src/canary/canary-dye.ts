import type { CanaryMatch } from './canary-match';
import type { DyeRules } from './private/split';

/** How requests get their dye, and who passes it on. */
export interface CanaryDyeOptions {
  /**
   * That every application on the way sends the header on with the requests it makes (by itself, or by OpenTelemetry baggage). Nothing in a cluster does that for it: where one does not,
   * the chain ends there. Without it a dye by header is an error.
   */
  readonly forwardedByApplications: boolean;
  /**
   * Requests from outside that are dyed, at the HTTPRoutes by which this service is exposed: there the header is set on them, and taken away from all others that bring it along.
   * @default - the service is not at the edge: its requests come dyed
   */
  readonly edge?: CanaryMatch[];
}

/** What keeps requests in one lane over a chain of services: give the same to the releases of all of them. */
export class CanaryDye {
  /** Requests with a header go to the canary of every service of the lane. @param name in any case */
  public static header(name: string, value: string, options: CanaryDyeOptions): CanaryDye {
    const { edge } = options;
    const rules = {
      header: { name: name.toLowerCase(), value },
      ...(edge === undefined ? {} : { edge: edge.map((match) => match._rules) }),
    };
    return new CanaryDye(rules, options.forwardedByApplications === true);
  }

  /**
   * Requests that pods of the lane send go to the canary of every service of the lane: the mesh knows the pods by a label, and no application passes anything on (Istio only). Into the
   * lane requests come by the weight or the matches of its first service.
   * @param name a label value
   */
  public static lane(name: string): CanaryDye {
    return new CanaryDye({ lane: name }, true);
  }

  private constructor(
    private readonly rules: DyeRules,
    private readonly forwarded: boolean,
  ) {}

  /** @internal */
  public get _rules(): DyeRules & { readonly forwarded: boolean } {
    return { ...this.rules, forwarded: this.forwarded };
  }
}
