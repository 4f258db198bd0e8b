import type {
  ControllerOwnedManifest,
  DependencyManifest,
  HelmReleaseManifest,
  IncludeManifest,
  UnitManifest,
} from '@orrery/constructs/assembly-format';
import { sourceOf } from '@orrery/constructs/source-location';
import type { Assembly, AssemblyCluster } from '../assembly/assembly.ts';
import { isOrreryError, OrreryError } from '../errors.ts';
import type { LeftOutHook, RenderedChart } from '../helm/helm-output.ts';
import type { LeftOutBecause, ReleaseHook } from '../helm/hooks.ts';
import type { RenderContext } from '../helm/release-arguments.ts';
import type { HelmRenderer } from '../helm/render-release.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import type { KustomizationBuilder } from '../kustomize/build-kustomization.ts';
import type { KustomizeOptions } from '../kustomize/kustomize-options.ts';
import type { RemoteFiles } from '../remote/remote-files.ts';
import type { RemoteOptions } from '../remote/remote-options.ts';
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
  /** The object is a hook of its release. */
  readonly hook?: ReleaseHook | undefined;
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

/** What an included file or a kustomization holds. */
interface IncludedObjects {
  readonly objects: readonly LocatedObject[];
  /** As people know it. */
  readonly source: string;
  /** The lines of the objects are those of the source. */
  readonly hasLines: boolean;
}

/** How what lies outside of the assembly's own objects is read. */
export interface IncludeOptions {
  readonly kustomize?: KustomizeOptions | undefined;
  readonly remote?: RemoteOptions | undefined;
}

/** Reads included files, fetches those at addresses and has kustomizations built, each once for all clusters. */
export class IncludeReader {
  readonly #assembly: Assembly;
  readonly #options: IncludeOptions;
  readonly #read = new Map<string, Promise<IncludedObjects>>();
  readonly #warnings = new Set<string>();
  #builder: Promise<KustomizationBuilder> | undefined;
  #remote: Promise<RemoteFiles> | undefined;

  constructor(assembly: Assembly, options: IncludeOptions) {
    this.#assembly = assembly;
    this.#options = options;
  }

  /** What kustomize said beside what it made, one sentence each. */
  get notes(): readonly string[] {
    return [...this.#warnings];
  }

  /** @throws OrreryError ORR2104 for a changed copy, ORR2201/ORR2202 with file, line and column; ORR2204 to ORR2206 for remote files, ORR231x for kustomizations */
  async objects(include: IncludeManifest, unit: UnitManifest, cluster: string): Promise<readonly FoundObject[]> {
    const { source, sha256 } = include.file;
    const key = `${sha256} ${source} ${include.url ?? ''} ${include.kustomization ?? ''}`;
    let read = this.#read.get(key);
    if (read === undefined) {
      read = this.#parse(include);
      this.#read.set(key, read);
    }
    try {
      const included = await read;
      return included.objects.map(({ object, line }) => ({
        object,
        ...bringer(unit, include),
        source: included.hasLines ? `${included.source}:${line}` : included.source,
        namespace: include.namespace,
      }));
    } catch (error) {
      if (!isOrreryError(error)) throw error;
      throw new OrreryError(error.code, error.message, {
        ...error.where,
        cluster,
        path: include.path,
        source: error.where.source ?? sourceOf(this.#assembly.locations, cluster, include.path),
        fix: error.fix,
        cause: error,
      });
    }
  }

  async #parse({ file, url, kustomization }: IncludeManifest): Promise<IncludedObjects> {
    const [{ readYaml }, { kubernetesObjects }] = await Promise.all([
      import('../yaml/read.ts'),
      import('../yaml/kubernetes-documents.ts'),
    ]);
    if (kustomization !== undefined) {
      const { yaml, source, warnings } = await (await this.#kustomizations()).build(file, kustomization);
      for (const warning of warnings) this.#warnings.add(`${source}: kustomize says: ${warning}`);
      const documents = readYaml(yaml, { source, positionNote: 'the line is that of what it makes' });
      const objects = kubernetesObjects(documents, source);
      if (objects.length === 0) throw empty('the kustomization makes no object', source, 'Kustomization');
      return { objects, source, hasLines: false };
    }
    const { source } = file;
    const bytes =
      url === undefined
        ? await this.#assembly.assets.bytes(file)
        : await (await this.#remoteFiles()).bytes(url, file.sha256, source);
    const objects = kubernetesObjects(readYaml(bytes, { source }), source);
    if (objects.length === 0) throw empty('the file holds no object', `${source}:1`, 'Include');
    return { objects, source, hasLines: true };
  }

  /** kubectl and what drives it are loaded only where there is a kustomization. */
  #kustomizations(): Promise<KustomizationBuilder> {
    this.#builder ??= import('../kustomize/build-kustomization.ts').then(
      ({ KustomizationBuilder: Builder }) => new Builder(this.#assembly.assets, this.#options.kustomize ?? {}),
    );
    return this.#builder;
  }

  /** What speaks HTTP is loaded only where there is a file at an address. */
  #remoteFiles(): Promise<RemoteFiles> {
    this.#remote ??= import('../remote/remote-files.ts').then(
      ({ RemoteFiles: Files }) => new Files(this.#options.remote ?? {}),
    );
    return this.#remote;
  }
}

/** Most often a path or a step before went wrong; taken for "nothing wanted" it would delete what was there. */
function empty(what: string, source: string, construct: string): OrreryError {
  return new OrreryError('ORR2202', what, { source, fix: `Write one, or remove the ${construct}.` });
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
export function bringer(
  unit: UnitManifest,
  entry: { readonly path: string; readonly dependsOn?: readonly string[] },
): Pick<FoundObject, 'path' | 'unit' | 'dependsOn'> {
  const own = (entry.dependsOn ?? []).map((path) => ({ path }));
  return { path: entry.path, unit: unit.path, dependsOn: [...own, ...(unit.dependsOn ?? [])] };
}

function chartNotes(chart: RenderedChart, release: HelmReleaseManifest, cluster: string): string[] {
  const of = `${cluster}: Helm release ${release.path}`;
  const notes = chart.warnings.map((warning) => `${of}: helm warns: ${warning}`);
  if (chart.leftOut.length > 0)
    notes.push(`${of}: hooks that are left out: ${chart.leftOut.map(leftOutText).join(', ')}.`);
  return notes;
}

const BECAUSE: Readonly<Record<LeftOutBecause, string>> = {
  test: 'a test',
  delete: 'nothing is run when a release goes',
  rollback: 'nothing is run at a rollback',
  'unknown event': 'helm does not know this event either',
  'generated name': 'without a name of its own it cannot be found again',
};

function leftOutText({ kind, name, events, because }: LeftOutHook): string {
  return `${kind}/${name} (${events.join(', ')}: ${BECAUSE[because]})`;
}
