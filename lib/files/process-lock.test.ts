import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { identifyProcess } from './process-identity.ts';
import { withProcessLock } from './process-lock.ts';

describe('a process lock', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'orrery-lock-'));
    path = join(folder, 'lock');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('lets one body run at a time inside one process, and is gone afterwards', async () => {
    let inside = 0;
    let most = 0;
    const body = async (): Promise<void> => {
      inside += 1;
      most = Math.max(most, inside);
      await sleep(5);
      inside -= 1;
    };
    await Promise.all([1, 2, 3].map(() => withProcessLock(path, body)));
    expect(most).toBe(1);
    expect(existsSync(path)).toBe(false);
  });

  it('is released when the body fails', async () => {
    await expect(withProcessLock(path, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(existsSync(path)).toBe(false);
  });

  it('is taken over from a holder that has ended', async () => {
    writeFileSync(path, JSON.stringify({ pid: process.pid, startedAt: 'before this process' }));
    expect(await withProcessLock(path, () => Promise.resolve('mine'))).toBe('mine');
  });

  it('is waited for while its holder runs, and the wait can be aborted', async () => {
    const holder = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await once(holder, 'spawn');
    const identity = identifyProcess(holder.pid ?? 0);
    writeFileSync(path, JSON.stringify(identity));
    try {
      const abort = new AbortController();
      const waitedFor: number[] = [];
      const onWait = ({ pid }: { pid: number }): void => {
        waitedFor.push(pid);
        abort.abort(new Error('enough'));
      };
      await expect(withProcessLock(path, async () => undefined, { onWait, signal: abort.signal })).rejects.toThrow();
      expect(waitedFor).toEqual([holder.pid]);
      const got = withProcessLock(path, () => Promise.resolve('after it ended'));
      holder.kill('SIGKILL');
      expect(await got).toBe('after it ended');
    } finally {
      holder.kill('SIGKILL');
    }
  });
});
