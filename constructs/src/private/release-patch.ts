import type { JsonPatch } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { JsonValue, ReleasePatchManifest } from '../assembly-format';
import type { Cluster } from '../cluster';
import type { RenderedTarget } from '../helm-release';
import { safeJson } from './json-values';
import { operationOf } from './object-patch';
import type { Overrides } from './overrides';
import { fail } from './problem';

/** A patch of what a chart renders, as declared. */
export type ReleasePatch = { readonly target: RenderedTarget } & (
  | { readonly type: 'json'; readonly operations: readonly JsonPatch[] }
  | { readonly type: 'merge' | 'strategic'; readonly patch: unknown }
);

/** The patches of a release in one cluster, and where the program declares them. */
export interface RenderedPatches {
  readonly patches: readonly ReleasePatchManifest[];
  readonly places: ReadonlyMap<string, string>;
}

/** Patches as the engine applies them: what the chart renders is known there alone. */
export function renderPatches(
  construct: IConstruct,
  declared: Overrides<ReleasePatch>,
  cluster: Cluster,
): RenderedPatches {
  const own = new Set(declared.for(cluster));
  const patches: ReleasePatchManifest[] = [];
  const places = new Map<string, string>();
  for (const [at, override] of declared.all.entries()) {
    if (!own.has(override)) continue;
    const { value, site } = override;
    const path = `${construct.node.path}/patch-${at + 1}`;
    patches.push({
      path,
      target: targetOf(construct, value.target, site.source),
      ...bodyOf(construct, value, site.source),
    });
    if (site.source !== undefined) places.set(path, site.source);
  }
  return { patches, places };
}

function targetOf(
  construct: IConstruct,
  target: RenderedTarget | undefined,
  source: string | undefined,
): ReleasePatchManifest['target'] {
  if (typeof target?.kind !== 'string' || target.kind === '')
    fail(construct, 'ORR2011', 'The patch says no kind.', {
      fix: 'Set kind, and name where there are several.',
      source,
    });
  const { kind, apiGroup, name, namespaceName } = target as RenderedTarget;
  return {
    kind,
    ...(apiGroup === undefined ? {} : { group: apiGroup }),
    ...(name === undefined ? {} : { name }),
    ...(namespaceName === undefined ? {} : { namespace: namespaceName }),
  };
}

function bodyOf(
  construct: IConstruct,
  patch: ReleasePatch,
  source: string | undefined,
): Pick<ReleasePatchManifest, 'json' | 'merge' | 'strategic'> {
  if (patch.type === 'json')
    return { json: patch.operations.map((operation) => operationOf(construct, operation, source)) };
  const value = safeJson(construct, 'The patch', patch.patch, source);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    fail(construct, 'ORR2011', 'The patch is no map.', { fix: 'Write { key: value }.', source });
  return { [patch.type]: value as { readonly [key: string]: JsonValue } };
}
