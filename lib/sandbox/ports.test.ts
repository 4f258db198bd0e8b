import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { freePort } from './ports.ts';

describe('a free port', () => {
  it('is never one that is reserved or listened on', async () => {
    const reserved = new Set<number>();
    const taken = await freePort(reserved);
    const server = createServer().listen(taken, '127.0.0.1');
    await once(server, 'listening');
    try {
      // All but two ports of the range are reserved: the listened one and one other.
      const other = taken === 25_000 ? 25_001 : 25_000;
      const nearlyAll = new Set(Array.from({ length: 10_000 }, (_, index) => 20_000 + index));
      nearlyAll.delete(taken);
      nearlyAll.delete(other);
      const attempts = await Promise.allSettled(Array.from({ length: 20 }, () => freePort(new Set(nearlyAll))));
      for (const attempt of attempts) if (attempt.status === 'fulfilled') expect(attempt.value).toBe(other);
    } finally {
      server.close();
    }
  });

  it('is different every time within one set of reservations', async () => {
    const reserved = new Set<number>();
    const ports = await Promise.all(Array.from({ length: 40 }, () => freePort(reserved)));
    expect(new Set(ports).size).toBe(40);
    for (const port of ports) expect(port >= 20_000 && port <= 29_999).toBe(true);
  });
});
