import { ChunkFile } from './chunk-file';
import { writeJsonText } from './object-text';

/**
 * Writes plain data as JSON with two blanks per level, as `JSON.stringify(value, undefined, 2)` does. Piece by piece: a manifest of ten thousand objects as one
 * text, and its bytes, would be all that a synth has in memory at its end.
 */
export function writeJsonFile(file: string, value: object): void {
  const chunks = new ChunkFile();
  chunks.open(file);
  try {
    writeValue(value, 0, chunks);
    chunks.bytes.write('\n');
  } finally {
    chunks.close();
  }
}

function writeValue(value: unknown, depth: number, file: ChunkFile): void {
  const { bytes } = file;
  if (typeof value === 'string') writeJsonText(value, bytes);
  else if (Array.isArray(value)) {
    bytes.write('[');
    for (let i = 0; i < value.length; i++) {
      if (i > 0) bytes.write(',');
      bytes.line(2 * depth + 2);
      writeValue(value[i], depth + 1, file);
      file.breathe();
    }
    if (value.length > 0) bytes.line(2 * depth);
    bytes.write(']');
  } else if (typeof value === 'object' && value !== null) {
    bytes.write('{');
    let isFirst = true;
    for (const key in value) {
      const member = (value as Record<string, unknown>)[key];
      if (member === undefined) continue;
      if (!isFirst) bytes.write(',');
      isFirst = false;
      bytes.line(2 * depth + 2);
      writeJsonText(key, bytes);
      bytes.write(': ');
      writeValue(member, depth + 1, file);
    }
    if (!isFirst) bytes.line(2 * depth);
    bytes.write('}');
  } else bytes.write(JSON.stringify(value) ?? 'null');
}
