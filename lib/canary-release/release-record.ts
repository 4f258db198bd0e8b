/**
 * What a cluster knows of a canary release: where it stands, since when, and why. One Secret per release, beside the shards of the inventory and with their label, so that it is read with them,
 * needs no right that the inventory does not need, and an Orrery that knows no stages refuses the inventory instead of applying past them.
 */

export const RECORD_SECRET_TYPE = 'orrery.dev/canary-release';
/** Key in the Secret's data. */
export const RECORD_DATA_KEY = 'release.json';

const FORMAT = 'orrery/canary-release';
const VERSION = '1.0';

/**
 * progressing: at `stage`. paused: at `stage`, until somebody says go on. aborting: on the way back, at step `abortStep`. aborted: back; it stays so until the program changes or somebody begins it anew.
 * through: at the last stage.
 */
export type RecordStatus = 'progressing' | 'paused' | 'aborting' | 'aborted' | 'through';

export interface ReleaseRecord {
  readonly platform: string;
  /** kube-system uid of the cluster it was written for. */
  readonly clusterUid: string;
  readonly release: string;
  /** Of the release that stands here: another one begins anew. */
  readonly revision: string;
  readonly status: RecordStatus;
  /** Name of the stage that was reached, or from which it went back. */
  readonly stage: string;
  /** Index into the states of `abort`. */
  readonly abortStep?: number | undefined;
  /** ISO 8601, UTC: the objects of the stage were written and ready; its hold counts from here. */
  readonly heldSince?: string | undefined;
  /** Somebody said go on at this stage, whatever its hold says. */
  readonly approved?: true | undefined;
  /** Somebody said go on to the end: no hold counts any more. */
  readonly skipsHolds?: true | undefined;
  /** Why it is paused or was aborted; one line. */
  readonly reason?: string | undefined;
  /** sha256 of pod templates that the end has set, by object and field: what a later release must not take back without a word. */
  readonly promoted?: Readonly<Record<string, string>> | undefined;
  /** Who wrote this. */
  readonly by: string;
  readonly begunAt: string;
  readonly updatedAt: string;
}

/** A record as it is stored, for compare-and-swap. */
export interface StoredRecord {
  readonly record: ReleaseRecord;
  readonly uid: string;
  readonly resourceVersion: string;
}

const STATUSES: ReadonlySet<unknown> = new Set<RecordStatus>([
  'progressing',
  'paused',
  'aborting',
  'aborted',
  'through',
]);

export function recordName(platform: string, release: string): string {
  return `orrery.canary-release.${platform}.${release}`;
}

/** The value of the Secret's data key. */
export function encodeRecord(record: ReleaseRecord): string {
  return Buffer.from(JSON.stringify({ format: FORMAT, version: VERSION, ...record })).toString('base64');
}

/** Reads it back, or says what is wrong with it. */
export function decodeRecord(data: string): ReleaseRecord | string {
  let parsed: Record<string, unknown>;
  try {
    const value: unknown = JSON.parse(Buffer.from(data, 'base64').toString());
    if (typeof value !== 'object' || value === null) return 'holds no record of a release';
    parsed = value as Record<string, unknown>;
  } catch {
    return 'holds no record of a release';
  }
  const { format, version, ...record } = parsed;
  if (format !== FORMAT || typeof version !== 'string') return 'holds no record of a release';
  if (Number.parseInt(version, 10) > Number.parseInt(VERSION, 10))
    return `was written in format ${version}, newer than ${VERSION}`;
  const texts = ['platform', 'clusterUid', 'release', 'revision', 'stage', 'by', 'begunAt', 'updatedAt'];
  const { status, abortStep, heldSince } = record;
  const wellFormed =
    texts.every((name) => typeof record[name] === 'string') &&
    STATUSES.has(status) &&
    (abortStep === undefined || Number.isInteger(abortStep)) &&
    (heldSince === undefined || !Number.isNaN(Date.parse(String(heldSince))));
  return wellFormed ? (record as unknown as ReleaseRecord) : 'holds a damaged record of a release';
}
