import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import type { TestProject } from 'vitest/node';
import { isOrreryError } from '../lib/errors.ts';
import { identifyProcess, isSameProcessRunning, type ProcessIdentity } from '../lib/files/process-identity.ts';
import { ensureTools, rigOptionsFromEnvironment, toolsOf } from '../lib/sandbox/rig/ensure-tools.ts';
import type { ToolName } from '../lib/sandbox/rig/tool-catalogue.ts';
import { sandboxDown, sandboxKill } from '../lib/sandbox/sandbox-down.ts';
import { sandboxStatus } from '../lib/sandbox/sandbox-state.ts';
import { sandboxUp } from '../lib/sandbox/sandbox-up.ts';

/** Three whole clusters that all cluster tests share, named alpha, beta and gamma: `inject('clusters')`. */
export interface SharedClusters {
  /** Folder of the sandbox. */
  readonly folder: string;
  /** kubeconfig with a context per cluster, named after it. */
  readonly kubeconfig: string;
  readonly names: readonly ['alpha', 'beta', 'gamma'];
}

/** What cluster tests run on: `inject('rig')`. Where it is 'missing' (never in CI) suites skip: `describe.skipIf(inject('rig') === 'missing')`. */
declare module 'vitest' {
  export interface ProvidedContext {
    rig: 'ready' | 'missing';
    /** Empty folder and kubeconfig when the rig is missing. */
    clusters: SharedClusters;
    /** Executables of the sets "sandbox" and "test". */
    tools: Readonly<Partial<Record<ToolName, string>>>;
    /** Folder in which tests make sandboxes of their own (`ownSandboxFolder`): whatever runs there is ended with the test run. */
    scratch: string;
  }
}

const NAMES = ['alpha', 'beta', 'gamma'] as const;
/** API servers are most of what a test run works, and a quarter of that is collecting garbage: they may grow instead, up to this. */
const API_SERVER = { GOGC: '400', GOMEMLIMIT: '2GiB' };
const OWNER_FILE = 'owner.json';
const ENDING_SIGNALS = ['SIGTERM', 'SIGHUP'] as const;

/** Makes the rig and the shared clusters ready before the first cluster test, and ends them after the last, however the run ends. */
export default async function setUp(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const tools = await rig();
  project.provide('rig', tools === undefined ? 'missing' : 'ready');
  project.provide('tools', tools ?? {});
  if (tools === undefined) {
    project.provide('scratch', '');
    project.provide('clusters', { folder: '', kubeconfig: '', names: NAMES });
    return undefined;
  }
  await clearAbandoned();
  const run = newRunFolder();
  const stopGuarding = killOnExit(run);
  project.provide('scratch', run);
  const tearDown = async (): Promise<void> => {
    await end(run);
    stopGuarding();
  };
  try {
    project.provide('clusters', await sharedClusters(run, tools));
  } catch (error) {
    await tearDown();
    throw error;
  }
  return tearDown;
}

async function sharedClusters(run: string, tools: Record<ToolName, string>): Promise<SharedClusters> {
  const running = process.env.ORRERY_TEST_SANDBOX;
  if (running) return existingSandbox(resolve(running));
  const folder = join(run, 'shared');
  const one = { auditLog: true, apiServerEnvironment: API_SERVER };
  const state = await sandboxUp({ folder, clusters: NAMES.map((name) => ({ name, ...one })), tools });
  return { folder, kubeconfig: state.kubeconfig, names: NAMES };
}

/** Tools of the sets; undefined on a developer's machine that has neither them nor Go. */
async function rig(): Promise<Record<ToolName, string> | undefined> {
  try {
    return await ensureTools(toolsOf('sandbox', 'test'), {
      ...rigOptionsFromEnvironment(process.env, homedir()),
      onEvent: ({ tool, phase, seconds }) => {
        if (phase === 'built') say(`built ${tool} in ${Math.round(seconds)} s`);
        else if (phase === 'waiting') say(`waiting for another process that builds ${tool}`);
        else if (phase === 'compiling' && seconds < 1) say(`building ${tool} (once) …`);
      },
    });
  } catch (error) {
    if (process.env.CI === 'true' || !isOrreryError(error) || error.code !== 'ORR6001') throw error;
    say(`cluster tests are skipped: ${error.message}. ${error.fix}`);
    return undefined;
  }
}

async function existingSandbox(folder: string): Promise<SharedClusters> {
  const state = await sandboxStatus({ folder });
  const ready = state.clusters.filter((cluster) => cluster.ready).map(({ name }) => name);
  const missing = NAMES.filter((name) => !ready.includes(name));
  if (missing.length > 0) {
    throw new Error(`ORRERY_TEST_SANDBOX=${folder}: not ready there: ${missing.join(', ')}`);
  }
  return { folder, kubeconfig: state.kubeconfig, names: NAMES };
}

function runsFolder(): string {
  return join(tmpdir(), `orrery-test-runs-${userInfo().username}`);
}

/**
 * A new folder that names this process as its owner, so that a later run can tell whether it is still in use. It gets its name, under which
 * later runs look, when the owner is written.
 */
function newRunFolder(): string {
  mkdirSync(runsFolder(), { recursive: true, mode: 0o700 });
  const nascent = mkdtempSync(join(runsFolder(), 'new-'));
  writeFileSync(join(nascent, OWNER_FILE), JSON.stringify(identifyProcess(process.pid)));
  const folder = join(runsFolder(), `run-${process.pid}-${Date.now()}`);
  renameSync(nascent, folder);
  return folder;
}

/** Every folder of a run is a sandbox: the shared one and those that tests made. */
function sandboxesOf(run: string): string[] {
  return readdirSync(run, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(run, entry.name));
}

async function end(run: string): Promise<void> {
  for (const folder of sandboxesOf(run)) await sandboxDown({ folder });
  rmSync(run, { recursive: true, force: true });
}

/** vitest ends on SIGINT without tearing down, and by SIGTERM and SIGHUP every process does. What is left of the files the next run clears. */
function killOnExit(run: string): () => void {
  const kill = (): void => {
    if (existsSync(run)) for (const folder of sandboxesOf(run)) sandboxKill({ folder });
  };
  const endBySignal = (signal: NodeJS.Signals): void => {
    kill();
    stop();
    process.kill(process.pid, signal);
  };
  const stop = (): void => {
    process.off('exit', kill);
    for (const signal of ENDING_SIGNALS) process.off(signal, endBySignal);
  };
  process.on('exit', kill);
  for (const signal of ENDING_SIGNALS) process.on(signal, endBySignal);
  return stop;
}

/** Ends what a run that was killed could not end itself. */
async function clearAbandoned(): Promise<void> {
  if (!existsSync(runsFolder())) return;
  for (const name of readdirSync(runsFolder()).filter((name) => name.startsWith('run-'))) {
    const run = join(runsFolder(), name);
    if (!ownerLives(run)) await end(run);
  }
}

function ownerLives(run: string): boolean {
  try {
    return isSameProcessRunning(JSON.parse(readFileSync(join(run, OWNER_FILE), 'utf8')) as ProcessIdentity);
  } catch {
    return false;
  }
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
