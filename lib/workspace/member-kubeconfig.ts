import type { ConnectionSettings } from '../cluster/connection.ts';
import { clusterEntryOf } from '../cluster/kubeconfig-entry.ts';

/** How somebody logs in to a cluster: by a program that asks them, or by a token that ends. */
export type Login = { readonly command: readonly string[] } | { readonly token: string };

/** A cluster in the kubeconfig of a member. */
export interface MemberContext {
  readonly cluster: string;
  readonly connection: ConnectionSettings;
  /** In which kubectl works unless told otherwise. */
  readonly namespace: string;
  readonly login: Login;
}

/**
 * A kubeconfig with a context per cluster, named after it. Of our own connection it has the address and the trust, nothing of the credentials, and not the proxy, which may hold some.
 * Field names: k8s.io/client-go tools/clientcmd/api/v1/types.go.
 */
export function memberKubeconfig(member: string, contexts: readonly MemberContext[]): object {
  const userOf = (cluster: string) => `${member}@${cluster}`;
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': contexts[0]?.cluster ?? '',
    clusters: contexts.map(({ cluster, connection }) => ({ name: cluster, cluster: clusterEntryOf(connection) })),
    users: contexts.map(({ cluster, login }) => ({ name: userOf(cluster), user: credentialsOf(login) })),
    contexts: contexts.map(({ cluster, namespace }) => ({
      name: cluster,
      context: { cluster, user: userOf(cluster), namespace },
    })),
  };
}

function credentialsOf(login: Login): object {
  if ('token' in login) return { token: login.token };
  const [command, ...args] = login.command;
  const apiVersion = 'client.authentication.k8s.io/v1';
  return { exec: { apiVersion, command, args, interactiveMode: 'IfAvailable', provideClusterInfo: false } };
}
