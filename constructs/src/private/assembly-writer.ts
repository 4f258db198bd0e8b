import * as fs from 'node:fs';
import * as path from 'node:path';
import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type {
  AssemblyManifest,
  ClusterManifest,
  HelmReleaseManifest,
  IncludeManifest,
  JsonValue,
  ObjectManifest,
  UnitManifest,
} from '../assembly-format';
import { builtInScope } from '../built-in-kinds';
import type { Cluster } from '../cluster';
import type { Platform } from '../platform';
import { writeYaml } from '../yaml';
import { copyAssets } from './assets';
import { canonicalJson, sha256 } from './canonical';
import { ChunkFile } from './chunk-file';
import type { ClusterUnits, Dependencies } from './dependencies';
import { type Identity, IdentityCheck } from './identity';
import { locationOf, ownLocation } from './location';
import { isOffence, ObjectResolver, type ResolvedObject } from './object-json';
import { replaceFolder } from './output-folder';
import { type Problem, problemAt, throwProblems } from './problem';
import type { AssetSource, Entry, Unit } from './unit';

/** Version of the format that this package writes. */
const FORMAT_VERSION = '1.0';

/** Writes the assembly beside its folder and moves it into place. Problems found in objects are thrown together; then nothing is moved. */
export function writeAssembly(
  platform: Platform,
  all: readonly ClusterUnits[],
  dependencies: Dependencies,
  assets: readonly AssetSource[],
  constructs: readonly IConstruct[],
): void {
  replaceFolder(platform, (folder) => {
    const problems: Problem[] = [];
    fs.mkdirSync(path.join(folder, 'clusters'));
    fs.mkdirSync(path.join(folder, 'yaml'));
    const clusters = all.map((units) => new ClusterWriter(folder, units, dependencies, problems).write());
    if (problems.length > 0) throwProblems(problems);
    copyAssets(assets, folder);
    const manifest: AssemblyManifest = {
      format: 'orrery/assembly',
      version: FORMAT_VERSION,
      platform: {
        id: platform.platformId,
        ...(platform.displayName === undefined ? {} : { displayName: platform.displayName }),
      },
      clusters,
    };
    writeJson(path.join(folder, 'manifest.json'), manifest);
    writeJson(path.join(folder, 'locations.json'), locations(platform, constructs));
    // cdk8s-cli asks for this file when it runs its validation plugins.
    if (process.env.CDK8S_RECORD_CONSTRUCT_METADATA === 'true') {
      const objects = all.flatMap(({ units }) =>
        units.flatMap((unit) => unit.entries.filter((entry) => nameOf(entry) !== undefined)),
      );
      const resources = Object.fromEntries(objects.map((entry) => [nameOf(entry), { path: entry.path }]));
      writeJson(path.join(folder, 'construct-metadata.json'), { version: '1.0.0', resources });
    }
  });
}

/** Writes the objects of one cluster, unit by unit, holding no more than one object in memory. */
class ClusterWriter {
  private readonly resolver: ObjectResolver;
  private readonly identities: IdentityCheck;
  private readonly cluster: Cluster;
  private lines = 0;

  public constructor(
    private readonly folder: string,
    private readonly units: ClusterUnits,
    private readonly dependencies: Dependencies,
    private readonly problems: Problem[],
  ) {
    this.cluster = units.cluster;
    this.resolver = new ObjectResolver(this.cluster);
    this.identities = new IdentityCheck(this.cluster.clusterName, problems);
  }

  public write(): ClusterManifest {
    const name = this.cluster.clusterName;
    const file = `clusters/${name}/objects.json`;
    fs.mkdirSync(path.join(this.folder, 'clusters', name));
    fs.mkdirSync(path.join(this.folder, 'yaml', name));
    const objects = new ChunkFile(path.join(this.folder, file));
    try {
      objects.write('[');
      const units = this.units.units.map((unit, i) => this.writeUnit(unit, i, objects));
      objects.write('\n]\n');
      return { name, facts: this.facts(), objects: file, units };
    } finally {
      objects.close();
    }
  }

  private writeUnit(unit: Unit, index: number, objects: ChunkFile): UnitManifest {
    const manifest: { [K in 'objects']: ObjectManifest[] } = { objects: [] };
    const helmReleases: HelmReleaseManifest[] = [];
    const includes: IncludeManifest[] = [];
    let yaml: ChunkFile | undefined;
    try {
      for (const entry of unit.entries) {
        const dependsOn = this.dependencies.ofEntry.get(entry);
        const waits = dependsOn === undefined ? {} : { dependsOn };
        if (entry.content.type === 'helm') helmReleases.push({ path: entry.path, ...entry.content.release, ...waits });
        else if (entry.content.type === 'include')
          includes.push({ path: entry.path, ...entry.content.include, ...waits });
        else {
          const object = this.object(entry);
          if (object === undefined) continue;
          const line = object.integerKeys ? canonicalJson(object.json) : JSON.stringify(object.json);
          objects.write(this.lines++ === 0 ? `\n${line}` : `,\n${line}`);
          manifest.objects.push({ path: entry.path, sha256: sha256(line), ...waits });
          yaml ??= new ChunkFile(path.join(this.folder, 'yaml', this.cluster.clusterName, yamlName(index, unit.path)));
          yaml.write((manifest.objects.length === 1 ? '' : '---\n') + writeYaml(object.json, HEAD));
        }
      }
    } finally {
      yaml?.close();
    }
    const dependsOn = this.dependencies.ofUnit.get(unit);
    return {
      path: unit.path,
      ...(dependsOn === undefined ? {} : { dependsOn }),
      objects: manifest.objects,
      ...(helmReleases.length === 0 ? {} : { helmReleases }),
      ...(includes.length === 0 ? {} : { includes }),
    };
  }

  /** The object of an entry, or undefined with a problem reported. */
  private object(entry: Entry): ResolvedObject | undefined {
    const { content } = entry;
    let result: ResolvedObject | ReturnType<ObjectResolver['resolve']>;
    try {
      result =
        content.type === 'construct'
          ? this.resolver.resolve(entry.owner as ApiObject)
          : this.resolver.resolveRendered((content as { object: object }).object);
    } catch (error) {
      return this.refuse(entry, error instanceof Error ? error.message : String(error));
    }
    if (isOffence(result)) {
      const at = result.path.length === 0 ? 'the object' : result.path.join('.');
      return this.refuse(entry, `${at} is ${result.what}, which JSON cannot hold.`);
    }
    const identity = identityOf(result.json);
    if (typeof identity === 'string') return this.refuse(entry, identity);
    const metadata = result.json.metadata as { [key: string]: JsonValue };
    if (metadata.namespace !== undefined && builtInScope(identity.group, identity.kind) === 'Cluster') {
      delete metadata.namespace;
      identity.namespace = '';
    }
    this.identities.add(identity, entry);
    return result;
  }

  private refuse(entry: Entry, what: string): undefined {
    this.problems.push({
      ...problemAt(entry.owner, 'ORR2015', what),
      path: entry.path,
      cluster: this.cluster.clusterName,
    });
    return undefined;
  }

  private facts(): ClusterManifest['facts'] {
    const { facts } = this.cluster;
    return Object.fromEntries(
      Object.entries(facts).filter(([, value]) => value !== undefined),
    ) as ClusterManifest['facts'];
  }
}

/** The name of an entry that is an object. */
function nameOf({ content, owner }: Entry): string | undefined {
  if (content.type === 'construct') return (owner as ApiObject).name;
  return content.type === 'object' ? (content.object as { metadata?: { name?: string } }).metadata?.name : undefined;
}

function identityOf(json: { readonly [key: string]: JsonValue }): Identity | string {
  const { apiVersion, kind, metadata } = json;
  if (typeof apiVersion !== 'string' || apiVersion === '') return 'apiVersion is missing.';
  if (typeof kind !== 'string' || kind === '') return 'kind is missing.';
  const { name, namespace } = (metadata ?? {}) as { name?: JsonValue; namespace?: JsonValue };
  if (typeof name !== 'string' || name === '') return `metadata.name of the ${kind} is missing.`;
  if (namespace !== undefined && typeof namespace !== 'string')
    return `metadata.namespace of ${kind}/${name} is no text.`;
  const slash = apiVersion.indexOf('/');
  return { group: slash < 0 ? '' : apiVersion.slice(0, slash), kind, namespace: namespace ?? '', name };
}

/** That is how people read manifests. */
const HEAD = ['apiVersion', 'kind', 'metadata'];

/** "0003-mall.k8s.yaml"; whatever could leave the folder or upset a shell becomes "-". */
function yamlName(index: number, unitPath: string): string {
  const safe = unitPath.replace(/[^A-Za-z0-9._-]+/g, '-').slice(0, 100);
  return `${String(index).padStart(4, '0')}-${safe}.k8s.yaml`;
}

function writeJson(file: string, value: object): void {
  fs.writeFileSync(file, `${JSON.stringify(value, undefined, 2)}\n`);
}

/**
 * Where constructs were made. Two clusters may have charts of one path; where their places differ, later ones stand under
 * "<cluster>//<path>" (a path never has an empty part).
 */
function locations(platform: Platform, constructs: readonly IConstruct[]): { [path: string]: string } {
  const result: { [path: string]: string } = Object.create(null) as { [path: string]: string };
  for (const construct of constructs) {
    const source = ownLocation(construct);
    if (source === undefined || construct === platform) continue;
    const { root } = construct.node;
    const cluster = root === platform ? undefined : String(root);
    const key = construct.node.path === '' ? `${cluster}//` : construct.node.path;
    if (result[key] === undefined) result[key] = source;
    else if (result[key] !== source && cluster !== undefined) result[`${cluster}//${key}`] = source;
  }
  const own = locationOf(platform);
  if (own !== undefined) result[''] = own;
  return Object.fromEntries(Object.entries(result).sort(([a], [b]) => (a < b ? -1 : 1)));
}
