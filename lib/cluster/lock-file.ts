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

/**
 * `orrery.lock`, beside cdk8s.yaml, JSON: { "version": 1, "targets": { "<cluster>": { "uid", "server"? } }, "charts": { "<repository>/<name> <version>":
 * "sha256:<hex>" } }. Other sections are kept as they are.
 */
export interface LockFile {
  readonly targets: ReadonlyMap<string, TargetPin>;
  /** sha256 of the archives of charts that came from repositories, by "<repository>/<name> <version>". */
  readonly charts: ReadonlyMap<string, string>;
}

/**
 * @returns an empty one when there is no file
 * @throws OrreryError ORR3003 when the file cannot be read or is malformed: without it nobody knows whether a target is the right one
 */
export function readLockFile(file: string): LockFile {
  const lock = readLock(file);
  const targets = new Map<string, TargetPin>();
  for (const [cluster, pin] of sectionOf(file, lock, 'targets')) {
    if (!isRecord(pin) || typeof pin.uid !== 'string' || pin.uid === '')
      throw malformed(file, `targets.${cluster} has no uid`);
    targets.set(cluster, { uid: pin.uid, server: typeof pin.server === 'string' ? pin.server : undefined });
  }
  const charts = new Map<string, string>();
  for (const [chart, pin] of sectionOf(file, lock, 'charts')) {
    const digest = /^sha256:([0-9a-f]{64})$/.exec(String(pin))?.[1];
    if (digest === undefined)
      throw malformed(file, `the digest of chart ${JSON.stringify(chart)} is no "sha256:<hex>"`);
    charts.set(chart, digest);
  }
  return { targets, charts };
}

/** Adds or replaces pins of targets; what others wrote meanwhile is kept. */
export function writePins(file: string, pins: ReadonlyMap<string, TargetPin>): void {
  writeSection(file, 'targets', pins);
}

/** Adds or replaces pins of charts: their sha256. */
export function writeChartPins(file: string, digests: ReadonlyMap<string, string>): void {
  writeSection(file, 'charts', new Map([...digests].map(([chart, digest]) => [chart, `sha256:${digest}`])));
}

function sectionOf(file: string, lock: Record<string, unknown>, name: string): [string, unknown][] {
  const section = lock[name];
  if (section === undefined) return [];
  if (!isRecord(section)) throw malformed(file, `"${name}" is no map`);
  return Object.entries(section);
}

/** The file is read again first, and replaced in one step. */
function writeSection(file: string, name: string, entries: ReadonlyMap<string, unknown>): void {
  if (entries.size === 0) return;
  const lock = readLock(file);
  const before = isRecord(lock[name]) ? lock[name] : {};
  const members: [string, unknown][] = Object.entries({ ...before, ...Object.fromEntries(entries) });
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  const text = `${JSON.stringify({ version: 1, ...lock, [name]: Object.fromEntries(members) }, null, 2)}\n`;
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
    fix: 'Restore it from version control. It says which cluster each target is and which charts were rendered; do not delete it lightly.',
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
