import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { writeFileAtomically } from '../files/write-file-atomically.ts';
import { mergedKubeconfig } from './cluster-files.ts';
import { clusterPaths, recordedClusters } from './cluster-record.ts';
import { killAllProcesses, stopAllProcesses } from './component-process.ts';
import type { SandboxEvent } from './sandbox-cluster.ts';
import { withSandboxLock } from './sandbox-lock.ts';
import { sandboxKubeconfig } from './sandbox-state.ts';

export interface SandboxDownOptions {
  readonly folder: string;
  /** Clusters to end. Default: all of the folder. */
  readonly clusters?: readonly string[] | undefined;
  readonly onEvent?: ((event: SandboxEvent) => void) | undefined;
}

/**
 * Ends the processes of the clusters (by recorded id and start time, so never somebody else's) and deletes their folders; with the last
 * cluster the kubeconfig and, when nothing else is in it, the sandbox folder. Does nothing when there is no sandbox.
 *
 * @returns names of the clusters that were there.
 */
export async function sandboxDown(options: SandboxDownOptions): Promise<string[]> {
  const { folder } = options;
  const report = options.onEvent ?? (() => undefined);
  if (!existsSync(folder)) return [];
  const ended = await withSandboxLock(folder, report, async () => {
    const names = recordedClusters(folder).filter((name) => options.clusters?.includes(name) ?? true);
    await Promise.all(
      names.map(async (name) => {
        const paths = clusterPaths(folder, name);
        for (const component of await stopAllProcesses(paths, { force: true })) {
          report({ type: 'component-stopped', cluster: name, component });
        }
        rmSync(paths.folder, { recursive: true, force: true, maxRetries: 5 });
      }),
    );
    if (recordedClusters(folder).length === 0) rmSync(sandboxKubeconfig(folder), { force: true });
    else writeFileAtomically(sandboxKubeconfig(folder), mergedKubeconfig(folder));
    return names;
  });
  if (readdirSync(folder).length === 0) rmdirSync(folder);
  return ended;
}

/**
 * Kills the processes of a sandbox at once, for exit handlers, which cannot wait. Files stay: `sandboxDown`, any time later, clears them.
 */
export function sandboxKill(options: { readonly folder: string }): void {
  for (const name of recordedClusters(options.folder)) killAllProcesses(clusterPaths(options.folder, name));
}
