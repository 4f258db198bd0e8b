import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type {
  AssetManifest,
  CanaryReleaseManifest,
  ClusterFactsManifest,
  ControllerOwnedManifest,
  DependencyManifest,
  HelmReleaseManifest,
  IncludeManifest,
} from '@orrery/constructs/assembly-format';
import { canonicalJson, sha256 } from '../lib/kubernetes/canonical.ts';

/** An assembly written by hand, for tests of its readers; the real one comes from `platform.synth()`. */
export interface HandWrittenUnit {
  readonly path: string;
  readonly dependsOn?: readonly DependencyManifest[];
  readonly objects?: readonly {
    readonly path: string;
    readonly object: unknown;
    readonly dependsOn?: readonly string[];
    readonly controllerOwned?: readonly ControllerOwnedManifest[];
  }[];
  readonly helmReleases?: readonly HelmReleaseManifest[];
  readonly includes?: readonly IncludeManifest[];
}

export interface HandWrittenCluster {
  readonly name: string;
  readonly facts?: ClusterFactsManifest;
  readonly units: readonly HandWrittenUnit[];
}

export function writeAssembly(
  folder: string,
  clusters: readonly HandWrittenCluster[],
  locations?: Record<string, string>,
  canaryReleases?: readonly CanaryReleaseManifest[],
): void {
  const manifest = {
    format: 'orrery/assembly',
    version: canaryReleases === undefined ? '1.0' : '1.10',
    platform: { id: 'shop' },
    clusters: clusters.map(({ name, facts, units }) => {
      const lines: string[] = [];
      const unitManifests = units.map((unit) => ({
        ...unit,
        objects: (unit.objects ?? []).map(({ object, ...rest }) => {
          const line = canonicalJson(object);
          lines.push(line);
          return { ...rest, sha256: sha256(line) };
        }),
      }));
      const objects = `clusters/${name}/objects.json`;
      mkdirSync(path.join(folder, 'clusters', name), { recursive: true });
      writeFileSync(path.join(folder, objects), `[${lines.map((line) => `\n${line}`).join(',')}\n]\n`);
      return { name, facts: facts ?? {}, objects, units: unitManifests };
    }),
    canaryReleases,
  };
  writeFileSync(path.join(folder, 'manifest.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
  if (locations !== undefined) writeFileSync(path.join(folder, 'locations.json'), JSON.stringify(locations));
}

/** Puts a text into `assets/`. */
export function textAsset(folder: string, source: string, text: string | Uint8Array): AssetManifest {
  const digest = sha256(text);
  mkdirSync(path.join(folder, 'assets'), { recursive: true });
  writeFileSync(path.join(folder, 'assets', digest), text);
  return { sha256: digest, source };
}

/** Copies a folder into `assets/`. */
export function folderAsset(folder: string, source: string): AssetManifest {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(path.join(source, name)).isFile())
    .map((name) => name.split(path.sep).join('/'))
    .sort();
  const digest = sha256(files.map((name) => `${name}\0${sha256(readFileSync(path.join(source, name)))}\n`).join(''));
  cpSync(source, path.join(folder, 'assets', digest), { recursive: true });
  return { sha256: digest, source };
}

/** Temporary folders of one test file; `removeAll` belongs into afterAll or afterEach. */
export class TemporaryFolders {
  readonly #folders: string[] = [];

  make(): string {
    const folder = mkdtempSync(path.join(tmpdir(), 'orrery-test-'));
    this.#folders.push(folder);
    return folder;
  }

  removeAll(): void {
    for (const folder of this.#folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  }
}
