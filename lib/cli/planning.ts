import path from 'node:path';
import type { Assembly } from '../assembly/assembly.ts';
import { placeReleases } from '../canary-release/place-releases.ts';
import { headroomOf } from '../checks/headroom.ts';
import { uncoveredData } from '../checks/uncovered-data.ts';
import { readLockFile, writeChartPins } from '../cluster/lock-file.ts';
import { OrreryError } from '../errors.ts';
import type { HelmOptions } from '../helm/helm-options.ts';
import { type MadePlan, makePlan, planDestroy } from '../plan/make-plan.ts';
import type { PlanOptions, Selection } from '../plan/plan-options.ts';
import type { DesiredState } from '../render/desired-state.ts';
import { renderAssembly } from '../render/render-assembly.ts';
import { withWaivers } from '../render/waivers.ts';
import { noteLine } from '../report/wording.ts';
import type { ClusterOptions, PlanningOptions, SourceOptions } from './options.ts';
import { checkedProgram, tellFindings } from './program-checks.ts';
import { loadProject, type Project, projectAssembly } from './project.ts';
import type { Surroundings } from './surroundings.ts';
import { chooseClusters, type OpenedTargets, openTargets } from './targets.ts';
import type { VerbContext } from './verb.ts';

/** The program's side of a plan. */
export interface LoadedProgram {
  readonly project: Project;
  readonly assembly: Assembly;
}

export async function loadProgram(surroundings: Surroundings, options: SourceOptions): Promise<LoadedProgram> {
  const project = loadProject(surroundings, options);
  return { project, assembly: await projectAssembly(project, surroundings, options) };
}

function clusterNames(assembly: Assembly): string[] {
  return assembly.clusters.map(({ manifest }) => manifest.name);
}

/** Opens the targets of the program's clusters. The caller closes them. @param lock default: as it is now */
export function openProgramTargets(
  { project, assembly }: LoadedProgram,
  surroundings: Surroundings,
  options: ClusterOptions,
  lock = readLockFile(project.lockFile),
): Promise<OpenedTargets> {
  const chosen = chooseClusters(project, surroundings, options, clusterNames(assembly), lock);
  return openTargets(project, surroundings, chosen, lock);
}

/** Charts and included files become objects. What deserves a look there is told on stderr. @param lock default: as it is now */
export async function render(
  { project, assembly }: LoadedProgram,
  { surroundings, screen }: VerbContext,
  { charts: chartPins } = readLockFile(project.lockFile),
): Promise<DesiredState> {
  const { env } = surroundings;
  const cacheFolder = renderFolder(project);
  const state = await renderAssembly(assembly, {
    kustomize: { binary: project.config.kustomizeBinary, searchPath: env.PATH, cacheFolder },
    remote: { privateHosts: project.config.privateHosts, environment: env, cacheFolder },
    helm: { ...helmOptions(project, surroundings), chartPins },
  });
  const met = new Map([...state.charts].filter(([chart]) => !chartPins.has(chart)));
  writeChartPins(project.lockFile, met);
  const pinned = [...met.keys()].map((chart) => `${chart} was met for the first time: orrery.lock has its digest now.`);
  for (const note of [...pinned, ...new Set(state.notes)]) screen.err(noteLine(note, screen.talk));
  return withWaivers(state, project.config.waivers);
}

function renderFolder({ stateFolder }: Project): string {
  return path.join(stateFolder, 'render');
}

/** The helm of this project, to render with and to install with. */
export function helmOptions(project: Project, { env }: Surroundings): HelmOptions {
  return {
    helmBinary: project.config.helmBinary,
    searchPath: env.PATH,
    environment: env,
    cacheFolder: renderFolder(project),
  };
}

/** What a plan was made from, kept open for the apply that may follow. */
export interface Planning extends MadePlan {
  readonly program: LoadedProgram;
  readonly desired: DesiredState;
  readonly targets: OpenedTargets;
}

/**
 * Runs the program, renders and opens the targets side by side, and plans. The caller closes `targets`.
 * @param purpose 'destroy' renders nothing
 * @param reviewed as in `planOptions`
 */
export async function makePlanning(
  context: VerbContext,
  given: PlanningOptions,
  purpose: 'apply' | 'destroy',
  reviewed: boolean,
): Promise<Planning> {
  const { surroundings } = context;
  const program = await loadProgram(surroundings, given);
  const { project, assembly } = program;
  const options = inWaves(given, assembly);
  const lock = readLockFile(project.lockFile);
  const opening = openProgramTargets(program, surroundings, options, lock);
  const rendering = purpose === 'destroy' ? undefined : render(program, context, lock);
  const [opened, rendered] = await Promise.allSettled([opening, rendering]);
  if (opened.status === 'rejected') throw opened.reason;
  const targets = opened.value;
  try {
    if (rendered.status === 'rejected') throw rendered.reason;
    const desired = rendered.value ?? withoutObjects(assembly);
    const rules = planOptions(project, surroundings, options, reviewed);
    if (purpose === 'destroy')
      return { ...(await planDestroy(targets.all, assembly.platform, rules)), program, desired, targets };
    const placed = await placeReleases(only(desired, options.clusters), targets.all);
    // The checks run while the clusters answer. They see the objects of all stages.
    const [planned, checked] = await Promise.allSettled([
      makePlan(placed.desired, placed.targets, {
        ...rules,
        headroom: headroomOf(desired),
        uncovered: uncoveredData(desired),
        leftOut: options.clusters.length === 0 ? [] : without(desired, options.clusters),
      }),
      checkedProgram(project, desired),
    ]);
    if (checked.status === 'rejected') throw checked.reason;
    if (planned.status === 'rejected') throw planned.reason;
    const [made, findings] = [planned.value, checked.value];
    await tellFindings(findings, context.screen);
    return { ...made, program, desired: withPlaced(desired, placed.desired), targets };
  } catch (error) {
    await targets.close();
    throw error;
  }
}

/**
 * The clusters of the waves that were named, in the place of the waves.
 * @throws OrreryError ORR1001 for a wave that the program does not have, or when nothing is left
 */
export function inWaves<T extends Pick<PlanningOptions, 'waves' | 'clusters'>>(options: T, { rollout }: Assembly): T {
  if (options.waves.length === 0) return options;
  const known = rollout?.waves.map(({ name }) => name) ?? [];
  const chosen = options.waves.flatMap((name) => {
    const wave = rollout?.waves.find((one) => one.name === name);
    if (wave !== undefined) return wave.clusters;
    const fix = known.length === 0 ? 'The program declares no rollout.' : `The program has ${known.join(', ')}.`;
    throw new OrreryError('ORR1001', `there is no wave "${name}".`, { fix });
  });
  const clusters = chosen.filter((name) => options.clusters.length === 0 || options.clusters.includes(name));
  if (clusters.length > 0) return { ...options, clusters };
  throw new OrreryError('ORR1001', `none of the named clusters is in wave ${options.waves.join(', ')}.`, {
    fix: 'Leave out --cluster or --wave.',
  });
}

/** The desired state of some clusters; all when none is named. */
function only(desired: DesiredState, clusters: readonly string[]): DesiredState {
  return clusters.length === 0
    ? desired
    : { ...desired, clusters: desired.clusters.filter(({ name }) => clusters.includes(name)) };
}

/** The whole state, with the clusters that were placed. */
function withPlaced(desired: DesiredState, placed: DesiredState): DesiredState {
  const byName = new Map(placed.clusters.map((cluster) => [cluster.name, cluster]));
  return { ...desired, clusters: desired.clusters.map((cluster) => byName.get(cluster.name) ?? cluster) };
}

/** Clusters of the desired state that are not named. */
function without({ clusters }: DesiredState, named: readonly string[]): DesiredState['clusters'] {
  return clusters.filter(({ name }) => !named.includes(name));
}

function withoutObjects(assembly: Assembly): DesiredState {
  return { platform: assembly.platform, assemblyDigest: assembly.digest, holdsSecrets: false, clusters: [] };
}

/** @param reviewed somebody decides on the plan before anything is written: creates are dry-run, and it can be saved */
export function planOptions(
  project: Project,
  surroundings: Surroundings,
  options: PlanningOptions,
  reviewed: boolean,
): PlanOptions {
  return {
    helm: helmOptions(project, surroundings),
    verify: options.verifyAll ? 'all' : 'proof',
    dryRun: options.dryRun,
    dryRunCreates: reviewed,
    sealed: reviewed,
    adopt: selection(options.adopt),
    takeOwnership: selection(options.takeOwnership),
    replace: selection(options.allowReplace),
    allowEmpty: options.allowEmpty,
    allowDeletes: options.allowDeletes,
    onLeft: options.onLeft,
    now: () => new Date(),
    lifetimeMs: project.config.planExpiresInMs,
    stateFolder: project.stateFolder,
  };
}

/** 'all', or the names. */
export function selection(names: readonly string[]): Selection {
  return names.includes('all') ? 'all' : names;
}
