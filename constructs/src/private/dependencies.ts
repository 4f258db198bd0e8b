import type { IConstruct } from 'constructs';
import type { DependencyManifest } from '../assembly-format';
import type { Cluster } from '../cluster';
import { ownLocation } from './location';
import { NeedsGraph } from './ordering';
import { type Problem, problemAt } from './problem';
import { dependenciesOf } from './tree';
import type { Entry, Unit } from './unit';

/** The units of a cluster before they are written. */
export interface ClusterUnits {
  readonly cluster: Cluster;
  units: Unit[];
}

/** Dependencies as the manifest has them. */
export interface Dependencies {
  readonly ofUnit: ReadonlyMap<Unit, readonly DependencyManifest[]>;
  readonly ofEntry: ReadonlyMap<Entry, readonly string[]>;
}

interface Declared {
  readonly source: IConstruct;
  readonly target: IConstruct;
}

/** What lies below a construct in one cluster. */
interface Extent {
  readonly cluster: number;
  readonly entries: Placed[];
}

interface Placed {
  readonly entry: Entry;
  readonly unit: Unit;
  readonly vertex: number;
}

/**
 * Finds who waits for whom, reports circles, and puts units and the entries inside them in order.
 *
 * Where source and target share clusters the dependency holds in each of these; where they share none, it is an order between the clusters
 * of the source and those of the target.
 */
export function resolveDependencies(
  all: ClusterUnits[],
  constructs: readonly IConstruct[],
  problems: Problem[],
): Dependencies {
  const declared = declaredDependencies(constructs);
  if (declared.length === 0) return { ofUnit: new Map(), ofEntry: new Map() };
  return new Resolution(all, declared, problems).run();
}

function declaredDependencies(constructs: readonly IConstruct[]): Declared[] {
  const declared: Declared[] = [];
  constructs.forEach((source) => {
    const targets = dependenciesOf(source);
    if (targets.length === 0) return;
    for (const target of targets) if (target !== source) declared.push({ source, target });
  });
  return declared;
}

class Resolution {
  private readonly graph = new NeedsGraph();
  private readonly unitGraph = new NeedsGraph();
  private readonly clusterGraph = new NeedsGraph();
  private readonly placed: Placed[][] = [];
  private readonly extents = new Map<IConstruct, Map<number, Extent>>();
  private readonly barriers = new Map<string, { readonly vertex: number; readonly unitVertex: number }>();
  private readonly barrierOwners = new Map<number, IConstruct>();
  private readonly constructIds = new Map<IConstruct, number>();
  private readonly unitVertices = new Map<Unit, number>();
  private readonly unitNeeds = new Map<Unit, Map<string, DependencyManifest>>();
  private readonly entryNeeds = new Map<Entry, Set<string>>();
  private readonly clusterNeeds: { readonly from: number; readonly to: number; readonly declared: Declared }[] = [];

  public constructor(
    private readonly all: ClusterUnits[],
    private readonly declared: readonly Declared[],
    private readonly problems: Problem[],
  ) {}

  public run(): Dependencies {
    this.place();
    for (const declared of this.declared) this.resolve(declared);
    this.orderClusters();
    this.orderEntries();
    const ofUnit = new Map([...this.unitNeeds].map(([unit, needs]) => [unit, [...needs.values()]]));
    const ofEntry = new Map([...this.entryNeeds].map(([entry, needs]) => [entry, [...needs]]));
    return { ofUnit, ofEntry };
  }

  /** Gives every entry a vertex and finds what lies below the constructs that dependencies name. */
  private place(): void {
    const named = new Set(this.declared.flatMap(({ source, target }) => [source, target]));
    for (const [cluster, { units }] of this.all.entries()) {
      this.clusterGraph.addVertex();
      const here: Placed[] = [];
      this.placed.push(here);
      for (const unit of units) {
        this.unitVertices.set(unit, this.unitGraph.addVertex());
        for (const entry of unit.entries) {
          const placed = { entry, unit, vertex: this.graph.addVertex() };
          here.push(placed);
          for (let at: IConstruct | undefined = entry.owner; at !== undefined; at = at.node.scope) {
            if (named.has(at)) this.extentOf(at, cluster).entries.push(placed);
          }
        }
      }
    }
  }

  private extentOf(construct: IConstruct, cluster: number): Extent {
    const byCluster = getOrCreate(this.extents, construct, () => new Map<number, Extent>());
    return getOrCreate(byCluster, cluster, () => ({ cluster, entries: [] }));
  }

  private resolve(declared: Declared): void {
    const { source, target } = declared;
    if (target.node.scope === undefined && !this.all.some(({ cluster }) => cluster === target)) {
      this.problems.push(
        problemAt(source, 'ORR2008', `${label(source)} depends on the whole platform.`, {
          fix: 'Depend on the apps, releases or charts that are needed, not on the whole.',
        }),
      );
      return;
    }
    if (contains(target, source)) {
      this.problems.push(
        problemAt(source, 'ORR2008', `${label(source)} depends on ${label(target)}, which contains it.`, {
          fix: 'Depend on the parts that are needed, not on the whole.',
        }),
      );
      return;
    }
    const sources = this.extents.get(source);
    const targets = this.extents.get(target);
    if (sources === undefined || targets === undefined) return;
    const common = [...sources.keys()].filter((cluster) => targets.has(cluster));
    if (common.length > 0) {
      for (const cluster of common)
        this.within(declared, sources.get(cluster) as Extent, targets.get(cluster) as Extent);
    } else {
      for (const from of sources.values()) for (const to of targets.values()) this.between(declared, from, to);
    }
  }

  private within(declared: Declared, from: Extent, to: Extent): void {
    const { source, target } = declared;
    const end = this.barrier('end', target, to);
    const inside = contains(source, target);
    if (!inside) this.need(this.barrier('start', source, from), end);
    const paths = pathsOf(target, to);
    const targetUnits = new Set(to.entries.map((placed) => placed.unit));
    for (const placed of from.entries) {
      if (inside) {
        if (contains(target, placed.entry.owner)) continue;
        this.graph.addNeed(placed.vertex, end.vertex);
        this.unitGraph.addNeed(this.unitVertices.get(placed.unit) as number, end.unitVertex);
      }
      // A unit that holds a part of the target cannot wait for it as a whole: its other entries do.
      const whole = contains(source, placed.unit.owner) && !targetUnits.has(placed.unit);
      for (const path of paths) {
        if (whole) this.addUnitNeed(placed.unit, { path });
        else this.addEntryNeed(placed.entry, path);
      }
    }
  }

  private between(declared: Declared, from: Extent, to: Extent): void {
    const { source, target } = declared;
    this.need(this.barrier('start', source, from), this.barrier('end', target, to));
    this.clusterGraph.addNeed(from.cluster, to.cluster);
    this.clusterNeeds.push({ from: from.cluster, to: to.cluster, declared });
    const cluster = (this.all[to.cluster] as ClusterUnits).cluster.clusterName;
    const paths = pathsOf(target, to);
    for (const unit of new Set(from.entries.map((placed) => placed.unit))) {
      for (const path of paths) this.addUnitNeed(unit, { cluster, path });
    }
  }

  private addUnitNeed(unit: Unit, need: DependencyManifest): void {
    const needs = getOrCreate(this.unitNeeds, unit, () => new Map<string, DependencyManifest>());
    needs.set(`${need.cluster ?? ''} ${need.path}`, need);
  }

  private addEntryNeed(entry: Entry, path: string): void {
    getOrCreate(this.entryNeeds, entry, () => new Set<string>()).add(path);
  }

  private need(source: { vertex: number; unitVertex: number }, target: { vertex: number; unitVertex: number }): void {
    this.graph.addNeed(source.vertex, target.vertex);
    this.unitGraph.addNeed(source.unitVertex, target.unitVertex);
  }

  /** The vertex before everything ("start") or after everything ("end") of a construct in a cluster. */
  private barrier(side: 'start' | 'end', construct: IConstruct, extent: Extent) {
    const id = getOrCreate(this.constructIds, construct, () => this.constructIds.size);
    const key = `${side} ${id} ${extent.cluster}`;
    let barrier = this.barriers.get(key);
    if (barrier === undefined) {
      barrier = { vertex: this.graph.addVertex(), unitVertex: this.unitGraph.addVertex() };
      this.barriers.set(key, barrier);
      this.barrierOwners.set(barrier.vertex, construct);
      for (const placed of extent.entries) {
        const unitVertex = this.unitVertices.get(placed.unit) as number;
        if (side === 'start') {
          this.graph.addNeed(placed.vertex, barrier.vertex);
          this.unitGraph.addNeed(unitVertex, barrier.unitVertex);
        } else {
          this.graph.addNeed(barrier.vertex, placed.vertex);
          this.unitGraph.addNeed(barrier.unitVertex, unitVertex);
        }
      }
    }
    return barrier;
  }

  private orderClusters(): void {
    const result = this.clusterGraph.order();
    if (!('circle' in result)) return;
    const names = [...result.circle, result.circle[0] as number].map(
      (i) => (this.all[i] as ClusterUnits).cluster.clusterName,
    );
    const reasons = result.circle.map((from, i) => {
      const to = result.circle[(i + 1) % result.circle.length];
      const why = this.clusterNeeds.find((need) => need.from === from && need.to === to);
      return why === undefined ? '' : `${label(why.declared.source)} depends on ${label(why.declared.target)}`;
    });
    const first = this.clusterNeeds.find((need) => need.from === result.circle[0]);
    this.problems.push(
      problemAt(
        first?.declared.source,
        'ORR2008',
        `Clusters wait for each other: ${names.join(' → ')}.\n${reasons.join('; ')}.`,
        {
          fix: 'A dependency between clusters is an order between them: remove one of these.',
        },
      ),
    );
  }

  private orderEntries(): void {
    const result = this.graph.order();
    if ('circle' in result) {
      this.reportCircle(result.circle);
      return;
    }
    const rank = new Map<Entry, number>();
    const entries = new Map(this.placed.flat().map((placed) => [placed.vertex, placed.entry]));
    for (const vertex of result.order) {
      const entry = entries.get(vertex);
      if (entry !== undefined) rank.set(entry, rank.size);
    }
    const unitRank = new Map(this.unitGraph.orderTolerant().map((vertex, i) => [vertex, i]));
    const rankOf = (unit: Unit) => unitRank.get(this.unitVertices.get(unit) as number) as number;
    for (const cluster of this.all) {
      cluster.units = [...cluster.units].sort((a, b) => rankOf(a) - rankOf(b));
      for (const unit of cluster.units) unit.entries.sort((a, b) => (rank.get(a) as number) - (rank.get(b) as number));
    }
  }

  /** Names the declared dependencies along the circle: every step from a start barrier to an end barrier is one. */
  private reportCircle(circle: readonly number[]): void {
    const steps: Declared[] = [];
    const owners = new Map(this.placed.flat().map((placed) => [placed.vertex, placed.entry.owner]));
    for (let i = 0; i < circle.length; i++) {
      const target = this.barrierOwners.get(circle[(i + 1) % circle.length] as number);
      const source = this.barrierOwners.get(circle[i] as number) ?? owners.get(circle[i] as number);
      if (source === undefined || target === undefined) continue;
      const step =
        this.declared.find((declared) => declared.source === source && declared.target === target) ??
        this.declared.find(
          (declared) =>
            declared.target === target && contains(declared.source, source) && contains(declared.source, target),
        );
      if (step !== undefined) steps.push(step);
    }
    const first = steps[0];
    const chain = steps.map((step) => label(step.source));
    const lines = steps.map((step) => {
      const place = ownLocation(step.source);
      return `${label(step.source)} depends on ${label(step.target)}${place === undefined ? '' : ` (${place})`}`;
    });
    const what = `Constructs wait for each other: ${[...chain, chain[0]].join(' → ')}.\n${lines.join('\n')}`;
    this.problems.push(problemAt(first?.source, 'ORR2008', what, { fix: 'Remove one of these dependencies.' }));
  }
}

/** The subtrees that make up a target: itself, or for a whole cluster its outermost units. */
function pathsOf(target: IConstruct, extent: Extent): string[] {
  if (target.node.path !== '') return [target.node.path];
  const paths = new Set(extent.entries.map((placed) => placed.unit.path));
  const isInner = (path: string): boolean => {
    for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      if (paths.has(path.slice(0, slash))) return true;
    }
    return false;
  };
  return [...paths].filter((path) => !isInner(path));
}

function getOrCreate<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = create();
    map.set(key, value);
  }
  return value;
}

function contains(outer: IConstruct, inner: IConstruct): boolean {
  for (let at: IConstruct | undefined = inner; at !== undefined; at = at.node.scope) if (at === outer) return true;
  return false;
}

function label(construct: IConstruct): string {
  return construct.node.path === '' ? `cluster ${construct}` : construct.node.path;
}
