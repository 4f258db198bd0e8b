import type { WatchEvent } from './kube-client.ts';

/**
 * Decodes a watch: one JSON document per line (Kubernetes API concepts, "Efficient detection of changes"). Works on bytes, so that a character
 * split between two chunks stays whole.
 * @throws SyntaxError for a line that is no JSON; a last line without its end is dropped, because the stream was cut inside it
 */
export async function* watchEvents(chunks: AsyncIterable<Buffer>): AsyncGenerator<WatchEvent> {
  let parts: Buffer[] = [];
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      parts.push(chunk.subarray(start, end));
      start = end + 1;
      const line = (parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)).toString('utf8');
      parts = [];
      if (line.trim() !== '') yield JSON.parse(line) as WatchEvent;
    }
    if (start < chunk.length) parts.push(chunk.subarray(start));
  }
}
