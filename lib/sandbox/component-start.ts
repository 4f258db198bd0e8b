import { isDeepStrictEqual } from 'node:util';
import { isSameProcessRunning } from '../files/process-identity.ts';
import type { ClusterPaths, ClusterRecord } from './cluster-record.ts';
import { componentCommand } from './component-command.ts';
import { runningProcess, startProcess, stopProcess } from './component-process.ts';
import { waitUntilReady } from './component-readiness.ts';
import type { ComponentName, SandboxEvent } from './sandbox-cluster.ts';

/**
 * Keeps the component when it runs with the very command we want, else starts it; then waits until it serves.
 *
 * @throws what `waitUntilReady` throws.
 */
export async function startOrKeep(
  component: ComponentName,
  record: ClusterRecord,
  paths: ClusterPaths,
  timeoutMs: number,
  report: (event: SandboxEvent) => void,
): Promise<void> {
  const started = performance.now();
  const cluster = record.definition.name;
  const command = componentCommand(component, record, paths);
  const ready = (pid: number, kept: boolean): void =>
    report({ type: 'component-ready', cluster, component, pid, kept, seconds: (performance.now() - started) / 1000 });

  const running = runningProcess(paths, component);
  if (running !== undefined && isDeepStrictEqual(running.command, command)) {
    try {
      await waitUntilReady(component, running, record, paths, timeoutMs);
      ready(running.pid, true);
      return;
    } catch (error) {
      // It may have been about to end when we found it; one that runs and does not serve is the caller's to know.
      if (isSameProcessRunning(running)) throw error;
    }
  }
  await stopProcess(paths, component);
  report({ type: 'component-starting', cluster, component });
  const process = await startProcess(paths, component, command);
  await waitUntilReady(component, process, record, paths, timeoutMs);
  ready(process.pid, false);
}
