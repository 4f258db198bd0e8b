import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';

/**
 * The corpus: at least one valid, richly filled object of every kind that kube-apiserver 1.36.3 serves and lets a client patch, in
 * `<group or core>/<Kind>.yaml` ("custom": resources of the corpus's own CRDs). A server accepts all of it by server-side apply, a second apply
 * changes no value, and no controller of a sandbox fights over a field that it sets.
 *
 * The files are YAML with placeholders, so that several copies can live in one cluster: `${namespace}`, `${prefix}` (every cluster-scoped name),
 * `${address}` (an IPv6 address) and `${cidr}` (a /28 inside the default Service range).
 */
export interface CorpusScope {
  /** Main namespace; a second one is called `<namespace>-batch`. At most 50 characters, a DNS label. Both are objects of the corpus. */
  readonly namespace: string;
  /** Begins the name of everything cluster-scoped. At most 20 characters, a DNS label, different for every copy in a cluster. */
  readonly prefix: string;
}

export interface CorpusObject {
  /** File relative to the corpus folder, with forward slashes. */
  readonly file: string;
  readonly object: KubernetesObject;
}

const FOLDER = import.meta.dirname;

/** Needed by others, in this order; everything else follows in the order of its files. */
const FIRST = [
  'Namespace',
  'CustomResourceDefinition',
  'PriorityClass',
  'RuntimeClass',
  'CSIDriver',
  'VolumeAttributesClass',
  'StorageClass',
  'DeviceClass',
  'LimitRange',
  'ServiceAccount',
  'Secret',
  'ConfigMap',
  'Node',
  'PersistentVolume',
  'PersistentVolumeClaim',
];

/** All objects with the placeholders filled in; those that others need come first. */
export function readCorpus(scope: CorpusScope): readonly CorpusObject[] {
  const objects = corpusFiles().flatMap((file) =>
    parseAllDocuments(fill(readFileSync(join(FOLDER, file), 'utf8'), scope), { version: '1.2' }).map((document) => {
      if (document.errors.length > 0) throw new Error(`${file}: ${document.errors[0]?.message}`);
      return { file, object: document.toJS() as KubernetesObject };
    }),
  );
  const rank = ({ object }: CorpusObject): number => {
    const index = FIRST.indexOf(object.kind);
    return index < 0 ? FIRST.length : index;
  };
  return objects.toSorted((a, b) => rank(a) - rank(b));
}

/** The corpus as one YAML stream, as a person would include it. */
export function corpusYaml(scope: CorpusScope): string {
  return corpusFiles()
    .map((file) => `# ${file}\n${fill(readFileSync(join(FOLDER, file), 'utf8'), scope)}`)
    .join('---\n');
}

/** "apps/v1 Deployment". */
export function kindOf(object: KubernetesObject): string {
  return `${object.apiVersion} ${object.kind}`;
}

function corpusFiles(): string[] {
  return readdirSync(FOLDER, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.yaml'))
    .map((entry) => relative(FOLDER, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

function fill(text: string, scope: CorpusScope): string {
  const digest = createHash('sha256').update(scope.prefix).digest();
  const values: Record<string, string> = {
    namespace: scope.namespace,
    prefix: scope.prefix,
    // Canonical form (RFC 5952): no leading zeros and no group of zeros in it.
    address: `fd00:${[0, 2, 4].map((at) => (digest.readUInt16BE(at) | 0x1000).toString(16)).join(':')}::1`,
    cidr: `10.96.${digest.readUInt8(6)}.${digest.readUInt8(7) & 0xf0}/28`,
  };
  return text.replace(/\$\{(\w+)\}/g, (placeholder, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`unknown placeholder ${placeholder}`);
    return value;
  });
}
