import { afterEach, describe, expect, it } from 'vitest';
import { fixedCredentials } from './credentials.ts';
import { createKubeClient, type KubeClientOptions } from './http-client.ts';
import type { KubeClient } from './kube-client.ts';
import { createAuthority, createCertificate } from './testing/certificates.ts';
import { type Behaviour, FakeApiServer, type FakeServerOptions } from './testing/fake-api-server.ts';

const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one[Symbol.asyncDispose]();
});

async function serve(
  behaviour: Behaviour,
  options: FakeServerOptions & { client?: KubeClientOptions; settings?: Parameters<FakeApiServer['settings']>[0] } = {},
): Promise<{ server: FakeApiServer; client: KubeClient }> {
  const server = await FakeApiServer.start(behaviour, options);
  const client = createKubeClient(server.settings(options.settings), { pauseMs: 1, ...options.client });
  open.push({ [Symbol.asyncDispose]: () => client.close() }, server);
  return { server, client };
}

const echo: Behaviour = ({ method, path, headers, body }) => ({
  body: { method, path, body, type: headers['content-type'], authorization: headers.authorization },
});

describe.each(['h2', 'https', 'http'] as const)('a client over %s', (protocol) => {
  it('sends method, path, query and JSON body, and parses the answer', async () => {
    const { client } = await serve(echo, { protocol });
    const answer = await client.request({
      method: 'PATCH',
      path: '/apis/apps/v1/namespaces/shop/deployments/cart',
      query: { fieldManager: 'orrery.shop', labelSelector: 'a in (b,c)', dryRun: undefined },
      body: { kind: 'Deployment', text: 'grün' },
      contentType: 'application/apply-patch+yaml',
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      method: 'PATCH',
      path: '/apis/apps/v1/namespaces/shop/deployments/cart?fieldManager=orrery.shop&labelSelector=a%20in%20(b%2Cc)',
      body: '{"kind":"Deployment","text":"grün"}',
      type: 'application/apply-patch+yaml',
    });
  });

  it('resolves for every status, with warnings as texts', async () => {
    const { client } = await serve(
      () => ({
        status: 409,
        headers: { warning: '299 - "v1beta1 is deprecated, use \\"v1\\"", 299 kube-apiserver "second"' },
        body: { kind: 'Status', reason: 'Conflict' },
      }),
      { protocol },
    );
    const answer = await client.request({ method: 'GET', path: '/x' });
    expect(answer).toEqual({
      status: 409,
      body: { kind: 'Status', reason: 'Conflict' },
      warnings: ['v1beta1 is deprecated, use "v1"', 'second'],
    });
  });

  it('sends a string body as it is and returns the text of an error as text', async () => {
    const { server, client } = await serve(
      () => ({ status: 404, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: '404 page not found' }),
      { protocol },
    );
    const answer = await client.request({ method: 'POST', path: '/x', body: '{ "a" : 1 }' });
    expect(answer.body).toBe('404 page not found');
    expect(server.requests[0]?.body).toBe('{ "a" : 1 }');
  });

  it('puts the path of the server address before every path', async () => {
    const server = await FakeApiServer.start(echo, { protocol });
    const client = createKubeClient(
      server.settings({ server: new URL(`${server.settings().server.origin}/k8s/clusters/c-1/`) }),
    );
    open.push({ [Symbol.asyncDispose]: () => client.close() }, server);
    expect((await client.request({ method: 'GET', path: '/api' })).body).toMatchObject({
      path: '/k8s/clusters/c-1/api',
    });
  });

  it('checks right before each sending, once the connection stands, whether it still may', async () => {
    const { server, client } = await serve(({ path }) => (path === '/busy' ? { status: 429 } : {}), { protocol });
    let checks = 0;
    const beforeSend = () => {
      // The first connection is there already when the check is made.
      expect(server.connections).toBeGreaterThan(0);
      if (++checks === 3) throw new Error('no longer');
    };
    await expect(client.request({ method: 'POST', path: '/busy', body: {}, beforeSend })).rejects.toThrow('no longer');
    expect(checks).toBe(3);
    expect(server.requests).toHaveLength(2);
    expect((await client.request({ method: 'GET', path: '/x', beforeSend: () => {} })).status).toBe(200);
  });

  it('streams watch events and stops when the consumer stops', async () => {
    let closed = false;
    const { client } = await serve(
      (_request, { stream, response }) => {
        const out = stream ?? response;
        stream?.respond({ ':status': 200, 'content-type': 'application/json' });
        response?.writeHead(200, { 'content-type': 'application/json' });
        out?.once('close', () => {
          closed = true;
        });
        out?.write('{"type":"ADDED","object":{"n":1}}\n{"type":"BOOKMARK","object":{}}\n');
        return undefined;
      },
      { protocol },
    );
    const types: string[] = [];
    for await (const { type } of client.watch({ path: '/x' })) {
      types.push(type);
      if (types.length === 2) break;
    }
    expect(types).toEqual(['ADDED', 'BOOKMARK']);
    await expect.poll(() => closed).toBe(true);
  });
});

describe('a client', () => {
  it('sends credentials and impersonation headers over TLS, and no credentials in clear', async () => {
    const settings = {
      credentials: fixedCredentials({ authorization: 'Bearer t0ken' }),
      headers: { 'impersonate-user': 'ann', 'impersonate-group': ['dev', 'ops'] },
    };
    for (const protocol of ['h2', 'https'] as const) {
      const { server, client } = await serve(echo, { protocol, settings });
      await client.request({ method: 'GET', path: '/x' });
      expect(server.requests[0]?.headers).toMatchObject({ authorization: 'Bearer t0ken', 'impersonate-user': 'ann' });
      expect(String(server.requests[0]?.headers['impersonate-group'])).toMatch(/^dev, ?ops$/);
    }
    const { server, client } = await serve(echo, { protocol: 'http', settings });
    await client.request({ method: 'GET', path: '/x' });
    expect(server.requests[0]?.headers).not.toHaveProperty('authorization');
  });

  it('shows its client certificate to the server', async () => {
    const users = createAuthority('users');
    const ann = createCertificate({ commonName: 'ann', issuer: users });
    const { client } = await serve(echo, { clientAuthority: users, settings: { credentials: fixedCredentials(ann) } });
    expect((await client.request({ method: 'GET', path: '/x' })).status).toBe(200);
  });

  it('uses one connection for many requests, at most `concurrency` at a time', async () => {
    let running = 0;
    let most = 0;
    const { server, client } = await serve(
      async () => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setImmediate(resolve));
        running--;
        return {};
      },
      { client: { concurrency: 5 } },
    );
    await Promise.all(Array.from({ length: 60 }, (_, i) => client.request({ method: 'GET', path: `/${i}` })));
    expect(server.requests).toHaveLength(60);
    expect(server.connections).toBe(1);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(5);
  });

  it('opens another connection when the server allows no more streams on one', async () => {
    let arrived = 0;
    let release: () => void = () => {};
    const all = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { server, client } = await serve(
      async () => {
        if (++arrived === 6) release();
        await all;
        return {};
      },
      { maxStreams: 2 },
    );
    // Settings arrive with the first answer at the latest.
    const first = client.request({ method: 'GET', path: '/first' });
    await expect.poll(() => arrived).toBe(1);
    await Promise.all([
      first,
      ...Array.from({ length: 5 }, (_, i) => client.request({ method: 'GET', path: `/${i}` })),
    ]);
    expect(server.connections).toBe(3);
  });

  it('reads gzipped answers, asks for them only where that is allowed', async () => {
    const big = { items: Array.from({ length: 500 }, (_, i) => ({ name: `object-${i}` })) };
    const behaviour: Behaviour = ({ headers }) => ({ gzip: headers['accept-encoding'] === 'gzip', body: big });
    const packed = await serve(behaviour, { settings: { compression: true } });
    expect((await packed.client.request({ method: 'GET', path: '/x' })).body).toEqual(big);
    const plain = await serve(behaviour);
    expect((await plain.client.request({ method: 'GET', path: '/x' })).body).toEqual(big);
    expect(packed.client.traffic.bytesReceived).toBeLessThan(plain.client.traffic.bytesReceived / 4);
  });

  it('counts requests and bytes on the wire', async () => {
    const { client } = await serve(() => ({ body: '{ "a" : 1 }' }));
    await client.request({ method: 'GET', path: '/a' });
    await client.request({ method: 'GET', path: '/b' });
    expect(client.traffic).toEqual({ requests: 2, bytesReceived: 22 });
  });

  it('stops a request when its signal aborts', async () => {
    const { client } = await serve(() => undefined);
    const stop = new AbortController();
    const answer = client.request({ method: 'GET', path: '/x', signal: stop.signal });
    setTimeout(() => stop.abort(new Error('enough')), 20);
    await expect(answer).rejects.toThrow('enough');
  });
});
