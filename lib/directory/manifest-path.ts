import { builtInScope } from '@orrery/constructs/built-in-kinds';
import { sha256 } from '../kubernetes/canonical.ts';
import { idKey, type ObjectId } from '../kubernetes/object.ts';

/** Folder of cluster-scoped objects; no namespace can be called so. */
const CLUSTER_SCOPED = '_cluster';
/** File systems allow 255 bytes per name; what is written atomically gets a suffix for a moment. */
const LONGEST_NAME = 180;
/** Names that Windows does not allow as files or folders, whatever follows after a dot. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)$/;
const PORTABLE = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/;

/**
 * Where the manifests of objects lie in a target folder: "shop/deployment-cart.yaml", "_cluster/clusterrole-viewer.yaml",
 * "shop/virtualservice.networking.istio.io-cart.yaml" (kinds that are not built in carry their group).
 *
 * Names that not every file system keeps apart or allows (upper case, ":", very long ones) get "~" and a hash of the identity; so do objects whose names
 * would meet. Every part of a path is lower case and none begins with a dot, so no path leads out of the folder.
 */
export function manifestPaths(ids: readonly ObjectId[]): Map<string, string> {
  const plain = ids.map((id) => pathOf(id, false));
  const uses = new Map<string, number>();
  for (const path of plain) uses.set(path, (uses.get(path) ?? 0) + 1);
  return new Map(
    ids.map((id, i) => [idKey(id), uses.get(plain[i] as string) === 1 ? (plain[i] as string) : pathOf(id, true)]),
  );
}

function pathOf(id: ObjectId, hashed: boolean): string {
  const folder =
    id.namespace === '' ? CLUSTER_SCOPED : portable(id.namespace, id.namespace, RESERVED.test(id.namespace));
  const kind = id.kind.toLowerCase();
  const type = id.group === '' || builtInScope(id.group, id.kind) !== undefined ? kind : `${kind}.${id.group}`;
  return `${folder}/${portable(`${type}-${id.name}`, idKey(id), hashed)}.yaml`;
}

function portable(name: string, identity: string, hashed: boolean): string {
  if (!hashed && PORTABLE.test(name) && name.length <= LONGEST_NAME) return name;
  const readable = name
    .toLowerCase()
    .replace(/[^a-z0-9.-]/g, '_')
    .replace(/^\.+/, '_')
    .slice(0, LONGEST_NAME);
  return `${readable}~${sha256(identity).slice(0, 10)}`;
}
