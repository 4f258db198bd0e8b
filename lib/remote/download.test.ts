import type http from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { createCertificate } from '../cluster/testing/certificates.ts';
import { authority, type Behaviour, FakeApiServer } from '../cluster/testing/fake-api-server.ts';
import { ForwardProxy } from '../cluster/testing/forward-proxy.ts';
import { isOrreryError, type OrreryError } from '../errors.ts';
import { download } from './download.ts';
import type { RemoteOptions } from './remote-options.ts';

const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one[Symbol.asyncDispose]();
});

const certificate = createCertificate({
  commonName: 'files',
  names: ['127.0.0.1', 'localhost', 'files.example.com', 'other.example.com'],
  issuer: authority,
});

async function serve(behaviour: Behaviour): Promise<FakeApiServer> {
  const server = await FakeApiServer.start(behaviour, { protocol: 'https', certificate });
  open.push(server);
  return server;
}

const redirect = (location: string) => ({ status: 302, headers: { location }, body: '' });
const here = (server: FakeApiServer, path = '/objects.yaml') => `https://127.0.0.1:${server.port}${path}`;
const trusting = (...servers: FakeApiServer[]): RemoteOptions => ({
  ca: authority.cert,
  privateHosts: servers.map(({ port }) => `127.0.0.1:${port}`),
});

async function refused(address: string, options: RemoteOptions): Promise<OrreryError> {
  const error = await download(address, options).then(
    () => expect.unreachable('it was fetched'),
    (reason: unknown) => reason,
  );
  if (!isOrreryError(error)) throw error;
  return error;
}

/** A response that is written by hand; undefined lets the server add nothing. */
const byHand = (write: (response: http.ServerResponse) => void): Behaviour => {
  return (_, { response }) => {
    if (response !== undefined) write(response);
    return undefined;
  };
};

describe('a download', () => {
  it('follows redirects, relative ones and those to other hosts, and takes nothing along', async () => {
    const last = await serve(() => ({ body: 'kind: A\n' }));
    const first = await serve(({ path }) =>
      path === '/a?token=canary'
        ? { ...redirect('b'), headers: { location: 'b', 'set-cookie': 'session=canary; Secure' } }
        : redirect(`${here(last)}#part`),
    );
    const bytes = await download(here(first, '/a?token=canary'), trusting(first, last));
    expect(bytes.toString()).toBe('kind: A\n');
    expect(first.requests.map(({ path }) => path)).toEqual(['/a?token=canary', '/b']);
    expect(last.requests.map(({ path }) => path)).toEqual(['/objects.yaml']);
    for (const { headers } of [...first.requests, ...last.requests]) {
      expect(Object.keys(headers).sort()).toEqual(['accept', 'accept-encoding', 'connection', 'host', 'user-agent']);
      expect(headers['accept-encoding']).toBe('identity');
    }
  });

  it('follows five redirects, not six', async () => {
    const server = await serve(({ path }) => {
      const left = Number(path.slice(1));
      return left === 0 ? { body: 'there' } : redirect(`/${left - 1}`);
    });
    expect((await download(here(server, '/5'), trusting(server))).toString()).toBe('there');
    expect(await refused(here(server, '/6'), trusting(server))).toMatchObject({
      code: 'ORR2204',
      message: expect.stringContaining('more than 5 redirects'),
    });
    expect(server.requests.length).toBe(6 + 6);
  });

  it.each([
    ['http://files.example.com/x', 'no https address'],
    ['file:///etc/passwd', 'no https address'],
    ['ftp://files.example.com/x', 'no https address'],
    ['https://ann:pass-canary@files.example.com/x', 'an address with credentials'],
    ['https://169.254.169.254/latest', '169.254.169.254 is a metadata address'],
    ['https://2852039166/latest', '169.254.169.254 is a metadata address'],
    ['https://10.0.0.1/x', '10.0.0.1 is a private address'],
    ['https://0x7f.1/x', '127.0.0.1 is a loopback address'],
    ['https://[::1]/x', '::1 is a loopback address'],
    ['https://[::ffff:10.0.0.1]/x', '::ffff:a00:1 is a private address'],
    ['https://[fe80::1]/x', 'fe80::1 is a link-local address'],
  ])('is not led to %s', async (location, why) => {
    const server = await serve(() => redirect(location));
    const error = await refused(here(server), trusting(server));
    expect(error).toMatchObject({ code: 'ORR2206', message: expect.stringContaining(why) });
    expect(`${error.message}${error.fix}`).not.toContain('canary');
    expect(server.requests.length).toBe(1);
  });

  it('is not led to a server of ours by one that is not named, nor to one that is not named', async () => {
    const inside = await serve(() => ({ body: 'secret' }));
    const named = await serve(() => redirect(here(inside)));
    expect(await refused(here(named), trusting(named))).toMatchObject({ code: 'ORR2206' });
    expect(await refused(here(inside), trusting(named))).toMatchObject({ code: 'ORR2206' });
    expect(inside.connections).toBe(0);
  });

  it('is not led to a server of ours by a stranger, even to one that is named', async () => {
    const inside = await serve(() => ({ body: 'secret' }));
    const stranger = await serve(() => redirect(here(inside)));
    const proxy = await ForwardProxy.start(200, stranger);
    open.unshift(proxy);
    // Whom nobody here knows can only be reached through a proxy; loopback is never reached through one.
    const resolve = () => Promise.reject(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }));
    const options = { ...trusting(inside), environment: { HTTPS_PROXY: proxy.url.href }, resolve };
    expect((await download(here(inside), options)).toString()).toBe('secret');
    expect(await refused('https://files.example.com/', options)).toMatchObject({
      code: 'ORR2206',
      fix: expect.stringContaining('Write this address into the program'),
    });
    expect([stranger.requests.length, inside.requests.length]).toEqual([1, 1]);
  });

  it('resolves a name once and connects to what was checked', async () => {
    const server = await serve(() => ({ body: 'there' }));
    const asked: string[] = [];
    const resolve = async (host: string) => {
      asked.push(host);
      if (asked.length > 1) throw new Error('asked again');
      return [{ address: '127.0.0.1', family: 4 }];
    };
    const privateHosts = [`FILES.example.com:${server.port}`];
    const address = `https://files.example.com:${server.port}/`;
    expect((await download(address, { ca: authority.cert, privateHosts, resolve })).toString()).toBe('there');
    expect(asked).toEqual(['files.example.com']);
  });

  it.each([
    [['127.0.0.1'], 'files.example.com is 127.0.0.1, which is a loopback address'],
    [['8.8.8.8', '127.0.0.1'], 'files.example.com is 127.0.0.1, which is a loopback address'],
    [['::ffff:127.0.0.1'], 'files.example.com is ::ffff:127.0.0.1, which is a loopback address'],
    [['192.168.1.1'], 'files.example.com is 192.168.1.1, which is a private address'],
    [['fd00:ec2::254'], 'files.example.com is fd00:ec2::254, which is a metadata address'],
  ])('is refused for a name that answers %j, without a connection', async (addresses, why) => {
    const server = await serve(() => ({}));
    const resolve = async () => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    const error = await refused(`https://files.example.com:${server.port}/`, { ca: authority.cert, resolve });
    expect(error).toMatchObject({ code: 'ORR2206', message: expect.stringContaining(why) });
    expect(error.fix).toMatch(why.includes('metadata') ? /another address/ : /privateHosts/);
    expect(server.connections).toBe(0);
  });

  it('never reaches link-local and metadata addresses, even for hosts that may be private', async () => {
    for (const address of ['169.254.1.1', '169.254.169.254', '0.0.0.0']) {
      const resolve = async () => [{ address, family: 4 }];
      const options = { privateHosts: ['files.example.com'], resolve };
      expect(await refused('https://files.example.com/', options)).toMatchObject({ code: 'ORR2206' });
    }
  });

  it.each([
    ['is not there', () => ({ status: 404, body: 'canary' }), 'the server answered 404'],
    [
      'says how large it is, and is too large',
      () => ({ headers: { 'content-length': '1073741824' } }),
      'larger than 1 MiB',
    ],
    [
      'never ends',
      byHand((response) => {
        const more = (): void => {
          while (!response.destroyed && response.write(Buffer.alloc(65_536, 'a')));
          if (!response.destroyed) response.once('drain', more);
        };
        more();
      }),
      'larger than 1 MiB',
    ],
    [
      'comes byte by byte',
      byHand(async (response) => {
        while (!response.destroyed) {
          response.write('a');
          await wait(20);
        }
      }),
      'it took more than 0.5 s',
    ],
    ['never begins', byHand(() => {}), 'it took more than 0.5 s'],
    [
      'is cut off',
      byHand((response) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('kind', () => response.destroy());
      }),
      'cannot be fetched: ',
    ],
  ] as [string, Behaviour, string][])('of a file that %s fails, saying so', async (_, behaviour, why) => {
    const server = await serve(behaviour);
    const timeoutMs = why.includes('took') ? 500 : 30_000;
    const error = await refused(here(server), { ...trusting(server), maxBytes: 1024 * 1024, timeoutMs });
    expect(error).toMatchObject({ code: 'ORR2204', message: expect.stringContaining(why) });
    expect(error.message).toContain(`https://127.0.0.1:${server.port}/objects.yaml`);
    expect(error.message).not.toContain('canary');
  });

  it('checks the certificate', async () => {
    const server = await serve(() => ({}));
    const { ca: _, ...withoutAuthority } = trusting(server);
    expect(await refused(here(server), withoutAuthority)).toMatchObject({
      code: 'ORR2204',
      message: expect.stringContaining('signed by an unknown authority'),
    });
    expect(server.requests).toEqual([]);
  });

  it('goes through the proxy of the environment, which resolves what cannot be resolved here, and nothing private', async () => {
    const server = await serve(() => ({ body: 'there' }));
    const proxy = await ForwardProxy.start(200, server);
    open.unshift(proxy);
    const environment = { HTTPS_PROXY: proxy.url.href };
    const known: Record<string, string> = { 'other.example.com': '10.0.0.1' };
    const resolve = async (host: string) => {
      const address = known[host];
      if (address === undefined) throw Object.assign(new Error('not found'), { code: 'ENOTFOUND' });
      return [{ address, family: 4 }];
    };
    const options = { ca: authority.cert, environment, resolve };
    expect((await download('https://files.example.com/', options)).toString()).toBe('there');
    expect(proxy.seen.map(({ target }) => target)).toEqual(['files.example.com:443']);

    for (const address of ['https://other.example.com/', 'https://10.0.0.1/', 'https://169.254.169.254/'])
      expect(await refused(address, options)).toMatchObject({ code: 'ORR2206' });
    const around = { ...options, environment: { ...environment, NO_PROXY: 'files.example.com' } };
    expect(await refused('https://files.example.com/', around)).toMatchObject({
      code: 'ORR2204',
      message: expect.stringContaining('host name not found'),
    });
    const broken = { ...options, environment: { HTTPS_PROXY: 'socks5://ann:pass-canary@proxy:1' } };
    expect((await refused('https://files.example.com/', broken)).message).toMatch(/^(?!.*canary).*SOCKS/);
    expect(proxy.seen.length).toBe(1);
  });
});
