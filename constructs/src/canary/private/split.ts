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
  /** What requests suffer: those that it names, else those of the matches. */
  readonly fault?: CanaryFault;
  /** Whoever got the canary once keeps it. */
  readonly sticky?: StickyVersion;
  /** Requests that are dyed go to the canary. */
  readonly dye?: DyeRules;
}

/** By what requests of a lane are known all along their way. */
export interface DyeRules {
  /** A header and its value; absent: the pods that send them. */
  readonly header?: { readonly name: string; readonly value: string };
  /** Requests from outside that get the header. Others lose it where there are any. */
  readonly edge?: readonly MatchRules[];
  /** Label that pods of the lane have, and its value. */
  readonly lane?: string;
}

/** Label of the pods of a lane. */
export const LANE_LABEL = 'orrery.dev/lane';

/** Requests that go to the canary by a rule of their own. */
export interface RuledRequests {
  /** Any one is enough. */
  readonly matches: readonly MatchRules[];
  /** Header that they get on their way. */
  readonly header?: { readonly name: string; readonly value: string };
  /** Whether failures are put into them. */
  readonly isFaulty: boolean;
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

/**
 * The rules by which requests go to the canary, in the order in which they are looked at; none where it gets all. At the edge a dye is put on, and nobody brings one along.
 */
export function ruledRequests(
  { weight, matches, sticky, dye, fault }: Split,
  where: 'edge' | 'inside',
): RuledRequests[] {
  if (weight === 100) return [];
  const rules: RuledRequests[] = [];
  const add = (requests: readonly MatchRules[], more: Partial<RuledRequests> = {}) => {
    if (requests.length > 0) rules.push({ matches: requests, isFaulty: false, ...more });
  };
  const header = dye?.header;
  const isPutOn = where === 'edge' && dye?.edge !== undefined;
  if (isPutOn && header !== undefined) add(dye?.edge ?? [], { header });
  add(matches, { isFaulty: fault !== undefined && fault.requests === undefined });
  if (header !== undefined && !isPutOn) add([{ headers: { [header.name]: { exact: header.value } } }]);
  if (dye?.lane !== undefined && where === 'inside') add([{ clients: { [LANE_LABEL]: dye.lane } }]);
  if (sticky !== undefined && weight > 0) add([{ cookies: { [sticky.cookie]: sticky.value } }]);
  return rules;
}

/** Name of a header that requests from outside lose, because only the edge puts it on. */
export function strippedHeader({ dye }: Split): string | undefined {
  return dye?.edge === undefined ? undefined : dye.header?.name;
}

/** The header `Set-Cookie` by which a client comes back to the canary; undefined where nothing binds it. */
export function stickyCookie({ weight, sticky }: Split): string | undefined {
  if (sticky === undefined || weight === 0 || weight === 100) return undefined;
  return `${sticky.cookie}=${sticky.value}; Max-Age=${sticky.maxAgeSeconds}; Path=/; HttpOnly; SameSite=Lax`;
}
