import type { ClusterManifest, HelmReleaseManifest, UnitManifest } from '@orrery/constructs/assembly-format';
import { sourceOf } from '@orrery/constructs/source-location';
import type { Assembly } from '../assembly/assembly.ts';
import type { BuiltInKinds } from '../checks/schema/built-in-table.ts';
import type { KindCatalogue } from '../checks/schema/known-kinds.ts';
import { OrreryError } from '../errors.ts';
import { releaseId } from '../helm/native-input.ts';
import type { HelmRenderer } from '../helm/render-release.ts';
import { describeId, idKey, type KubernetesObject } from '../kubernetes/object.ts';
import { allSettled } from './all-settled.ts';
import { builtInApiVersions } from './built-in-api-versions.ts';
import { definedApiVersions } from './defined-api-versions.ts';
import type { DesiredRelease } from './desired-state.ts';
import { bringer, type FoundObject, releasedObjects } from './found-objects.ts';
import type { ReleasePatcher, SchemaLookup } from './release-patches.ts';

/** What renders the Helm releases of all clusters. */
export interface ReleaseRenderers {
  /** Absent where the assembly has no release. */
  readonly helm: { readonly renderer: HelmRenderer; readonly builtIn: BuiltInKinds } | undefined;
  readonly patcher: ReleasePatcher;
}

export interface RenderedReleases {
  readonly objects: ReadonlyMap<HelmReleaseManifest, readonly FoundObject[]>;
  /** Those that helm installs by itself. */
  readonly native: readonly DesiredRelease[];
  readonly notes: readonly string[];
}

/**
 * The Helm releases of one cluster, patched. Charts see the API versions that they would see in an install: those that the cluster serves by itself, those of every
 * definition that the program brings (the crds/ folders of all charts included), and those that its facts declare.
 * @param others the objects of the cluster that no chart brings
 */
export async function renderReleases(
  assembly: Assembly,
  { name, facts, units }: ClusterManifest,
  others: readonly KubernetesObject[],
  { helm, patcher }: ReleaseRenderers,
): Promise<RenderedReleases> {
  const releases = units.flatMap((unit) => (unit.helmReleases ?? []).map((release) => ({ unit, release })));
  if (helm === undefined || releases.length === 0) return { objects: new Map(), native: [], notes: [] };
  const { renderer, builtIn } = helm;
  const definitions = await allSettled(
    releases.map(({ release }) => renderer.definitions(release, whereOf(assembly, name, release))),
  );
  const context = {
    kubeVersion: facts.kubernetesVersion,
    apiVersions: [
      ...builtInApiVersions(builtIn, facts.kubernetesVersion),
      ...definedApiVersions([...others, ...definitions.flat()]),
      ...(facts.apiVersions ?? []),
    ],
  };
  const [toRender, byHelm] = [releases.filter(isRendered), releases.filter((one) => !isRendered(one))];
  const native = await allSettled(
    byHelm.map(async ({ unit, release }): Promise<DesiredRelease> => {
      const where = whereOf(assembly, name, release);
      const input = await renderer.nativeInput(release, where);
      const id = releaseId(release.namespace, release.releaseName);
      return { id, input, ...bringer(unit, release), source: where.source };
    }),
  );
  refuseTwins(native, name);
  const rendered = await allSettled(
    toRender.map(({ unit, release }) => releasedObjects(renderer, assembly, release, unit, name, context)),
  );
  const all = () => [...others, ...rendered.flatMap(({ objects }) => objects.map(({ object }) => object))];
  const schemas = schemaLookup(facts, all);
  const objects = new Map<HelmReleaseManifest, readonly FoundObject[]>();
  for (const [at, { release }] of toRender.entries())
    objects.set(release, await patcher.patched(rendered[at]?.objects ?? [], release, name, schemas));
  return { objects, native, notes: rendered.flatMap(({ notes }) => notes) };
}

function isRendered({ release }: { readonly release: HelmReleaseManifest }): boolean {
  return release.native === undefined;
}

/** helm would take the second for an upgrade of the first, and back at every apply. */
function refuseTwins(releases: readonly DesiredRelease[], cluster: string): void {
  const known = new Map<string, DesiredRelease>();
  for (const release of releases) {
    const twin = known.get(idKey(release.id));
    if (twin === undefined) {
      known.set(idKey(release.id), release);
      continue;
    }
    const { path, source } = release;
    const what = `${describeId(release.id)} is declared by ${twin.path} and by ${path}`;
    throw new OrreryError('ORR2203', what, {
      ...{ cluster, path, source, object: describeId(release.id) },
      fix: 'Remove one of them, or give it another releaseName or namespace.',
    });
  }
}

/** Schemas of the kinds of one cluster; read at the first question, because few patches need them. */
function schemaLookup(facts: ClusterManifest['facts'], objects: () => readonly KubernetesObject[]): SchemaLookup {
  let known: ReturnType<KindCatalogue['of']> | undefined;
  return async (object) => {
    const { KindCatalogue: Catalogue, schemaOf } = await import('../checks/schema/known-kinds.ts');
    known ??= new Catalogue().of(facts, objects());
    return schemaOf(known, object);
  };
}

function whereOf(assembly: Assembly, cluster: string, { path }: Pick<UnitManifest, 'path'>) {
  return { cluster, path, source: sourceOf(assembly.locations, cluster, path) };
}
