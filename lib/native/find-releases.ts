import { METADATA_LIST } from '../cluster/kube-client.ts';
import { listPages } from '../cluster/list-pages.ts';
import { resourcePath, SECRETS } from '../cluster/resource-path.ts';
import type { KubeTarget } from '../cluster/target.ts';
import { RELEASE_API_VERSION, releaseId } from '../helm/native-input.ts';
import { RELEASE_LABEL } from '../helm/release-arguments.ts';
import type { InventoryEntry } from '../inventory/inventory.ts';
import { describeId, idKey, type KubernetesObject } from '../kubernetes/object.ts';
import { isThere } from './release-state.ts';
import { revisionOf, type StoredRevision } from './stored-release.ts';

/**
 * Native releases of a platform by their label, as the inventory would hold them: what helm was given last is not known, so the next plan has them upgraded once. Empty where Secrets cannot be listed.
 */
export async function findReleases(target: KubeTarget, platformId: string): Promise<readonly InventoryEntry[]> {
  const query = { labelSelector: `owner=helm,${RELEASE_LABEL}=${platformId}` };
  const all = (items: readonly KubernetesObject[]) => items;
  const found = await listPages(target.client, resourcePath(SECRETS, ''), all, { query, accept: METADATA_LIST });
  if (!Array.isArray(found)) return [];
  const newest = new Map<string, { readonly id: InventoryEntry['id']; readonly revision: StoredRevision }>();
  for (const secret of found as KubernetesObject[]) {
    const { namespace = '', labels = {} } = secret.metadata;
    const id = releaseId(namespace, labels.name ?? '');
    const revision = revisionOf(secret);
    const known = newest.get(idKey(id));
    if (known === undefined || known.revision.revision < revision.revision) newest.set(idKey(id), { id, revision });
  }
  return [...newest.values()]
    .filter(({ revision }) => isThere(revision))
    .map(({ id, revision: { uid, revision } }) => ({
      ...{ id, apiVersion: RELEASE_API_VERSION, path: describeId(id) },
      ...{ uid, helmRevision: revision },
    }));
}
