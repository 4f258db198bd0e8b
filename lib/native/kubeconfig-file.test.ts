import { existsSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ConnectionSettings, Credentials } from '../cluster/connection.ts';
import { fixedCredentials } from '../cluster/credentials.ts';
import { kubeconfigOf, withKubeconfig } from './kubeconfig-file.ts';

function connection(credentials: Credentials, more: Partial<ConnectionSettings> = {}): ConnectionSettings {
  const server = new URL('https://api.example.com:6443');
  return { server, description: 'x', tls: { insecure: false }, compression: true, credentials, headers: {}, ...more };
}

describe('the kubeconfig of a helm that works on a cluster', () => {
  it('is for this user alone, as is its token, and both are gone afterwards, also after a failure', async () => {
    const settings = connection(fixedCredentials({ authorization: 'Bearer abc' }));
    let seen = '';
    const using = withKubeconfig(settings, async ({ folder, kubeconfig }) => {
      seen = folder;
      expect(statSync(folder).mode & 0o777).toBe(0o700);
      const { users } = JSON.parse(readFileSync(kubeconfig, 'utf8')) as { users: { user: { tokenFile: string } }[] };
      const { tokenFile = '' } = users[0]?.user ?? {};
      for (const file of [kubeconfig, tokenFile]) expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(readFileSync(tokenFile, 'utf8')).toBe('abc');
      throw new Error('no');
    });
    await expect(using).rejects.toThrow('no');
    expect(existsSync(seen)).toBe(false);
  });

  it('has what our own connection has: addresses, trust, proxy, certificate, impersonation', () => {
    const settings = connection(fixedCredentials({}), {
      tls: { ca: 'CA', insecure: false, serverName: 'inner' },
      proxy: new URL('http://user:pass@proxy:3128'),
      headers: {
        'impersonate-user': 'ann',
        'impersonate-uid': '7',
        'impersonate-group': ['ops', 'dev'],
        'impersonate-extra-example.com%2fteam': ['a'],
      },
    });
    const config = kubeconfigOf(settings, { cert: Buffer.from('CERT'), key: 'KEY' }, '/token');
    expect(config).toMatchObject({
      clusters: [
        {
          cluster: {
            server: 'https://api.example.com:6443/',
            'certificate-authority-data': Buffer.from('CA').toString('base64'),
            'tls-server-name': 'inner',
            'proxy-url': 'http://user:pass@proxy:3128/',
          },
        },
      ],
      users: [
        {
          user: {
            'client-certificate-data': Buffer.from('CERT').toString('base64'),
            'client-key-data': Buffer.from('KEY').toString('base64'),
            as: 'ann',
            'as-uid': '7',
            'as-groups': ['ops', 'dev'],
            'as-user-extra': { 'example.com/team': ['a'] },
          },
        },
      ],
    });
    expect(JSON.stringify(config)).not.toContain('tokenFile');
  });

  it('has a password where our connection has one, and no trust that was not given', () => {
    const settings = connection(fixedCredentials({}), { tls: { insecure: true } });
    const authorization = `Basic ${Buffer.from('ann:a:b').toString('base64')}`;
    const config = JSON.stringify(kubeconfigOf(settings, { authorization }, '/token'));
    expect(config).toContain('"username":"ann","password":"a:b"');
    expect(config).toContain('"insecure-skip-tls-verify":true');
    expect(config).not.toContain('certificate-authority-data');
  });
});
