import { setTimeout as sleep } from 'node:timers/promises';
import { OrreryError } from '../errors.ts';
import type { ClientCredentials, Credentials } from './connection.ts';
import type { Environment, KubeconfigContext, KubeconfigExec, PluginPolicy } from './kubeconfig.ts';
import { errorCode } from './transport.ts';

const ATTEMPTS = 2;
const PAUSE_MS = 500;

/**
 * Credentials from an exec plugin (client.authentication.k8s.io), run by client-node's ExecAuth: no shell, and its answer is kept until it expires.
 * Only that one module is loaded; the package's index would cost 0.3 s.
 * @throws OrreryError ORR3002 for a plugin that the policy refuses; it is then never run
 */
export async function execCredentials(
  context: KubeconfigContext,
  exec: KubeconfigExec,
  description: string,
  env: Environment,
  policy?: PluginPolicy,
): Promise<Credentials> {
  if (typeof exec.command !== 'string' || exec.command === '') {
    throw new OrreryError('ORR3002', `The exec plugin of ${description} has no command.`, {
      fix: 'Correct the kubeconfig.',
    });
  }
  applyPolicy(exec.command, description, policy);
  const { ExecAuth } = await import('@kubernetes/client-node/dist/exec_auth.js');
  const variables: { name: string; value: string }[] = [];
  for (const [name, value] of Object.entries(env)) if (value !== undefined) variables.push({ name, value });
  variables.push(...(exec.env ?? []), { name: 'KUBERNETES_EXEC_INFO', value: JSON.stringify(execInfo(context, exec)) });
  const user = { name: context.user.name, exec: { ...exec, args: [...(exec.args ?? [])], env: variables } };
  let auth = new ExecAuth();
  let running: Promise<ClientCredentials> | undefined;
  /** What the plugin answered last, until that is refused. */
  let valid: ClientCredentials | undefined;
  const run = async (): Promise<ClientCredentials> => {
    const options: { headers: Record<string, string>; cert?: string; key?: string } = { headers: {} };
    for (let attempt = 1; ; attempt++) {
      try {
        await auth.applyAuthentication(user, options);
        break;
      } catch (cause) {
        // What it asks (a cloud's login, mostly) may not answer for a moment, in the middle of an apply too.
        if (attempt === ATTEMPTS || errorCode(cause) === 'ENOENT') throw pluginFailure(exec, description, cause);
        await sleep(PAUSE_MS);
      }
    }
    return { authorization: options.headers.Authorization, cert: options.cert, key: options.key };
  };
  const asked = (): Promise<ClientCredentials> => {
    const answer: Promise<ClientCredentials> = run().finally(() => {
      if (running === answer) running = undefined;
    });
    answer.then(
      (credentials) => {
        valid = credentials;
      },
      () => undefined,
    );
    return answer;
  };
  return {
    // One plugin process at a time, however many requests wait for it.
    current: () => {
      running ??= asked();
      return running;
    },
    refresh: async (refused) => {
      // While it runs, or when it has run since, there are newer ones, or there will be.
      if (valid?.authorization !== refused.authorization || valid?.cert !== refused.cert) return true;
      auth = new ExecAuth();
      valid = undefined;
      running = undefined;
      return true;
    },
  };
}

function applyPolicy(command: string, description: string, policy: PluginPolicy | undefined): void {
  if (policy === undefined || policy.allowed.includes(command)) return;
  const { allowed, others } = policy;
  if (others !== 'refuse') {
    others(command, description);
    return;
  }
  throw new OrreryError('ORR3002', `${description} wants to run the program "${command}", which is not allowed here.`, {
    fix: `If it may run, write into cdk8s.yaml: credentialPlugins: [${[...allowed, command].map((name) => JSON.stringify(name)).join(', ')}]`,
  });
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
