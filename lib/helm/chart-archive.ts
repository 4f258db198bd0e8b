import { gunzipSync } from 'node:zlib';

/** Limits of helm's own reader (helm/helm: pkg/chart/loader/archive/archive.go). */
const MAX_CHART_BYTES = 100 * 1024 * 1024;
const MAX_FILE_BYTES = 5 * 1024 * 1024;
const BLOCK = 512;
/** Room for headers and padding of the archive itself. */
const MAX_ARCHIVE_BYTES = MAX_CHART_BYTES + 32 * 1024 * 1024;

export interface ChartFile {
  /** Path in the chart, with forward slashes. */
  readonly name: string;
  readonly bytes: Buffer;
}

/** Why an archive is refused, as one clause. */
export class HostileArchive extends Error {
  override readonly name = 'HostileArchive';
}

/**
 * Reads a chart archive (gzipped tar: POSIX ustar and pax, GNU long names) into memory; nothing is ever unpacked to disk.
 * @throws HostileArchive for a file that would land outside the chart, a link or device, or a chart beyond helm's limits
 */
export function readChartArchive(archive: Buffer): ChartFile[] {
  const tar = unzip(archive);
  const files: ChartFile[] = [];
  let total = 0;
  let longName: string | undefined;
  for (let at = 0; at + BLOCK <= tar.length; ) {
    const header = tar.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) break;
    verifyChecksum(header);
    const size = sizeOf(header);
    const end = at + BLOCK + size;
    if (end > tar.length) throw new HostileArchive('ends in the middle of a file');
    const bytes = tar.subarray(at + BLOCK, end);
    at = end + ((BLOCK - (size % BLOCK)) % BLOCK);
    const type = String.fromCharCode(header[156] ?? 0);
    if (type === 'g') continue;
    if (type === 'x') {
      longName = paxPath(bytes) ?? longName;
      continue;
    }
    if (type === 'L') {
      longName = text(bytes);
      continue;
    }
    const name = longName ?? nameOf(header);
    longName = undefined;
    if (type === '5') continue;
    if (type !== '0' && type !== '\0')
      throw new HostileArchive(`holds ${JSON.stringify(name)}, which is a link or a device`);
    checkName(name);
    if (size > MAX_FILE_BYTES)
      throw new HostileArchive(`holds ${name} of more than ${MAX_FILE_BYTES / 1024 / 1024} MiB`);
    total += size;
    if (total > MAX_CHART_BYTES) throw new HostileArchive(`unpacks to more than ${MAX_CHART_BYTES / 1024 / 1024} MiB`);
    files.push({ name: name.split('\\').join('/').replace(/^\.\//, ''), bytes });
  }
  return files;
}

/** True for what starts like a gzip file. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function unzip(archive: Buffer): Buffer {
  try {
    return gunzipSync(archive, { maxOutputLength: MAX_ARCHIVE_BYTES });
  } catch (error) {
    const tooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    throw new HostileArchive(
      tooLarge ? `unpacks to more than ${MAX_CHART_BYTES / 1024 / 1024} MiB` : 'is no gzip archive',
    );
  }
}

function checkName(name: string): void {
  const parts = name.split(/[/\\]/);
  const outside = parts.includes('..') || /^[/\\]/.test(name) || /^[A-Za-z]:/.test(name);
  if (outside) throw new HostileArchive(`holds ${JSON.stringify(name)}, which lies outside the chart`);
  if (name === '' || name.includes('\0'))
    throw new HostileArchive(`holds a file without a usable name: ${JSON.stringify(name)}`);
}

function nameOf(header: Buffer): string {
  const prefix = header.toString('latin1', 257, 262) === 'ustar' ? text(header.subarray(345, 500)) : '';
  const name = text(header.subarray(0, 100));
  return prefix === '' ? name : `${prefix}/${name}`;
}

function sizeOf(header: Buffer): number {
  const field = header.subarray(124, 136);
  const size = ((field[0] ?? 0) & 0x80) === 0 ? Number.parseInt(text(field).trim() || '0', 8) : binarySize(field);
  if (!Number.isSafeInteger(size) || size < 0) throw new HostileArchive('has a header that makes no sense');
  return size;
}

/** Base-256 sizes, which GNU tar writes for large files. */
function binarySize(field: Buffer): number {
  return field.subarray(1).reduce((size, byte) => size * 256 + byte, (field[0] ?? 0) & 0x7f);
}

function verifyChecksum(header: Buffer): void {
  let sum = 0;
  header.forEach((byte, i) => {
    sum += i >= 148 && i < 156 ? 0x20 : byte;
  });
  if (Number.parseInt(text(header.subarray(148, 156)).trim(), 8) !== sum)
    throw new HostileArchive('has a damaged header');
}

/** The path of a pax record list: "<length> path=<value>\n" (POSIX pax, "Extended Header"). */
function paxPath(records: Buffer): string | undefined {
  let path: string | undefined;
  for (let at = 0; at < records.length; ) {
    const space = records.indexOf(0x20, at);
    const length = Number.parseInt(records.toString('latin1', at, space), 10);
    if (space < 0 || !(length > 0)) throw new HostileArchive('has a header that makes no sense');
    const record = records.toString('utf8', space + 1, at + length - 1);
    if (record.startsWith('path=')) path = record.slice('path='.length);
    if (record.startsWith('size=')) throw new HostileArchive('has a file of more than 8 GiB');
    at += length;
  }
  return path;
}

function text(field: Buffer): string {
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? field.length : end);
}
