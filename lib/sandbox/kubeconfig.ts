import { stringify } from 'yaml';

/** A context of a kubeconfig with the cluster it reaches and the token of its user. */
export interface KubeconfigContext {
  readonly context: string;
  readonly cluster: string;
  readonly server: string;
  /** PEM. */
  readonly certificateAuthority: string;
  readonly token: string;
}

/** Text of a kubeconfig file that holds these contexts; the first is the current one. */
export function kubeconfigText(contexts: readonly KubeconfigContext[]): string {
  const clusters = new Map(contexts.map((entry) => [entry.cluster, entry]));
  return stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': contexts[0]?.context ?? '',
      clusters: [...clusters.values()].map(({ cluster, server, certificateAuthority }) => ({
        name: cluster,
        cluster: {
          server,
          'certificate-authority-data': Buffer.from(certificateAuthority).toString('base64'),
        },
      })),
      users: contexts.map(({ context, token }) => ({ name: context, user: { token } })),
      contexts: contexts.map(({ context, cluster }) => ({ name: context, context: { cluster, user: context } })),
    },
    { lineWidth: 0 },
  );
}
