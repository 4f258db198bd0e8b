import path from 'node:path';
import { OrreryError } from '../errors.ts';
import type { ConnectionSettings } from './connection.ts';
import { readDirectoryIndex } from './directory-index.ts';
import { createDiscovery } from './discovery-cache.ts';
import type { KubeClientOptions } from './http-client.ts';
import { assertSameTarget, readClusterUid } from './identity.ts';
import type { Environment, PluginPolicy } from './kubeconfig.ts';
import { loadKubeconfig } from './load-connection.ts';
import type { TargetPin } from './lock-file.ts';
import { type OpenApiIndex, readOpenApiIndex, readServerState, type ServerState } from './server-state.ts';
import type { DirectoryTarget, KubeTarget, Target, TargetConfig } from './target.ts';

export interface OpenTargetOptions {
  /** Name of the cluster in the program. */
  readonly cluster: string;
  readonly env: Environment;
  /** Who the target was last time; absent at first contact. Pins are written by the caller (`writePins`). */
  readonly pin?: TargetPin | undefined;
  /** Folder for cached discovery; absent: nothing is kept. */
  readonly cacheDirectory?: string | undefined;
  /** Kubeconfig and context of the cluster in the sandbox; needed for `kind: 'sandbox'`. */
  readonly sandbox?: { readonly kubeconfig: string; readonly context: string } | undefined;
  readonly client?: KubeClientOptions | undefined;
  /** Which credential plugins of a kubeconfig may run. Default: any. */
  readonly plugins?: PluginPolicy | undefined;
}

const INVENTORY_NAMESPACE = 'orrery-system';

/**
 * Opens a target and makes sure it is the one it was, before anything of ours is read there (law 9).
 * @throws OrreryError ORR3002 unusable kubeconfig, ORR3003 another cluster, ORR3004 unreachable, ORR3005 credentials refused, ORR3006 kube-system hidden
 */
export async function openTarget(config: TargetConfig, options: OpenTargetOptions): Promise<Target> {
  if (config.kind === 'directory') return openDirectory(config, options);
  const settings = await connectionOf(config, options);
  return openKubeTarget(settings, config.inventoryNamespace ?? INVENTORY_NAMESPACE, options);
}

async function connectionOf(
  config: Exclude<TargetConfig, { kind: 'directory' }>,
  options: OpenTargetOptions,
): Promise<ConnectionSettings> {
  const { env, plugins } = options;
  if (config.kind === 'kubeconfig')
    return loadKubeconfig({ kubeconfig: config.kubeconfig, context: config.context, env, plugins });
  if (options.sandbox === undefined) {
    throw new OrreryError('ORR3002', `The sandbox of cluster "${options.cluster}" is not running.`, {
      cluster: options.cluster,
      fix: 'Start it with `orrery sandbox up`.',
    });
  }
  return loadKubeconfig({ ...options.sandbox, env, plugins });
}

async function openKubeTarget(
  settings: ConnectionSettings,
  inventoryNamespace: string,
  options: OpenTargetOptions,
): Promise<KubeTarget> {
  const { cluster } = options;
  const { description } = settings;
  // Loaded for clusters only: TLS and HTTP/2 take longer to load than a plan of target folders to make.
  const { createKubeClient } = await import('./http-client.ts');
  const client = createKubeClient(settings, options.client);
  try {
    const clusterUid = await readClusterUid(client, cluster, description);
    assertSameTarget(cluster, description, clusterUid, options.pin);
    let index: Promise<OpenApiIndex> | undefined;
    let state: Promise<ServerState> | undefined;
    const openApiIndex = (fresh: boolean) => {
      if (fresh || index === undefined) index = readOpenApiIndex(client);
      return index;
    };
    return {
      kind: 'kube',
      cluster,
      client,
      connection: settings,
      clusterUid,
      inventoryNamespace,
      description,
      discovery: createDiscovery({ client, clusterUid, cacheDirectory: options.cacheDirectory, openApiIndex }),
      serverState: ({ fresh = false } = {}) => {
        if (fresh || state === undefined) state = readServerState(client, openApiIndex(fresh));
        return state;
      },
    };
  } catch (error) {
    await client.close();
    throw error;
  }
}

function openDirectory(
  config: Extract<TargetConfig, { kind: 'directory' }>,
  options: OpenTargetOptions,
): DirectoryTarget {
  const { cluster } = options;
  const directory = path.resolve(config.directory);
  const known = readDirectoryIndex(directory, cluster)?.id;
  const description = `folder ${directory}`;
  if (known !== undefined) assertSameTarget(cluster, description, known, options.pin);
  // A folder without index holds nothing of ours; emptied or checked out anew, it gets the identity it had.
  const folderId = known ?? options.pin?.uid;
  return { kind: 'directory', cluster, directory, description, folderId, secrets: config.secrets ?? 'refuse' };
}
