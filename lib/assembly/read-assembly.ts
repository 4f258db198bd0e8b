import { lstat, readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import type { AssemblyLocations } from '@orrery/constructs/assembly-format';
import { OrreryError } from '../errors.ts';
import { sha256 } from '../kubernetes/canonical.ts';
import type { Assembly, AssemblyCluster } from './assembly.ts';
import { Assets } from './assets.ts';
import { checkReleasedFields } from './check-canary-releases.ts';
import { checkManifest, violation } from './check-manifest.ts';
import { readObjects } from './read-objects.ts';

/**
 * Reads and checks an assembly. Objects are verified against the manifest's digests, assets when they are used.
 * @param folder the assembly's folder
 * @throws OrreryError ORR2101 when there is none, ORR2102 when its format is newer, ORR2103 when it does not follow the schema (with the JSON
 * pointer), ORR2104 when a file is not the one that was written
 */
export async function readAssembly(folder: string): Promise<Assembly> {
  const absolute = path.resolve(folder);
  const bytes = await readManifest(absolute);
  const manifest = checkManifest(parse(bytes), 'manifest.json');
  const root = await realpath(absolute);
  const [locations, clusters] = await Promise.all([
    readLocations(root),
    Promise.all(
      manifest.clusters.map(async (cluster): Promise<AssemblyCluster> => {
        const objects = readObjects(await readInside(root, cluster.objects), cluster, cluster.objects);
        return { manifest: cluster, objects };
      }),
    ),
  ]);
  checkReleasedFields(manifest, clusters, (pointer, what) => violation('manifest.json', pointer, what));
  return {
    folder: absolute,
    digest: sha256(bytes),
    platform: manifest.platform,
    clusters,
    rollout: manifest.rollout,
    apps: manifest.apps,
    documents: manifest.documents,
    canaryReleases: manifest.canaryReleases,
    assets: new Assets(root),
    locations,
  };
}

/**
 * Digest of an assembly without reading its objects: sha256 of manifest.json, which names the sha256 of everything else.
 * @throws OrreryError ORR2101 when there is none
 */
export async function assemblyDigest(folder: string): Promise<string> {
  return sha256(await readManifest(path.resolve(folder)));
}

async function readManifest(folder: string): Promise<Buffer> {
  try {
    return await readFile(path.join(folder, 'manifest.json'));
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    const what = missing
      ? `there is no assembly in ${folder}`
      : `the assembly in ${folder} cannot be read: ${(cause as Error).message}`;
    throw new OrreryError('ORR2101', what, {
      fix: 'Run "orrery synth" first, or name its folder with --assembly.',
      cause,
    });
  }
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw violation('manifest.json', '', `the manifest is no JSON: ${(cause as Error).message}`);
  }
}

/** A file of the assembly. The schema keeps the path inside; here links are kept inside, too, and devices out. */
async function readInside(root: string, relative: string): Promise<Buffer> {
  const file = path.join(root, relative);
  let real: string;
  try {
    real = await realpath(file);
  } catch (cause) {
    throw new OrreryError('ORR2104', `${relative} is missing in the assembly`, {
      source: relative,
      fix: 'Write the assembly again with "orrery synth".',
      cause,
    });
  }
  if (!real.startsWith(root + path.sep) || !(await lstat(real)).isFile())
    throw violation(relative, '', `${relative} is no file of the assembly`);
  return readFile(real);
}

/** Source lines are for messages only: without them, or with a broken file, everything else works. */
async function readLocations(root: string): Promise<AssemblyLocations> {
  try {
    const locations: unknown = JSON.parse(await readFile(path.join(root, 'locations.json'), 'utf8'));
    return typeof locations === 'object' && locations !== null && !Array.isArray(locations)
      ? (locations as AssemblyLocations)
      : {};
  } catch {
    return {};
  }
}
