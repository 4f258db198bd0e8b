import { OrreryError } from '../errors.ts';
import { type ClusterPaths, type ClusterRecord, clusterPaths, readClusterRecord } from './cluster-record.ts';
import { stopProcess } from './component-process.ts';
import { startOrKeep } from './component-start.ts';
import type { ComponentName, SandboxEvent } from './sandbox-cluster.ts';
import { withSandboxLock } from './sandbox-lock.ts';

/** One component of one cluster of a sandbox that is up. */
export interface ComponentOptions {
  readonly folder: string;
  readonly cluster: string;
  readonly component: ComponentName;
  readonly onEvent?: ((event: SandboxEvent) => void) | undefined;
}

const TIMEOUT_MS = 300_000;

/**
 * Ends a component, to see what happens without it. The rest of the cluster runs on; `startComponent` or `sandboxUp` brings it back.
 *
 * @param options `force`: kill it instead of letting it finish what it does.
 * @throws OrreryError ORR6003 when the cluster does not exist.
 */
export async function stopComponent(options: ComponentOptions & { readonly force?: boolean }): Promise<void> {
  const { folder, cluster, component, force = false } = options;
  const report = options.onEvent ?? (() => undefined);
  const { paths } = find(folder, cluster);
  await withSandboxLock(folder, report, async () => {
    if (await stopProcess(paths, component, { force })) report({ type: 'component-stopped', cluster, component });
  });
}

/**
 * Starts a component again on its data and port, and resolves when it serves.
 *
 * @throws OrreryError ORR6003 when the cluster does not exist or has no such component, or when the component does not get ready.
 */
export async function startComponent(options: ComponentOptions): Promise<void> {
  const { folder, cluster, component } = options;
  const report = options.onEvent ?? (() => undefined);
  const { record, paths } = find(folder, cluster);
  await withSandboxLock(folder, report, () => startOrKeep(component, record, paths, TIMEOUT_MS, report));
}

/** `stopComponent`, then `startComponent`. */
export async function restartComponent(options: ComponentOptions & { readonly force?: boolean }): Promise<void> {
  await stopComponent(options);
  await startComponent(options);
}

function find(folder: string, cluster: string): { readonly record: ClusterRecord; readonly paths: ClusterPaths } {
  const record = readClusterRecord(folder, cluster);
  if (record === undefined) {
    throw new OrreryError('ORR6003', `there is no sandbox cluster "${cluster}" in ${folder}`, {
      cluster,
      fix: 'Start it first: `orrery sandbox up`.',
    });
  }
  return { record, paths: clusterPaths(folder, cluster) };
}
