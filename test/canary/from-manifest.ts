import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as orrery from '@orrery/constructs';
import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { API_NAMES } from '../../constructs/lib/private/api-value.js';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';

/** Something of a manifest that the typed API cannot say. */
export interface Unsayable {
  /** "spec.strategy.canary.steps[0].weight" */
  readonly path: string;
  readonly why: string;
}

/** A manifest as a call of the typed API. */
export interface TypedCall {
  /** "ArgoRollout" */
  readonly construct: string;
  readonly props: object;
}

/** Constructs by API group and kind. */
export const CONSTRUCTS: Readonly<Record<string, string>> = {
  'argoproj.io/Rollout': 'ArgoRollout',
  'argoproj.io/AnalysisTemplate': 'ArgoAnalysisTemplate',
  'argoproj.io/ClusterAnalysisTemplate': 'ArgoClusterAnalysisTemplate',
  'argoproj.io/Experiment': 'ArgoExperiment',
  'flagger.app/Canary': 'FlaggerCanary',
  'flagger.app/MetricTemplate': 'FlaggerMetricTemplate',
  'flagger.app/AlertProvider': 'FlaggerAlertProvider',
  'networking.istio.io/VirtualService': 'IstioVirtualService',
  'networking.istio.io/DestinationRule': 'IstioDestinationRule',
  'networking.istio.io/Gateway': 'IstioGateway',
};

/** The typed construct for the kind of an object, or undefined where there is none. */
export function constructFor({ apiVersion, kind }: KubernetesObject): string | undefined {
  return CONSTRUCTS[`${apiVersion.split('/')[0]}/${kind}`];
}

interface JsiiType {
  readonly kind: string;
  readonly name: string;
  readonly properties?: readonly JsiiProperty[];
  readonly interfaces?: readonly string[];
  readonly initializer?: { readonly parameters: readonly { readonly name: string; readonly type: JsiiReference }[] };
}

interface JsiiProperty {
  readonly name: string;
  readonly optional?: boolean;
  readonly type: JsiiReference;
}

interface JsiiReference {
  readonly primitive?: string;
  readonly fqn?: string;
  readonly collection?: { readonly kind: 'array' | 'map'; readonly elementtype: JsiiReference };
  readonly union?: { readonly types: readonly JsiiReference[] };
}

let types: Record<string, JsiiType> | undefined;

/** A type of the API, by its full name. */
export function typeOf(fqn: string): JsiiType {
  const file = join(import.meta.dirname, '../../constructs/.jsii');
  types ??= (JSON.parse(readFileSync(file, 'utf8')) as { types: Record<string, JsiiType> }).types;
  const type = types[fqn];
  if (type === undefined) throw new Error(`no type ${fqn} in .jsii`);
  return type;
}

/** The struct of properties that a construct is given. */
export function propsOf(construct: string): string {
  const { initializer } = typeOf(`@orrery/constructs.${construct}`);
  const fqn = initializer?.parameters.find(({ name }) => name === 'props')?.type.fqn;
  if (fqn === undefined) throw new Error(`${construct} takes no properties`);
  return fqn;
}

/** Every property of a struct, also those that it inherits. */
export function propertiesOf(fqn: string): readonly JsiiProperty[] {
  const { properties = [], interfaces = [] } = typeOf(fqn);
  return [...interfaces.flatMap(propertiesOf), ...properties];
}

/**
 * Reads a manifest field by field against the types of the API, as the compiler of every language sees them (.jsii): each field has to be a property,
 * each value of its type, each word one of its enum. Nothing goes through unread but JSON of plugins, for which the API has no types either.
 */
export function readManifest(object: KubernetesObject): TypedCall | { readonly unsayable: readonly Unsayable[] } {
  const construct = constructFor(object);
  if (construct === undefined) {
    return { unsayable: [{ path: 'kind', why: `no construct for ${object.apiVersion} ${object.kind}` }] };
  }
  const unsayable: Unsayable[] = [];
  const { apiVersion, kind: _kind, ...rest } = object as unknown as Record<string, unknown>;
  const fqn = propsOf(construct);
  const versioned = propertiesOf(fqn).some(({ name }) => name === 'apiVersion') ? { apiVersion } : {};
  const props = readStruct({ ...versioned, ...rest }, fqn, '', unsayable);
  return unsayable.length > 0 ? { unsayable } : { construct, props };
}

function readStruct(value: object, fqn: string, path: string, unsayable: Unsayable[]): object {
  const properties = propertiesOf(fqn);
  const byField = new Map(properties.map((property) => [API_NAMES.get(property.name) ?? property.name, property]));
  const result: Record<string, unknown> = {};
  for (const [field, member] of Object.entries(value)) {
    const at = path === '' ? field : `${path}.${field}`;
    const property = byField.get(field);
    if (member === null) continue;
    if (property === undefined) unsayable.push({ path: at, why: 'no such property' });
    else result[property.name] = readValue(member, property.type, at, unsayable);
  }
  for (const { name, optional } of properties) {
    if (optional !== true && !(name in result)) unsayable.push({ path: `${path}.${name}`, why: 'a value is needed' });
  }
  return result;
}

function readValue(value: unknown, type: JsiiReference, path: string, unsayable: Unsayable[]): unknown {
  if (type.union !== undefined) {
    const fits = type.union.types.some(({ primitive }) => primitive === typeof value);
    if (!fits) unsayable.push({ path, why: `${JSON.stringify(value)} is of none of the types` });
    return value;
  }
  if (type.collection !== undefined) return readCollection(value, type.collection, path, unsayable);
  if (type.fqn !== undefined) return readNamed(value, type.fqn, path, unsayable);
  if (type.primitive !== 'any' && type.primitive !== typeof value) {
    unsayable.push({ path, why: `${JSON.stringify(value)} is no ${type.primitive}` });
  }
  return value;
}

function readCollection(
  value: unknown,
  { kind, elementtype }: NonNullable<JsiiReference['collection']>,
  path: string,
  unsayable: Unsayable[],
): unknown {
  if (kind === 'array') {
    if (Array.isArray(value)) return value.map((item, i) => readValue(item, elementtype, `${path}[${i}]`, unsayable));
  } else if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [
        key,
        readValue(member, elementtype, `${path}["${key}"]`, unsayable),
      ]),
    );
  }
  unsayable.push({ path, why: kind === 'array' ? 'is no list' : 'is no map' });
  return value;
}

function readNamed(value: unknown, fqn: string, path: string, unsayable: Unsayable[]): unknown {
  const { kind, name } = typeOf(fqn);
  if (kind === 'enum') {
    const words = Object.values((orrery as unknown as Record<string, Record<string, string>>)[name] ?? {});
    if (!words.includes(value as string)) unsayable.push({ path, why: `"${String(value)}" is no ${name}` });
    return value;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return readStruct(value, fqn, path, unsayable);
  }
  unsayable.push({ path, why: `is no ${name}` });
  return value;
}

/** Makes the call. */
export function build(scope: Construct, id: string, { construct, props }: TypedCall): ApiObject {
  const constructs = orrery as unknown as Record<
    string,
    new (
      scope: Construct,
      id: string,
      props: object,
    ) => ApiObject
  >;
  const Typed = constructs[construct];
  if (Typed === undefined) throw new Error(`no ${construct}`);
  return new Typed(scope, id, props);
}
