import type { Cluster } from '../cluster';
import type { IClusterSelection } from '../cluster-selection';
import type { Problem } from './problem';
import { quantityOf } from './quantity';

/** Fewest and most replicas of a service in one cluster. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** Over how many of what the replicas of a service are spread, at least. */
export type Spread = { readonly [D in SpreadOver]?: number | undefined };
export const SPREAD_OVER = ['clusters', 'regions', 'zones', 'providers'] as const;
export type SpreadOver = (typeof SPREAD_OVER)[number];

/** Which clusters a placement covers. */
type Cover = SelectedCover | NamedCover | { readonly type: 'first'; readonly candidates: readonly PlacementRules[] };
interface SelectedCover {
  readonly type: 'selected';
  readonly description: string;
  readonly select: (all: Cluster[]) => IClusterSelection;
}
interface NamedCover {
  readonly type: 'named';
  readonly names: readonly string[];
}

/** Given by the program, or what the clusters say they can hold of a resource. */
export type Weighing =
  | { readonly type: 'given'; readonly weights: ReadonlyMap<string, number>; readonly otherwise: number | undefined }
  | { readonly type: 'capacity'; readonly resource: string };

/** Numbers as the program wrote them; absent: unbounded. */
export interface GivenBounds {
  readonly minReplicas?: number | undefined;
  readonly maxReplicas?: number | undefined;
}

/** Everything that a placement says. */
export interface PlacementRules {
  readonly cover: Cover;
  readonly without: readonly (IClusterSelection | string)[];
  readonly weighing?: Weighing | undefined;
  readonly bounds?: { readonly given: ReadonlyMap<string, GivenBounds>; readonly otherwise: GivenBounds } | undefined;
  readonly spread?: Spread | undefined;
  /** Where goes what the clusters cannot take, in order. */
  readonly overflow?: readonly PlacementRules[] | undefined;
}

/** A placement on the clusters of a platform. */
export interface Placed {
  /** The clusters in order of declaration. */
  readonly weights: ReadonlyMap<Cluster, number>;
  /** The same by name. */
  readonly weightsByName: ReadonlyMap<string, number>;
  /** By name; clusters without an entry are unbounded. */
  readonly bounds: ReadonlyMap<string, Bounds>;
  readonly spread: Spread;
  /** The weights by name, in groups: replicas that the clusters of one cannot take by their bounds go to the next. One group, unless the placement overflows. */
  readonly groups: readonly ReadonlyMap<string, number>[];
}

/** A problem of a placement, before it is known which construct uses it. */
export type PlacementProblem = Pick<Problem, 'code' | 'what' | 'fix'>;
export type ReportPlacement = (problem: PlacementProblem) => void;

export const NOWHERE: Placed = {
  weights: new Map(),
  weightsByName: new Map(),
  bounds: new Map(),
  spread: {},
  groups: [new Map()],
};

/** What a placement means among these clusters; what is wrong with it is reported. */
export function resolvePlacement(rules: PlacementRules, all: Cluster[], report: ReportPlacement): Placed {
  const { cover } = rules;
  if (cover.type === 'first') {
    const chosen = firstThatCovers(cover.candidates, all, report);
    if (chosen === undefined) return NOWHERE;
    return resolvePlacement(within(rules, chosen), all, report);
  }
  const covered = coveredClusters(cover, rules, all, report);
  const weights =
    rules.weighing?.type === 'capacity'
      ? capacityWeights(rules.weighing.resource, covered, report)
      : givenWeights(rules.weighing, cover, covered, all, report);
  const weightsByName = new Map([...weights].map(([cluster, weight]) => [cluster.clusterName, weight]));
  const placed: Placed = {
    weights,
    weightsByName,
    bounds: boundsOf(rules.bounds, weights, all, report),
    spread: spreadOf(rules.spread, report),
    groups: [weightsByName],
  };
  return rules.overflow === undefined ? placed : withOverflow(placed, rules.overflow, all, report);
}

/** A placement together with where it overflows to. */
function withOverflow(
  first: Placed,
  overflow: readonly PlacementRules[],
  all: Cluster[],
  report: ReportPlacement,
): Placed {
  const weights = new Map(first.weights);
  const bounds = new Map(first.bounds);
  const groups = [...first.groups];
  for (const rules of overflow) {
    const further = resolvePlacement(rules, all, report);
    for (const cluster of further.weights.keys()) {
      if (!weights.has(cluster)) continue;
      const what = `The placement overflows to cluster "${cluster}", which it covers before.`;
      report({ code: 'ORR2012', what, fix: 'Name each cluster in one group.' });
    }
    for (const [cluster, weight] of further.weights) weights.set(cluster, weight);
    for (const [name, bound] of further.bounds) bounds.set(name, bound);
    groups.push(...further.groups);
  }
  const inOrder = new Map(
    all.flatMap((cluster) => (weights.has(cluster) ? [[cluster, weights.get(cluster) ?? 0]] : [])),
  );
  const byName = new Map([...inOrder].map(([cluster, weight]) => [cluster.clusterName, weight]));
  return { ...first, weights: inOrder, weightsByName: byName, bounds, groups };
}

/** The clusters of a placement, and after them those that it overflows to, each for itself: for engines that see when clusters are full. */
export function overflowGroups(placed: Placed): Placed[] {
  if (placed.groups.length === 1) return [placed];
  return placed.groups.map((weightsByName, at) => ({
    weights: new Map([...placed.weights].filter(([{ clusterName }]) => weightsByName.has(clusterName))),
    weightsByName,
    bounds: new Map([...placed.bounds].filter(([name]) => weightsByName.has(name))),
    spread: at === 0 ? placed.spread : {},
    groups: [weightsByName],
  }));
}

/**
 * The groups of a placement, in order of preference: where it chooses the first of several placements that covers a cluster, all that do. For engines that choose
 * at run time.
 */
export function resolveGroups(rules: PlacementRules, all: Cluster[], report: ReportPlacement): Placed[] {
  const { cover } = rules;
  if (cover.type !== 'first') return [resolvePlacement(rules, all, report)];
  const groups = cover.candidates.flatMap((candidate) =>
    resolveGroups(within(rules, candidate), all, (problem) => {
      if (problem.code !== 'ORR2006') report(problem);
    }),
  );
  const covering = groups.filter(({ weights }) => weights.size > 0);
  return covering.length > 0 ? covering : [resolvePlacement(rules, all, report)];
}

/** What is said of the whole adds to what the chosen one says. */
function within(whole: PlacementRules, chosen: PlacementRules): PlacementRules {
  return {
    cover: chosen.cover,
    without: [...chosen.without, ...whole.without],
    weighing: whole.weighing ?? chosen.weighing,
    bounds: whole.bounds ?? chosen.bounds,
    spread: { ...chosen.spread, ...whole.spread },
    overflow: whole.overflow ?? chosen.overflow,
  };
}

function firstThatCovers(
  candidates: readonly PlacementRules[],
  all: Cluster[],
  report: ReportPlacement,
): PlacementRules | undefined {
  if (candidates.length === 0)
    report({ code: 'ORR2006', what: 'The placement chooses among no placements.', fix: 'Give it at least one.' });
  let chosen: PlacementRules | undefined;
  for (const candidate of candidates) {
    const found: PlacementProblem[] = [];
    const { weights } = resolvePlacement(candidate, all, (problem) => found.push(problem));
    // The chosen one is resolved once more, with what is said of the whole; of the others, mistakes count and emptiness does not.
    if (chosen === undefined && weights.size > 0) chosen = candidate;
    else for (const problem of found) if (problem.code !== 'ORR2006') report(problem);
  }
  if (chosen === undefined && candidates.length > 0) {
    const what = 'None of the placements that the placement chooses among selects a cluster.';
    report({ code: 'ORR2006', what, fix: knownClusters(all) });
  }
  return chosen;
}

function coveredClusters(
  cover: SelectedCover | NamedCover,
  { without, weighing }: PlacementRules,
  all: Cluster[],
  report: ReportPlacement,
): Cluster[] {
  const covered =
    cover.type === 'named' ? namedClusters(cover.names, weighing, all, report) : selected(cover, all, report);
  if (without.length === 0) return covered;
  const left = new Set<Cluster>();
  for (const item of without) {
    if (typeof item !== 'string') for (const cluster of item.selectedClusters) left.add(cluster);
    else {
      const cluster = all.find((candidate) => candidate.clusterName === item);
      if (cluster !== undefined) left.add(cluster);
      else {
        const what = `The placement leaves out cluster "${item}", which does not exist.`;
        report({ code: 'ORR2005', what, fix: knownClusters(all) });
      }
    }
  }
  const remaining = covered.filter((cluster) => !left.has(cluster));
  if (remaining.length === 0 && covered.length > 0) {
    const what = `The placement leaves out every cluster that it covers: ${covered.map(String).join(', ')}.`;
    report({ code: 'ORR2006', what, fix: 'Leave out fewer, or cover more.' });
  }
  return remaining;
}

function selected({ description, select }: SelectedCover, all: Cluster[], report: ReportPlacement): Cluster[] {
  const chosen = new Set(select(all).selectedClusters);
  if (chosen.size === 0) {
    const known =
      all.length === 0 ? 'The platform has no clusters.' : `The platform has: ${all.map(String).join(', ')}.`;
    report({ code: 'ORR2006', what: `The placement ${description} selects no cluster.`, fix: known });
  }
  return all.filter((cluster) => chosen.has(cluster));
}

function namedClusters(
  names: readonly string[],
  weighing: Weighing | undefined,
  all: readonly Cluster[],
  report: ReportPlacement,
): Cluster[] {
  if (names.length === 0) {
    const fix = `Name at least one. ${knownClusters(all)}`;
    report({ code: 'ORR2006', what: 'The placement names no cluster.', fix });
  }
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name))
      report({ code: 'ORR2004', what: `The placement names cluster "${name}" twice.`, fix: 'Name it once.' });
    seen.add(name);
    if (all.some((cluster) => cluster.clusterName === name)) continue;
    const says = weighing?.type === 'given' && weighing.weights.has(name) ? 'gives weight to' : 'names';
    const what = `The placement ${says} cluster "${name}", which does not exist.`;
    report({ code: 'ORR2005', what, fix: knownClusters(all) });
  }
  return all.filter((cluster) => seen.has(cluster.clusterName));
}

function givenWeights(
  weighing: Extract<Weighing, { type: 'given' }> | undefined,
  cover: SelectedCover | NamedCover,
  covered: readonly Cluster[],
  all: readonly Cluster[],
  report: ReportPlacement,
): Map<Cluster, number> {
  if (weighing === undefined) return new Map(covered.map((cluster) => [cluster, 1]));
  const { weights, otherwise } = weighing;
  for (const [name, weight] of weights) {
    if (!isWeight(weight)) {
      report({
        code: 'ORR2007',
        what: `The placement gives cluster "${name}" the weight ${weight}.`,
        fix: WEIGHT_RULE,
      });
    }
    // A name that does not exist is reported as such, and one that is left out again may keep its weight.
    if (cover.type === 'named' && cover.names.includes(name)) continue;
    reportStranger('gives weight to', 'weight', name, covered, all, report);
  }
  if (otherwise !== undefined && !isWeight(otherwise)) {
    const what = `The placement gives clusters without a weight of their own the weight ${otherwise}.`;
    report({ code: 'ORR2007', what, fix: WEIGHT_RULE });
  }
  const result = new Map<Cluster, number>();
  for (const cluster of covered) {
    const weight = weights.get(cluster.clusterName) ?? otherwise;
    if (weight === undefined) {
      const what = `The placement covers cluster "${cluster}" but gives it no weight.`;
      const fix = 'Give it a weight, or say what clusters without one get: withWeights(…, { otherwise: 0 }).';
      report({ code: 'ORR2007', what, fix });
    }
    result.set(cluster, weight ?? 0);
  }
  if (covered.length > 0 && [...result.values()].every((weight) => weight === 0)) {
    const fix = 'Give at least one cluster a weight.';
    report({ code: 'ORR2007', what: 'All weights of the placement are 0.', fix });
  }
  return result;
}

/** Thousandths, so that cores of which one is a half keep their share. */
function capacityWeights(resource: string, covered: readonly Cluster[], report: ReportPlacement): Map<Cluster, number> {
  const result = new Map<Cluster, number>();
  for (const cluster of covered) {
    const declared = cluster.facts.capacity?.[resource];
    if (declared === undefined) {
      const what = `The placement weighs by ${resource}, and cluster "${cluster}" does not say how much it has.`;
      report({ code: 'ORR2013', what, fix: `Declare the fact capacity: { '${resource}': '…' }, or give weights.` });
    }
    const amount = quantityOf(declared ?? '') ?? 0;
    result.set(cluster, Math.round(amount < 2 ** 40 ? amount * 1000 : amount));
  }
  if (covered.length > 0 && [...result.values()].every((weight) => weight === 0)) {
    const what = `The placement weighs by ${resource}, and no cluster has any.`;
    report({ code: 'ORR2007', what, fix: 'Place it on clusters that have some, or give weights.' });
  }
  return result;
}

function boundsOf(
  bounds: PlacementRules['bounds'],
  weights: ReadonlyMap<Cluster, number>,
  all: readonly Cluster[],
  report: ReportPlacement,
): Map<string, Bounds> {
  const result = new Map<string, Bounds>();
  if (bounds === undefined) return result;
  const covered = [...weights.keys()];
  for (const [name, given] of bounds.given) {
    reportStranger('bounds the replicas in', 'bounds', name, covered, all, report);
    reportBounds(`in cluster "${name}"`, given, report);
  }
  reportBounds('in clusters without bounds of their own', bounds.otherwise, report);
  for (const [{ clusterName }, weight] of weights) {
    const own = bounds.given.get(clusterName);
    const { minReplicas, maxReplicas } = { ...bounds.otherwise, ...own };
    if (weight === 0 && (own?.minReplicas ?? 0) > 0) {
      const what = `The placement wants at least ${own?.minReplicas} replicas in cluster "${clusterName}", which has weight 0.`;
      report({ code: 'ORR2012', what, fix: 'Give the cluster weight, or leave its minReplicas out.' });
    }
    result.set(clusterName, { min: minReplicas ?? 0, max: maxReplicas ?? Number.POSITIVE_INFINITY });
  }
  return result;
}

function reportBounds(where: string, { minReplicas = 0, maxReplicas }: GivenBounds, report: ReportPlacement): void {
  for (const [name, value] of Object.entries({ minReplicas, maxReplicas })) {
    if (value === undefined || isWeight(value)) continue;
    const what = `The placement has the ${name} ${value} ${where}.`;
    report({ code: 'ORR2011', what, fix: 'Numbers of replicas are whole and from 0 on.' });
  }
  if (maxReplicas !== undefined && maxReplicas < minReplicas) {
    const what = `The placement wants at least ${minReplicas} and at most ${maxReplicas} replicas ${where}.`;
    report({ code: 'ORR2012', what, fix: 'Raise maxReplicas or lower minReplicas.' });
  }
}

function spreadOf(spread: Spread | undefined, report: ReportPlacement): Spread {
  for (const over of SPREAD_OVER) {
    const least = spread?.[over];
    if (least === undefined || (Number.isSafeInteger(least) && least >= 1)) continue;
    const what = `The placement is spread over at least ${least} ${over}.`;
    report({ code: 'ORR2011', what, fix: 'That is a whole number from 1 on.' });
  }
  return spread ?? {};
}

/** Something is said of a cluster that is not covered, or does not exist. */
function reportStranger(
  says: string,
  what: string,
  name: string,
  covered: readonly Cluster[],
  all: readonly Cluster[],
  report: ReportPlacement,
): void {
  if (covered.some((cluster) => cluster.clusterName === name)) return;
  if (all.some((cluster) => cluster.clusterName === name)) {
    const fix = `Remove the ${what} or select the cluster.`;
    report({ code: 'ORR2007', what: `The placement ${says} cluster "${name}", which it does not select.`, fix });
  } else {
    const fix = knownClusters(all);
    report({ code: 'ORR2005', what: `The placement ${says} cluster "${name}", which does not exist.`, fix });
  }
}

const WEIGHT_RULE = 'Weights are whole numbers from 0 on.';

function isWeight(weight: number): boolean {
  return Number.isSafeInteger(weight) && weight >= 0;
}

function knownClusters(all: readonly Cluster[]): string {
  return all.length === 0 ? 'The platform has no clusters.' : `Known: ${all.map(String).join(', ')}.`;
}
