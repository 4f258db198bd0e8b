import { existsSync, readFileSync } from 'node:fs';
import net from 'node:net';
import { OrreryError } from '../errors.ts';
import { type ConnectionSettings, hostOf, isLoopback } from './connection.ts';
import { credentialsOf, pem, tokenFileCredentials } from './credentials.ts';
import {
  type Environment,
  type KubeconfigContext,
  type KubeconfigOptions,
  type KubeconfigUser,
  readKubeconfig,
} from './kubeconfig.ts';
import { proxyOf } from './proxy-settings.ts';

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * Connection settings of a kubeconfig context; without any kubeconfig, of the pod this runs in.
 * @throws OrreryError ORR3002 when file, context, cluster, user or a named file is missing or wrong
 */
export async function loadKubeconfig(options: KubeconfigOptions): Promise<ConnectionSettings> {
  const context = readKubeconfig(options);
  if (context !== undefined) return settingsOf(context, options);
  const pod = inClusterSettings(options.env);
  if (pod !== undefined) return pod;
  throw new OrreryError('ORR3002', 'There is no kubeconfig: KUBECONFIG is not set and ~/.kube/config does not exist.', {
    fix: 'Set `kubeconfig` and `context` of the target in cdk8s.yaml.',
  });
}

async function settingsOf(
  context: KubeconfigContext,
  { env, plugins }: KubeconfigOptions,
): Promise<ConnectionSettings> {
  const { cluster } = context;
  const description = `context "${context.name}" of ${context.files.join(', ')}`;
  const server = serverUrl(cluster.server, description);
  const ca = pem(cluster['certificate-authority-data'], cluster['certificate-authority'], description);
  const insecure = cluster['insecure-skip-tls-verify'] === true;
  if (insecure && ca !== undefined) {
    throw new OrreryError('ORR3002', `${description} has both insecure-skip-tls-verify and a certificate authority.`, {
      fix: 'Remove insecure-skip-tls-verify from the kubeconfig.',
    });
  }
  const serverName = cluster['tls-server-name'];
  return {
    server,
    description,
    tls: { ca, insecure, ...(serverName === undefined || serverName === '' ? {} : { serverName }) },
    proxy: proxyOf(cluster['proxy-url'], server, description, env),
    compression: cluster['disable-compression'] !== true && !isLoopback(server),
    credentials: await credentialsOf(context, description, env, plugins),
    headers: impersonation(context.user),
  };
}

function serverUrl(text: string, description: string): URL {
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new OrreryError('ORR3002', `The server address of ${description} is no http(s) URL.`, {
      fix: 'Correct `server` in the kubeconfig.',
    });
  }
  url.username = '';
  url.password = '';
  return url;
}

/** Header names: Kubernetes documentation, "User impersonation". */
function impersonation(user: KubeconfigUser): Record<string, string | readonly string[]> {
  const headers: Record<string, string | readonly string[]> = {};
  if (user.as !== undefined && user.as !== '') headers['impersonate-user'] = user.as;
  if (user['as-uid'] !== undefined && user['as-uid'] !== '') headers['impersonate-uid'] = user['as-uid'];
  if (user['as-groups'] !== undefined && user['as-groups'].length > 0) headers['impersonate-group'] = user['as-groups'];
  for (const [key, values] of Object.entries(user['as-user-extra'] ?? {})) {
    headers[`impersonate-extra-${encodeURIComponent(key.toLowerCase())}`] = values;
  }
  return headers;
}

function inClusterSettings(env: Environment): ConnectionSettings | undefined {
  const host = env.KUBERNETES_SERVICE_HOST;
  const tokenFile = `${SERVICE_ACCOUNT}/token`;
  if (host === undefined || host === '' || !existsSync(tokenFile)) return undefined;
  const server = new URL(`https://${net.isIPv6(host) ? `[${host}]` : host}:${env.KUBERNETES_SERVICE_PORT ?? '443'}`);
  const description = `the service account of this pod (${hostOf(server)})`;
  return {
    server,
    description,
    tls: { ca: readFileSync(`${SERVICE_ACCOUNT}/ca.crt`), insecure: false },
    compression: true,
    credentials: tokenFileCredentials(tokenFile, description),
    headers: {},
  };
}
