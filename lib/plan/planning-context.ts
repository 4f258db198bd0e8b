import type { DiscoveredResources, ResourceType } from '../cluster/discovery.ts';
import type { KubeTarget } from '../cluster/target.ts';
import type { FieldSetCache } from '../diff/field-set.ts';
import type { LiveReader } from '../diff/live-objects.ts';
import type { SecretMask } from '../diff/secret-mask.ts';
import type { ServerStateKeys } from '../diff/server-state-key.ts';
import { isOrreryError, OrreryError, type Where } from '../errors.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { describeId, type ObjectId } from '../kubernetes/object.ts';
import type { DesiredObject } from '../render/desired-state.ts';
import type { Problem } from './plan.ts';
import type { PlanOptions } from './plan-options.ts';

/** What the verdicts of one cluster share. */
export interface PlanningContext {
  readonly target: KubeTarget;
  readonly platformId: string;
  /** Our field manager. */
  readonly manager: string;
  readonly options: PlanOptions;
  readonly inventory: Inventory;
  readonly discovery: DiscoveredResources;
  readonly stateKeys: ServerStateKeys;
  readonly reader: LiveReader;
  readonly fieldSets: FieldSetCache;
  readonly mask: SecretMask;
  readonly pending: Pending;
}

/** What this very plan brings into being, so that the server cannot be asked about what depends on it. */
export interface Pending {
  /** Namespaces that are created. */
  readonly namespaces: ReadonlySet<string>;
  /** CRDs that are created or may change, by "group/kind" of what they define. */
  readonly kinds: ReadonlySet<string>;
  /** Roles that are created or may change (granted-rights.ts). */
  readonly roles: ReadonlySet<string>;
}

/** A desired object with namespace resolved, and the resource to read and write it by. */
export interface ResolvedObject {
  readonly desired: DesiredObject;
  readonly resource: ResourceType;
  /** The server does not serve this version yet: a CRD of this plan brings it. */
  readonly isNew: boolean;
}

export function whereOf(
  context: { readonly target: { readonly cluster: string } },
  id: ObjectId,
  declared?: Where,
): Where {
  const where = { cluster: context.target.cluster, object: describeId(id) };
  return declared === undefined ? where : { ...where, path: declared.path, source: declared.source };
}

/** The error that a problem was. */
export function errorOf({ code, what, where, fix }: Problem): OrreryError {
  return new OrreryError(code, what, { ...where, fix });
}

/** An error as it stands in a plan. What is no OrreryError is a fault of ours and thrown on. */
export function problemOf(error: unknown, where: Where = {}): Problem {
  if (!isOrreryError(error)) throw error;
  const known = Object.fromEntries(Object.entries(error.where).filter(([, value]) => value !== undefined));
  return { code: error.code, what: error.message, where: { ...where, ...known }, fix: error.fix };
}
