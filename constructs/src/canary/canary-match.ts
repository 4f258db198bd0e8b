import type { MatchRules, TextMatch } from './private/match-rules';

/** How a text is compared. Exactly one of the three. */
export interface CanaryTextMatch {
  /** The whole text. @default - none */
  readonly exact?: string;
  /** What it begins with. @default - none */
  readonly prefix?: string;
  /** A regular expression (RE2) that the whole text matches. @default - none */
  readonly regex?: string;
}

/** Where a user group stands in a request. */
export interface CanaryUserGroupOptions {
  /** Header that the edge sets once it knows the user. @default "x-user-group" */
  readonly header?: string;
}

/** Where the region of a client stands in a request. */
export interface CanaryRegionOptions {
  /** Header that the edge sets. @default "x-client-region" */
  readonly header?: string;
}

/** Requests that go to the canary whatever its weight is (gray release). */
export class CanaryMatch {
  /** Requests with a header. @param name in any case; it is compared without case */
  public static header(name: string, value: CanaryTextMatch): CanaryMatch {
    return new CanaryMatch({ headers: { [name.toLowerCase()]: value } });
  }

  /** Requests with a cookie of a value. */
  public static cookie(name: string, value: string): CanaryMatch {
    return new CanaryMatch({ cookies: { [name]: value } });
  }

  /** Requests with a query parameter. */
  public static query(name: string, value: CanaryTextMatch): CanaryMatch {
    return new CanaryMatch({ queries: { [name]: value } });
  }

  /** Requests of a group of users. The edge has to set the header, and to take it away from requests that bring it along. */
  public static userGroup(group: string, options: CanaryUserGroupOptions = {}): CanaryMatch {
    return CanaryMatch.header(options.header ?? 'x-user-group', { exact: group });
  }

  /**
   * Requests of clients in a region. Where the client is only the edge knows, which has to set the header. To begin in the clusters of a region, use `clusters` of the
   * release.
   */
  public static region(region: string, options: CanaryRegionOptions = {}): CanaryMatch {
    return CanaryMatch.header(options.header ?? 'x-client-region', { exact: region });
  }

  /** Requests of pods with these labels, in the namespace of the service or any other: their sidecars get the rule, and no header is needed (Istio only). */
  public static client(labels: { [key: string]: string }): CanaryMatch {
    return new CanaryMatch({ clients: labels });
  }

  /** Requests that meet all of these. */
  public static allOf(...matches: CanaryMatch[]): CanaryMatch {
    const merged: { headers: Texts; cookies: Record<string, string>; queries: Texts; clients: Record<string, string> } =
      { headers: {}, cookies: {}, queries: {}, clients: {} };
    const twice: string[] = matches.flatMap((match) => match._rules.twice ?? []);
    for (const { _rules: rules } of matches) {
      for (const part of ['headers', 'cookies', 'queries', 'clients'] as const) {
        for (const [name, value] of Object.entries(rules[part] ?? {})) {
          if (Object.hasOwn(merged[part], name)) twice.push(name);
          merged[part][name] = value as never;
        }
      }
    }
    return new CanaryMatch({ ...merged, ...(twice.length === 0 ? {} : { twice }) });
  }

  private constructor(private readonly rules: MatchRules) {}

  /** @internal */
  public get _rules(): MatchRules {
    return this.rules;
  }
}

type Texts = Record<string, TextMatch>;
