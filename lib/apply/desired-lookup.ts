import { desiredDigest } from '../diff/proof.ts';
import { resolveNamespace } from '../diff/resolve-namespace.ts';
import { OrreryError } from '../errors.ts';
import { describeId, idKey } from '../kubernetes/object.ts';
import { scopesWith } from '../kubernetes/scope.ts';
import type { PlanItem } from '../plan/plan.ts';
import type { DesiredCluster, DesiredObject } from '../render/desired-state.ts';
import type { ResourceLookup } from './cluster-context.ts';

/** The desired objects of a cluster with their namespaces resolved, by `idKey`. */
export function desiredById(
  cluster: DesiredCluster | undefined,
  resources: Pick<ResourceLookup, 'find'> | undefined,
): ReadonlyMap<string, DesiredObject> {
  const objects = cluster?.objects ?? [];
  const scopeOf = scopesWith(objects.map(({ object }) => object));
  return new Map(
    objects.map((desired) => {
      const { apiVersion, kind } = desired.object;
      const namespaced = resources?.find(apiVersion, kind)?.namespaced ?? scopeOf(desired.id.group, kind) !== 'Cluster';
      const resolved = resolveNamespace(desired, namespaced);
      return [idKey(resolved.id), resolved];
    }),
  );
}

/**
 * The desired object that a plan item was made from.
 * @throws OrreryError ORR4102 when the desired state has none, or another one
 */
export function desiredOf(
  item: PlanItem,
  desired: ReadonlyMap<string, DesiredObject>,
  hmacKey: Uint8Array,
  cluster: string,
): DesiredObject {
  const found = desired.get(idKey(item.id));
  const where = { cluster, object: describeId(item.id), path: item.path, source: item.source };
  if (found === undefined) {
    throw new OrreryError('ORR4102', `The plan writes ${describeId(item.id)}, which the program does not have.`, {
      ...where,
      fix: 'Plan again.',
    });
  }
  if (item.desiredDigest !== undefined && item.desiredDigest !== desiredDigest(found, hmacKey)) {
    throw new OrreryError('ORR4102', `${describeId(item.id)} is not what the plan was made from.`, {
      ...where,
      fix: 'The program, a chart or a value changed since: plan again.',
    });
  }
  return found;
}
