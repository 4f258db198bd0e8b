import { hash } from 'node:crypto';
import type { ClusterManifest } from '@orrery/constructs/assembly-format';
import { OrreryError } from '../errors.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { violation } from './check-manifest.ts';

const LINE_FEED = 0x0a;
const COMMA = 0x2c;

/**
 * Reads an objects file: "[", one canonical object per line with a comma after all but the last, "]". Every line's bytes must have the sha256
 * that the manifest says.
 * @param file name of the file in errors
 * @throws OrreryError ORR2104 when the file is not what was written, ORR2103 when a line is no Kubernetes object
 */
export function readObjects(bytes: Buffer, cluster: ClusterManifest, file: string): KubernetesObject[] {
  const paths = verifyLines(bytes, cluster, file);
  const objects = parse(bytes, paths, file);
  objects.forEach((object, i) => {
    checkObject(object, paths[i] ?? '', file, i + 2);
  });
  return objects as KubernetesObject[];
}

/** Checks every line's digest. Returns the construct paths, line by line. */
function verifyLines(bytes: Buffer, cluster: ClusterManifest, file: string): string[] {
  const changed = (what: string, path?: string): OrreryError =>
    new OrreryError('ORR2104', what, {
      source: file,
      cluster: cluster.name,
      path,
      fix: 'Write the assembly again with "orrery synth"; never edit its files.',
    });
  const paths: string[] = [];
  let [start, end] = lineAt(bytes, 0);
  if (bytes.toString('latin1', start, end) !== '[') throw changed(`${file} is no list of objects`);
  for (const unit of cluster.units) {
    for (const { path, sha256 } of unit.objects) {
      [start, end] = lineAt(bytes, end + 1);
      const isLast = bytes[end - 1] !== COMMA;
      if (hash('sha256', bytes.subarray(start, isLast ? end : end - 1), 'hex') !== sha256) {
        throw changed(
          `the object "${path}" is not the one that was written (line ${paths.length + 2} of ${file})`,
          path,
        );
      }
      paths.push(path);
    }
  }
  [start, end] = lineAt(bytes, end + 1);
  if (bytes.toString('latin1', start, end) !== ']' || end + 1 < bytes.length) {
    throw changed(`${file} holds more than the ${paths.length} objects of the manifest`);
  }
  return paths;
}

/** The line that starts at an offset, without its line feed. Past the end: an empty one. */
function lineAt(bytes: Buffer, start: number): [start: number, end: number] {
  const found = start < bytes.length ? bytes.indexOf(LINE_FEED, start) : bytes.length;
  return [start, found < 0 ? bytes.length : found];
}

function parse(bytes: Buffer, paths: readonly string[], file: string): unknown[] {
  try {
    const objects: unknown = JSON.parse(bytes.toString('utf8'));
    if (Array.isArray(objects) && objects.length === paths.length) return objects;
  } catch {
    // Told below, with the same words.
  }
  throw violation(file, '', `${file} is no JSON array with one object per line`);
}

function checkObject(value: unknown, path: string, file: string, line: number): void {
  const object = value as Partial<KubernetesObject> | null;
  const metadata = object?.metadata;
  const valid =
    isText(object?.apiVersion) &&
    isText(object.kind) &&
    typeof metadata === 'object' &&
    metadata !== null &&
    isText(metadata.name);
  if (!valid) throw violation(`${file}:${line}`, '', `the object "${path}" has no apiVersion, kind or metadata.name`);
  const namespace: unknown = metadata?.namespace;
  if (namespace === undefined || namespace === null || typeof namespace === 'string') return;
  throw violation(`${file}:${line}`, '/metadata/namespace', `the namespace of the object "${path}" is no text`);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
