import { OrreryError } from '../errors.ts';
import type { ClientCredentials, Credentials } from './connection.ts';
import type { Environment, KubeconfigContext, KubeconfigExec } from './kubeconfig.ts';
import { errorCode } from './transport.ts';

/**
 * Credentials from an exec plugin (client.authentication.k8s.io), run by client-node's ExecAuth: no shell, and its answer is kept until it expires.
 * Only that one module is loaded; the package's index would cost 0.3 s.
 */
export async function execCredentials(
  context: KubeconfigContext,
  exec: KubeconfigExec,
  description: string,
  env: Environment,
): Promise<Credentials> {
  if (typeof exec.command !== 'string' || exec.command === '') {
    throw new OrreryError('ORR3002', `The exec plugin of ${description} has no command.`, {
      fix: 'Correct the kubeconfig.',
    });
  }
  const { ExecAuth } = await import('@kubernetes/client-node/dist/exec_auth.js');
  const variables: { name: string; value: string }[] = [];
  for (const [name, value] of Object.entries(env)) if (value !== undefined) variables.push({ name, value });
  variables.push(...(exec.env ?? []), { name: 'KUBERNETES_EXEC_INFO', value: JSON.stringify(execInfo(context, exec)) });
  const user = { name: context.user.name, exec: { ...exec, args: [...(exec.args ?? [])], env: variables } };
  let auth = new ExecAuth();
  let running: Promise<ClientCredentials> | undefined;
  const run = async (): Promise<ClientCredentials> => {
    const options: { headers: Record<string, string>; cert?: string; key?: string } = { headers: {} };
    try {
      await auth.applyAuthentication(user, options);
    } catch (cause) {
      throw pluginFailure(exec, description, cause);
    }
    return { authorization: options.headers.Authorization, cert: options.cert, key: options.key };
  };
  return {
    // One plugin process at a time, however many requests wait for it.
    current: () => {
      running ??= run().finally(() => {
        running = undefined;
      });
      return running;
    },
    refresh: async () => {
      auth = new ExecAuth();
      return true;
    },
  };
}

/** What a plugin is told in KUBERNETES_EXEC_INFO (client-go pkg/apis/clientauthentication/v1 types.go). */
function execInfo(context: KubeconfigContext, exec: KubeconfigExec): unknown {
  const { cluster } = context;
  const info = {
    server: cluster.server,
    'tls-server-name': cluster['tls-server-name'],
    'insecure-skip-tls-verify': cluster['insecure-skip-tls-verify'],
    'certificate-authority-data': cluster['certificate-authority-data'],
    'proxy-url': cluster['proxy-url'],
  };
  return {
    kind: 'ExecCredential',
    apiVersion: exec.apiVersion ?? 'client.authentication.k8s.io/v1',
    spec: { interactive: false, ...(exec.provideClusterInfo === true ? { cluster: info } : {}) },
  };
}

/** The plugin's own answer may be a token, so a parse error is never quoted; what it wrote to stderr is for people. */
function pluginFailure(exec: KubeconfigExec, description: string, cause: unknown): OrreryError {
  const missing = errorCode(cause) === 'ENOENT';
  let reason = 'its answer is no ExecCredential';
  if (missing) reason = 'the program was not found';
  else if (errorCode(cause) !== undefined) reason = String(errorCode(cause));
  else if (cause instanceof Error && cause.name === 'Error') reason = firstLine(cause.message);
  return new OrreryError('ORR3005', `The exec plugin "${exec.command}" of ${description} failed: ${reason}.`, {
    fix:
      missing && exec.installHint !== undefined
        ? firstLine(exec.installHint)
        : `Run "${exec.command}" yourself to see what it needs.`,
  });
}

function firstLine(text: string): string {
  const line = text.split('\n').find((candidate) => candidate.trim() !== '') ?? 'it gave no reason';
  // Control characters of a foreign program must not reach a terminal (facts: security, S10).
  return line
    .replace(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, 300)
    .replace(/\.$/, '');
}
