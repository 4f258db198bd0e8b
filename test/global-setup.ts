import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import type { TestProject } from 'vitest/node';
import { isOrreryError } from '../lib/errors.ts';
import { identifyProcess, isSameProcessRunning, type ProcessIdentity } from '../lib/files/process-identity.ts';
import { ensureTools, rigOptionsFromEnvironment, toolsOf } from '../lib/sandbox/rig/ensure-tools.ts';
import type { ToolName } from '../lib/sandbox/rig/tool-catalogue.ts';
import { sandboxDown } from '../lib/sandbox/sandbox-down.ts';
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
  }
}

const NAMES = ['alpha', 'beta', 'gamma'] as const;
const OWNER_FILE = 'owner.json';

/** Makes the rig and the shared clusters ready before the first cluster test, and ends them after the last. */
export default async function setUp(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const tools = await rig();
  if (tools === undefined) {
    project.provide('rig', 'missing');
    project.provide('tools', {});
    project.provide('clusters', { folder: '', kubeconfig: '', names: NAMES });
    return undefined;
  }
  project.provide('rig', 'ready');
  project.provide('tools', tools);
  const running = process.env.ORRERY_TEST_SANDBOX;
  if (running) {
    project.provide('clusters', await existingSandbox(resolve(running)));
    return undefined;
  }
  await clearAbandoned();
  const folder = ownFolder();
  try {
    const state = await sandboxUp({ folder, clusters: NAMES.map((name) => ({ name, auditLog: true })), tools });
    project.provide('clusters', { folder, kubeconfig: state.kubeconfig, names: NAMES });
  } catch (error) {
    await end(folder);
    throw error;
  }
  return () => end(folder);
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

function sandboxesFolder(): string {
  return join(tmpdir(), `orrery-test-sandboxes-${userInfo().username}`);
}

/**
 * A new folder that names this process as its owner, so that a later run can tell whether it is still in use. It gets its name, under which
 * later runs look, when the owner is written.
 */
function ownFolder(): string {
  mkdirSync(sandboxesFolder(), { recursive: true, mode: 0o700 });
  const nascent = mkdtempSync(join(sandboxesFolder(), 'new-'));
  writeFileSync(join(nascent, OWNER_FILE), JSON.stringify(identifyProcess(process.pid)));
  const folder = join(sandboxesFolder(), `run-${process.pid}-${Date.now()}`);
  renameSync(nascent, folder);
  return folder;
}

async function end(folder: string): Promise<void> {
  await sandboxDown({ folder });
  rmSync(folder, { recursive: true, force: true });
}

/** Ends what a killed run (SIGKILL, power of a closed terminal) could not end itself. */
async function clearAbandoned(): Promise<void> {
  let runs: string[];
  try {
    runs = readdirSync(sandboxesFolder());
  } catch {
    return;
  }
  for (const run of runs.filter((name) => name.startsWith('run-'))) {
    const folder = join(sandboxesFolder(), run);
    if (!ownerLives(folder)) await end(folder);
  }
}

function ownerLives(folder: string): boolean {
  try {
    return isSameProcessRunning(JSON.parse(readFileSync(join(folder, OWNER_FILE), 'utf8')) as ProcessIdentity);
  } catch {
    return false;
  }
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
