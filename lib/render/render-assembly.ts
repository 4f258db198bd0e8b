import type { ControllerOwnedManifest, IncludeManifest } from '@orrery/constructs/assembly-format';
import { sourceOf } from '@orrery/constructs/source-location';
import type { Assembly, AssemblyCluster } from '../assembly/assembly.ts';
import type { HelmOptions } from '../helm/helm-options.ts';
import { canonicalJson, sha256 } from '../kubernetes/canonical.ts';
import { ownMember } from '../kubernetes/fields.ts';
import { idOf, isSecret, type KubernetesObject } from '../kubernetes/object.ts';
import { type ScopeOf, scopesWith } from '../kubernetes/scope.ts';
import { allSettled } from './all-settled.ts';
import type { ControllerOwnedField, DesiredCluster, DesiredObject, DesiredState } from './desired-state.ts';
import { type FoundObject, type IncludeOptions, IncludeReader, ownObjects } from './found-objects.ts';
import { refuseDuplicates } from './identity-check.ts';
import { normalise } from './normalise.ts';
import { ReleasePatcher } from './release-patches.ts';
import { type ReleaseRenderers, renderReleases } from './render-releases.ts';
import { withContentDigests } from './restart-on-change.ts';
import { withScaledReplicas } from './scaled-replicas.ts';

/** Each is used only where the assembly has such a source: Helm releases, kustomizations, files at addresses. */
export interface RenderOptions extends IncludeOptions {
  readonly helm?: HelmOptions | undefined;
}

export interface RenderedState extends DesiredState {
  /** What was left out or deserves a look, one sentence each: hooks of charts, warnings of helm and kustomize. */
  readonly notes: readonly string[];
  /** sha256 of the charts that came from repositories, by "<repository>/<name> <version>": what `orrery.lock` keeps. */
  readonly charts: ReadonlyMap<string, string>;
}

/**
 * From an assembly to the desired state: included files are parsed, charts rendered (in parallel), everything normalised and checked for objects
 * that are there twice. Asks no cluster.
 * @throws OrreryError ORR2104 for a changed asset, ORR2201/ORR2202 for bad YAML, ORR2203 for duplicates, ORR2204 to ORR2206 for remote files, ORR23xx for Helm releases and kustomizations
 */
export async function renderAssembly(assembly: Assembly, options: RenderOptions = {}): Promise<RenderedState> {
  const helm = await helmRenderer(assembly, options.helm ?? {});
  const includes = new IncludeReader(assembly, options);
  const patcher = new ReleasePatcher(assembly);
  try {
    const rendered = await allSettled(
      assembly.clusters.map((cluster) => renderCluster(assembly, cluster, { includes, patcher, helm })),
    );
    patcher.refuseIdle();
    const clusters = rendered.map(({ cluster }) => cluster);
    return {
      platform: assembly.platform,
      assemblyDigest: assembly.digest,
      // Nobody knows which of the values that helm is given are secret.
      holdsSecrets: clusters.some(
        ({ objects, releases }) => (releases?.length ?? 0) > 0 || objects.some(({ id }) => isSecret(id)),
      ),
      clusters,
      rollout: assembly.rollout,
      apps: assembly.apps,
      canaryReleases: assembly.canaryReleases,
      charts: helm?.renderer.fetchedCharts ?? new Map(),
      notes: [...includes.notes, ...rendered.flatMap(({ notes }) => notes)],
    };
  } finally {
    await helm?.renderer.close();
  }
}

/** helm and what drives it are loaded only where there is a release. */
async function helmRenderer(assembly: Assembly, options: HelmOptions): Promise<ReleaseRenderers['helm']> {
  const needed = assembly.clusters.some(({ manifest }) =>
    manifest.units.some((unit) => (unit.helmReleases ?? []).length > 0),
  );
  if (!needed) return undefined;
  const [{ HelmRenderer }, { readBuiltInKinds }] = await Promise.all([
    import('../helm/render-release.ts'),
    import('../checks/schema/built-in-table.ts'),
  ]);
  return { renderer: new HelmRenderer(assembly.assets, options), builtIn: readBuiltInKinds() };
}

/** What all clusters share. */
interface Renderers extends ReleaseRenderers {
  readonly includes: IncludeReader;
}

async function renderCluster(
  assembly: Assembly,
  { manifest, objects: written }: AssemblyCluster,
  { includes, ...renderers }: Renderers,
): Promise<{ readonly cluster: DesiredCluster; readonly notes: readonly string[] }> {
  const { name, facts, units } = manifest;
  const own = ownObjects(assembly, { manifest, objects: written });
  const included = new Map<IncludeManifest, readonly FoundObject[]>();
  await allSettled(
    units.flatMap((unit) =>
      (unit.includes ?? []).map(async (include) => {
        included.set(include, await includes.objects(include, unit, name));
      }),
    ),
  );
  const beforeHelm = [...own.values(), ...included.values()].flat().map(({ object }) => object);
  const releases = await renderReleases(assembly, manifest, beforeHelm, renderers);
  const found = units.flatMap((unit) => [
    ...(own.get(unit) ?? []),
    ...(unit.includes ?? []).flatMap((include) => included.get(include) ?? []),
    ...(unit.helmReleases ?? []).flatMap((release) => releases.objects.get(release) ?? []),
  ]);
  const scopeOf = scopesWith(found.map(({ object }) => object));
  const objects = found.map((one) => desire(one, scopeOf, name));
  refuseDuplicates(objects, scopeOf, name);
  const digested = withContentDigests(withScaledReplicas(objects), name);
  const loads = units.flatMap((unit) =>
    (unit.loads ?? []).map((load) => ({ ...load, source: sourceOf(assembly.locations, name, load.path) })),
  );
  const { native } = releases;
  const cluster = {
    name,
    facts,
    objects: digested.objects,
    releases: native,
    ...(loads.length === 0 ? {} : { loads }),
    ...canariesIn(assembly, name),
  };
  return { cluster, notes: [...releases.notes, ...digested.notes] };
}

function canariesIn({ canaryReleases = [] }: Assembly, cluster: string): Pick<DesiredCluster, 'canaries'> {
  const canaries = canaryReleases.flatMap(({ name, path, backend, revision, clusters }) => {
    const states = ownMember(clusters, cluster);
    return states === undefined ? [] : [{ name, path, backend, revision, states }];
  });
  return canaries.length === 0 ? {} : { canaries };
}

function desire(found: FoundObject, scopeOf: ScopeOf, cluster: string): DesiredObject {
  const { path, unit, source, dependsOn, namespace, controllerOwned, hook } = found;
  const object = withNamespace(normalise(found.object, { cluster, path, source }), namespace, scopeOf);
  return {
    id: idOf(object),
    ...(namespace === undefined ? {} : { defaultNamespace: namespace }),
    object,
    sha256: object === found.object && found.sha256 !== undefined ? found.sha256 : sha256(canonicalJson(object)),
    path,
    unit,
    source,
    dependsOn,
    ...(controllerOwned === undefined ? {} : { controllerOwned: controllerOwned.map(withManagers) }),
    ...(hook === undefined ? {} : { hook }),
  };
}

function withManagers({ path, managers = [] }: ControllerOwnedManifest): ControllerOwnedField {
  return { path, managers };
}

/** Namespaces only where the kind has them; kinds that only the cluster knows stay as they are written. */
function withNamespace(object: KubernetesObject, given: string | undefined, scopeOf: ScopeOf): KubernetesObject {
  const { group, kind, namespace } = idOf(object);
  const scope = scopeOf(group, kind);
  if (scope === 'Cluster' && Object.hasOwn(object.metadata, 'namespace')) {
    const { namespace: _, ...metadata } = object.metadata;
    return { ...object, metadata };
  }
  if (scope === 'Namespaced' && namespace === '' && given !== undefined && given !== '') {
    return { ...object, metadata: { ...object.metadata, namespace: given } };
  }
  return object;
}
