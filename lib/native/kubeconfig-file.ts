import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ClientCredentials, ConnectionSettings } from '../cluster/connection.ts';
import { base64, clusterEntryOf } from '../cluster/kubeconfig-entry.ts';
import { FOLDER_PREFIX, removeLeftovers, signFolder } from './leftover-folders.ts';

/** client-go reads a token file again every minute. */
const RENEW_TOKEN_MS = 30_000;

/** A folder that only this user can read, for as long as a process works on a cluster. */
export interface ClusterFolder {
  readonly folder: string;
  /** Kubeconfig with this cluster and this user alone. */
  readonly kubeconfig: string;
}

/**
 * Lets a process work on a cluster with the credentials that our own client has: what a plugin answered is handed on, so that no second program of the kubeconfig runs. A token lies in a file of its own that
 * is written again while the process runs; a client certificate that a plugin gave is good for as long as it is. Folders that killed runs left behind are removed first.
 */
export async function withKubeconfig<T>(
  connection: ConnectionSettings,
  use: (files: ClusterFolder) => Promise<T>,
): Promise<T> {
  await removeLeftovers(tmpdir());
  const folder = await mkdtemp(path.join(tmpdir(), FOLDER_PREFIX));
  let timer: NodeJS.Timeout | undefined;
  try {
    await signFolder(folder, 'owner', process.pid);
    const credentials = await connection.credentials.current();
    const tokenFile = path.join(folder, 'token');
    const kubeconfig = path.join(folder, 'kubeconfig');
    if (bearerOf(credentials) !== undefined) {
      await writeToken(tokenFile, credentials);
      timer = setInterval(() => {
        // A token that cannot be had now may still be good: helm says so if it is not.
        connection.credentials.current().then(
          (newer) => writeToken(tokenFile, newer),
          () => undefined,
        );
      }, RENEW_TOKEN_MS);
      timer.unref();
    }
    const text = JSON.stringify(kubeconfigOf(connection, credentials, tokenFile));
    await writeFile(kubeconfig, text, { mode: 0o600, flag: 'wx' });
    return await use({ folder, kubeconfig });
  } finally {
    clearInterval(timer);
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeToken(file: string, credentials: ClientCredentials): Promise<void> {
  const token = bearerOf(credentials);
  if (token === undefined) return;
  await writeFile(`${file}.new`, token, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

function bearerOf({ authorization }: ClientCredentials): string | undefined {
  return authorization?.startsWith('Bearer ') === true ? authorization.slice('Bearer '.length) : undefined;
}

/** Field names: k8s.io/client-go tools/clientcmd/api/v1/types.go. */
export function kubeconfigOf(
  { server, tls, proxy, headers }: Pick<ConnectionSettings, 'server' | 'tls' | 'proxy' | 'headers'>,
  credentials: ClientCredentials,
  tokenFile: string,
): object {
  const { authorization, cert, key } = credentials;
  const cluster = {
    ...clusterEntryOf({ server, tls }),
    ...(proxy === undefined ? {} : { 'proxy-url': proxy.href }),
  };
  const user = {
    ...(cert === undefined ? {} : { 'client-certificate-data': base64(cert) }),
    ...(key === undefined ? {} : { 'client-key-data': base64(key) }),
    ...(bearerOf(credentials) === undefined ? basicOf(authorization) : { tokenFile }),
    ...impersonationOf(headers),
  };
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'it', cluster }],
    users: [{ name: 'it', user }],
    contexts: [{ name: 'it', context: { cluster: 'it', user: 'it' } }],
    'current-context': 'it',
  };
}

function basicOf(authorization: string | undefined): object {
  if (authorization?.startsWith('Basic ') !== true) return {};
  const pair = Buffer.from(authorization.slice('Basic '.length), 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  return { username: pair.slice(0, colon), password: pair.slice(colon + 1) };
}

const EXTRA = 'impersonate-extra-';

function impersonationOf(headers: ConnectionSettings['headers']): object {
  const one = (name: string) => (headers[name] === undefined ? undefined : String(headers[name]));
  const groups = headers['impersonate-group'];
  const extras = Object.entries(headers).filter(([name]) => name.startsWith(EXTRA));
  const as = { as: one('impersonate-user'), 'as-uid': one('impersonate-uid') };
  return {
    ...Object.fromEntries(Object.entries(as).filter(([, value]) => value !== undefined)),
    ...(groups === undefined ? {} : { 'as-groups': [groups].flat() }),
    ...(extras.length === 0
      ? {}
      : {
          'as-user-extra': Object.fromEntries(
            extras.map(([name, values]) => [decodeURIComponent(name.slice(EXTRA.length)), [values].flat()]),
          ),
        }),
  };
}
