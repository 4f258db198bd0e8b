import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { onTestFinished } from 'vitest';
import type { AssemblyManifest, UnitManifest } from './assembly-format';
import { Platform, type PlatformProps } from './platform';
import type { Problem } from './private/problem';

/** A Kubernetes object as read from an assembly. */
// biome-ignore lint/suspicious/noExplicitAny: tests look at fields of any kind
export type AnyObject = any;

/** An assembly as read back from its folder. */
export class Assembly {
  public readonly manifest: AssemblyManifest;

  public constructor(public readonly folder: string) {
    this.manifest = JSON.parse(this.text('manifest.json')) as AssemblyManifest;
  }

  public text(file: string): string {
    return fs.readFileSync(path.join(this.folder, file), 'utf8');
  }

  public has(file: string): boolean {
    return fs.existsSync(path.join(this.folder, file));
  }

  /** Every file, relative, sorted. */
  public files(): string[] {
    return fs
      .readdirSync(this.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(this.folder, path.join(entry.parentPath, entry.name)))
      .sort();
  }

  /** Units of a cluster. */
  public units(cluster: string): readonly UnitManifest[] {
    const found = this.manifest.clusters.find((candidate) => candidate.name === cluster);
    if (found === undefined) throw new Error(`no cluster ${cluster}`);
    return found.units;
  }

  public unit(cluster: string, unitPath: string): UnitManifest {
    const found = this.units(cluster).find((unit) => unit.path === unitPath);
    if (found === undefined)
      throw new Error(`no unit ${unitPath} in ${cluster}: ${this.units(cluster).map((unit) => unit.path)}`);
    return found;
  }

  /** Objects of a cluster by construct path. */
  public objects(cluster: string): Map<string, AnyObject> {
    const objects = JSON.parse(this.text(`clusters/${cluster}/objects.json`)) as AnyObject[];
    const paths = this.units(cluster).flatMap((unit) => unit.objects.map((object) => object.path));
    if (paths.length !== objects.length) throw new Error('manifest and objects differ in number');
    return new Map(paths.map((objectPath, i) => [objectPath, objects[i]]));
  }

  public object(cluster: string, objectPath: string): AnyObject {
    const objects = this.objects(cluster);
    if (!objects.has(objectPath)) throw new Error(`no ${objectPath} in ${cluster}: ${[...objects.keys()].join(', ')}`);
    return objects.get(objectPath);
  }
}

/** An empty folder that is removed after the test. */
export function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'orrery-constructs-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A platform whose output goes to a temporary folder. */
export function testPlatform(props: Partial<PlatformProps> = {}): Platform {
  return new Platform({ id: 'test', outdir: path.join(temporaryFolder(), 'dist'), ...props });
}

export function synthesized(platform: Platform): Assembly {
  platform.synth();
  return new Assembly(platform.outdir);
}

/** Builds a platform and reads what it writes. */
export function assemblyOf(build: (platform: Platform) => void): Assembly {
  const platform = testPlatform();
  build(platform);
  return synthesized(platform);
}

/** The problems that something is refused with; fails where it is not refused, or by another error. */
export function problemsOf(run: () => unknown): readonly Problem[] {
  try {
    run();
  } catch (error) {
    const { problems } = error as { problems?: readonly Problem[] };
    if (problems === undefined) throw error;
    return problems;
  }
  throw new Error('expected problems, and there were none');
}

/** The problems of a program: code and text, in order. */
export function problemsOfProgram(build: (platform: Platform) => void): readonly Problem[] {
  const platform = testPlatform();
  return problemsOf(() => {
    build(platform);
    platform.synth();
  });
}

export function codesOf(problems: readonly Problem[]): string[] {
  return problems.map((problem) => problem.code);
}
