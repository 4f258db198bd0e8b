import { OrreryError } from '../errors.ts';
import type { Credentials } from './connection.ts';

/**
 * The legacy `auth-provider` of a kubeconfig user. Kubernetes' own clients keep only "oidc" since 1.26; client-node's gcp and azure providers would run
 * a command line through a shell, so they are refused.
 */
export async function authProviderCredentials(
  provider: { readonly name: string; readonly config?: Readonly<Record<string, string>> },
  description: string,
): Promise<Credentials> {
  if (provider.name !== 'oidc') {
    throw new OrreryError(
      'ORR3002',
      `${description} uses the auth provider "${provider.name}", which Kubernetes clients no longer have since 1.26.`,
      {
        fix: 'Use the exec credential plugin of your cloud (kubelogin, gke-gcloud-auth-plugin, aws eks get-token).',
      },
    );
  }
  const { OpenIDConnectAuth } = await import('@kubernetes/client-node/dist/oidc_auth.js');
  const auth = new OpenIDConnectAuth();
  const user = { name: '', authProvider: { name: 'oidc', config: { ...provider.config } } };
  return {
    current: async () => {
      const options: { headers: Record<string, string> } = { headers: {} };
      try {
        await auth.applyAuthentication(user, options);
      } catch {
        throw new OrreryError('ORR3005', `The OpenID Connect login of ${description} could not be renewed.`, {
          fix: 'Log in again.',
        });
      }
      return { authorization: options.headers.Authorization };
    },
    refresh: async () => false,
  };
}
