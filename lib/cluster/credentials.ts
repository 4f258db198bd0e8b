import { readFileSync } from 'node:fs';
import { OrreryError } from '../errors.ts';
import type { ClientCredentials, Credentials } from './connection.ts';
import type { Environment, KubeconfigContext, PluginPolicy } from './kubeconfig.ts';
import { errorCode } from './transport.ts';

/** A token file is read again after this long, as client-go does it (transport/token_source.go). */
const TOKEN_FILE_LIFE_MS = 60_000;

/** Chooses how a kubeconfig user proves its identity. Nothing is run and no file but certificates is read before the first request. */
export async function credentialsOf(
  context: KubeconfigContext,
  description: string,
  env: Environment,
  plugins?: PluginPolicy,
): Promise<Credentials> {
  const { user } = context;
  const fixed: ClientCredentials = {
    cert: pem(user['client-certificate-data'], user['client-certificate'], description),
    key: pem(user['client-key-data'], user['client-key'], description),
  };
  // client-go: a token file wins over a token, both win over a password; exec and auth-provider stand alone.
  if (user.tokenFile !== undefined && user.tokenFile !== '')
    return tokenFileCredentials(user.tokenFile, description, fixed);
  if (user.token !== undefined && user.token !== '')
    return fixedCredentials({ ...fixed, authorization: `Bearer ${user.token}` });
  if (user.username !== undefined && user.username !== '') {
    const pair = Buffer.from(`${user.username}:${user.password ?? ''}`).toString('base64');
    return fixedCredentials({ ...fixed, authorization: `Basic ${pair}` });
  }
  if (user.exec !== undefined && user.exec !== null) {
    return (await import('./exec-credentials.ts')).execCredentials(context, user.exec, description, env, plugins);
  }
  if (user['auth-provider'] !== undefined && user['auth-provider'] !== null) {
    return (await import('./oidc-credentials.ts')).authProviderCredentials(user['auth-provider'], description);
  }
  return fixedCredentials(fixed);
}

/** Credentials that never change. */
export function fixedCredentials(credentials: ClientCredentials): Credentials {
  return { current: async () => credentials, refresh: async () => false };
}

/** A token in a file that somebody renews (projected service account tokens). */
export function tokenFileCredentials(file: string, description: string, fixed: ClientCredentials = {}): Credentials {
  let token = '';
  let readAt = Number.NEGATIVE_INFINITY;
  const read = () => {
    try {
      token = readFileSync(file, 'utf8').trim();
      readAt = performance.now();
    } catch (cause) {
      throw new OrreryError(
        'ORR3005',
        `The token file ${file} of ${description} cannot be read (${errorCode(cause) ?? 'unknown error'}).`,
        { cause },
      );
    }
  };
  return {
    current: async () => {
      if (performance.now() - readAt > TOKEN_FILE_LIFE_MS) read();
      return { ...fixed, authorization: `Bearer ${token}` };
    },
    refresh: async (refused) => {
      read();
      return `Bearer ${token}` !== refused.authorization;
    },
  };
}

/** Data wins over a file, as in client-go. */
export function pem(data: string | undefined, file: string | undefined, description: string): Buffer | undefined {
  if (data !== undefined && data !== '') return Buffer.from(data, 'base64');
  if (file === undefined || file === '') return undefined;
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new OrreryError(
      'ORR3002',
      `${file}, named by ${description}, cannot be read (${errorCode(cause) ?? 'unknown error'}).`,
      {
        cause,
        fix: 'Correct the path in the kubeconfig.',
      },
    );
  }
}
