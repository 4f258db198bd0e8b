import type {
  ControllerOwnedManifest,
  DependencyManifest,
  HelmReleaseManifest,
  IncludeManifest,
  UnitManifest,
} from '@orrery/constructs/assembly-format';
import { type Assembly, type AssemblyCluster, sourceOf } from '../assembly/assembly.ts';
import { isOrreryError, OrreryError } from '../errors.ts';
import type { RenderedChart } from '../helm/helm-output.ts';
import type { RenderContext } from '../helm/release-arguments.ts';
import type { HelmRenderer } from '../helm/render-release.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import type { LocatedObject } from '../yaml/kubernetes-documents.ts';

/** An object and where it comes from, before it is normalised. */
export interface FoundObject {
  readonly object: KubernetesObject;
  /** sha256 of its canonical JSON, when known. */
  readonly sha256?: string | undefined;
  readonly path: string;
  readonly unit: string;
  readonly source?: string | undefined;
  /** Given to a namespaced object that names no namespace. */
  readonly namespace?: string | undefined;
  readonly dependsOn: readonly DependencyManifest[];
  readonly controllerOwned?: readonly ControllerOwnedManifest[] | undefined;
}

/** Objects that constructs wrote, unit by unit. */
export function ownObjects(assembly: Assembly, cluster: AssemblyCluster): Map<UnitManifest, readonly FoundObject[]> {
  const { name, units } = cluster.manifest;
  const result = new Map<UnitManifest, readonly FoundObject[]>();
  let at = 0;
  for (const unit of units) {
    const found = unit.objects.map((manifest): FoundObject => {
      const object = cluster.objects[at++] as KubernetesObject;
      return {
        object,
        sha256: manifest.sha256,
        source: sourceOf(assembly.locations, name, manifest.path),
        controllerOwned: manifest.controllerOwned,
        ...bringer(unit, manifest),
      };
    });
    result.set(unit, found);
  }
  return result;
}

/** Reads included files, each once for all clusters. */
export class IncludeReader {
  readonly #assembly: Assembly;
  readonly #read = new Map<string, Promise<readonly LocatedObject[]>>();

  constructor(assembly: Assembly) {
    this.#assembly = assembly;
  }

  /** @throws OrreryError ORR2104 for a changed copy, ORR2201/ORR2202 with file, line and column */
  async objects(include: IncludeManifest, unit: UnitManifest, cluster: string): Promise<readonly FoundObject[]> {
    const { source, sha256 } = include.file;
    const key = `${sha256} ${source}`;
    let read = this.#read.get(key);
    if (read === undefined) {
      read = this.#parse(include);
      this.#read.set(key, read);
    }
    try {
      return (await read).map(({ object, line }) => ({
        object,
        ...bringer(unit, include),
        source: `${source}:${line}`,
        namespace: include.namespace,
      }));
    } catch (error) {
      if (!isOrreryError(error)) throw error;
      throw new OrreryError(error.code, error.message, {
        ...error.where,
        cluster,
        path: include.path,
        fix: error.fix,
        cause: error,
      });
    }
  }

  async #parse({ file }: IncludeManifest): Promise<readonly LocatedObject[]> {
    const [{ readYaml }, { kubernetesObjects }] = await Promise.all([
      import('../yaml/read.ts'),
      import('../yaml/kubernetes-documents.ts'),
    ]);
    const documents = readYaml(await this.#assembly.assets.bytes(file), { source: file.source });
    const objects = kubernetesObjects(documents, file.source);
    if (objects.length === 0) {
      // Most often a path or a step before went wrong; taken for "nothing wanted" it would delete what was there.
      throw new OrreryError('ORR2202', 'the file holds no object', {
        source: `${file.source}:1`,
        fix: 'Write one, or remove the Include.',
      });
    }
    return objects;
  }
}

/** Renders one release and says what was left out. */
export async function releasedObjects(
  helm: HelmRenderer,
  assembly: Assembly,
  release: HelmReleaseManifest,
  unit: UnitManifest,
  cluster: string,
  context: RenderContext,
): Promise<{ readonly objects: readonly FoundObject[]; readonly notes: readonly string[] }> {
  const where = { cluster, path: release.path, source: sourceOf(assembly.locations, cluster, release.path) };
  const chart = await helm.render(release, context, where);
  const objects = chart.objects.map((rendered) => ({
    ...rendered,
    ...bringer(unit, release),
    namespace: release.namespace,
  }));
  return { objects, notes: chartNotes(chart, release, cluster) };
}

/** What every object of an entry of a unit shares. */
function bringer(
  unit: UnitManifest,
  entry: { readonly path: string; readonly dependsOn?: readonly string[] },
): Pick<FoundObject, 'path' | 'unit' | 'dependsOn'> {
  const own = (entry.dependsOn ?? []).map((path) => ({ path }));
  return { path: entry.path, unit: unit.path, dependsOn: [...own, ...(unit.dependsOn ?? [])] };
}

function chartNotes(chart: RenderedChart, release: HelmReleaseManifest, cluster: string): string[] {
  const of = `${cluster}: Helm release ${release.path}`;
  const notes = chart.warnings.map((warning) => `${of}: helm warns: ${warning}`);
  if (chart.hooks.length > 0) {
    const list = chart.hooks.map(({ kind, name, events }) => `${kind}/${name} (${events.join(', ')})`).join(', ');
    notes.push(`${of}: hooks are not part of the desired state and are not run: ${list}.`);
  }
  return notes;
}
