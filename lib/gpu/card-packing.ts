import type { PodRequest } from './pod-requests.ts';
import type { NodeGroup, PoolRecord } from './pool-record.ts';
import { unitResources } from './pool-record.ts';

/** What is expected of pods on the cards of a pool. */
export interface Packing {
  /** Cards that have a pod, at the fewest that were found. */
  readonly cardsNeeded: number;
  /** Cards that the same pods need where each has whole ones. */
  readonly cardsAlone: number;
  /** MiB that are left on cards that have a pod; undefined where pods have no share of memory. */
  readonly strandedMebibytes: number | undefined;
  /** Pods that have no room. */
  readonly unplaced: readonly { readonly from: string; readonly pods: number }[];
}

interface Card {
  slots: number;
  memory: number;
  cores: number;
  used: boolean;
}

interface Wish {
  readonly from: string;
  /** Cards, on one node. */
  readonly cards: number;
  /** Of each. */
  readonly memory: number;
  readonly cores: number;
}

/** Packs pods onto the cards of a pool, the largest first, each where least is left: what a scheduler that packs would come to. */
export function packed(pool: PoolRecord, requests: readonly PodRequest[]): Packing {
  const cardsAlone = requests.reduce((sum, request) => sum + request.pods * unitsOf(pool, request), 0);
  if (pool.mode.startsWith('mig-')) return { ...packedPartitions(pool, requests), cardsAlone };
  const nodes = nodesOf(pool);
  const unplaced = new Map<string, number>();
  for (const wish of wishesOf(pool, requests)) {
    if (!place(wish, nodes, isShared(pool))) unplaced.set(wish.from, (unplaced.get(wish.from) ?? 0) + 1);
  }
  const used = nodes.flat().filter((card) => card.used);
  const hasMemory = pool.shares?.memory !== undefined;
  return {
    cardsNeeded: used.length,
    cardsAlone,
    strandedMebibytes: hasMemory ? used.reduce((sum, card) => sum + card.memory, 0) : undefined,
    unplaced: [...unplaced].map(([from, pods]) => ({ from, pods })),
  };
}

/** Cards, replicas, partitions or shares that one pod wants. */
export function unitsOf(pool: PoolRecord, { wants }: PodRequest): number {
  return unitResources(pool).reduce((sum, resource) => sum + (wants[resource] ?? 0), 0);
}

function isShared({ mode }: PoolRecord): boolean {
  return mode === 'time-slicing' || mode === 'mps';
}

function nodesOf(pool: PoolRecord): Card[][] {
  const { shares, resources, cards } = pool;
  const [unit = ''] = unitResources(pool);
  const slots = cards === 0 || pool.mode === 'whole-gpu' ? 1 : Math.max(1, Math.floor((resources[unit] ?? 0) / cards));
  const scaling = memoryScaling(pool);
  const card = ({ mebibytes }: NodeGroup): Card => ({
    slots,
    memory: mebibytes === undefined ? Number.POSITIVE_INFINITY : Math.floor(mebibytes * scaling),
    cores: shares?.coresOfCard ?? 0,
    used: false,
  });
  return pool.groups.flatMap((group) =>
    Array.from({ length: group.nodes }, () => Array.from({ length: group.cards }, () => card(group))),
  );
}

/** HAMi may give out more memory than there is. */
function memoryScaling({ shares, resources, groups }: PoolRecord): number {
  const given = shares?.memory === undefined ? undefined : resources[shares.memory];
  const had = groups.reduce((sum, { nodes, cards, mebibytes = 0 }) => sum + nodes * cards * mebibytes, 0);
  return given === undefined || had === 0 ? 1 : Math.max(1, (given * (shares?.memoryUnit ?? 1)) / had);
}

function wishesOf(pool: PoolRecord, requests: readonly PodRequest[]): Wish[] {
  const largest = Math.max(0, ...pool.groups.map(({ mebibytes = 0 }) => mebibytes));
  const wishes = requests.flatMap((request) => {
    const { shares } = pool;
    const asked = shares?.memory === undefined ? undefined : request.wants[shares.memory];
    const percent = shares?.memoryPercentage === undefined ? undefined : request.wants[shares.memoryPercentage];
    const memory =
      asked !== undefined
        ? asked * (shares?.memoryUnit ?? 1)
        : percent !== undefined
          ? Math.ceil((largest * percent) / 100)
          : // Who says nothing has the whole card.
            Number.NaN;
    const cores = shares?.cores === undefined ? 0 : (request.wants[shares.cores] ?? 0);
    const wish = {
      from: request.from,
      cards: unitsOf(pool, request),
      memory: shares === undefined ? 0 : memory,
      cores,
    };
    return Array.from({ length: request.pods }, () => wish);
  });
  const size = ({ cards, memory }: Wish) => cards * (Number.isNaN(memory) ? largest + 1 : memory + 1);
  return wishes.sort((a, b) => size(b) - size(a) || b.cards - a.cards);
}

/** @param anywhere whether several units of a pod may be of one card */
function place(wish: Wish, nodes: readonly Card[][], anywhere: boolean): boolean {
  let best: { readonly cards: readonly Card[]; readonly left: number } | undefined;
  for (const node of nodes) {
    const fitting = node
      .filter((card) => fits(wish, card))
      .sort((a, b) => Number(b.used) - Number(a.used) || a.memory - b.memory || a.slots - b.slots);
    const chosen = anywhere ? spread(fitting, wish.cards) : fitting.slice(0, wish.cards);
    if (chosen.length < wish.cards) continue;
    const left = chosen.reduce((sum, card) => sum + (card.used ? 0 : 1e9) + Math.min(card.memory, 1e8) + card.slots, 0);
    if (best === undefined || left < best.left) best = { cards: chosen, left };
  }
  for (const card of best?.cards ?? []) {
    card.slots -= 1;
    card.memory = Number.isNaN(wish.memory) ? 0 : card.memory - wish.memory;
    card.cores -= wish.cores;
    card.used = true;
  }
  return best !== undefined;
}

function fits({ memory, cores }: Wish, card: Card): boolean {
  if (card.slots < 1 || card.cores < cores) return false;
  return Number.isNaN(memory) ? !card.used : card.memory >= memory;
}

function spread(cards: readonly Card[], units: number): Card[] {
  return cards.flatMap((card) => Array.from({ length: card.slots }, () => card)).slice(0, units);
}

/** Partitions are of a profile, and cut before: which cards they are on is not known, so they are taken for equally many on each. */
function packedPartitions(pool: PoolRecord, requests: readonly PodRequest[]): Omit<Packing, 'cardsAlone'> {
  const left = new Map(Object.entries(pool.resources));
  const unplaced = new Map<string, number>();
  for (const { from, pods, wants } of requests) {
    for (let pod = 0; pod < pods; pod++) {
      const wanted = unitResources(pool).filter((resource) => (wants[resource] ?? 0) > 0);
      const hasRoom = wanted.every((resource) => (left.get(resource) ?? 0) >= (wants[resource] ?? 0));
      if (!hasRoom) unplaced.set(from, (unplaced.get(from) ?? 0) + 1);
      else for (const resource of wanted) left.set(resource, (left.get(resource) ?? 0) - (wants[resource] ?? 0));
    }
  }
  const needed = Object.entries(pool.resources).map(([resource, all]) =>
    all === 0 ? 0 : Math.ceil((((all - (left.get(resource) ?? 0)) * pool.cards) / all) * (1 - 1e-12)),
  );
  return {
    cardsNeeded: Math.max(0, ...needed),
    strandedMebibytes: undefined,
    unplaced: [...unplaced].map(([from, pods]) => ({ from, pods })),
  };
}
