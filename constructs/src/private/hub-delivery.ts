import type { IConstruct } from 'constructs';
import type { Cluster } from '../cluster';
import type { Placement } from '../placement';
import { Platform } from '../platform';
import { canonicalJson } from './canonical';
import { placedGroupsOn, placedOn } from './delivery';
import { FlatJson } from './flat-json';
import type { JsonMap } from './override-operations';
import type { Placed } from './placement-rules';
import { overflowGroups } from './placement-rules';
import { type Problem, type ProblemCode, problemAt } from './problem';
import type { Entry, LateRendered, Rendering } from './unit';

/** An app as its delivery engine sees it. */
export interface DeliveredApp {
  readonly construct: IConstruct;
  readonly name: string;
  readonly namespace: string;
  readonly placement: Placement | undefined;
  /** Labels of every object. */
  readonly labels: { readonly [key: string]: string };
  /** What the app says about making its namespace. */
  readonly createNamespace: boolean | undefined;
  readonly sensitive: boolean;
  /** Divides the services over clusters of the app. @param all every cluster that anything of the app goes to */
  place(placed: Placed, all: readonly Cluster[], problems: Problem[]): void;
  /** What a cluster gets under direct delivery, once it is placed. */
  render(cluster: Cluster, problems: Problem[]): Rendering;
  /** The replicas that the program declares for all clusters together; undefined where the owner of an object divides none. */
  totalOf(owner: IConstruct): number | undefined;
}

/** Clusters among which Karmada or another engine divides; of several groups one is used at a time. */
export interface DeliveredGroup {
  readonly placed: Placed;
  readonly clusters: readonly Cluster[];
  /** Used when those before are full. */
  readonly isFurther: boolean;
}

/** An object of the app in the clusters that get it. */
export interface DeliveredObject {
  readonly entry: Entry;
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | undefined;
  /** In order of declaration of the clusters. */
  readonly inCluster: ReadonlyMap<Cluster, { readonly object: JsonMap; readonly entry: Entry }>;
}

/** An engine that gets objects on one cluster and brings them to others. */
export interface HubEngine {
  readonly hub: Cluster;
  /** For messages: "Karmada". */
  readonly title: string;
  /** The most that the name of a member may have; more is refused by the engine. */
  readonly longestMemberName: number;
  readonly memberNames: { readonly [cluster: string]: string };
  /** Whether each of several groups of a placement is kept, in order of preference; else only the first that covers a cluster. */
  readonly keepsGroups: boolean;
  /** Whether it decides what is more than clusters can take, when a placement overflows; else the bounds of the placement do. */
  readonly seesCapacity: boolean;
  /** Problems that concern the placement. Called once, before `deliver`. */
  validate(app: DeliveredApp, groups: readonly DeliveredGroup[], report: ReportDelivery): void;
  /** What the hub gets. */
  deliver(
    app: DeliveredApp,
    groups: readonly DeliveredGroup[],
    objects: readonly DeliveredObject[],
    report: ReportDelivery,
  ): Entry[];
}

export type ReportDelivery = (code: ProblemCode, what: string, fix: string, details?: ReportDetails) => void;
interface ReportDetails {
  readonly at?: IConstruct;
  readonly cluster?: Cluster;
  readonly source?: string | undefined;
}

/** The same app, brought to its clusters by an engine: its unit is on the hub. */
export function deliveredThrough(engine: HubEngine, app: DeliveredApp, direct: LateRendered): LateRendered {
  let groups: readonly DeliveredGroup[] = [];
  const reportTo =
    (problems: Problem[]): ReportDelivery =>
    (code, what, fix, { at, cluster, source } = {}) =>
      problems.push(
        problemAt(at ?? app.construct, code, what, {
          fix,
          cluster: cluster?.clusterName,
          ...(source === undefined ? {} : { source }),
        }),
      );
  return {
    validate: (problems) => direct.validate(problems),
    clusters: (problems) => {
      const placed = engine.keepsGroups
        ? placedGroupsOn(app.construct, app.placement, problems)
        : [placedOn(app.construct, app.placement, problems)];
      groups = placed.flatMap((one) =>
        (engine.seesCapacity ? overflowGroups(one) : [one]).map((part, i) => ({
          placed: part,
          clusters: [...part.weights.keys()],
          isFurther: i > 0,
        })),
      );
      const report = reportTo(problems);
      validateMembers(engine, app, groups, report);
      engine.validate(app, groups, report);
      return [engine.hub];
    },
    render: (_hub, problems) => {
      const all = groups.flatMap(({ clusters }) => clusters);
      const rendered = new Map<Cluster, readonly Entry[]>();
      for (const { placed, clusters } of groups) {
        app.place(placed, all, problems);
        for (const cluster of clusters) rendered.set(cluster, app.render(cluster, problems).entries);
      }
      return { entries: engine.deliver(app, groups, objectsOf(rendered), reportTo(problems)) };
    },
    finish: (problems) => direct.finish?.(problems),
  };
}

/** Name of a member in the engine. */
export function memberName({ memberNames }: HubEngine, { clusterName }: Cluster): string {
  return Object.hasOwn(memberNames, clusterName) ? (memberNames[clusterName] as string) : clusterName;
}

function validateMembers(
  engine: HubEngine,
  app: DeliveredApp,
  groups: readonly DeliveredGroup[],
  report: ReportDelivery,
): void {
  const { hub, title, memberNames } = engine;
  if (hub.platform !== Platform.of(app.construct)) {
    const fix = 'Declare the hub as a cluster of this platform.';
    report('ORR2017', `The hub "${hub}" belongs to another platform.`, fix);
  }
  const seen = new Map<string, Cluster>();
  for (const cluster of groups.flatMap(({ clusters }) => clusters)) {
    const name = memberName(engine, cluster);
    if (cluster === hub) {
      const fix = `Leave it out of the placement: .excludingNamed('${hub}').`;
      report('ORR2012', `The placement covers "${hub}", the hub of ${title}, which runs nothing itself.`, fix);
    }
    if (seen.get(name) === cluster) {
      const fix = 'Name it in one of them: the groups are used one after another.';
      report('ORR2012', `Cluster "${cluster}" is in two groups of the placement.`, fix);
    } else if (seen.has(name)) {
      const what = `Clusters "${seen.get(name)}" and "${cluster}" are both "${name}" in ${title}.`;
      report('ORR2004', what, 'Correct memberNames.');
    }
    seen.set(name, cluster);
    if (name.length > engine.longestMemberName || !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name)) {
      const fix = `Names of ${title} have at most ${engine.longestMemberName} lower-case letters, digits and "-": say its name there by memberNames.`;
      report('ORR2003', `"${name}" is no name of a cluster in ${title}.`, fix);
    }
    if (app.sensitive) reportSensitive(cluster, report);
  }
  for (const name of Object.keys(memberNames)) {
    if (hub.platform.clusters.some(({ clusterName }) => clusterName === name)) continue;
    report('ORR2005', `memberNames names cluster "${name}", which does not exist.`, 'Remove it, or correct the name.');
  }
}

/** The check `sensitive-app` sees only the hub. */
function reportSensitive(cluster: Cluster, report: ReportDelivery): void {
  const { internetFacing } = cluster.facts;
  if (internetFacing === false) return;
  if (internetFacing === true) {
    const fix = 'Take it out of the placement, or correct `internetFacing` of its facts.';
    report('ORR2012', `The app is sensitive, and the internet reaches cluster "${cluster}".`, fix);
  } else {
    const what = `The app is sensitive, and nobody said whether the internet reaches cluster "${cluster}".`;
    report('ORR2013', what, 'Say it in the facts of the cluster: internetFacing: false.');
  }
}

/** Each object once, in the order in which the first cluster that has it has them. */
function objectsOf(rendered: ReadonlyMap<Cluster, readonly Entry[]>): DeliveredObject[] {
  const found = new Map<
    string,
    DeliveredObject & { readonly inCluster: Map<Cluster, { object: JsonMap; entry: Entry }> }
  >();
  // What several clusters get alike is one object, and stays one.
  const plain = new Map<object, JsonMap>();
  const plainOf = (made: object): JsonMap => {
    const known = plain.get(made);
    if (known !== undefined) return known;
    const copy = flat.fill(made).toJson() as JsonMap;
    plain.set(made, copy);
    return copy;
  };
  const flat = new FlatJson();
  for (const [cluster, entries] of rendered) {
    for (const entry of entries) {
      if (entry.content.type !== 'object') continue;
      const object = plainOf(entry.content.object);
      const { apiVersion, kind, metadata } = object as unknown as ObjectHead;
      const slash = apiVersion.indexOf('/');
      const group = slash < 0 ? '' : apiVersion.slice(0, slash);
      const key = canonicalJson([group, kind, metadata.namespace ?? '', metadata.name]);
      const known = found.get(key);
      if (known !== undefined) known.inCluster.set(cluster, { object, entry });
      else {
        const { name, namespace } = metadata;
        found.set(key, { entry, group, kind, name, namespace, inCluster: new Map([[cluster, { object, entry }]]) });
      }
    }
  }
  return [...found.values()];
}

interface ObjectHead {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}
