import { OrreryError } from '../errors.ts';
import type { Json, JsonObject, KubernetesObject } from '../kubernetes/object.ts';
import type { YamlDocument } from './read.ts';

/** From YAML documents to Kubernetes objects, as kubectl builds them. */

export interface LocatedObject {
  /** As it was written: nothing removed, nothing added. */
  readonly object: KubernetesObject;
  /** 1-based line of the object in its source. */
  readonly line: number;
}

/**
 * The objects of a source, Lists unpacked (also Lists in Lists).
 * @param leaveOut objects that are of no interest and may lack a name, e.g. test hooks of a chart
 * @throws OrreryError ORR2202 with "source:line" for a document that is no Kubernetes object or has no identity.
 */
export function kubernetesObjects(
  documents: readonly YamlDocument[],
  source: string,
  leaveOut: (object: JsonObject) => boolean = () => false,
): LocatedObject[] {
  const result: LocatedObject[] = [];
  for (const document of documents) unpack(document.value, [], document, { source, leaveOut }, result);
  return result;
}

function unpack(
  value: Json,
  path: readonly (string | number)[],
  document: YamlDocument,
  context: Context,
  result: LocatedObject[],
): void {
  const refuse: Refuse = (what, fix = WANTED, at = []) => {
    throw new OrreryError('ORR2202', what, { source: `${context.source}:${document.lineOf([...path, ...at])}`, fix });
  };
  const line = document.lineOf(path);
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    refuse(`${path.length === 0 ? 'the document' : 'the list item'} is ${nameOf(value)}, not a Kubernetes object`);
  }
  const kind = identifier(value, 'kind', refuse);
  const apiVersion = identifier(value, 'apiVersion', refuse);
  const items = value.items;
  if (kind.endsWith('List') && (Array.isArray(items) || items === null)) {
    (items ?? []).forEach((item, index) => {
      unpack(completeItem(item, kind, apiVersion), [...path, 'items', index], document, context, result);
    });
    return;
  }
  if (context.leaveOut(value)) return;
  const metadata = value.metadata;
  if (metadata === undefined || metadata === null) refuse(`the ${kind} has no metadata`, 'Give it metadata.name.');
  if (typeof metadata !== 'object' || Array.isArray(metadata)) {
    refuse(`metadata of the ${kind} is ${nameOf(metadata)}, not a mapping`, undefined, ['metadata']);
  }
  checkName(metadata, kind, refuse);
  result.push({ object: value as unknown as KubernetesObject, line });
}

const WANTED = 'Every document must be a Kubernetes object with apiVersion, kind and metadata.name.';

interface Context {
  readonly source: string;
  readonly leaveOut: (object: JsonObject) => boolean;
}

type Refuse = (what: string, fix?: string, at?: readonly (string | number)[]) => never;

function identifier(value: JsonObject, field: 'apiVersion' | 'kind', refuse: Refuse): string {
  const text = value[field];
  if (typeof text === 'string' && text !== '') return text;
  const what =
    text === undefined || text === null || text === ''
      ? `the document has no ${field}`
      : `${field} is ${nameOf(text)}, not a string`;
  refuse(what, WANTED, text === undefined ? [] : [field]);
}

function checkName(metadata: JsonObject, kind: string, refuse: Refuse): void {
  const { name, namespace } = metadata;
  if (name === undefined || name === null || name === '') {
    const generated = typeof metadata.generateName === 'string';
    refuse(
      `the ${kind} has no metadata.name`,
      generated ? 'A desired state needs a fixed name: replace generateName by name.' : 'Give it metadata.name.',
      ['metadata'],
    );
  }
  if (typeof name !== 'string')
    refuse(`metadata.name of the ${kind} is ${nameOf(name)}, not a string`, 'Quote it.', ['metadata', 'name']);
  if (namespace !== undefined && namespace !== null && typeof namespace !== 'string') {
    refuse(`metadata.namespace of the ${kind} is ${nameOf(namespace)}, not a string`, 'Quote it.', [
      'metadata',
      'namespace',
    ]);
  }
}

/** An item of a typed list ("ConfigMapList") may leave out what the list says (apimachinery, unstructuredJSONScheme.decodeToList). */
function completeItem(item: Json, listKind: string, listApiVersion: string): Json {
  if (item === null || typeof item !== 'object' || Array.isArray(item)) return item;
  const itemKind = listKind.slice(0, -'List'.length);
  if (itemKind === '' || item.kind !== undefined || item.apiVersion !== undefined) return item;
  return { apiVersion: listApiVersion, kind: itemKind, ...item };
}

function nameOf(value: Json | undefined): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value === 'string') return 'a text';
  return `the ${typeof value} ${value}`;
}
