import { mkdirSync } from 'node:fs';
import { OrreryError } from '../errors.ts';
import { writeFileAtomically } from '../files/write-file-atomically.ts';
import { mergedKubeconfig, writeClientFiles, writeServerFiles } from './cluster-files.ts';
import {
  type ClusterPaths,
  type ClusterRecord,
  clusterPaths,
  moveComponent,
  planClusterRecord,
  readClusterRecord,
  recordedClusters,
  type SandboxTools,
  writeClusterRecord,
} from './cluster-record.ts';
import { stopProcess } from './component-process.ts';
import { PortTaken } from './component-readiness.ts';
import { startOrKeep } from './component-start.ts';
import {
  CONTROLLERS,
  type ComponentName,
  checkClusters,
  componentsOf,
  type SandboxCluster,
  type SandboxEvent,
} from './sandbox-cluster.ts';
import { withSandboxLock } from './sandbox-lock.ts';
import { type SandboxState, sandboxKubeconfig, sandboxStatus } from './sandbox-state.ts';
import { applyNodes, waitUntilSchedulable } from './simulated-nodes.ts';

export interface SandboxUpOptions {
  /** Folder of the sandbox, absolute; made when missing. One folder per cluster inside. Every file and log of the sandbox is in it. */
  readonly folder: string;
  readonly clusters: readonly SandboxCluster[];
  /** Executables, from `ensureTools`. */
  readonly tools: SandboxTools;
  readonly onEvent?: ((event: SandboxEvent) => void) | undefined;
  /** How long each component may take to get ready; one that ends is reported at once. Default 300,000: a machine may be very busy. */
  readonly startTimeoutMs?: number | undefined;
}

type Report = (event: SandboxEvent) => void;

const DEFAULT_TIMEOUT_MS = 300_000;
const PORT_ATTEMPTS = 5;

/**
 * Starts real Kubernetes control planes on 127.0.0.1, all at once, and returns when each is ready for pods. What runs already is kept; what
 * ended is started again on its data and ports; what is wanted differently now is restarted. The processes outlive the caller: `sandboxDown`
 * ends them. Clusters of the folder that are not named are left as they are.
 *
 * @throws OrreryError ORR6003 for definitions that cannot work (nothing is started) or when a component does not get ready (the others stay).
 */
export async function sandboxUp(options: SandboxUpOptions): Promise<SandboxState> {
  const { folder, clusters, tools, startTimeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const report = options.onEvent ?? (() => undefined);
  if (process.platform === 'win32') {
    throw new OrreryError('ORR6003', 'the sandbox needs Linux or macOS: Kubernetes has no API server for Windows', {
      fix: 'Run it inside WSL.',
    });
  }
  checkClusters(clusters);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  await withSandboxLock(folder, report, async () => {
    const reserved = reservedPorts(folder);
    const records: ClusterRecord[] = [];
    for (const definition of clusters) {
      const earlier = readClusterRecord(folder, definition.name);
      records.push(await planClusterRecord(definition, tools, earlier, reserved));
    }
    const results = await Promise.allSettled(
      records.map((record) => startCluster(folder, record, reserved, startTimeoutMs, report)),
    );
    writeFileAtomically(sandboxKubeconfig(folder), mergedKubeconfig(folder));
    const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
    if (failures.length > 0) throw failures[0];
  });
  return sandboxStatus({ folder });
}

async function startCluster(
  folder: string,
  record: ClusterRecord,
  reserved: Set<number>,
  timeoutMs: number,
  report: Report,
): Promise<void> {
  const started = performance.now();
  const paths = clusterPaths(folder, record.definition.name);
  let current = record;
  for (let attempt = 1; ; attempt++) {
    try {
      await startComponents(folder, current, paths, timeoutMs, report);
      break;
    } catch (error) {
      if (!(error instanceof PortTaken)) throw error;
      report({ type: 'port-taken', cluster: record.definition.name, component: error.component });
      if (attempt === PORT_ATTEMPTS) {
        throw new OrreryError('ORR6003', `${error.message}, ${PORT_ATTEMPTS} times with different ports`, {
          cluster: record.definition.name,
          fix: 'Something on this machine takes ports faster than they can be used: stop it and try again.',
        });
      }
      current = await moveComponent(current, error.component, reserved);
    }
  }
  report({ type: 'cluster-ready', cluster: record.definition.name, seconds: (performance.now() - started) / 1000 });
}

async function startComponents(
  folder: string,
  record: ClusterRecord,
  paths: ClusterPaths,
  timeoutMs: number,
  report: Report,
): Promise<void> {
  mkdirSync(paths.folder, { recursive: true, mode: 0o700 });
  writeClusterRecord(folder, record);
  const wanted = componentsOf(record.definition);
  const start = (component: ComponentName): Promise<void> => startOrKeep(component, record, paths, timeoutMs, report);

  for (const component of await stopControllers(paths, wanted)) {
    report({ type: 'component-stopped', cluster: record.definition.name, component });
  }
  await start('etcd');
  // What a component reads at its start only must not differ from what it has read.
  if (writeServerFiles(record, paths)) await stopProcess(paths, 'kube-apiserver');
  await start('kube-apiserver');
  for (const component of writeClientFiles(record, paths)) await stopProcess(paths, component);
  const controllers = wanted.filter((component) => CONTROLLERS.includes(component));
  if (controllers.includes('kwok')) await applyNodes(record, paths);
  const results = await Promise.allSettled(controllers.map(start));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
  if (controllers.includes('kwok') && controllers.includes('kube-controller-manager')) {
    await waitUntilSchedulable(record, paths, timeoutMs);
  }
}

/** Ends the controllers that are not wanted. */
async function stopControllers(paths: ClusterPaths, wanted: readonly ComponentName[]): Promise<ComponentName[]> {
  const stopped: ComponentName[] = [];
  for (const component of CONTROLLERS) {
    if (!wanted.includes(component) && (await stopProcess(paths, component))) stopped.push(component);
  }
  return stopped;
}

/** Ports of every cluster of the sandbox, running or not: a new cluster must not take them. */
function reservedPorts(folder: string): Set<number> {
  return new Set(
    recordedClusters(folder).flatMap((name) => Object.values(readClusterRecord(folder, name)?.ports ?? {})),
  );
}
