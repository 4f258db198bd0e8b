import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { OrreryError } from '../errors.ts';
import { identifyProcess, isSameProcessRunning, type ProcessIdentity } from '../files/process-identity.ts';
import { writeFileAtomically } from '../files/write-file-atomically.ts';
import type { ClusterPaths } from './cluster-record.ts';
import type { Command } from './component-command.ts';
import { COMPONENTS, type ComponentName } from './sandbox-cluster.ts';

/** A process that was started for a component, and what it was started with. */
export interface ProcessRecord extends ProcessIdentity {
  readonly command: Command;
}

const STOP_POLL_MS = 20;
/** The API server would wait up to a minute for open watches to end; every write is in etcd by then, so nothing is lost by not waiting. */
const STOP_GRACE_MS = 2_000;

export function componentLog(paths: ClusterPaths, component: ComponentName): string {
  return join(paths.logs, `${component}.log`);
}

function recordFile(paths: ClusterPaths, component: ComponentName): string {
  return join(paths.processes, `${component}.json`);
}

/** The recorded process of a component, running or not. */
export function readProcessRecord(paths: ClusterPaths, component: ComponentName): ProcessRecord | undefined {
  try {
    return JSON.parse(readFileSync(recordFile(paths, component), 'utf8')) as ProcessRecord;
  } catch {
    return undefined;
  }
}

/** The recorded process of a component if it still runs: the very process, not another with the same id. */
export function runningProcess(paths: ClusterPaths, component: ComponentName): ProcessRecord | undefined {
  const record = readProcessRecord(paths, component);
  return record !== undefined && isSameProcessRunning(record) ? record : undefined;
}

/**
 * Starts a component so that it outlives this process, with its output in its log file (the one before is kept as
 * `.previous`), and records it. Nothing is awaited
 * between start and record, so that a process without record cannot arise from a failure of ours in between.
 *
 * @throws OrreryError ORR6003 when the executable cannot be started.
 */
export async function startProcess(
  paths: ClusterPaths,
  component: ComponentName,
  command: Command,
): Promise<ProcessRecord> {
  for (const folder of [paths.processes, paths.logs, paths.home]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const logFile = componentLog(paths, component);
  if (existsSync(logFile)) renameSync(logFile, `${logFile}.previous`);
  const log = openSync(logFile, 'w', 0o600);
  try {
    const child = spawn(command.binary, command.arguments, {
      detached: true,
      cwd: paths.folder,
      stdio: ['ignore', log, log],
      // Nothing of the caller's environment: proxies and settings of other tools must not change how a cluster behaves.
      env: { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: paths.home, TMPDIR: paths.home, ...command.environment },
    });
    const identity = child.pid === undefined ? undefined : identifyProcess(child.pid);
    const record = identity && { ...identity, command };
    if (record) writeFileAtomically(recordFile(paths, component), `${JSON.stringify(record)}\n`);
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (error) => reject(cannotStart(component, command, error)));
    });
    child.unref();
    // A process that ended before it could be identified: an identity that matches nothing.
    return record ?? { pid: child.pid ?? 0, startedAt: 'never', command };
  } finally {
    closeSync(log);
  }
}

function cannotStart(component: ComponentName, { binary }: Command, error: Error): OrreryError {
  return new OrreryError('ORR6003', `${component} cannot be started: ${error.message}`, {
    source: binary,
    fix: 'Build the tools again: `orrery sandbox rig`.',
    cause: error,
  });
}

/** Ends the recorded process of a component, if it still runs, and forgets it. `force` gives it no time to finish what it does. */
export async function stopProcess(
  paths: ClusterPaths,
  component: ComponentName,
  { force = false }: { readonly force?: boolean } = {},
): Promise<boolean> {
  const record = runningProcess(paths, component);
  if (record !== undefined) {
    signal(record, force ? 'SIGKILL' : 'SIGTERM');
    const deadline = performance.now() + STOP_GRACE_MS;
    while (isSameProcessRunning(record)) {
      if (performance.now() > deadline) signal(record, 'SIGKILL');
      await sleep(STOP_POLL_MS);
    }
  }
  rmSync(recordFile(paths, component), { force: true });
  return record !== undefined;
}

/** Ends every component of a cluster, the last started first. */
export async function stopAllProcesses(
  paths: ClusterPaths,
  options: { readonly force: boolean },
): Promise<ComponentName[]> {
  const stopped: ComponentName[] = [];
  for (const component of COMPONENTS.toReversed()) {
    if (await stopProcess(paths, component, options)) stopped.push(component);
  }
  return stopped;
}

/** Kills every component of a cluster without waiting, for when this process is about to end. Their records stay. */
export function killAllProcesses(paths: ClusterPaths): void {
  for (const component of COMPONENTS) {
    const record = runningProcess(paths, component);
    if (record !== undefined) signal(record, 'SIGKILL');
  }
}

/** The last lines of a component's log. */
export function logTail(paths: ClusterPaths, component: ComponentName, lines = 15): string {
  try {
    return readFileSync(componentLog(paths, component), 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '';
  }
}

function signal({ pid }: ProcessIdentity, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
