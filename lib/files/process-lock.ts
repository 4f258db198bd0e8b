import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { identifyProcess, isSameProcessRunning, type ProcessIdentity } from './process-identity.ts';

export interface ProcessLockOptions {
  /** Called once, when the lock is found held by another process. */
  readonly onWait?: ((holder: ProcessIdentity) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

const POLL_MS = 200;

/** Paths this process holds: a second taker inside one process waits too, although the lock file names its own pid. */
const heldHere = new Set<string>();

/**
 * Runs `body` while holding the lock file at `path`; waits while another running process holds it. A lock whose holder has ended
 * (crash, kill) is taken over. The folder of `path` must exist.
 */
export async function withProcessLock<T>(
  path: string,
  body: () => Promise<T>,
  options: ProcessLockOptions = {},
): Promise<T> {
  await acquire(path, options);
  try {
    return await body();
  } finally {
    heldHere.delete(path);
    rmSync(path, { force: true });
  }
}

async function acquire(path: string, { onWait, signal }: ProcessLockOptions): Promise<void> {
  let told = false;
  for (;;) {
    signal?.throwIfAborted();
    if (!heldHere.has(path) && tryCreate(path)) {
      heldHere.add(path);
      return;
    }
    const holder = readHolder(path);
    if (holder !== undefined && !heldHere.has(path) && !isSameProcessRunning(holder)) {
      removeStale(path, holder);
      continue;
    }
    if (holder !== undefined && !told) {
      told = true;
      onWait?.(holder);
    }
    await sleep(POLL_MS, undefined, signal === undefined ? {} : { signal });
  }
}

function tryCreate(path: string): boolean {
  const self = identifyProcess(process.pid) ?? { pid: process.pid, startedAt: 'unknown' };
  try {
    writeFileSync(path, JSON.stringify(self), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Undefined: the file is gone, or its holder has created it and not yet written to it. */
function readHolder(path: string): ProcessIdentity | undefined {
  try {
    const holder = JSON.parse(readFileSync(path, 'utf8')) as ProcessIdentity;
    return typeof holder.pid === 'number' ? holder : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Two waiters may see the same stale lock; renaming decides which of them removes it. Whoever renamed away a fresh lock by
 * mistake puts it back.
 */
function removeStale(path: string, stale: ProcessIdentity): void {
  const aside = `${path}.${process.pid}.${randomBytes(4).toString('hex')}.stale`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  const moved = readHolder(aside);
  if (moved !== undefined && (moved.pid !== stale.pid || moved.startedAt !== stale.startedAt)) {
    renameSync(aside, path);
    return;
  }
  rmSync(aside, { force: true });
}
