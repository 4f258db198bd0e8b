import { randomBytes } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';

/** Writes a file so that a reader, or a crash in the middle, sees the old content or the new one, never a part. */
export function writeFileAtomically(path: string, content: string, mode = 0o600): void {
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    writeFileSync(temporary, content, { mode, flag: 'wx' });
    renameSync(temporary, path);
  } catch (error) {
    // A full disk or a folder that is not writable must not leave rubbish beside the old content.
    rmSync(temporary, { force: true });
    // A write that fails names no file, a failing open the temporary one.
    if (error instanceof Error) (error as NodeJS.ErrnoException).path = path;
    throw error;
  }
}
