import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { ClusterFactsManifest, DependencyManifest } from '@orrery/constructs/assembly-format';
import { OrreryError } from '../errors.ts';
import type { ReleaseHook } from '../helm/hooks.ts';
import { canonicalJson, sha256 } from '../kubernetes/canonical.ts';
import { idOf, type KubernetesObject } from '../kubernetes/object.ts';
import type { ControllerOwnedField, DesiredCanary, DesiredCluster, DesiredObject } from '../render/desired-state.ts';
import type { Waiver } from '../render/waivers.ts';

/**
 * How the desired state of a revision is written: gzipped JSON, cut into parts that fit into a Secret each. It holds the program's Secrets in clear, as they are in
 * the cluster anyway; that is why it lies in Secrets itself.
 */

const FORMAT = 'orrery/revision';
const VERSION = '1.3';
/** A Secret may hold 1 MiB. */
const PART_BYTES = 768 * 1024;
const UNPACKED_LIMIT = 256 * 1024 * 1024;

/** What a row leaves out follows from the object. */
interface Row {
  readonly object: KubernetesObject;
  readonly path: string;
  readonly unit: string;
  readonly source?: string | undefined;
  readonly defaultNamespace?: string | undefined;
  readonly dependsOn?: readonly DependencyManifest[] | undefined;
  readonly controllerOwned?: readonly ControllerOwnedField[] | undefined;
  /** Since 1.2. */
  readonly hook?: ReleaseHook | undefined;
}

interface Contents {
  readonly format: string;
  readonly version: string;
  readonly assemblyDigest: string;
  readonly facts: ClusterFactsManifest;
  readonly objects: readonly Row[];
  /** Since 1.3. The objects are those of all stages. */
  readonly canaries?: readonly DesiredCanary[] | undefined;
  /** With `canaries`; since 1.3. */
  readonly waivers?: readonly Waiver[] | undefined;
}

/** The parts, in order. */
export async function encodeRevision(desired: DesiredCluster, assemblyDigest: string): Promise<Buffer[]> {
  const { canaries, waivers } = desired;
  const objects = desired.objects.map(({ id: _, sha256: __, dependsOn, ...row }): Row => {
    return { ...row, ...(dependsOn.length > 0 ? { dependsOn } : {}) };
  });
  const contents: Contents = {
    format: FORMAT,
    version: VERSION,
    assemblyDigest,
    facts: desired.facts,
    objects,
    ...(canaries === undefined ? {} : { canaries, ...(waivers === undefined ? {} : { waivers }) }),
  };
  const bytes = await promisify(gzip)(JSON.stringify(contents));
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += PART_BYTES) parts.push(bytes.subarray(at, at + PART_BYTES));
  return parts;
}

/**
 * Puts the parts together again.
 * @param name of the cluster that the state is of
 * @throws OrreryError ORR4009 when they are damaged or of a newer format. The contents never appear in the message.
 */
export async function decodeRevision(
  parts: readonly Uint8Array[],
  name: string,
  number: number,
): Promise<{ desired: DesiredCluster; assemblyDigest: string }> {
  let contents: Contents;
  try {
    const text = await promisify(gunzip)(Buffer.concat(parts), { maxOutputLength: UNPACKED_LIMIT });
    contents = JSON.parse(text.toString()) as Contents;
  } catch {
    // No cause: V8 quotes the text in its message, and the text may hold Secrets.
    throw unreadable(name, number, 'is damaged');
  }
  if (contents.format !== FORMAT || typeof contents.version !== 'string' || !Array.isArray(contents.objects))
    throw unreadable(name, number, 'is none of Orrery');
  if (Number.parseInt(contents.version, 10) > Number.parseInt(VERSION, 10))
    throw unreadable(name, number, `was written in format ${contents.version}, newer than ${VERSION}`);
  const objects = contents.objects.map(
    ({ object, dependsOn = [], ...row }): DesiredObject => ({
      ...row,
      dependsOn,
      object,
      id: idOf(object),
      sha256: sha256(canonicalJson(object)),
    }),
  );
  const { facts, assemblyDigest, canaries, waivers } = contents;
  const staged = canaries === undefined ? {} : { canaries, ...(waivers === undefined ? {} : { waivers }) };
  return { desired: { name, facts, objects, ...staged }, assemblyDigest };
}

function unreadable(cluster: string, number: number, what: string): OrreryError {
  return new OrreryError('ORR4009', `Revision ${number} of cluster ${cluster} ${what}.`, {
    cluster,
    fix: 'Choose another revision (orrery history lists them), or use the version of Orrery that wrote it.',
  });
}
