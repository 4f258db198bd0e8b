import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { identifyProcess, isSameProcessRunning } from './process-identity.ts';

describe('a process identity', () => {
  it('recognises a running process, and no longer when it has ended', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
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
