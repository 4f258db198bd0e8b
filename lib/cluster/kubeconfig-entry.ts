import type { ConnectionSettings } from './connection.ts';

/** The cluster of a kubeconfig: address and trust. Field names: k8s.io/client-go tools/clientcmd/api/v1/types.go. */
export function clusterEntryOf({ server, tls }: Pick<ConnectionSettings, 'server' | 'tls'>): object {
  return {
    server: server.href,
    ...(tls.ca === undefined ? {} : { 'certificate-authority-data': base64(tls.ca) }),
    ...(tls.insecure ? { 'insecure-skip-tls-verify': true } : {}),
    ...(tls.serverName === undefined ? {} : { 'tls-server-name': tls.serverName }),
  };
}

export function base64(pem: string | Buffer): string {
  return Buffer.from(pem).toString('base64');
}
