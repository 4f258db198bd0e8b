import type { CanaryFault } from '../canary-step';
import type { MatchRules } from './match-rules';

/** Which requests the canary gets at a stage: the same for every back-end. */
export interface Split {
  /** Share of the requests that no match decides, in percent. */
  readonly weight: number;
  /** Requests that go to the canary whatever the weight; any one is enough. */
  readonly matches: readonly MatchRules[];
  /** Share of the requests that the canary gets copies of, in percent. */
  readonly mirror?: number;
  /** What the requests of the matches suffer. */
  readonly fault?: CanaryFault;
  /** Whoever got the canary once keeps it. */
  readonly sticky?: StickyVersion;
}

/** A cookie that the canary's answers set, and by which its clients come back to it. */
export interface StickyVersion {
  readonly cookie: string;
  /** Another one for each release, so that none is bound to the version before. */
  readonly value: string;
  readonly maxAgeSeconds: number;
}

/** Everything to the stable version. */
export const STABLE_ONLY: Split = { weight: 0, matches: [] };

/** Everything to the canary. */
export const CANARY_ONLY: Split = { weight: 100, matches: [] };

/** Requests that go to the canary by a rule, those that came back by their cookie among them; none where it gets all. */
export function ruledRequests({ weight, matches, sticky }: Split): readonly MatchRules[] {
  if (weight === 100) return [];
  if (sticky === undefined || weight === 0) return matches;
  return [...matches, { cookies: { [sticky.cookie]: sticky.value } }];
}

/** The header `Set-Cookie` by which a client comes back to the canary; undefined where nothing binds it. */
export function stickyCookie({ weight, sticky }: Split): string | undefined {
  if (sticky === undefined || weight === 0 || weight === 100) return undefined;
  return `${sticky.cookie}=${sticky.value}; Max-Age=${sticky.maxAgeSeconds}; Path=/; HttpOnly; SameSite=Lax`;
}
