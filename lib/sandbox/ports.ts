import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below the ranges from which Linux (32768–60999) and macOS (49152–65535) take the ports of outgoing connections, and below Kubernetes'
 * node ports, so that a stopped component finds its port free again.
 */
const FIRST = 20_000;
const LAST = 29_999;

/**
 * A loopback TCP port that nobody listens on now. Another process may still take it before its user binds it: callers retry.
 *
 * @param reserved ports not to return; the chosen one is added.
 */
export async function freePort(reserved: Set<number>): Promise<number> {
  for (let attempt = 0; attempt < 1_000; attempt++) {
    const port = randomInt(FIRST, LAST + 1);
    if (reserved.has(port)) continue;
    reserved.add(port);
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port between ${FIRST} and ${LAST} on 127.0.0.1`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.unref();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
