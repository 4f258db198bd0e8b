import type { ModelGeometry, ProfileGeometry } from './mig-models';
import { fewestCards } from './mig-patterns';
import { added, type Counts, placeMix } from './mig-search';

/** One instance that a workload wants: index of its profile, by model. Models that have none for it are not in the map. */
export type Demand = ReadonlyMap<ModelGeometry, number>;

/** What is on a card. */
export interface PackedCard {
  /** Instances by profile, in the order of the model's. */
  readonly counts: Counts;
  /** Indices of the demands. */
  readonly demands: readonly number[];
}

type Order = (a: ProfileGeometry, b: ProfileGeometry) => number;

/** What goes first. First fit, the large ones first, is among what is tried: the result is never worse. */
const ORDERS: readonly Order[] = [
  (a, b) => b.memorySlices - a.memorySlices || b.computeSlices - a.computeSlices,
  (a, b) => b.computeSlices - a.computeSlices || b.memorySlices - a.memorySlices,
  (a, b) => a.starts.length - b.starts.length || b.memorySlices - a.memorySlices,
];

/**
 * Packs instances onto cards: best and first fit in several orders, and for cards of one model a search for the fewest cards, bounded in steps (not
 * in time: the same program gives the same result everywhere). As much of the cards as can be is placed, then on as few cards as can be.
 */
export function packCards(cards: readonly ModelGeometry[], demands: readonly Demand[]): PackedCard[] {
  const states = new States();
  let best: Card[] | undefined;
  for (const order of ORDERS) {
    for (const isBest of [true, false]) {
      const tried = greedy(cards, demands, states, order, isBest);
      if (best === undefined || isBetter(tried, best)) best = tried;
    }
  }
  const found = best as Card[];
  return (
    searched(cards, demands, found) ?? found.map(({ state, demands: on }) => ({ counts: state.counts, demands: on }))
  );
}

/** What a card can have on it: cards with the same are looked at once. */
class State {
  public readonly slices: number;
  private readonly next = new Map<number, State | undefined>();

  public constructor(
    public readonly geometry: ModelGeometry,
    public readonly counts: Counts,
    private readonly states: States,
  ) {
    this.slices = geometry.profiles.reduce((sum, { memorySlices }, at) => sum + memorySlices * (counts[at] ?? 0), 0);
  }

  /** The same with one instance more; undefined where there is no room. */
  public with(profile: number | undefined): State | undefined {
    if (profile === undefined) return undefined;
    if (!this.next.has(profile)) {
      const counts = added(this.counts, profile);
      const hasRoom = placeMix(this.geometry.profiles, counts) !== undefined;
      this.next.set(profile, hasRoom ? this.states.of(this.geometry, counts) : undefined);
    }
    return this.next.get(profile);
  }
}

class States {
  private readonly known = new Map<string, State>();

  public of(geometry: ModelGeometry, counts: Counts): State {
    const key = `${geometry.model} ${counts.join()}`;
    const known = this.known.get(key) ?? new State(geometry, counts, this);
    this.known.set(key, known);
    return known;
  }
}

interface Card {
  state: State;
  readonly demands: number[];
}

function greedy(
  cards: readonly ModelGeometry[],
  demands: readonly Demand[],
  states: States,
  order: Order,
  isBest: boolean,
): Card[] {
  const open = cards.map(
    (geometry): Card => ({
      state: states.of(
        geometry,
        geometry.profiles.map(() => 0),
      ),
      demands: [],
    }),
  );
  const sorted = [...demands.entries()]
    .map(([at, demand]) => ({ at, demand, profile: largest(demand) }))
    .filter((entry): entry is typeof entry & { profile: ProfileGeometry } => entry.profile !== undefined)
    .sort((a, b) => order(a.profile, b.profile) || a.at - b.at);
  for (const { at, demand } of sorted) {
    const card = chosen(open, demand, isBest);
    const state = card?.state.with(demand.get(card.state.geometry));
    if (card === undefined || state === undefined) continue;
    card.state = state;
    card.demands.push(at);
  }
  return open;
}

/** A used card with room: the one with the least left, or the first. A new one only where there is none, and then that of which the instance takes the least. */
function chosen(open: readonly Card[], demand: Demand, isBest: boolean): Card | undefined {
  let used: Card | undefined;
  let fresh: Card | undefined;
  for (const card of open) {
    const { state } = card;
    if (state.with(demand.get(state.geometry)) === undefined) continue;
    if (card.demands.length === 0) {
      if (fresh === undefined || part(state, demand) < part(fresh.state, demand)) fresh = card;
    } else if (used === undefined) {
      used = card;
      if (!isBest) break;
    } else if (left(state) < left(used.state)) used = card;
  }
  return used ?? fresh;
}

function left({ geometry, slices }: State): number {
  return geometry.memorySlices - slices;
}

/** Memory that an instance takes, GB. */
function part({ geometry }: State, demand: Demand): number {
  return geometry.profiles[demand.get(geometry) ?? 0]?.gigabytes ?? 0;
}

function largest(demand: Demand): ProfileGeometry | undefined {
  let found: ProfileGeometry | undefined;
  for (const [geometry, at] of demand) {
    const profile = geometry.profiles[at] as ProfileGeometry;
    if (found === undefined || profile.memorySlices > found.memorySlices) found = profile;
  }
  return found;
}

function isBetter(a: readonly Card[], b: readonly Card[]): boolean {
  const placed = (cards: readonly Card[]): number =>
    cards.reduce((sum, { state }) => sum + state.slices / state.geometry.memorySlices, 0);
  const more = placed(a) - placed(b);
  return more === 0 ? usedOf(a) < usedOf(b) : more > 0;
}

function usedOf(cards: readonly Card[]): number {
  return cards.filter(({ demands }) => demands.length > 0).length;
}

/** Everything on fewer cards than were found, or everything at all, where the cards are of one model and the search finds how. */
function searched(
  cards: readonly ModelGeometry[],
  demands: readonly Demand[],
  best: readonly Card[],
): PackedCard[] | undefined {
  const geometry = cards[0];
  if (geometry === undefined || cards.some((other) => other !== geometry)) return undefined;
  const waiting = geometry.profiles.map((): number[] => []);
  for (const [at, demand] of demands.entries()) {
    const profile = demand.get(geometry);
    if (profile !== undefined) waiting[profile]?.push(at);
  }
  const wanted = waiting.map((list) => list.length);
  const placed = best.reduce((sum, card) => sum + card.demands.length, 0);
  const isAllPlaced = placed === wanted.reduce((sum, count) => sum + count, 0);
  const mixes = fewestCards(geometry, wanted, isAllPlaced ? usedOf(best) - 1 : cards.length);
  return mixes === undefined
    ? undefined
    : cards.map((_, at) => {
        const counts = mixes[at] ?? wanted.map(() => 0);
        return { counts, demands: counts.flatMap((count, profile) => waiting[profile]?.splice(0, count) ?? []) };
      });
}
