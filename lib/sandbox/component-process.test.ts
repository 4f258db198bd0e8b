import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isSameProcessRunning } from '../files/process-identity.ts';
import { writeFileAtomically } from '../files/write-file-atomically.ts';
import { clusterPaths } from './cluster-record.ts';
import { readProcessRecord, startProcess, stopProcess } from './component-process.ts';

/** Sleeps until it is ended. */
const SLEEPER = { binary: process.execPath, arguments: ['-e', 'setInterval(() => {}, 1000)'] };

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

  it('whose executable is gone is reported with its path, and nothing is recorded', async () => {
    const paths = clusterPaths(folder, 'one');
    mkdirSync(paths.folder);
    const binary = join(folder, 'no-such-etcd');
    await expect(startProcess(paths, 'etcd', { binary, arguments: [] })).rejects.toMatchObject({
      code: 'ORR6003',
      where: { source: binary },
    });
    expect(readProcessRecord(paths, 'etcd')).toBeUndefined();
  });
});
