import type { Finding } from '../../../private/service-validation';

/** Upper bound of what Prometheus writes for a sample after compression (docs/storage.md of prometheus/prometheus: 1 to 2 bytes). */
const BYTES_PER_SAMPLE = 2;
/** Share of a volume that samples may take: the rest is for the write-ahead log and compaction (the same page: at most 80–85 %). */
const SHARE_OF_VOLUME = 0.8;
/** The share above which the oldest samples are not gone in time. */
const MOST_OF_VOLUME = 0.85;

const GIB = 2 ** 30;
const DAY = 86_400;

/** What is kept on one volume. */
export interface KeptSamples {
  /** Begins sentences: "Prometheus of cluster "sh"". */
  readonly who: string;
  /** Series of all shards together. */
  readonly series: number;
  readonly shards: number;
  readonly intervalSeconds: number;
  readonly retentionSeconds: number;
  /** Bytes of the volume. */
  readonly volume: number;
  /** As the program says it. */
  readonly said: { readonly retention: string; readonly storage: string; readonly interval: string };
  /** Names of what could be changed. */
  readonly settings: { readonly storage: string; readonly retention: string; readonly shards: string };
}

/** Bytes that the samples of one volume take when the oldest of them are about to go. */
export function neededBytes({
  series,
  shards,
  intervalSeconds,
  retentionSeconds,
}: Pick<KeptSamples, 'series' | 'shards' | 'intervalSeconds' | 'retentionSeconds'>): number {
  return (Math.ceil(series / shards) / intervalSeconds) * retentionSeconds * BYTES_PER_SAMPLE;
}

/** Refuses a volume that is full before the retention is over, with the arithmetic and the nearest that works. */
export function budgetFindings(kept: KeptSamples): Finding[] {
  const needed = neededBytes(kept);
  const room = kept.volume * SHARE_OF_VOLUME;
  if (needed <= room) return [];
  const { series, shards, said, settings } = kept;
  const each = shards === 1 ? `${series}` : `${series} / ${shards}`;
  const what = `${kept.who} is full before ${said.retention} are over: ${each} series × 1 sample in ${said.interval} × ${said.retention} × ${BYTES_PER_SAMPLE} bytes are ${gibibytes(needed)}, and 80 % of ${said.storage} are ${gibibytes(room)}.`;
  const nearest = [
    `${settings.storage}: '${leastStorage(needed)}'`,
    ...retentionThatFits(kept, room),
    `${settings.shards}: ${leastShards(kept, room)}`,
  ];
  return [{ code: 'ORR2012', what, fix: `The nearest that works: ${nearest.join(', or ')}.` }];
}

/** Whole gibibytes whose share for samples holds so many bytes. */
function leastStorage(needed: number): string {
  return `${Math.ceil(needed / SHARE_OF_VOLUME / GIB)}Gi`;
}

function retentionThatFits(kept: KeptSamples, room: number): string[] {
  const seconds = (kept.retentionSeconds * room) / neededBytes(kept);
  const days = Math.floor(seconds / DAY);
  const hours = Math.floor(seconds / 3600);
  if (hours < 2) return [];
  return [`${kept.settings.retention}: '${days >= 1 ? `${days}d` : `${hours}h`}'`];
}

function leastShards(kept: KeptSamples, room: number): number {
  let shards = Math.max(kept.shards + 1, Math.floor((neededBytes(kept) * kept.shards) / room));
  while (neededBytes({ ...kept, shards }) > room) shards += 1;
  return shards;
}

function gibibytes(bytes: number): string {
  return `${(bytes / GIB).toFixed(1)} GiB`;
}

/** Sizes as Prometheus writes them: powers of 1024, "512MB" (docs/storage.md). */
export function prometheusBytes(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)([KMGTPE])i?B$/.exec(text);
  if (match === null) return undefined;
  return Number(match[1]) * 1024 ** ('KMGTPE'.indexOf(match[2] ?? '') + 1);
}

/** The share of a volume at which the oldest samples go, if the program says none. */
export function sizeForVolume(volume: number): string {
  return `${Math.floor((volume * SHARE_OF_VOLUME) / 2 ** 20)}MB`;
}

/** What is wrong with a size at which the oldest samples go. */
export function sizeFindings(
  size: string,
  kept: Omit<KeptSamples, 'series'> & { readonly series?: number },
): Finding[] {
  const bytes = prometheusBytes(size);
  if (bytes === undefined)
    return [{ code: 'ORR2011', what: `retentionSize is "${size}".`, fix: 'Write it as Prometheus does, e.g. "80GB".' }];
  if (bytes > kept.volume * MOST_OF_VOLUME) {
    const what = `${kept.who} is full before its samples are ${size}: the volume has ${kept.said.storage}.`;
    const fix = `Use at most ${sizeForVolume(kept.volume)}, or leave it out.`;
    return [{ code: 'ORR2012', what, fix }];
  }
  if (kept.series === undefined) return [];
  const needed = neededBytes({ ...kept, series: kept.series });
  if (needed <= bytes) return [];
  const what = `${kept.who} drops samples before ${kept.said.retention} are over: they take ${gibibytes(needed)}, and retentionSize is ${size}.`;
  return [{ code: 'ORR2012', what, fix: `Use ${Math.ceil(needed / GIB)}GB or more, or a shorter retention.` }];
}
