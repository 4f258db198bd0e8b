import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { isOrreryError } from '../errors.ts';
import { createKubeClient } from './http-client.ts';
import { proxyOf } from './proxy-settings.ts';
import { FakeApiServer } from './testing/fake-api-server.ts';
import { ForwardProxy } from './testing/forward-proxy.ts';

const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one[Symbol.asyncDispose]();
});

async function proxy(status?: number) {
  const started = await ForwardProxy.start(status);
  open.push(started);
  return { url: started.url, seen: started.seen };
}

describe('a proxy', () => {
  it.each(['h2', 'https'] as const)(
    'is tunnelled through, TLS stays between client and server (%s)',
    async (protocol) => {
      const { url, seen } = await proxy();
      url.username = 'ann';
      url.password = 'pa:ss';
      const server = await FakeApiServer.start(() => ({ body: { well: true } }), { protocol });
      const client = createKubeClient(server.settings({ proxy: url }));
      open.unshift({ [Symbol.asyncDispose]: () => client.close() }, server);
      expect((await client.request({ method: 'GET', path: '/x' })).body).toEqual({ well: true });
      const login = `Basic ${Buffer.from('ann:pa:ss').toString('base64')}`;
      expect(seen[0]).toEqual({ target: `127.0.0.1:${server.port}`, authorization: login });
    },
  );

  it('that refuses is named with its status, without its password', async () => {
    const { url } = await proxy(407);
    url.username = 'ann';
    url.password = 'pass-canary';
    const server = await FakeApiServer.start(() => ({}));
    const client = createKubeClient(server.settings({ proxy: url }), { pauseMs: 1 });
    open.unshift({ [Symbol.asyncDispose]: () => client.close() }, server);
    const error = await client.request({ method: 'GET', path: '/x' }).catch((reason: unknown) => reason);
    if (!isOrreryError(error)) throw error;
    expect(error.code).toBe('ORR3004');
    expect(error.message).toContain(`the proxy ${url.host} refused the connection with status 407`);
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('pass-canary');
  });
});

describe('the proxy for a server', () => {
  const server = new URL('https://api.prod.example.com:6443');
  const of = (env: Record<string, string>, address = server) => proxyOf(undefined, address, 'context "a"', env)?.href;

  it('comes from proxy-url before the environment', () => {
    const env = { HTTPS_PROXY: 'http://env:1' };
    expect(proxyOf('http://own:2', server, 'context "a"', env)?.href).toBe('http://own:2/');
    expect(of(env)).toBe('http://env:1/');
    expect(of({ https_proxy: 'env:1' })).toBe('http://env:1/');
    expect(of({ HTTP_PROXY: 'http://env:1' })).toBeUndefined();
    expect(of({})).toBeUndefined();
  });

  it.each([
    ['*', true],
    ['prod.example.com', true],
    ['.example.com', true],
    ['*.example.com', true],
    ['other, api.prod.example.com', true],
    ['api.prod.example.com:6443', true],
    ['api.prod.example.com:443', false],
    ['.api.prod.example.com', false],
    ['ple.com', false],
    ['', false],
  ])('is left out where NO_PROXY is "%s": %s', (NO_PROXY, excluded) => {
    expect(of({ HTTPS_PROXY: 'http://env:1', NO_PROXY }) === undefined).toBe(excluded);
  });

  it.each([
    ['10.0.0.0/8', true],
    ['10.1.2.3', true],
    ['10.1.2.0/25', true],
    ['10.2.0.0/16', false],
    ['1.2.3', false],
  ])('at an address is left out where NO_PROXY is "%s": %s', (NO_PROXY, excluded) => {
    expect(of({ HTTPS_PROXY: 'http://env:1', NO_PROXY }, new URL('https://10.1.2.3:6443')) === undefined).toBe(
      excluded,
    );
  });

  it('on this machine never comes from the environment', () => {
    for (const address of ['https://127.0.0.1:1', 'https://localhost', 'https://[::1]:1']) {
      expect(of({ HTTPS_PROXY: 'http://env:1' }, new URL(address))).toBeUndefined();
    }
  });

  it.each(['socks5://ann:pass-canary@host:1', 'http://ann:pass-canary@:x'])(
    'is refused when it is %s, without quoting it',
    (url) => {
      let error: unknown;
      try {
        proxyOf(url, server, 'context "a"', {});
      } catch (reason) {
        error = reason;
      }
      expect(error).toMatchObject({ code: 'ORR3002' });
      expect(inspect(error)).not.toContain('canary');
    },
  );
});
