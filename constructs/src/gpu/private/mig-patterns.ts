import type { ModelGeometry, ProfileGeometry } from './mig-models';
import { type Counts, feasibleMixes } from './mig-search';

/** Steps of the search, after which what was found before it is kept. */
const STEPS = 5_000;

/**
 * Mixes of the fewest cards that have room for all that is wanted, at most `most`; undefined where there are none, or the search gives up. It fills one
 * card after the other with mixes that have the largest profile still wanted: one card must have it anyway.
 */
export function fewestCards(geometry: ModelGeometry, wanted: Counts, most: number): number[][] | undefined {
  const asked = geometry.profiles.map((_, at) => at).filter((at) => (wanted[at] ?? 0) > 0);
  if (asked.length === 0) return undefined;
  const order = asked.sort((a, b) => compare(geometry.profiles[a], geometry.profiles[b]));
  const profiles = order.map((at) => geometry.profiles[at] as ProfileGeometry);
  const search = new PatternSearch(geometry.memorySlices, profiles);
  const rest = order.map((at) => wanted[at] as number);
  for (let cards = search.bound(rest); cards <= most; cards++) {
    const found = search.fill(rest, cards);
    if (found !== undefined) return found.map((mix) => spread(geometry, order, mix));
    if (search.hasGivenUp) return undefined;
  }
  return undefined;
}

function compare(a: ProfileGeometry | undefined, b: ProfileGeometry | undefined): number {
  return (b?.memorySlices ?? 0) - (a?.memorySlices ?? 0) || (b?.computeSlices ?? 0) - (a?.computeSlices ?? 0);
}

/** Counts of some profiles as counts of all. */
function spread(geometry: ModelGeometry, order: readonly number[], mix: Counts): number[] {
  const counts = geometry.profiles.map(() => 0);
  for (const [at, profile] of order.entries()) counts[profile] = mix[at] as number;
  return counts;
}

class PatternSearch {
  private readonly mixes: readonly Counts[];
  /** The most of one profile on a card. */
  private readonly most: readonly number[];
  private readonly dead = new Set<string>();
  private steps = STEPS;

  public constructor(
    private readonly memorySlices: number,
    private readonly profiles: readonly ProfileGeometry[],
  ) {
    const slices = (mix: Counts): number => sum(mix, profiles, (profile) => profile.memorySlices);
    this.mixes = feasibleMixes(profiles).sort((a, b) => slices(b) - slices(a));
    this.most = profiles.map((_, at) => Math.max(...this.mixes.map((mix) => mix[at] as number)));
  }

  public get hasGivenUp(): boolean {
    return this.steps <= 0;
  }

  /** No fewer cards have room for it. */
  public bound(rest: Counts): number {
    const memory = sum(rest, this.profiles, (profile) => profile.memorySlices);
    // A card with 8 memory slices has 7 compute slices, one with 4 has 4.
    const compute = sum(rest, this.profiles, (profile) => profile.computeSlices);
    const computeSlices = this.memorySlices === 8 ? 7 : this.memorySlices;
    const alone = rest.map((count, at) => Math.ceil(count / (this.most[at] as number)));
    return Math.max(Math.ceil(memory / this.memorySlices), Math.ceil(compute / computeSlices), ...alone);
  }

  public fill(rest: Counts, cards: number): Counts[] | undefined {
    const first = rest.findIndex((count) => count > 0);
    if (first === -1) return [];
    if (this.bound(rest) > cards) return undefined;
    const key = `${cards}:${rest.join()}`;
    if (this.dead.has(key)) return undefined;
    for (const mix of this.fullMixes(rest, first)) {
      if (this.steps-- <= 0) return undefined;
      const others = this.fill(
        rest.map((count, at) => count - (mix[at] as number)),
        cards - 1,
      );
      if (others !== undefined) return [mix, ...others];
    }
    this.dead.add(key);
    return undefined;
  }

  /** Mixes with the profile and of no more than is wanted, to which nothing wanted could be added. */
  private fullMixes(rest: Counts, first: number): Counts[] {
    const possible = this.mixes.filter((mix) => (mix[first] as number) > 0 && isWithin(mix, rest));
    return possible.filter((mix) => !possible.some((other) => other !== mix && isWithin(mix, other)));
  }
}

function sum(counts: Counts, profiles: readonly ProfileGeometry[], of: (profile: ProfileGeometry) => number): number {
  return counts.reduce((total, count, at) => total + count * of(profiles[at] as ProfileGeometry), 0);
}

function isWithin(mix: Counts, other: Counts): boolean {
  return mix.every((count, at) => count <= (other[at] as number));
}
