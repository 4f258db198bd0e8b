import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WatchEvent } from './kube-client.ts';
import { watchEvents } from './watch-stream.ts';

async function* chunks(...parts: readonly (string | Buffer)[]): AsyncGenerator<Buffer> {
  for (const part of parts) yield Buffer.from(part);
}

async function decoded(source: AsyncIterable<Buffer>): Promise<WatchEvent[]> {
  const events: WatchEvent[] = [];
  for await (const event of watchEvents(source)) events.push(event);
  return events;
}

describe('a watch', () => {
  it('decodes to the same events however the network cuts its bytes', async () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 6 });
    const event = fc.record({
      type: fc.constantFrom('ADDED', 'MODIFIED', 'DELETED'),
      object: fc.dictionary(text, text, { maxKeys: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 5 }), fc.array(fc.nat({ max: 40 })), async (events, sizes) => {
        const bytes = Buffer.from(events.map((one) => `${JSON.stringify(one)}\n`).join(''));
        const parts: Buffer[] = [];
        let at = 0;
        for (const size of sizes) {
          parts.push(bytes.subarray(at, at + size));
          at += size;
        }
        parts.push(bytes.subarray(at));
        expect(await decoded(chunks(...parts))).toEqual(JSON.parse(JSON.stringify(events)));
      }),
    );
  });

  it('hands bookmarks and errors to the caller', async () => {
    const events = await decoded(
      chunks(
        '{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"7"}}}\n',
        '{"type":"ERROR","object":{"kind":"Status","code":410}}\n',
      ),
    );
    expect(events.map(({ type }) => type)).toEqual(['BOOKMARK', 'ERROR']);
    expect(events[1]?.object).toEqual({ kind: 'Status', code: 410 });
  });

  it('drops a last event that was cut off, and skips empty lines', async () => {
    expect(await decoded(chunks('\r\n{"type":"ADDED","object":1}\n\n{"type":"ADD'))).toHaveLength(1);
  });

  it('does not accept a line that is no JSON', async () => {
    await expect(decoded(chunks('{"type":"ADDED"}\n<html>\n'))).rejects.toThrow(SyntaxError);
  });
});
