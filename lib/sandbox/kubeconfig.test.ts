import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { kubeconfigText } from './kubeconfig.ts';

describe('a kubeconfig', () => {
  it('joins each context with its cluster and user, once per cluster, and verifies the server', () => {
    const cluster = { cluster: 'a', server: 'https://127.0.0.1:20001', certificateAuthority: 'PEM of a' };
    const config = parse(
      kubeconfigText([
        { ...cluster, context: 'a', token: 'admin-token' },
        { ...cluster, context: 'a-dev', token: 'dev-token' },
      ]),
    ) as Record<string, unknown>;
    expect(config).toEqual({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'a',
      clusters: [
        {
          name: 'a',
          cluster: { server: cluster.server, 'certificate-authority-data': Buffer.from('PEM of a').toString('base64') },
        },
      ],
      users: [
        { name: 'a', user: { token: 'admin-token' } },
        { name: 'a-dev', user: { token: 'dev-token' } },
      ],
      contexts: [
        { name: 'a', context: { cluster: 'a', user: 'a' } },
        { name: 'a-dev', context: { cluster: 'a', user: 'a-dev' } },
      ],
    });
  });
});
