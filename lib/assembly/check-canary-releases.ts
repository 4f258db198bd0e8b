import type {
  AnalysisHoldManifest,
  AssemblyManifest,
  CanaryReleaseManifest,
  ReleaseFieldManifest,
  ReleaseInClusterManifest,
  ReleaseStateManifest,
} from '@orrery/constructs/assembly-format';
import { FieldPathMistake, type FieldStep, parseFieldPath } from '@orrery/constructs/field-path';
import type { OrreryError } from '../errors.ts';
import type { Json, JsonObject, KubernetesObject } from '../kubernetes/object.ts';
import type { AssemblyCluster } from './assembly.ts';

/** Says where and what in the manifest is wrong. */
type Mistake = (pointer: string, what: string) => OrreryError;

/** What no schema can say of canary releases: names that are unique, clusters, objects and fields that exist. Objects belong to one release each. */
export function checkCanaryReleases(manifest: AssemblyManifest, mistake: Mistake): void {
  const names = new Set<string>();
  const touchedBy = new Map<string, string>();
  const paths = pathsOf(manifest);
  manifest.canaryReleases?.forEach((release, r) => {
    const at = `/canaryReleases/${r}`;
    if (names.has(release.name)) throw mistake(`${at}/name`, `the canary release "${release.name}" stands twice`);
    names.add(release.name);
    checkWaves(release, `${at}/waves`, mistake);
    for (const [cluster, inCluster] of Object.entries(release.clusters)) {
      const here = `${at}/clusters/${pointerPart(cluster)}`;
      const objects = paths.get(cluster);
      if (objects === undefined)
        throw mistake(here, `the cluster "${cluster}" of canary release "${release.name}" is not in the assembly`);
      checkStates(release, inCluster, objects, here, mistake);
      for (const path of touchedPaths(inCluster)) {
        const key = JSON.stringify([cluster, path]);
        const other = touchedBy.get(key) ?? release.name;
        if (other !== release.name)
          throw mistake(
            here,
            `the object "${path}" belongs to two canary releases, "${other}" and "${release.name}", in cluster "${cluster}"`,
          );
        touchedBy.set(key, release.name);
      }
    }
  });
}

/** Construct paths of all objects that a release has to do with in a cluster. */
function touchedPaths({ before, stages, abort }: ReleaseInClusterManifest): ReadonlySet<string> {
  const paths = new Set<string>();
  for (const { fields = [], absent = [] } of [before, ...stages, ...abort]) {
    for (const { object } of fields) paths.add(object);
    for (const path of absent) paths.add(path);
  }
  for (const { hold } of stages) if (hold?.type === 'controller') paths.add(hold.object);
  return paths;
}

function pathsOf({ clusters }: AssemblyManifest): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(
    clusters.map(({ name, units }) => [name, new Set(units.flatMap(({ objects }) => objects.map(({ path }) => path)))]),
  );
}

/** One that is in no wave would never begin, without a word. */
function checkWaves({ name, waves, clusters }: CanaryReleaseManifest, at: string, mistake: Mistake): void {
  const left = new Set(Object.keys(clusters));
  waves.forEach((wave, w) => {
    wave.forEach((cluster, c) => {
      if (left.delete(cluster)) return;
      const what = Object.hasOwn(clusters, cluster) ? 'stands twice in the waves' : 'is no cluster';
      throw mistake(`${at}/${w}/${c}`, `the cluster "${cluster}" ${what} of canary release "${name}"`);
    });
  });
  const [missing] = left;
  if (missing !== undefined) throw mistake(at, `the cluster "${missing}" is in no wave of canary release "${name}"`);
}

function checkStates(
  { name }: CanaryReleaseManifest,
  { before, stages, abort }: ReleaseInClusterManifest,
  objects: ReadonlySet<string>,
  at: string,
  mistake: Mistake,
): void {
  const known = (path: string, where: string): void => {
    if (!objects.has(path))
      throw mistake(where, `the object "${path}" of canary release "${name}" is not in its cluster`);
  };
  checkState(before, `${at}/before`, known, mistake);
  for (const [a, state] of abort.entries()) checkState(state, `${at}/abort/${a}`, known, mistake);
  const stageNames = new Set<string>();
  for (const [s, stage] of stages.entries()) {
    const here = `${at}/stages/${s}`;
    if (stageNames.has(stage.name))
      throw mistake(`${here}/name`, `the stage "${stage.name}" stands twice in canary release "${name}"`);
    stageNames.add(stage.name);
    checkState(stage, here, known, mistake);
    if (stage.hold?.type === 'controller') known(stage.hold.object, `${here}/hold/object`);
    if (stage.hold?.type === 'analysis') checkAnalysis(stage.hold, `${here}/hold`, mistake);
  }
  const controlled = stages.some(({ hold }) => hold?.type === 'controller');
  if (abort.length === 0 && !controlled)
    throw mistake(`${at}/abort`, `canary release "${name}" does not say what an abort brings back`);
}

function checkState(
  { fields = [], absent = [] }: ReleaseStateManifest,
  at: string,
  known: (path: string, where: string) => void,
  mistake: Mistake,
): void {
  const gone = new Set(absent);
  for (const [a, path] of absent.entries()) known(path, `${at}/absent/${a}`);
  const seen: { readonly object: string; readonly steps: readonly string[] }[] = [];
  for (const [f, field] of fields.entries()) {
    const here = `${at}/fields/${f}`;
    known(field.object, `${here}/object`);
    if (gone.has(field.object))
      throw mistake(`${here}/object`, `the object "${field.object}" is absent and has fields in the same state`);
    const steps = memberSteps(field);
    if (steps instanceof FieldPathMistake)
      throw mistake(`${here}/field`, `the path "${field.field}" of a field of a release ${steps.what}`);
    if (seen.some((other) => other.object === field.object && overlap(other.steps, steps)))
      throw mistake(`${here}/field`, `the field "${field.field}" of "${field.object}" is decided twice in one state`);
    seen.push({ object: field.object, steps });
  }
}

/** Fields lie in objects that are there: what is set below a text or a list would be lost. */
export function checkReleasedFields(
  { canaryReleases = [] }: AssemblyManifest,
  clusters: readonly AssemblyCluster[],
  mistake: Mistake,
): void {
  if (canaryReleases.length === 0) return;
  const objectsOf = new Map(
    clusters.map(({ manifest, objects }) => {
      const paths = manifest.units.flatMap((unit) => unit.objects.map(({ path }) => path));
      return [manifest.name, new Map(paths.map((path, at) => [path, objects[at]]))];
    }),
  );
  for (const [r, { clusters: inClusters, name }] of canaryReleases.entries()) {
    for (const [cluster, { before, stages, abort }] of Object.entries(inClusters)) {
      for (const { fields = [] } of [before, ...stages, ...abort]) {
        for (const field of fields) {
          const object = objectsOf.get(cluster)?.get(field.object);
          if (object !== undefined && leadsIntoObject(object, field)) continue;
          throw mistake(
            `/canaryReleases/${r}/clusters/${pointerPart(cluster)}`,
            `the field "${field.field}" of canary release "${name}" leads nowhere in "${field.object}"`,
          );
        }
      }
    }
  }
}

function leadsIntoObject(object: KubernetesObject, field: ReleaseFieldManifest): boolean {
  const steps = memberSteps(field);
  if (steps instanceof FieldPathMistake) return false;
  let at: Json | undefined = object as unknown as JsonObject;
  for (const step of steps) {
    if (typeof at !== 'object' || at === null || Array.isArray(at)) return false;
    at = Object.hasOwn(at, step) ? (at as JsonObject)[step] : undefined;
  }
  return true;
}

/** The members that lead to a field of a release. */
function memberSteps({ field }: Pick<ReleaseFieldManifest, 'field'>): readonly string[] | FieldPathMistake {
  const steps = parseFieldPath(field);
  if (steps instanceof FieldPathMistake) return steps;
  const members = steps.filter((step): step is FieldStep & { type: 'member' } => step.type === 'member');
  if (members.length < steps.length) return new FieldPathMistake('leads into a list');
  return members.map(({ name }) => name);
}

function overlap(a: readonly string[], b: readonly string[]): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return short.every((step, at) => step === long[at]);
}

function checkAnalysis({ durationMs, intervalMs, metrics }: AnalysisHoldManifest, at: string, mistake: Mistake): void {
  if (intervalMs === 0 || intervalMs > durationMs)
    throw mistake(
      `${at}/intervalMs`,
      `an analysis of ${durationMs} ms has no measurement at an interval of ${intervalMs} ms`,
    );
  const names = new Set<string>();
  for (const [m, { name, atLeast, atMost }] of metrics.entries()) {
    if (names.has(name)) throw mistake(`${at}/metrics/${m}/name`, `the metric "${name}" stands twice in an analysis`);
    names.add(name);
    if (atLeast !== undefined && atMost !== undefined && atLeast > atMost)
      throw mistake(`${at}/metrics/${m}`, `no value of metric "${name}" is at least ${atLeast} and at most ${atMost}`);
  }
}

function pointerPart(text: string): string {
  return text.replaceAll('~', '~0').replaceAll('/', '~1');
}
