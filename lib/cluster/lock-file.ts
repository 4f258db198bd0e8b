import { readFileSync } from 'node:fs';
import { OrreryError } from '../errors.ts';
import { writeFileAtomically } from '../files/write-file-atomically.ts';
import { errorCode } from './transport.ts';

/** Who a target was when it was first met. */
export interface TargetPin {
  /** uid of kube-system, or the id of a target folder. */
  readonly uid: string;
  /** Address at that time, for people only. */
  readonly server?: string | undefined;
}

/** `orrery.lock`, beside cdk8s.yaml, JSON: { "version": 1, "targets": { "<cluster>": { "uid", "server"? } } }. Other sections are kept as they are. */
export interface LockFile {
  readonly targets: ReadonlyMap<string, TargetPin>;
}

/**
 * @returns an empty one when there is no file
 * @throws OrreryError ORR3003 when the file cannot be read or is malformed: without it nobody knows whether a target is the right one
 */
export function readLockFile(file: string): LockFile {
  const targets = new Map<string, TargetPin>();
  const pins = readLock(file).targets;
  if (pins === undefined) return { targets };
  if (!isRecord(pins)) throw malformed(file, '"targets" is no map');
  for (const [cluster, pin] of Object.entries(pins)) {
    if (!isRecord(pin) || typeof pin.uid !== 'string' || pin.uid === '')
      throw malformed(file, `targets.${cluster} has no uid`);
    targets.set(cluster, { uid: pin.uid, server: typeof pin.server === 'string' ? pin.server : undefined });
  }
  return { targets };
}

/** Adds or replaces pins; the file is read again first, so that what others wrote meanwhile is kept, and replaced in one step. */
export function writePins(file: string, pins: ReadonlyMap<string, TargetPin>): void {
  if (pins.size === 0) return;
  const lock = readLock(file);
  const before = isRecord(lock.targets) ? lock.targets : {};
  const targets: [string, unknown][] = Object.entries({ ...before, ...Object.fromEntries(pins) });
  targets.sort(([a], [b]) => (a < b ? -1 : 1));
  const text = `${JSON.stringify({ version: 1, ...lock, targets: Object.fromEntries(targets) }, null, 2)}\n`;
  writeFileAtomically(file, text, 0o644);
}

function readLock(file: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return {};
    throw new OrreryError('ORR3003', `The lock file ${file} cannot be read (${errorCode(cause) ?? 'unknown error'}).`, {
      cause,
    });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed(file, 'it is no JSON');
  }
  if (!isRecord(value)) throw malformed(file, 'its top level is no map');
  if (value.version !== undefined && value.version !== 1)
    throw malformed(file, `its version ${JSON.stringify(value.version)} is not 1`);
  return value;
}

function malformed(file: string, what: string): OrreryError {
  return new OrreryError('ORR3003', `The lock file ${file} is unusable: ${what}.`, {
    source: file,
    fix: 'Restore it from version control. It says which cluster each target is; do not delete it lightly.',
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
