import { OrreryError } from '../errors.ts';
import { describeId, idKey } from '../kubernetes/object.ts';
import type { ScopeOf } from '../kubernetes/scope.ts';
import type { DesiredObject } from './desired-state.ts';

/**
 * No two objects of a cluster may be the same one: whichever came last would win, and each run anew. Namespaces count as they will be in the
 * cluster; where only the cluster knows whether a kind has them, as they are written.
 * @throws OrreryError ORR2203 naming both sources
 */
export function refuseDuplicates(objects: readonly DesiredObject[], scopeOf: ScopeOf, cluster: string): void {
  const seen = new Map<string, DesiredObject>();
  for (const desired of objects) {
    const { id } = desired;
    const namespaced = scopeOf(id.group, id.kind) === 'Namespaced';
    const namespace = id.namespace === '' && namespaced ? (desired.defaultNamespace ?? 'default') : id.namespace;
    const key = idKey({ ...id, namespace });
    const other = seen.get(key);
    if (other === undefined) {
      seen.set(key, desired);
      continue;
    }
    throw new OrreryError(
      'ORR2203',
      `${describeId({ ...id, namespace })} is there twice: from ${origin(other)} and from ${origin(desired)}`,
      {
        cluster,
        path: desired.path,
        source: desired.source,
        object: describeId({ ...id, namespace }),
        fix: 'Remove one of the two, or give it another name or namespace.',
      },
    );
  }
}

function origin({ path, source }: DesiredObject): string {
  return source === undefined ? path : `${path} (${source})`;
}
