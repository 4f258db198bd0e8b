import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { identifyProcess, isSameProcessRunning } from '../files/process-identity.ts';
import { writeFileAtomically } from '../files/write-file-atomically.ts';
import { clusterPaths } from './cluster-record.ts';
import { readProcessRecord, startProcess, stopProcess } from './component-process.ts';

/** Sleeps until it is ended. */
const SLEEPER = { binary: process.execPath, arguments: ['-e', 'setInterval(() => {}, 1000)'] };

describe('a process identity', () => {
  it('recognises a running process, and no longer when it has ended', async () => {
    const child = spawn(SLEEPER.binary, SLEEPER.arguments);
    await once(child, 'spawn');
    const identity = identifyProcess(child.pid ?? 0);
    if (identity === undefined) throw new Error('the child runs and has no identity');
    expect(isSameProcessRunning(identity)).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(isSameProcessRunning(identity)).toBe(false);
  });

  it('does not take a process for an earlier one that had the same id', () => {
    const self = identifyProcess(process.pid);
    expect(self).toBeDefined();
    expect(isSameProcessRunning({ pid: process.pid, startedAt: `${self?.startedAt}0` })).toBe(false);
  });

  it('is undefined for an id that no process has', () => {
    expect(identifyProcess(2 ** 22 + 1)).toBeUndefined();
  });
});

describe('a recorded component process', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'orrery-process-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('is ended by its record, which goes with it', async () => {
    const paths = clusterPaths(folder, 'one');
    mkdirSync(paths.folder);
    const record = await startProcess(paths, 'etcd', SLEEPER);
    expect(isSameProcessRunning(record)).toBe(true);
    expect(await stopProcess(paths, 'etcd')).toBe(true);
    expect(isSameProcessRunning(record)).toBe(false);
    expect(readProcessRecord(paths, 'etcd')).toBeUndefined();
  });

  it('is left alone when its id belongs to another process by now', async () => {
    const paths = clusterPaths(folder, 'one');
    mkdirSync(paths.folder);
    const stranger = await startProcess(paths, 'etcd', SLEEPER);
    try {
      const forged = { ...stranger, startedAt: 'another time' };
      writeFileAtomically(join(paths.processes, 'kwok.json'), JSON.stringify(forged));
      expect(await stopProcess(paths, 'kwok', { force: true })).toBe(false);
      expect(isSameProcessRunning(stranger)).toBe(true);
    } finally {
      await stopProcess(paths, 'etcd', { force: true });
    }
  });
});
