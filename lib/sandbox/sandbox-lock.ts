import { join } from 'node:path';
import { withProcessLock } from '../files/process-lock.ts';
import type { SandboxEvent } from './sandbox-cluster.ts';

const LOCK_FILE = '.lock';

/** Runs `body` while no other process starts or ends anything in the sandbox. The folder must exist. */
export function withSandboxLock<T>(
  folder: string,
  report: (event: SandboxEvent) => void,
  body: () => Promise<T>,
): Promise<T> {
  return withProcessLock(join(folder, LOCK_FILE), body, {
    onWait: ({ pid }) => report({ type: 'waiting-for-lock', pid }),
  });
}
