import * as fs from 'node:fs';
import * as path from 'node:path';
import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type {
  AppManifest,
  AssemblyManifest,
  CanaryReleaseManifest,
  ClusterManifest,
  DocumentManifest,
  HelmReleaseManifest,
  IncludeManifest,
  ObjectManifest,
  RolloutManifest,
  UnitManifest,
} from '../assembly-format';
import { builtInScope } from '../built-in-kinds';
import type { Cluster } from '../cluster';
import type { Platform } from '../platform';
import { YamlWriter } from '../yaml';
import { copyAssets } from './assets';
import { sha256 } from './canonical';
import { ChunkFile } from './chunk-file';
import { controllerOwned, declaredFields } from './controller-owned';
import type { ClusterUnits, Dependencies } from './dependencies';
import { FlatJson, TEXT } from './flat-json';
import { type Identity, IdentityCheck } from './identity';
import { writeJsonFile } from './json-file';
import { PLAIN_DATA_RULE } from './json-values';
import { locationOf, ownLocation } from './location';
import { mirroredImages } from './mirrored-images';
import { fillRendered, ObjectResolver } from './object-json';
import { writeCanonicalJson, writeObjectYaml } from './object-text';
import { ownPatchMistake } from './own-patches';
import { present } from './present-members';
import { type Problem, problemAt, throwProblems } from './problem';
import type { AssetSource, Entry, Unit } from './unit';

/** Version of the format that this package writes. */
const FORMAT_VERSION = '1.10';

/** What an assembly is written from. */
export interface AssemblyContents {
  readonly platform: Platform;
  readonly all: readonly ClusterUnits[];
  readonly dependencies: Dependencies;
  readonly assets: readonly AssetSource[];
  readonly constructs: readonly IConstruct[];
  readonly rollout: RolloutManifest | undefined;
  readonly apps: readonly AppManifest[];
  readonly documents: readonly DocumentManifest[];
  readonly canaryReleases: readonly CanaryReleaseManifest[];
}

/** Writes an assembly into an empty folder. Problems found in objects are thrown together. */
export function writeAssembly(
  folder: string,
  { platform, all, dependencies, assets, constructs, rollout, apps, documents, canaryReleases }: AssemblyContents,
): void {
  const problems: Problem[] = [];
  fs.mkdirSync(path.join(folder, 'clusters'));
  fs.mkdirSync(path.join(folder, 'yaml'));
  const shared = new Map<object, WrittenObject>();
  const clusters = all.map((units) => new ClusterWriter(folder, units, dependencies, shared, problems).write());
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
    ...(rollout === undefined ? {} : { rollout }),
    ...(apps.length === 0 ? {} : { apps }),
    ...(documents.length === 0 ? {} : { documents }),
    ...(canaryReleases.length === 0 ? {} : { canaryReleases }),
  };
  writeJsonFile(path.join(folder, 'manifest.json'), manifest);
  writeLocations(path.join(folder, 'locations.json'), locations(platform, constructs, all));
  // cdk8s-cli asks for this file when it runs its validation plugins.
  if (process.env.CDK8S_RECORD_CONSTRUCT_METADATA === 'true') {
    const objects = all.flatMap(({ units }) =>
      units.flatMap((unit) => unit.entries.filter((entry) => nameOf(entry) !== undefined)),
    );
    const resources = Object.fromEntries(objects.map((entry) => [nameOf(entry), { path: entry.path }]));
    writeJsonFile(path.join(folder, 'construct-metadata.json'), { version: '1.0.0', resources });
  }
}

/** What the manifest says of an object in the files. */
type WrittenManifest = Pick<ObjectManifest, 'sha256' | 'controllerOwned'>;

/** An object that several clusters get, as it stands in the files of each. */
interface WrittenObject {
  readonly identity: Identity;
  readonly json: Uint8Array;
  readonly sha256: string;
  readonly yaml: Uint8Array;
}

/** Writes the objects of one cluster, unit by unit, holding no more than one object in memory, beside those that all clusters share. */
class ClusterWriter {
  private readonly resolver: ObjectResolver;
  private readonly identities: IdentityCheck;
  private readonly cluster: Cluster;
  private readonly object = new FlatJson();
  private readonly objects = new ChunkFile();
  private readonly yaml = new ChunkFile();
  private readonly yamlWriter = new YamlWriter(this.yaml.bytes);
  private lines = 0;

  public constructor(
    private readonly folder: string,
    private readonly units: ClusterUnits,
    private readonly dependencies: Dependencies,
    private readonly shared: Map<object, WrittenObject>,
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
    const { objects } = this;
    objects.open(path.join(this.folder, file));
    try {
      objects.bytes.write('[');
      const units = this.units.units.map((unit, i) => this.writeUnit(unit, i));
      objects.bytes.write('\n]\n');
      const mirrored = mirroredImages(this.units, this.problems);
      return { name, facts: this.facts(), objects: file, units, ...(mirrored.length === 0 ? {} : { mirrored }) };
    } finally {
      objects.close();
    }
  }

  private writeUnit(unit: Unit, index: number): UnitManifest {
    const manifest: { [K in 'objects']: ObjectManifest[] } = { objects: [] };
    const helmReleases: HelmReleaseManifest[] = [];
    const includes: IncludeManifest[] = [];
    try {
      for (const entry of unit.entries) {
        const dependsOn = this.dependencies.ofEntry.get(entry);
        const waits = dependsOn === undefined ? undefined : { dependsOn };
        if (entry.content.type === 'helm') helmReleases.push({ path: entry.path, ...entry.content.release, ...waits });
        else if (entry.content.type === 'include')
          includes.push({ path: entry.path, ...entry.content.include, ...waits });
        else {
          const written = this.writeAgain(entry, index, unit) ?? this.writeObject(entry, index, unit);
          if (written !== undefined) manifest.objects.push({ path: entry.path, ...written, ...waits });
        }
      }
    } finally {
      this.yaml.close();
    }
    const dependsOn = this.dependencies.ofUnit.get(unit);
    return {
      path: unit.path,
      ...(dependsOn === undefined ? {} : { dependsOn }),
      objects: manifest.objects,
      ...(helmReleases.length === 0 ? {} : { helmReleases }),
      ...(includes.length === 0 ? {} : { includes }),
      ...(unit.loads === undefined ? {} : { loads: unit.loads }),
    };
  }

  /** Adds an object to the files. Undefined with a problem reported. */
  private writeObject(entry: Entry, index: number, unit: Unit): WrittenManifest | undefined {
    const identity = this.resolve(entry);
    if (identity === undefined) return undefined;
    this.identities.add(identity, entry);
    const owned = this.controllerOwned(entry);
    const line = this.beginLine();
    writeCanonicalJson(this.object, this.objects.bytes);
    const json = this.objects.bytes.from(line);
    const digest = sha256(json);
    const document = this.beginDocument(index, unit);
    writeObjectYaml(this.object, this.yamlWriter);
    const { content } = entry;
    if (content.type === 'object' && content.shared === true && owned === undefined)
      this.shared.set(content.object, {
        identity,
        json: new Uint8Array(json),
        sha256: digest,
        yaml: new Uint8Array(this.yaml.bytes.from(document)),
      });
    this.breathe();
    return { sha256: digest, ...owned };
  }

  /** Adds an object as another cluster has got it. Undefined where none has. */
  private writeAgain(entry: Entry, index: number, unit: Unit): WrittenManifest | undefined {
    const { content } = entry;
    if (content.type !== 'object' || content.shared !== true || entry.controllerOwned !== undefined) return undefined;
    const written = this.shared.get(content.object);
    if (written === undefined) return undefined;
    this.identities.add(written.identity, entry);
    this.beginLine();
    this.objects.bytes.append(written.json);
    this.beginDocument(index, unit);
    this.yaml.bytes.append(written.yaml);
    this.breathe();
    return { sha256: written.sha256 };
  }

  /** Begins the line of an object in the objects file and returns where. */
  private beginLine(): number {
    const { bytes } = this.objects;
    bytes.write(this.lines++ === 0 ? '\n' : ',\n');
    return bytes.length;
  }

  /** Begins the document of an object in the YAML file of its unit and returns where; units without objects have none. */
  private beginDocument(index: number, unit: Unit): number {
    const { yaml } = this;
    if (yaml.isOpen) yaml.bytes.write('---\n');
    else yaml.open(path.join(this.folder, 'yaml', this.cluster.clusterName, yamlName(index, unit.path)));
    return yaml.bytes.length;
  }

  private breathe(): void {
    this.objects.breathe();
    this.yaml.breathe();
  }

  /** Fills in the object of an entry; undefined with a problem reported. */
  private resolve(entry: Entry): Identity | undefined {
    const { content } = entry;
    const { object } = this;
    let offence: ReturnType<ObjectResolver['resolve']>;
    const mistake = content.type === 'construct' ? ownPatchMistake(entry.owner as ApiObject) : undefined;
    if (mistake !== undefined)
      return this.refuse(entry, mistake, 'Correct the path or value of the patch, or remove it.', 'ORR2010');
    try {
      offence =
        content.type === 'construct'
          ? this.resolver.resolve(entry.owner as ApiObject, object)
          : fillRendered((content as { object: object }).object, object);
    } catch (error) {
      return this.refuse(entry, error instanceof Error ? error.message : String(error));
    }
    if (offence !== undefined) {
      const at = offence.path.length === 0 ? 'the object' : offence.path.join('.');
      return this.refuse(entry, `${at} is ${offence.what}, which JSON cannot hold.`, PLAIN_DATA_RULE);
    }
    const identity = identityOf(object);
    if (typeof identity === 'string')
      return this.refuse(entry, identity, 'Give the object apiVersion, kind and metadata.name.');
    if (identity.namespace !== undefined && builtInScope(identity.group, identity.kind) === 'Cluster') {
      const { metadata, ...rest } = object.toJson() as { readonly metadata: object };
      object.fill({ ...rest, metadata: { ...metadata, namespace: undefined } });
      identity.namespace = undefined;
    }
    return identity;
  }

  /** The controller-owned fields of the object that was filled in. */
  private controllerOwned(entry: Entry): Pick<ObjectManifest, 'controllerOwned'> | undefined {
    const atOwner = declaredFields(entry.owner);
    const { controllerOwned: atEntry } = entry;
    if (atOwner.length === 0 && atEntry === undefined) return undefined;
    const declared = [...atOwner, ...(atEntry ?? [])];
    const fields = controllerOwned(this.object.toJson(), declared, ({ code, what, fix, source }) =>
      this.problems.push({
        ...problemAt(entry.owner, code, what, { fix, ...(source === undefined ? {} : { source }) }),
        path: entry.path,
        cluster: this.cluster.clusterName,
      }),
    );
    return fields.length === 0 ? undefined : { controllerOwned: fields };
  }

  private refuse(entry: Entry, what: string, fix?: string, code: 'ORR2010' | 'ORR2015' = 'ORR2015'): undefined {
    this.problems.push({
      ...problemAt(entry.owner, code, what, { fix }),
      path: entry.path,
      cluster: this.cluster.clusterName,
    });
    return undefined;
  }

  private facts(): ClusterManifest['facts'] {
    // Which nodes have GPUs is known to the constructs alone: what the assembly says of it are the products.
    const { gpuNodes, ...facts } = this.cluster.facts;
    const products = gpuNodes === undefined ? undefined : [...new Set(gpuNodes.map(({ product }) => product))];
    return present({ ...facts, gpuModels: facts.gpuModels ?? products });
  }
}

/** The name of an entry that is an object. */
function nameOf({ content, owner }: Entry): string | undefined {
  if (content.type === 'construct') return (owner as ApiObject).name;
  return content.type === 'object' ? (content.object as { metadata?: { name?: string } }).metadata?.name : undefined;
}

function identityOf(object: FlatJson): Identity | string {
  const apiVersion = memberText(object, 0, 'apiVersion');
  const kind = memberText(object, 0, 'kind');
  if (!apiVersion) return 'apiVersion is missing.';
  if (!kind) return 'kind is missing.';
  const metadata = object.member(0, 'metadata');
  const name = memberText(object, metadata, 'name');
  if (!name) return `metadata.name of the ${kind} is missing.`;
  const namespace = memberText(object, metadata, 'namespace');
  if (namespace === undefined && object.member(metadata, 'namespace') >= 0)
    return `metadata.namespace of ${kind}/${name} is no text.`;
  const slash = apiVersion.indexOf('/');
  return { group: slash < 0 ? '' : apiVersion.slice(0, slash), kind, namespace, name };
}

function memberText(object: FlatJson, map: number, key: string): string | undefined {
  const at = object.member(map, key);
  return at >= 0 && object.kindAt(at) === TEXT ? object.textAt(at) : undefined;
}

/** "0003-mall.k8s.yaml"; whatever could leave the folder or upset a shell becomes "-". */
function yamlName(index: number, unitPath: string): string {
  const safe = unitPath.replace(/[^A-Za-z0-9._-]+/g, '-').slice(0, 100);
  return `${String(index).padStart(4, '0')}-${safe}.k8s.yaml`;
}

/**
 * Where constructs were made. Two clusters may have charts of one path; where their places differ, later ones stand under
 * "<cluster>//<path>" (a path never has an empty part). Patches of releases have paths of their own.
 */
function locations(
  platform: Platform,
  constructs: readonly IConstruct[],
  all: readonly ClusterUnits[],
): ReadonlyMap<string, string> {
  const result = new Map<string, string>();
  for (const { units } of all)
    for (const { entries } of units)
      entries.forEach(({ places }) => {
        if (places !== undefined) for (const [path, at] of places) result.set(path, at);
      });
  constructs.forEach((construct) => {
    const source = ownLocation(construct);
    if (source === undefined || construct === platform) return;
    const { root } = construct.node;
    const cluster = root === platform ? undefined : String(root);
    const key = construct.node.path === '' ? `${cluster}//` : construct.node.path;
    const known = result.get(key);
    if (known === undefined) result.set(key, source);
    else if (known !== source && cluster !== undefined) result.set(`${cluster}//${key}`, source);
  });
  const own = locationOf(platform);
  if (own !== undefined) result.set('', own);
  return result;
}

/** One line each, sorted. */
function writeLocations(file: string, places: ReadonlyMap<string, string>): void {
  const lines = [...places.keys()].sort().map((key) => `  ${JSON.stringify(key)}: ${JSON.stringify(places.get(key))}`);
  fs.writeFileSync(file, lines.length === 0 ? '{}\n' : `{\n${lines.join(',\n')}\n}\n`);
}
