import type { ClusterManifest, HelmReleaseManifest, UnitManifest } from '@orrery/constructs/assembly-format';
import { sourceOf } from '@orrery/constructs/source-location';
import type { Assembly } from '../assembly/assembly.ts';
import type { BuiltInKinds } from '../checks/schema/built-in-table.ts';
import type { KindCatalogue } from '../checks/schema/known-kinds.ts';
import type { HelmRenderer } from '../helm/render-release.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { allSettled } from './all-settled.ts';
import { builtInApiVersions } from './built-in-api-versions.ts';
import { definedApiVersions } from './defined-api-versions.ts';
import { type FoundObject, releasedObjects } from './found-objects.ts';
import type { ReleasePatcher, SchemaLookup } from './release-patches.ts';

/** What renders the Helm releases of all clusters. */
export interface ReleaseRenderers {
  /** Absent where the assembly has no release. */
  readonly helm: { readonly renderer: HelmRenderer; readonly builtIn: BuiltInKinds } | undefined;
  readonly patcher: ReleasePatcher;
}

export interface RenderedReleases {
  readonly objects: ReadonlyMap<HelmReleaseManifest, readonly FoundObject[]>;
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
  if (helm === undefined || releases.length === 0) return { objects: new Map(), notes: [] };
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
  const rendered = await allSettled(
    releases.map(({ unit, release }) => releasedObjects(renderer, assembly, release, unit, name, context)),
  );
  const all = () => [...others, ...rendered.flatMap(({ objects }) => objects.map(({ object }) => object))];
  const schemas = schemaLookup(facts, all);
  const objects = new Map<HelmReleaseManifest, readonly FoundObject[]>();
  for (const [at, { release }] of releases.entries())
    objects.set(release, await patcher.patched(rendered[at]?.objects ?? [], release, name, schemas));
  return { objects, notes: rendered.flatMap(({ notes }) => notes) };
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
