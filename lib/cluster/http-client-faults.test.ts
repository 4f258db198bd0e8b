import http2 from 'node:http2';
import { inspect } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createKubeClient } from './http-client.ts';
import type { KubeRequest } from './kube-client.ts';
import { closedAfterTest, connect, GET, PATIENT, POST, serve } from './testing/client-of-fake-server.ts';
import { failure } from './testing/failure.ts';
import { type Behaviour, FakeApiServer } from './testing/fake-api-server.ts';
import { frame, JSON_HEADERS, RawHttp2Server } from './testing/raw-http2-server.ts';
import { Wire } from './testing/wire.ts';

/** Answers the first `times` requests with `first`, the others well. */
function once(first: Behaviour, times = 1): Behaviour {
  let count = 0;
  return (request, raw) => (count++ < times ? first(request, raw) : { body: { well: true } });
}

describe('a busy server', () => {
  it('that answers 429 is asked again, whatever the request, as it was not begun', async () => {
    const { server, client } = await serve(once(() => ({ status: 429, headers: { 'retry-after': '0' } }), 2));
    expect((await client.request(POST)).status).toBe(200);
    expect(server.requests).toHaveLength(3);
  });

  it('that never recovers gets no more than `attempts` requests', async () => {
    const { server, client } = await serve(() => ({ status: 429 }), { client: { attempts: 4 } });
    expect((await client.request(GET)).status).toBe(429);
    expect(server.requests).toHaveLength(4);
  });

  it('cannot make us wait longer than `maxRetryAfterMs`', async () => {
    const { client } = await serve(once(() => ({ status: 429, headers: { 'retry-after': '86400' } })));
    expect((await client.request(GET)).status).toBe(200);
  });

  it.each([502, 503, 504])('that answers %i is asked again only where that does no harm', async (status) => {
    const { server, client } = await serve(() => ({ status, body: { kind: 'Status' } }), { client: { attempts: 3 } });
    const apply: KubeRequest = {
      method: 'PATCH',
      path: '/x',
      contentType: 'application/apply-patch+yaml',
      body: { metadata: { resourceVersion: '1' } },
    };
    const sent = async (request: KubeRequest) => {
      const before = server.requests.length;
      expect((await client.request(request)).status).toBe(status);
      return server.requests.length - before;
    };
    expect(await sent(GET)).toBe(3);
    expect(await sent(POST)).toBe(1);
    expect(await sent({ ...POST, idempotent: true })).toBe(3);
    expect(await sent({ ...POST, query: { dryRun: 'All' } })).toBe(3);
    expect(await sent(apply)).toBe(3);
    expect(await sent({ ...apply, body: { metadata: { name: 'a' } } })).toBe(1);
    expect(await sent({ ...apply, contentType: 'application/merge-patch+json' })).toBe(1);
    expect(await sent({ method: 'DELETE', path: '/x' })).toBe(1);
  });

  it.each([
    ['etcdserver: leader changed', 3],
    ['rpc error: code = Unavailable desc = connection refused', 3],
    ['failed calling webhook "x": connection refused', 1],
    ['failed to create typed patch object', 1],
  ])('that answers 500 (%s) is asked again %i times in all', async (message, times) => {
    const { server, client } = await serve(() => ({ status: 500, body: { kind: 'Status', message } }), {
      client: { attempts: 3 },
    });
    expect((await client.request(GET)).status).toBe(500);
    expect((await client.request(POST)).status).toBe(500);
    expect(server.requests).toHaveLength(times + 1);
  });

  it('that answers 500 is not asked again: that is mostly permanent', async () => {
    const { server, client } = await serve(() => ({ status: 500 }));
    expect((await client.request(GET)).status).toBe(500);
    expect(server.requests).toHaveLength(1);
  });
});

describe.each(['h2', 'https'] as const)('a connection over %s that is lost', (protocol) => {
  const reset: Behaviour = (_request, { stream, response }) => {
    (stream?.session?.socket ?? response?.socket)?.destroy();
    return undefined;
  };

  it('before the answer costs a GET another try', async () => {
    const { server, client } = await serve(once(reset), { protocol });
    expect((await client.request(GET)).body).toEqual({ well: true });
    expect(server.connections).toBe(2);
  });

  it('before the answer makes a write fail that may not be repeated, and says that its fate is unknown', async () => {
    const { server, client } = await serve(once(reset), { protocol });
    const error = await failure(client.request(POST));
    expect(error.code).toBe('ORR3004');
    expect(error.message).toContain(`127.0.0.1:${server.port}`);
    expect(error.message).toContain('unknown');
    expect(server.requests).toHaveLength(1);
  });

  it('in the middle of the answer is no short answer', async () => {
    const cut: Behaviour = (_request, { stream, response }) => {
      stream?.respond({ ':status': 200, 'content-type': 'application/json' });
      response?.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      (stream ?? response)?.write('{"a":1}', () => (stream?.session?.socket ?? response?.socket)?.destroy());
      return undefined;
    };
    const { client } = await serve(once(cut), { protocol });
    expect((await client.request(GET)).body).toEqual({ well: true });
  });

  it('is lost for good after `attempts`', async () => {
    const { server, client } = await serve(once(reset, 100), { protocol, client: { attempts: 3 } });
    await failure(client.request(GET));
    // Nothing was ever answered: such a cluster is reported early.
    expect(server.requests).toHaveLength(2);
  });

  it('by a restart of the server comes back', async () => {
    const { server, client } = await serve(() => ({ body: { n: 1 } }), { protocol });
    expect((await client.request(GET)).body).toEqual({ n: 1 });
    const { port } = server;
    await server[Symbol.asyncDispose]();
    const answer = client.request(GET);
    closedAfterTest(await FakeApiServer.start(() => ({ body: { n: 2 } }), { protocol, port }));
    expect((await answer).body).toEqual({ n: 2 });
  });
});

describe('an HTTP/2 server', () => {
  it('that says goodbye gets its last requests finished and the next ones on a new connection', async () => {
    const { server, client } = await serve(async ({ path }, { stream }) => {
      if (path === '/goodbye') {
        stream?.session?.goaway(http2.constants.NGHTTP2_NO_ERROR);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return { body: { path } };
    });
    expect((await client.request({ method: 'POST', path: '/goodbye' })).body).toEqual({ path: '/goodbye' });
    expect((await client.request({ method: 'POST', path: '/next' })).body).toEqual({ path: '/next' });
    expect(server.connections).toBe(2);
  });

  it('that refuses a stream is asked again, whatever the request', async () => {
    const refuse: Behaviour = (_request, { stream }) => {
      stream?.close(http2.constants.NGHTTP2_REFUSED_STREAM);
      return undefined;
    };
    const { client } = await serve(once(refuse));
    expect((await client.request(POST)).body).toEqual({ well: true });
  });

  it('that breaks off an answer halfway is not believed', async () => {
    const breakOff: Behaviour = (_request, { stream }) => {
      stream?.respond({ ':status': 200, 'content-type': 'application/json' });
      stream?.write('{"a":1}', () => stream.destroy(new Error('handler failed')));
      return undefined;
    };
    const { client } = await serve(once(breakOff));
    expect((await client.request(GET)).body).toEqual({ well: true });
  });

  it.each([
    ['', []],
    [' and resets the stream', [frame(3, 0, 1, Buffer.alloc(4))]],
  ])('that answers before it has read the whole request%s is believed at once', async (_, more) => {
    const server = await RawHttp2Server.start((stream) => [
      frame(1, 0x4, stream, JSON_HEADERS),
      frame(0, 0x1, stream, Buffer.from('{"a":1}')),
      ...more,
    ]);
    closedAfterTest(server);
    const client = createKubeClient(server.settings, { ...PATIENT, attempts: 1 });
    onTestFinished(() => client.close());
    // More than the window of a stream, which this server never opens further.
    const request: KubeRequest = { ...POST, body: { text: 'x'.repeat(200_000) } };
    expect((await client.request(request)).body).toEqual({ a: 1 });
  });

  it.each([
    ['NO_ERROR', 0, 'ORR3007'],
    ['CANCEL', 8, 'ORR3004'],
  ])('that resets an answer halfway with %s is not believed', async (_name, code, expected) => {
    const server = await RawHttp2Server.start((stream) => [
      frame(1, 0x4, stream, JSON_HEADERS),
      frame(0, 0, stream, Buffer.from(code === 0 ? '{"a":' : '{"a":1}')),
      frame(3, 0, stream, Buffer.from([0, 0, 0, code])),
    ]);
    closedAfterTest(server);
    const client = createKubeClient(server.settings, { ...PATIENT, attempts: 2 });
    onTestFinished(() => client.close());
    expect((await failure(client.request(GET))).code).toBe(expected);
    expect(server.streams).toBe(2);
  });
});

describe('a half-open connection', () => {
  it('is found by its silence, also while a watch is running, and replaced', async () => {
    const { server } = await serve(({ path }, { stream }) => {
      if (path.includes('watch')) {
        stream?.respond({ ':status': 200, 'content-type': 'application/json' });
        stream?.write('{"type":"ADDED","object":{}}\n');
        return undefined;
      }
      return { body: { well: true } };
    });
    const wire = await Wire.to(server.port);
    closedAfterTest(wire);
    const client = connect(
      server,
      { server: new URL(`https://127.0.0.1:${wire.port}`) },
      { pingAfterMs: 40, pingTimeoutMs: 40 },
    );
    await client.request(GET);
    const events = client.watch({ path: '/watch' })[Symbol.asyncIterator]();
    await events.next();
    wire.swallow();
    expect((await client.request(GET)).body).toEqual({ well: true });
    expect((await failure(events.next())).code).toBe('ORR3004');
  });

  it('is given up after the time of the request when nothing ever answers', async () => {
    const { client } = await serve(() => undefined);
    const error = await failure(client.request({ ...GET, timeoutMs: 30 }));
    expect(error.code).toBe('ORR3004');
    expect(error.message).toContain('0.03 s');
  });
});

describe('an answer that cannot be read', () => {
  const canary = 'c2VjcmV0LWNhbmFyeQ';

  it.each([
    ['truncated JSON', { body: `{"data":{"password":"${canary}` }],
    ['a web page', { status: 503, headers: { 'content-type': 'text/html' }, body: `<html>${canary}</html>` }],
    ['something else', { headers: { 'content-type': 'application/octet-stream' }, body: canary }],
    ['a success that says nothing', { body: '' }],
    ['a success that says nothing, of no type', { headers: { 'content-type': '' }, body: '' }],
    ['a success in words', { headers: { 'content-type': 'text/plain' }, body: canary }],
    ['a success that is no object', { body: `"${canary}"` }],
    ['damaged gzip', { headers: { 'content-encoding': 'gzip' }, body: canary }],
  ])('(%s) is ORR3007 and is never quoted', async (_name, reply) => {
    const { client } = await serve(() => reply, { client: { attempts: 2 } });
    const error = await failure(client.request(GET));
    expect(error.code).toBe('ORR3007');
    expect(error.message).toContain('/x');
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(canary);
  });

  it.each([
    ['a web page', { headers: { 'content-type': 'text/html' }, body: '<html></html>' }, 3, 1],
    ['truncated JSON', { body: '{"data":' }, 3, 1],
    ['a web page with 429', { status: 429, headers: { 'content-type': 'text/html' }, body: '' }, 8, 8],
    ['a web page with 503', { status: 503, headers: { 'content-type': 'text/html' }, body: '' }, 8, 1],
  ])(
    '(%s) may have been damaged on its way: it is asked for again where that does no harm',
    async (_, reply, reads, writes) => {
      const { server, client } = await serve(() => reply);
      expect((await failure(client.request(GET))).code).toBe('ORR3007');
      expect(server.requests).toHaveLength(reads);
      expect((await failure(client.request(POST))).code).toBe('ORR3007');
      expect(server.requests).toHaveLength(reads + writes);
    },
  );

  it('because it is too large is cut off, packed or not', async () => {
    const body = 'x'.repeat(50_000);
    for (const gzip of [false, true]) {
      const { server, client } = await serve(() => ({ body: JSON.stringify(body), gzip }), {
        client: { maxAnswerBytes: 10_000 },
      });
      expect((await failure(client.request(GET))).code).toBe('ORR3007');
      // It would be as large the next time.
      if (!gzip) expect(server.requests).toHaveLength(1);
    }
  });
});
