import { join } from 'node:path';
import {
  type ClusterPaths,
  type ClusterRecord,
  clusterPaths,
  readClusterRecord,
  recordedClusters,
} from './cluster-record.ts';
import { componentUrl } from './component-command.ts';
import { componentLog, runningProcess } from './component-process.ts';
import { notReadyBecause } from './component-readiness.ts';
import { type ComponentName, componentsOf } from './sandbox-cluster.ts';

export interface SandboxComponentState {
  readonly name: ComponentName;
  /** Undefined: it does not run. */
  readonly pid: number | undefined;
  /** Its process runs and answers. */
  readonly ready: boolean;
  /** Log file, absolute path. */
  readonly log: string;
}

export interface SandboxClusterState {
  readonly name: string;
  /** "1.36.3". */
  readonly kubernetesVersion: string;
  /** "https://127.0.0.1:23456". */
  readonly server: string;
  /** kubeconfig of this cluster alone, absolute path. Context: the cluster's name; `<name>-<user>` for each extra user. */
  readonly kubeconfig: string;
  readonly context: string;
  /** Every component runs and answers. */
  readonly ready: boolean;
  readonly components: readonly SandboxComponentState[];
  /** File of audit events, one JSON object per line; undefined unless asked for. */
  readonly auditLog: string | undefined;
  /** Folder with everything that belongs to the cluster. */
  readonly folder: string;
}

export interface SandboxState {
  readonly folder: string;
  /** kubeconfig that reaches every cluster, absolute path. Written by `sandboxUp`. */
  readonly kubeconfig: string;
  readonly clusters: readonly SandboxClusterState[];
}

export function sandboxKubeconfig(sandboxFolder: string): string {
  return join(sandboxFolder, 'kubeconfig');
}

/** What runs in a sandbox folder now; no clusters when there is no sandbox. Changes nothing. */
export async function sandboxStatus(options: { readonly folder: string }): Promise<SandboxState> {
  const { folder } = options;
  const clusters = recordedClusters(folder).flatMap((name) => {
    const record = readClusterRecord(folder, name);
    return record === undefined ? [] : [clusterState(record, clusterPaths(folder, name))];
  });
  return { folder, kubeconfig: sandboxKubeconfig(folder), clusters: await Promise.all(clusters) };
}

async function clusterState(record: ClusterRecord, paths: ClusterPaths): Promise<SandboxClusterState> {
  const { definition } = record;
  const components = await Promise.all(
    componentsOf(definition).map(async (name) => {
      const process = runningProcess(paths, name);
      return {
        name,
        pid: process?.pid,
        ready: process !== undefined && (await notReadyBecause(name, record, paths)) === undefined,
        log: componentLog(paths, name),
      };
    }),
  );
  return {
    name: definition.name,
    kubernetesVersion: record.kubernetesVersion,
    server: componentUrl('kube-apiserver', record),
    kubeconfig: paths.kubeconfig,
    context: definition.name,
    ready: components.every(({ ready }) => ready),
    components,
    auditLog: definition.auditLog ? paths.auditLog : undefined,
    folder: paths.folder,
  };
}
