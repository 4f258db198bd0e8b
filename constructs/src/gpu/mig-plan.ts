import { sha256 } from '../private/canonical';
import type { MigModel } from './mig-model';
import type { MigNode, MigWorkload } from './mig-planner';
import type { ModelGeometry, ProfileGeometry } from './private/mig-models';
import { type Counts, placeMix } from './private/mig-search';
import { serving } from './private/mig-serving';
import { type MigEntry, migEntry, migValues } from './private/mig-values';

/** How the device plugin names instances. */
export enum MigStrategy {
  /** Instances are `nvidia.com/gpu`. A node has those of one profile only. */
  SINGLE = 'single',
  /** Each profile is a resource of its own, e.g. `nvidia.com/mig-3g.40gb`. */
  MIXED = 'mixed',
}

/** An instance on a card, and whose it is. */
export interface MigAssignment {
  /** Name of the workload. */
  readonly workload: string;
  /** Name of the profile. */
  readonly profile: string;
  /** First memory slice, from 0 on. */
  readonly start: number;
  /** Number of memory slices. */
  readonly size: number;
}

/** How one card is partitioned. */
export interface MigCard {
  /** Name of the node. */
  readonly node: string;
  /** Of the card in the node, from 0 on. */
  readonly index: number;
  /** Model of the card. */
  readonly model: MigModel;
  /** Number of instances by profile; empty where the card is not partitioned. */
  readonly mix: { [profile: string]: number };
  /** Its instances, by their first slice. */
  readonly assignments: MigAssignment[];
  /** Memory slices that nobody has. */
  readonly freeSlices: number;
}

/** Instances that have no place. */
export interface MigUnplaced {
  /** Name of the workload. */
  readonly workload: string;
  /** How many of its instances. */
  readonly instances: number;
  /** Why. */
  readonly reason: string;
}

/** What a plan leaves unused. */
export interface MigWaste {
  /** Cards with nothing on them. */
  readonly idleCards: number;
  /** Memory slices of the cards in use that nobody has. */
  readonly freeSlices: number;
  /** Those of them that no instance of any profile could have: what is lost by how the cards are cut. */
  readonly strandedSlices: number;
  /** Memory, GB, that workloads get beyond what they ask for. */
  readonly surplusGigabytes: number;
}

interface PlannedCard {
  readonly node: MigNode;
  readonly index: number;
  readonly geometry: ModelGeometry;
  readonly counts: Counts;
  /** Indices of the demands on it. */
  readonly demands: readonly number[];
}

interface PlannedDemand {
  readonly workload: MigWorkload;
}

/** How the cards of nodes are partitioned for workloads, and what of the values of NVIDIA's GPU operator makes it so. */
export class MigPlan {
  /** @internal */
  public static _of(planned: readonly PlannedCard[], demands: readonly PlannedDemand[]): MigPlan {
    return new MigPlan(planned, demands);
  }

  /** Every card, in the order of the nodes. */
  public readonly cards: MigCard[];
  /** What has no place; empty where everything has one. */
  public readonly unplaced: MigUnplaced[];
  /** What is left unused. */
  public readonly waste: MigWaste;
  /** Single where all cards of the nodes in use have instances of one profile: `nvidia.com/gpu` is one thing then. */
  public readonly strategy: MigStrategy;
  /** Node to name of its layout: equal nodes have the same. */
  private readonly layouts: ReadonlyMap<string, { readonly name: string; readonly cards: readonly MigCard[] }>;

  private constructor(planned: readonly PlannedCard[], demands: readonly PlannedDemand[]) {
    this.cards = planned.map((card) => cardOf(card, demands));
    this.unplaced = unplacedOf(planned, demands);
    this.waste = wasteOf(planned, this.cards, demands);
    this.layouts = layoutsOf(this.cards);
    const inUse = [...this.layouts.values()].flatMap(({ cards }) => cards);
    const kinds = new Set(inUse.flatMap(({ mix }) => (isEmpty(mix) ? [''] : Object.keys(mix))));
    this.strategy = kinds.size <= 1 ? MigStrategy.SINGLE : MigStrategy.MIXED;
  }

  /**
   * Node to the entries of its configuration of the MIG manager; nodes with nothing on them are not there.
   * @internal
   */
  public _entries(): ReadonlyMap<string, MigEntry[]> {
    return new Map([...this.layouts].map(([node, { cards }]) => [node, entriesOf(cards)]));
  }

  /** Node to the labels that it must get: its configuration of the MIG manager. */
  public get nodeLabels(): { [node: string]: { [label: string]: string } } {
    return Object.fromEntries([...this.layouts].map(([node, { name }]) => [node, { 'nvidia.com/mig.config': name }]));
  }

  /**
   * Values for the chart of NVIDIA's GPU operator: the strategy, and a configuration of the MIG manager for each layout. A node that runs pods with GPUs
   * must be drained before its label changes.
   * @param configMapName name of the ConfigMap that the chart makes
   */
  // biome-ignore lint/suspicious/noExplicitAny: jsii has no other type for "any JSON"
  public operatorValues(configMapName = 'mig-layouts'): { [key: string]: any } {
    const configs = Object.fromEntries([...this.layouts.values()].map(({ name, cards }) => [name, entriesOf(cards)]));
    return migValues(this.strategy, configMapName, configs);
  }
}

function cardOf(card: PlannedCard, demands: readonly PlannedDemand[]): MigCard {
  const { node, index, geometry, counts } = card;
  // Demands by the profile that serves them, as the instances have them.
  const waiting = new Map<number, string[]>();
  for (const at of card.demands) {
    const { workload } = demands[at] as PlannedDemand;
    const profile = serving(geometry, workload) as number;
    waiting.set(profile, [...(waiting.get(profile) ?? []), workload.name]);
  }
  const assignments = (placeMix(geometry.profiles, counts) ?? []).map(({ profile, start }): MigAssignment => {
    const { name, memorySlices } = geometry.profiles[profile] as ProfileGeometry;
    return { workload: waiting.get(profile)?.shift() ?? '', profile: name, start, size: memorySlices };
  });
  const taken = assignments.reduce((sum, { size }) => sum + size, 0);
  const mix = geometry.profiles
    .map((profile, at) => [profile.name, counts[at] ?? 0] as const)
    .filter(([, count]) => count > 0);
  return {
    node: node.name,
    index,
    model: node.model,
    mix: Object.fromEntries(mix),
    assignments,
    freeSlices: geometry.memorySlices - taken,
  };
}

function unplacedOf(planned: readonly PlannedCard[], demands: readonly PlannedDemand[]): MigUnplaced[] {
  const placed = new Set(planned.flatMap((card) => card.demands));
  const left = new Map<MigWorkload, number>();
  for (const [at, { workload }] of demands.entries()) {
    if (!placed.has(at)) left.set(workload, (left.get(workload) ?? 0) + 1);
  }
  const geometries = [...new Set(planned.map(({ geometry }) => geometry))];
  return [...left].map(([workload, instances]) => ({
    workload: workload.name,
    instances,
    reason: geometries.some((geometry) => serving(geometry, workload) !== undefined)
      ? 'No card has room for it.'
      : `No card has a profile for it: ${wish(workload)}. The cards are ${geometries.map(({ model }) => model).join(', ') || 'none'}.`,
  }));
}

function wish({ profile, gigabytes = 0, computeSlices = 1 }: MigWorkload): string {
  return profile ?? `${gigabytes} GB and ${computeSlices} compute slices in one instance`;
}

function wasteOf(
  planned: readonly PlannedCard[],
  cards: readonly MigCard[],
  demands: readonly PlannedDemand[],
): MigWaste {
  const used = planned.flatMap((card, at) => (card.demands.length === 0 ? [] : [{ card, plan: cards[at] as MigCard }]));
  let surplus = 0;
  for (const { card } of used) {
    for (const at of card.demands) {
      const { workload } = demands[at] as PlannedDemand;
      const profile = card.geometry.profiles[serving(card.geometry, workload) as number] as ProfileGeometry;
      // Who names a profile asks for all that it has; who says no memory asks for none in particular.
      if (workload.gigabytes !== undefined) surplus += profile.gigabytes - workload.gigabytes;
    }
  }
  return {
    idleCards: planned.length - used.length,
    freeSlices: used.reduce((sum, { plan }) => sum + plan.freeSlices, 0),
    strandedSlices: used.reduce((sum, { card }) => sum + strandedOn(card), 0),
    surplusGigabytes: surplus,
  };
}

/** Free memory slices that stay free whatever is added. */
function strandedOn({ geometry, counts }: PlannedCard): number {
  const { profiles, memorySlices } = geometry;
  const slices = (mix: Counts): number =>
    mix.reduce((sum, count, at) => sum + count * (profiles[at]?.memorySlices ?? 0), 0);
  const seen = new Set<string>();
  let most = 0;
  const grow = (mix: Counts): void => {
    if (seen.has(mix.join())) return;
    seen.add(mix.join());
    most = Math.max(most, slices(mix));
    if (most === memorySlices) return;
    for (const [at, profile] of profiles.entries()) {
      const more = mix.map((count, index) => (index === at ? count + 1 : count));
      if (profile.name.endsWith('gb') && placeMix(profiles, more) !== undefined) grow(more);
    }
  };
  grow(counts);
  return memorySlices - most;
}

type Layouts = Map<string, { readonly name: string; readonly cards: readonly MigCard[] }>;

/** Named by what they are: a node keeps its label where nothing of it changes, whatever other nodes there are. */
function layoutsOf(cards: readonly MigCard[]): Layouts {
  const byNode = new Map<string, MigCard[]>();
  for (const card of cards) byNode.set(card.node, [...(byNode.get(card.node) ?? []), card]);
  const layouts: Layouts = new Map();
  for (const [node, own] of byNode) {
    if (own.every(({ mix }) => isEmpty(mix))) continue;
    const key = JSON.stringify([own[0]?.model, own.map(({ mix }) => mix)]);
    const name = `layout-${sha256(key).slice(0, 10)}`;
    layouts.set(node, { name, cards: own });
  }
  return layouts;
}

function isEmpty(mix: { readonly [profile: string]: number }): boolean {
  return Object.keys(mix).length === 0;
}

/** Entries of mig-parted: cards with the same mix in one. */
function entriesOf(cards: readonly MigCard[]): MigEntry[] {
  const groups = new Map<string, MigCard[]>();
  for (const card of cards) {
    const key = JSON.stringify(card.mix);
    groups.set(key, [...(groups.get(key) ?? []), card]);
  }
  return [...groups.values()].map((group) =>
    migEntry(group.length === cards.length ? 'all' : group.map(({ index }) => index), group[0]?.mix ?? {}),
  );
}
