import { assertRights } from '../rights/assert-rights.ts';
import { type Right, rightFor } from '../rights/right.ts';
import type { StageInput } from './apply-stage.ts';
import { touchedPaths } from './place-stage.ts';
import { recordName } from './release-record.ts';

/**
 * Makes sure, before a release begins in a cluster, that we may do there what any of its stages needs: a release that finds out in the middle leaves traffic divided.
 * @throws OrreryError ORR3006 with all that is missing
 */
export async function assertMayRelease({ target, cluster, canaries, release, desired }: StageInput): Promise<void> {
  const canary = canaries.find((one) => one.canary.name === release)?.canary;
  if (canary === undefined) return;
  const { states } = canary;
  const paths = touchedPaths(states);
  const comeAndGo = new Set([states.before, ...states.stages, ...states.abort].flatMap(({ absent = [] }) => absent));
  const discovery = await target.discovery();
  const rights: Right[] = (cluster.unplaced ?? cluster).objects
    .filter(({ path }) => paths.has(path))
    .flatMap((one) => {
      const resource = discovery.find(one.object.apiVersion, one.id.kind);
      if (resource === undefined) return [];
      const verbs = comeAndGo.has(one.path) ? ['create', 'patch', 'delete'] : ['patch'];
      const namespace = resource.namespaced ? one.id.namespace || one.defaultNamespace || 'default' : '';
      return verbs.map((verb) => rightFor(verb, resource, { namespace, name: one.id.name }));
    });
  const { inventoryNamespace: namespace } = target;
  const secrets = { group: '', resource: 'secrets', namespace };
  const name = recordName(desired.platform.id, release);
  await assertRights(target, [
    ...rights,
    { ...secrets, verb: 'create' },
    { ...secrets, verb: 'get', name },
    { ...secrets, verb: 'update', name },
  ]);
}
