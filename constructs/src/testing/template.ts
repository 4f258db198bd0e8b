import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import type {
  AssemblyLocations,
  AssemblyManifest,
  ClusterManifest,
  HelmReleaseManifest,
  IncludeManifest,
} from '../assembly-format';
import type { Platform } from '../platform';
import { writeAssembly } from '../private/assembly-writer';
import { collectProblems, type Problem } from '../private/problem';
import { contentsOf } from '../private/synthesis';
import { sourceOf } from '../source-location';
import { type Mismatch, mismatches } from './match';

/** A Kubernetes object as the program makes it. Tests look at fields of any kind. */
// biome-ignore lint/suspicious/noExplicitAny: what an object holds is known to the test alone
export type TestedObject = { readonly apiVersion: string; readonly kind: string } & { readonly [field: string]: any };

interface Placed {
  readonly object: TestedObject;
  /** Construct path. */
  readonly path: string;
}

/**
 * What a program wants in one cluster, for the unit tests of the program. Everything happens in the process: nothing is rendered by helm, no file stays.
 *
 *     const cluster = Template.of(platform, 'prod-gz');
 *     cluster.hasObject('Deployment/shop/cart', { spec: { replicas: 3 } });
 *
 * Objects are named "Kind/name", or "Kind/namespace/name" where they have a namespace, as plans name them.
 */
export class Template {
  /**
   * The template of a cluster.
   * @throws the problems of the program in one error, as `platform.synth()` does; an error naming the clusters there are
   */
  public static of(platform: Platform, cluster: string): Template {
    const templates = Template.all(platform);
    const found = templates.get(cluster);
    if (found === undefined)
      throw new Error(`There is no cluster "${cluster}". The platform has ${[...templates.keys()].join(', ')}.`);
    return found;
  }

  /** The templates of all clusters by name, in the order of declaration. One synthesis for all of them. */
  public static all(platform: Platform): ReadonlyMap<string, Template> {
    const contents = contentsOf(platform);
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'orrery-testing-'));
    try {
      writeAssembly(folder, contents);
      const read = (file: string): unknown => JSON.parse(fs.readFileSync(path.join(folder, file), 'utf8'));
      const { clusters } = read('manifest.json') as AssemblyManifest;
      const locations = read('locations.json') as AssemblyLocations;
      return new Map(
        clusters.map((cluster) => [
          cluster.name,
          new Template(cluster, read(cluster.objects) as TestedObject[], locations),
        ]),
      );
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  }

  /** What a program is refused for; empty where it is not. Each has a code, what happened, where, and what to do. */
  public static problems(platform: Platform): readonly Problem[] {
    const problems: Problem[] = [];
    collectProblems(problems, () => Template.all(platform));
    return problems;
  }

  /** Name of the cluster. */
  public readonly cluster: string;
  private readonly placed: readonly Placed[];

  private constructor(
    private readonly manifest: ClusterManifest,
    objects: readonly TestedObject[],
    private readonly locations: AssemblyLocations,
  ) {
    this.cluster = manifest.name;
    const paths = manifest.units.flatMap((unit) => unit.objects.map((object) => object.path));
    this.placed = objects.map((object, at) => ({ object, path: paths[at] as string }));
  }

  /** Every object, in the order in which they are written; of one kind where it is named, and like `expected` where that is given. */
  public objects(kind?: string, expected: object = {}): readonly TestedObject[] {
    const found = this.placed.filter(({ object }) => kind === undefined || object.kind === kind);
    return found.filter(({ object }) => mismatches(expected, object, '').length === 0).map(({ object }) => object);
  }

  /**
   * The object of a name.
   * @throws an error naming what there is instead
   */
  public object(name: string): TestedObject {
    const [found] = this.named(name);
    if (found === undefined) throw new Error(this.missing(name));
    return found.object;
  }

  /**
   * Fails unless there is an object of this name that is like `expected`.
   * @param expected what it holds at least: plain values, and `Match` at any depth
   */
  public hasObject(name: string, expected: object = {}): void {
    const complaint = this.complaint(name, expected);
    if (complaint !== undefined) throw new Error(complaint);
  }

  /** Fails if there is an object of this name. */
  public hasNoObject(name: string): void {
    const [found] = this.named(name);
    if (found !== undefined) throw new Error(`${this.cluster} has ${name}, made by ${this.maker(found)}.`);
  }

  /** Fails unless there are so many objects of a kind (like `expected`, where that is given). */
  public objectCountIs(kind: string, count: number, expected: object = {}): void {
    const found = this.objects(kind, expected).map(nameOf);
    if (found.length === count) return;
    const list = found.length === 0 ? '' : `: ${found.join(', ')}`;
    throw new Error(`${this.cluster} has ${found.length} of ${kind}, not ${count}${list}.`);
  }

  /** Why there is no such object; undefined where there is. The matchers for vitest ask here. */
  public complaint(name: string, expected: object = {}): string | undefined {
    const candidates = this.named(name);
    const [first] = candidates;
    if (first === undefined) return this.missing(name);
    // The same kind of two API groups may have one name.
    const differences = candidates.map(({ object }) => mismatches(expected, object, ''));
    if (differences.some(({ length }) => length === 0)) return undefined;
    const lines = (differences[0] as Mismatch[]).map(
      ({ path: at, expected: wanted, actual }) => `  ${at === '' ? 'it' : at}: expected ${wanted}, is ${actual}`,
    );
    return [`${name} of ${this.cluster} (made by ${this.maker(first)}) is not as expected:`, ...lines].join('\n');
  }

  /** Helm releases of the cluster with their values. helm renders them when the platform is planned, not here. */
  public helmReleases(): readonly HelmReleaseManifest[] {
    return this.manifest.units.flatMap((unit) => unit.helmReleases ?? []);
  }

  /** Included files of the cluster. They are read when the platform is planned, not here. */
  public includes(): readonly IncludeManifest[] {
    return this.manifest.units.flatMap((unit) => unit.includes ?? []);
  }

  private named(name: string): readonly Placed[] {
    return this.placed.filter(({ object }) => nameOf(object) === name);
  }

  private maker({ path: made }: Placed): string {
    const source = sourceOf(this.locations, this.cluster, made);
    return source === undefined ? made : `${made}, ${source}`;
  }

  private missing(name: string): string {
    const kind = name.slice(0, name.indexOf('/'));
    const same = this.objects(kind).map(nameOf);
    const kinds = [...new Set(this.placed.map(({ object }) => object.kind))].sort();
    const there =
      same.length > 0 ? same.join(', ') : `no ${kind}, but ${kinds.length === 0 ? 'nothing' : kinds.join(', ')}`;
    return `${this.cluster} has no ${name}. It has ${there}.`;
  }
}

function nameOf({ kind, metadata }: TestedObject): string {
  const { name, namespace } = metadata as { readonly name: string; readonly namespace?: string };
  return namespace === undefined ? `${kind}/${name}` : `${kind}/${namespace}/${name}`;
}
