import type { ClusterFactsManifest } from '@orrery/constructs/assembly-format';
import { groupOf, type KubernetesObject } from '../../kubernetes/object.ts';
import { isCustomResourceDefinition } from '../../kubernetes/scope.ts';
import { type RuledPlace, ruledPlace } from '../cel/cel-rules.ts';
import { type BuiltInSchemas, builtInSchemas } from './built-in-schemas.ts';
import {
  type ApiLifecycle,
  type BuiltInTable,
  type Minors,
  minorOf,
  minorsOf,
  type Ranged,
  readBuiltInTable,
  readLifecycles,
} from './built-in-table.ts';
import { isMap, once, type Schema } from './schema.ts';
import { structuralSchema } from './structural-schema.ts';

/** A version of a custom resource, from its definition. */
export interface DefinedVersion {
  readonly served: boolean;
  readonly deprecated: boolean;
  /** What API servers answer about a deprecated one. */
  readonly warning?: string | undefined;
  readonly schema: () => Schema;
  /** Rules of `x-kubernetes-validations`; undefined where there are none. */
  readonly rules: () => RuledPlace | undefined;
}

/** A custom resource, from its definition. */
export interface DefinedKind {
  /** Version → what it is. */
  readonly versions: ReadonlyMap<string, DefinedVersion>;
}

/** What can be known of the kinds of one cluster without asking it. */
export interface KnownKinds {
  /** Releases that the cluster may be of: one where its version is declared. Never beyond the table. */
  readonly minors: Minors;
  /** The cluster is declared to be of this minor, which the table may not have. */
  readonly declared: number | undefined;
  readonly table: BuiltInTable;
  readonly builtIn: BuiltInSchemas;
  /** "group/Kind" → the definition. */
  readonly defined: ReadonlyMap<string, DefinedKind>;
  readonly lifecycles: ReadonlyMap<string, ApiLifecycle>;
  /** Schema of every apiVersion and kind that was asked for. */
  readonly looked: Map<string, Schema | undefined>;
}

/** Makes what is known of each cluster: tables are read when they are asked for, schemas compiled once for all clusters of a release. */
export class KindCatalogue {
  private readonly imported: readonly KubernetesObject[];
  private readonly table = once(readBuiltInTable);
  private readonly lifecycles = once(readLifecycles);
  private readonly releases = new Map<string, BuiltInSchemas>();
  private readonly definitions = new Map<KubernetesObject, Map<string, DefinedVersion>>();

  /** @param imported definitions of custom resources that something else brings into the clusters */
  public constructor(imported: readonly KubernetesObject[] = []) {
    this.imported = imported;
  }

  public of(facts: ClusterFactsManifest, objects: readonly KubernetesObject[]): KnownKinds {
    const table = this.table();
    const { minors } = table;
    const declared = minorOf(facts.kubernetesVersion);
    const own = minorsOf(facts.kubernetesVersion, minors);
    const builtIn = this.release(own);
    const defined = new Map<string, DefinedKind>();
    // The program's own definitions replace imported ones.
    for (const definition of [...this.imported, ...objects.filter(isCustomResourceDefinition)]) {
      const name = nameOf(definition);
      if (name !== undefined) defined.set(name, { versions: this.versionsOf(definition, builtIn) });
    }
    return { minors: own, declared, table, builtIn, defined, lifecycles: this.lifecycles(), looked: new Map() };
  }

  private release(minors: Minors): BuiltInSchemas {
    const key = `${minors.from}-${minors.to}`;
    const known = this.releases.get(key) ?? builtInSchemas(this.table(), minors);
    this.releases.set(key, known);
    return known;
  }

  private versionsOf(definition: KubernetesObject, builtIn: BuiltInSchemas): Map<string, DefinedVersion> {
    const known = this.definitions.get(definition);
    if (known !== undefined) return known;
    const versions = new Map<string, DefinedVersion>();
    const { spec } = definition as { spec?: { versions?: unknown } };
    for (const version of Array.isArray(spec?.versions) ? spec.versions : []) {
      if (!isMap(version) || typeof version.name !== 'string') continue;
      const { schema, served, deprecated, deprecationWarning } = version;
      const root = isMap(schema) ? schema.openAPIV3Schema : undefined;
      versions.set(version.name, {
        served: served !== false,
        deprecated: deprecated === true,
        warning: typeof deprecationWarning === 'string' ? deprecationWarning : undefined,
        schema: once(() => structuralSchema(root, builtIn.typed('meta.v1.ObjectMeta'))),
        rules: once(() => ruledPlace(root)),
      });
    }
    this.definitions.set(definition, versions);
    return versions;
  }
}

/** The schema of an object; undefined for a kind that is not known, or not served. */
export function schemaOf(known: KnownKinds, { apiVersion, kind }: KubernetesObject): Schema | undefined {
  const name = `${apiVersion} ${kind}`;
  if (!known.looked.has(name)) known.looked.set(name, lookUp(known, apiVersion, kind));
  return known.looked.get(name);
}

function lookUp(known: KnownKinds, apiVersion: string, kind: string): Schema | undefined {
  if (known.defined.has(`${groupOf(apiVersion)}/${kind}`)) return definedVersion(known, { apiVersion, kind })?.schema();
  const type = builtInType(known, `${apiVersion} ${kind}`);
  return type === undefined ? undefined : known.builtIn.typed(type.value);
}

/** The version of a custom resource that an object has; undefined where no definition of the kind is known, or it does not have that version. */
export function definedVersion(
  { defined }: KnownKinds,
  { apiVersion, kind }: Pick<KubernetesObject, 'apiVersion' | 'kind'>,
): DefinedVersion | undefined {
  const group = groupOf(apiVersion);
  return defined.get(`${group}/${kind}`)?.versions.get(apiVersion.slice(group.length + 1));
}

/** The entry of "apps/v1 Deployment" in the table, for the cluster's release. */
export function builtInType({ table, minors }: KnownKinds, kind: string): Ranged<string> | undefined {
  return table.kinds.get(kind)?.findLast(({ from, to }) => from <= minors.to && to >= minors.from);
}

function nameOf(definition: KubernetesObject): string | undefined {
  const { spec } = definition as { spec?: { group?: unknown; names?: { kind?: unknown } } };
  const kind = spec?.names?.kind;
  return typeof spec?.group === 'string' && typeof kind === 'string' ? `${spec.group}/${kind}` : undefined;
}
