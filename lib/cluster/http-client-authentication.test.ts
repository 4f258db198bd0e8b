import type { TLSSocket } from 'node:tls';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Credentials } from './connection.ts';
import { fixedCredentials } from './credentials.ts';
import { createKubeClient } from './http-client.ts';
import { createAuthority, createCertificate } from './testing/certificates.ts';
import { GET, PATIENT, POST, type Settings, serve } from './testing/client-of-fake-server.ts';
import { failure } from './testing/failure.ts';
import type { Behaviour, FakeServerOptions } from './testing/fake-api-server.ts';

describe('a server that cannot be reached', () => {
  it('is named with the reason, and never with the token', async () => {
    const { server } = await serve(() => ({}));
    const settings = server.settings({ credentials: fixedCredentials({ authorization: 'Bearer t0ken-canary' }) });
    await server[Symbol.asyncDispose]();
    const error = await failure(createKubeClient(settings, PATIENT).request(GET));
    expect(error.code).toBe('ORR3004');
    expect(error.message).toBe(`${settings.server.host}: connection refused.`);
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('t0ken-canary');
  });

  it('because it is not who it should be is refused', async () => {
    const expectReason = async (
      certificate: FakeServerOptions['certificate'],
      reason: RegExp,
      settings: Settings = {},
    ) => {
      const { client } = await serve(() => ({}), { certificate, settings });
      const error = await failure(client.request(GET));
      expect(error.code).toBe('ORR3004');
      expect(error.message).toMatch(reason);
    };
    const stranger = createAuthority('stranger');
    const names = ['127.0.0.1'];
    await expectReason(createCertificate({ commonName: 'a', names, issuer: stranger }), /unknown authority/);
    await expectReason(createCertificate({ commonName: 'a', names }), /self-signed/);
    const { server } = await serve(() => ({}));
    const trusted = server.settings().tls;
    await expectReason(undefined, /another host name/, { tls: { ...trusted, serverName: 'api.example.com' } });
  });

  it('is reached under its tls-server-name, and without any check when that is asked for', async () => {
    const issuer = createAuthority('own');
    const certificate = createCertificate({ commonName: 'a', names: ['api.example.com'], issuer });
    for (const tls of [{ ca: issuer.cert, serverName: 'api.example.com', insecure: false }, { insecure: true }]) {
      const { client } = await serve(() => ({}), { certificate, settings: { tls } });
      expect((await client.request(GET)).status).toBe(200);
    }
  });

  it('because its certificate expired says so', async () => {
    const issuer = createAuthority('own');
    const notAfter = new Date(Date.now() - 1000);
    const certificate = createCertificate({ commonName: 'a', names: ['127.0.0.1'], issuer, notAfter });
    const { client } = await serve(() => ({}), {
      certificate,
      settings: { tls: { ca: issuer.cert, insecure: false } },
    });
    expect((await failure(client.request(GET))).message).toMatch(/expired/);
  });
});

describe('refused credentials', () => {
  const accepts =
    (token: string): Behaviour =>
    ({ headers }) =>
      headers.authorization === `Bearer ${token}` ? {} : { status: 401 };

  it('are renewed once', async () => {
    let token = 'old';
    let renewals = 0;
    const credentials: Credentials = {
      current: async () => ({ authorization: `Bearer ${token}` }),
      refresh: async () => {
        renewals++;
        token = 'new';
        return true;
      },
    };
    const { client } = await serve(accepts('new'), { settings: { credentials } });
    expect((await client.request(POST)).status).toBe(200);
    expect(renewals).toBe(1);
  });

  it('that cannot be renewed are ORR3005, without the token', async () => {
    const { server, client } = await serve(accepts('other'), {
      settings: { credentials: fixedCredentials({ authorization: 'Bearer t0ken-canary' }) },
    });
    const error = await failure(client.request(GET));
    expect(error.code).toBe('ORR3005');
    expect(error.message).toContain('context "test" of /kubeconfig');
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('t0ken-canary');
    expect(server.requests).toHaveLength(1);
  });

  it('renewed with another client certificate are shown on a new connection', async () => {
    const users = createAuthority('users');
    let certificate = createCertificate({ commonName: 'old', issuer: users });
    const credentials: Credentials = {
      current: async () => certificate,
      refresh: async () => {
        certificate = createCertificate({ commonName: 'new', issuer: users });
        return true;
      },
    };
    const behaviour: Behaviour = (_request, { stream }) => {
      const socket = stream?.session?.socket as unknown as TLSSocket;
      const peer = socket.getPeerCertificate();
      return peer.subject.CN === 'new' ? {} : { status: 401 };
    };
    const { client } = await serve(behaviour, { clientAuthority: users, settings: { credentials } });
    expect((await client.request(GET)).status).toBe(200);
  });
});
