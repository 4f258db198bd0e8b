import { canonicalJson, sha256 } from '../kubernetes/canonical.ts';
import { isSecret } from '../kubernetes/object.ts';
import { isCustomResourceDefinition } from '../kubernetes/scope.ts';
import type { CheckedCluster, CheckedObject, Found, ObjectCheck } from './check.ts';

/** What a check found in an object, without the object. */
export interface ObjectFinding extends Omit<Found, 'object'> {
  readonly check: string;
}

/** What was found in objects before, each under a key of everything that decided it. */
export interface KeptFindings {
  /** What decides beside objects and facts: version of the checks, definitions that something else brings. */
  readonly from: string;
  read(key: string): readonly ObjectFinding[] | undefined;
  write(key: string, found: readonly ObjectFinding[]): void;
}

/** What the checks that look at one object at a time find in a cluster, check by check. Objects that are as they were when they were kept are not looked at. */
export function objectFindings(
  cluster: CheckedCluster,
  checks: readonly ObjectCheck[],
  kept: KeptFindings | undefined,
): Map<string, Found[]> {
  const found = new Map<string, Found[]>(checks.map(({ id }) => [id, []]));
  const context = kept === undefined ? '' : contextOf(cluster, kept.from);
  for (const object of cluster.objects) {
    // The digest of a Secret is kept nowhere, not even as a part of a key: it would tell whether a guess at the value is right.
    const store = isSecret(object.id) ? undefined : kept;
    const key = store === undefined ? '' : keyOf(object, cluster, context);
    let own = store?.read(key);
    if (own === undefined) {
      own = checks.flatMap(({ id, run }) =>
        run(object, cluster).map(({ object: _, ...rest }) => ({ ...rest, check: id })),
      );
      store?.write(key, own);
    }
    for (const { check, ...rest } of own) found.get(check)?.push({ ...rest, object });
  }
  return found;
}

/** Facts and definitions decide about every object of the cluster. */
function contextOf({ facts, objects }: CheckedCluster, from: string): string {
  const definitions = objects.filter(({ desired }) => isCustomResourceDefinition(desired.object));
  return sha256(canonicalJson([from, facts, definitions.map(({ desired }) => desired.sha256)]));
}

function keyOf({ id, desired }: CheckedObject, { enforcedLevels }: CheckedCluster, context: string): string {
  const enforced = enforcedLevels.get(id.namespace);
  return `${context} ${desired.sha256} ${id.namespace} ${enforced?.level ?? ''} ${enforced?.minor ?? ''}`;
}
