import { ApiObject, Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { AppManifest, DocumentManifest } from '../assembly-format';
import type { Cluster } from '../cluster';
import type { Platform } from '../platform';
import { type AssemblyContents, writeAssembly } from './assembly-writer';
import { textAsset } from './assets';
import { entriesOfChart, rendersItself } from './chart-json';
import { type ClusterUnits, resolveDependencies } from './dependencies';
import { replaceFolder } from './output-folder';
import { collectProblems, type Problem, problemAt, throwProblems } from './problem';
import { addYamlLoad, loadOf } from './program-loads';
import { renderRollout } from './rollout-rendering';
import { childrenOf, validationMessages, withDescendants } from './tree';
import { type AssetSource, type Entry, type LateRendered, lateRendered, type Rendering, type Unit } from './unit';

/** Writes the assembly of a program to the platform's folder. */
export function synthesize(platform: Platform): void {
  const contents = contentsOf(platform);
  replaceFolder(platform, (folder) => writeAssembly(folder, contents));
}

/** Checks a program, renders what renders late, and brings everything in order. */
export function contentsOf(platform: Platform): AssemblyContents {
  const problems: Problem[] = [];
  const clusters = platform.clusters;
  const constructs = platform.findAll();
  validate(platform, constructs, problems);

  const assets: AssetSource[] = [];
  const all: ClusterUnits[] = clusters.map((cluster) => ({ cluster, units: [] }));
  const { apps, documents } = collectPlatform(platform, all, assets, problems);
  for (const units of all) collectCluster(units, assets, problems);
  completePlatform(platform, all, problems);
  checkPaths(all, problems);
  if (
    clusters.length > 0 &&
    problems.length === 0 &&
    documents.length === 0 &&
    all.every(({ units }) => units.every((unit) => unit.entries.length === 0))
  ) {
    const fix = 'Add an app, a Helm release, an included file, or a cdk8s chart in a cluster.';
    problems.push(
      problemAt(platform, 'ORR2002', 'The program declares clusters but nothing to put into them.', { fix }),
    );
  }
  const canaryReleases = constructs.flatMap((construct) => lateRendered(construct)?.release?.(problems) ?? []);
  const dependencies = resolveDependencies(all, constructs, problems);
  const rollout = renderRollout(platform, all, dependencies, problems);
  if (problems.length > 0) throwProblems(dedupe(problems));

  return { platform, all, dependencies, assets, constructs, rollout, apps, documents, canaryReleases };
}

function validate(platform: Platform, constructs: readonly IConstruct[], problems: Problem[]): void {
  if (platform.clusters.length === 0) {
    const fix = 'Declare one: new ClusterSet(platform, "clusters").add("prod", { … }).';
    problems.push(problemAt(platform, 'ORR2002', 'The platform has no clusters.', { fix }));
  }
  constructs.forEach((construct) => {
    lateRendered(construct)?.validate(problems);
    const messages = validationMessages(construct);
    if (messages.length === 0) return;
    for (const message of messages) problems.push(problemAt(construct, 'ORR2001', message));
  });
}

/** What the manifest says beside what clusters get. */
interface Declarations {
  readonly apps: AppManifest[];
  readonly documents: DocumentManifest[];
}

/** Apps, releases and files of the platform: a unit in each of their clusters. Returns what is no object. */
function collectPlatform(
  platform: Platform,
  all: ClusterUnits[],
  assets: AssetSource[],
  problems: Problem[],
): Declarations {
  const apps: AppManifest[] = [];
  const documents: DocumentManifest[] = [];
  const unitsOf = new Map(all.map(({ cluster, units }) => [cluster, units]));
  for (const construct of withDescendants(platform)) {
    const late = lateRendered(construct);
    if (late === undefined) {
      reportStray(construct, problems);
      continue;
    }
    for (const cluster of late.clusters(problems)) {
      const rendering = renderingOf(late, cluster, assets, problems);
      unitsOf.get(cluster)?.push({ path: construct.node.path, owner: construct, entries: [...rendering.entries] });
    }
    const app = late.declared?.();
    if (app !== undefined) apps.push(app);
    for (const { text, file, type } of collectProblems(problems, () => late.documents?.(problems)) ?? []) {
      const source = textAsset(file, text);
      assets.push(source);
      documents.push({ path: construct.node.path, type, file, asset: source.asset });
    }
    late.finish?.(problems);
  }
  return { apps, documents };
}

/** What is said about everything else. What several say does not depend on their order: none sees another's. */
function completePlatform(platform: Platform, all: readonly ClusterUnits[], problems: Problem[]): void {
  const added = withDescendants(platform).flatMap((construct) => {
    const late = lateRendered(construct);
    const completed = collectProblems(problems, () => late?.complete?.(all, problems));
    return completed === undefined ? [] : [{ construct, ...completed }];
  });
  for (const { construct, cluster, entries } of added) {
    const units = all.find((one) => one.cluster === cluster)?.units;
    units?.push({ path: construct.node.path, owner: construct, entries });
  }
}

/** A chart or an object of nobody's cluster would be left out without a word. */
function reportStray(construct: IConstruct, problems: Problem[]): void {
  const isChart = Chart.isChart(construct);
  if (!isChart && (!ApiObject.isApiObject(construct) || construct.node.scopes.some((scope) => Chart.isChart(scope))))
    return;
  const what = `The ${isChart ? 'chart' : 'object'} is in the platform, which is no cluster.`;
  problems.push(problemAt(construct, 'ORR2017', what, { fix: 'Make it in a Cluster: new Chart(cluster, …).' }));
}

function renderingOf(late: LateRendered, cluster: Cluster, assets: AssetSource[], problems: Problem[]): Rendering {
  const rendering = collectProblems(problems, () => late.render(cluster, problems)) ?? { entries: [] };
  assets.push(...(rendering.assets ?? []));
  return rendering;
}

const AS_CONSTRUCT: Entry['content'] = { type: 'construct' };

/** Charts of a cluster: a unit each, nested ones before the chart around them, as cdk8s orders them. */
function collectCluster({ cluster, units }: ClusterUnits, assets: AssetSource[], problems: Problem[]): void {
  const visit = (construct: IConstruct, unit: Unit | undefined): void => {
    let current = unit;
    if (Chart.isChart(construct)) {
      const chart = construct as Chart;
      current = { path: chart.node.path, owner: chart, entries: rendersItself(chart) ? entriesOfChart(chart) : [] };
    } else if (ApiObject.isApiObject(construct)) {
      if (current === undefined || rendersItself(current.owner as Chart)) return;
      current.entries.push({ path: construct.node.path, owner: construct, content: AS_CONSTRUCT });
      addYamlLoad(construct, current);
    } else {
      const late = lateRendered(construct);
      if (late !== undefined) {
        late.clusters(problems);
        const rendering = renderingOf(late, cluster, assets, problems);
        if (current === undefined)
          units.push({ path: construct.node.path, owner: construct, entries: [...rendering.entries] });
        else current.entries.push(...rendering.entries);
      }
      const load = loadOf(construct);
      if (load !== undefined && current !== undefined) {
        current.loads ??= [];
        current.loads.push(load);
      }
    }
    const children = childrenOf(construct);
    for (let i = 0; i < children.length; i++) visit(children[i] as IConstruct, current);
    if (current !== undefined && current !== unit) units.push(current);
  };
  visit(cluster, undefined);
}

/** Paths name things across the platform's tree and the cluster's own: both must not use the same. */
function checkPaths(all: readonly ClusterUnits[], problems: Problem[]): void {
  for (const { cluster, units } of all) {
    const own = new Map(units.filter((unit) => unit.owner.node.root === cluster).map((unit) => [unit.path, unit]));
    for (const unit of units) {
      if (unit.owner.node.root === cluster) continue;
      const twin = own.get(unit.path) ?? overlapping(unit, own, cluster);
      if (twin === undefined) continue;
      const fix = 'Give one of them another id.';
      const what = `"${unit.path}" of the platform and chart "${twin.path}" of the cluster have the same path.`;
      problems.push(problemAt(unit.owner, 'ORR2004', what, { fix, cluster: cluster.clusterName }));
    }
  }
}

/** A chart of the cluster at a path above the unit's, or a construct of the cluster at the unit's path with charts below. */
function overlapping(unit: Unit, own: ReadonlyMap<string, Unit>, cluster: Cluster): Unit | undefined {
  const parts = unit.path.split('/');
  for (let i = 1; i < parts.length; i++) {
    const above = own.get(parts.slice(0, i).join('/'));
    if (above !== undefined) return above;
  }
  let at: IConstruct | undefined = cluster;
  for (const part of parts) at = at?.node.tryFindChild(part);
  if (at === undefined) return undefined;
  return [...own.values()].find((chart) => chart.path.startsWith(`${unit.path}/`));
}

/** A mistake that shows in several clusters is reported once, without a cluster. */
function dedupe(problems: readonly Problem[]): Problem[] {
  const seen = new Map<string, Problem>();
  for (const problem of problems) {
    const key = `${problem.path} ${problem.source} ${problem.code} ${problem.what}`;
    const twin = seen.get(key);
    if (twin === undefined) seen.set(key, problem);
    else if (twin.cluster !== problem.cluster) seen.set(key, { ...twin, cluster: undefined });
  }
  return [...seen.values()];
}
