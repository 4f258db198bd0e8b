import { gzipSync } from 'node:zlib';

/** Most that a Secret holds (kubernetes: pkg/apis/core/types.go, MaxSecretSize). */
const SECRET_BYTES = 1024 * 1024;

/** Below this much text no record comes near the limit. */
const SMALL = 256 * 1024;

/**
 * Bytes that the record of a release takes about: helm keeps the files of the chart and what came of them, as gzipped JSON in base64, in one Secret (helm:
 * pkg/storage/driver/util.go).
 * @returns undefined where it fits in any case
 */
export function tooLargeRecord(files: ReadonlyMap<string, string>): number | undefined {
  const texts = [...files.values()];
  if (texts.reduce((sum, text) => sum + text.length, 0) < SMALL) return undefined;
  const templates = [...files].flatMap(([name, text]) => (name.startsWith('templates/') ? [text] : []));
  const record = JSON.stringify({
    files: texts.map((text) => Buffer.from(text).toString('base64')),
    manifest: templates.join('---\n'),
  });
  const bytes = Math.ceil(gzipSync(record, { level: 9 }).length / 3) * 4;
  return bytes > SECRET_BYTES ? bytes : undefined;
}
