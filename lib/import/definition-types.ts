import { OrreryError } from '../errors.ts';
import type { JsonObject, KubernetesObject } from '../kubernetes/object.ts';
import { TypeWriter } from './type-writer.ts';
import { docComment, objectOf, pascal, quoted } from './typescript-text.ts';

/** A file of types. */
export interface TypesFile {
  /** Relative to the folder of imports, with forward slashes: "networking.istio.io/VirtualService.ts". */
  readonly path: string;
  readonly text: string;
  /** What it has types of, for people: "VirtualService (networking.istio.io: v1, v1beta1)". */
  readonly about: string;
}

interface Version {
  readonly name: string;
  readonly schema: JsonObject | undefined;
  readonly deprecated: boolean;
}

/**
 * The types of a kind, from its CustomResourceDefinition (apiextensions.k8s.io, v1 or v1beta1): an interface for each served version. The newest stable one has the plain
 * name of the kind, others have their version behind it ("CertificateV1alpha2"). `status` is left out: it is the controller's.
 * @param source where it was read, for errors: "crds.yaml:12"
 * @throws OrreryError ORR2501 for what is no usable definition
 */
export function typesOfDefinition(definition: KubernetesObject, source?: string): TypesFile {
  const spec = objectOf(definition.spec as JsonObject) ?? {};
  const names = objectOf(spec.names) ?? {};
  const { group } = spec;
  const { kind } = names;
  const refuse = (what: string): never => {
    const name = definition.metadata?.name ?? 'without a name';
    throw new OrreryError('ORR2501', `the definition ${name} ${what}`, {
      source,
      fix: 'Correct it, or import the others without it.',
    });
  };
  if (typeof group !== 'string' || !/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(group) || group.includes('..'))
    return refuse('names no API group');
  if (typeof kind !== 'string' || !/^[A-Za-z][A-Za-z0-9]*$/.test(kind)) return refuse('names no kind');
  const versions = servedVersions(spec).sort((a, b) => comparePriority(a.name, b.name));
  const [newest] = versions;
  if (newest === undefined) return refuse('serves no version');
  const plain = versions.find(({ name }) => /^v\d+$/.test(name)) ?? newest;
  const named = versions.map((version) => ({
    ...version,
    type: version === plain ? kind : `${kind}${pascal(version.name)}`,
  }));
  const writer = new TypeWriter('structural');
  const metadata = `${kind}Metadata`;
  for (const { type } of named) writer.reserve(type);
  writer.reserve(metadata);
  for (const version of named) writeVersion(writer, version, { group, kind, metadata });
  writer.declare(metadata, () => metadataLines(spec.scope !== 'Cluster'));
  const all = versions.map(({ name }) => name).join(', ');
  return {
    path: `${group}/${kind}.ts`,
    text: `// ${kind} of ${group} (${all}). Written by orrery import; changes are lost with the next import.\n\n${writer.text()}`,
    about: `${kind} (${group}: ${all})`,
  };
}

function writeVersion(
  writer: TypeWriter,
  { type, name, schema, deprecated }: Version & { readonly type: string },
  { group, kind, metadata }: { readonly group: string; readonly kind: string; readonly metadata: string },
): void {
  const { apiVersion: _, kind: __, metadata: ___, status: ____, ...properties } = objectOf(schema?.properties) ?? {};
  const notes = deprecated ? [`@deprecated ${group}/${name} is deprecated by its owner.`] : [];
  const lines = () => [
    `  apiVersion: ${quoted(`${group}/${name}`)};`,
    `  kind: ${quoted(kind)};`,
    `  metadata?: ${metadata};`,
    ...(schema === undefined ? ['  [key: string]: unknown;'] : writer.members({ ...schema, properties }, type)),
  ];
  writer.declare(type, lines, docComment(schema, '', notes));
}

/** ObjectMeta as far as a program sets it (k8s.io/apimachinery, meta/v1). */
function metadataLines(isNamespaced: boolean): string[] {
  return [
    '  name?: string;',
    ...(isNamespaced ? ['  namespace?: string;'] : []),
    '  labels?: { [key: string]: string };',
    '  annotations?: { [key: string]: string };',
    '  finalizers?: string[];',
  ];
}

/** Served versions with their schema; in v1beta1 the schema may stand beside them, and there may be one version without a list. */
function servedVersions(spec: JsonObject): Version[] {
  const shared = schemaIn(spec.validation);
  const listed: JsonObject[] = [];
  for (const one of Array.isArray(spec.versions) ? spec.versions : []) listed.push(objectOf(one) ?? {});
  const all: readonly JsonObject[] =
    listed.length > 0 || typeof spec.version !== 'string' ? listed : [{ name: spec.version, served: true }];
  return all.flatMap((version) =>
    typeof version.name === 'string' && /^[a-z][a-z0-9]*$/.test(version.name) && version.served !== false
      ? [{ name: version.name, schema: schemaIn(version.schema) ?? shared, deprecated: version.deprecated === true }]
      : [],
  );
}

function schemaIn(holder: JsonObject[string]): JsonObject | undefined {
  return objectOf(objectOf(holder)?.openAPIV3Schema);
}

/** Newest first, as the API server orders versions: v2, v1, v1beta2, v1beta1, v1alpha1, others by name (Kubernetes documentation, "Version priority"). */
function comparePriority(a: string, b: string): number {
  const [left, right] = [ranked(a), ranked(b)];
  for (const [at, value] of left.entries()) if (value !== right[at]) return (right[at] as number) - value;
  return a < b ? -1 : 1;
}

/** Stability, major, minor; 0 for what is no Kubernetes version. */
function ranked(version: string): readonly number[] {
  const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
  if (match === null) return [0, 0, 0];
  const [, major, level, minor] = match;
  return [level === undefined ? 3 : level === 'beta' ? 2 : 1, Number(major), Number(minor ?? 0)];
}
