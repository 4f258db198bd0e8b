import { OrreryError } from '../errors.ts';
import type { SandboxCluster } from './sandbox-cluster.ts';
import type { SandboxClusterState } from './sandbox-state.ts';
import { type SandboxUpOptions, sandboxUp } from './sandbox-up.ts';

export interface ApiServerOptions
  extends Omit<SandboxUpOptions, 'clusters'>,
    Omit<SandboxCluster, 'name' | 'nodes' | 'components'> {
  /** Default "api". */
  readonly name?: string | undefined;
}

/**
 * Starts etcd and an API server alone, for what needs no controller: quicker and a sixth of the memory of a whole cluster. Nothing reconciles: no
 * pods come into being, no garbage is collected, namespaces do not finish deleting. Ended by `sandboxDown`.
 *
 * @throws what `sandboxUp` throws.
 */
export async function startApiServerOnly(options: ApiServerOptions): Promise<SandboxClusterState> {
  const { name = 'api', kubernetesVersion, tokens, auditLog, apiServerFlags, apiServerEnvironment, ...up } = options;
  const cluster = {
    name,
    kubernetesVersion,
    tokens,
    auditLog,
    apiServerFlags,
    apiServerEnvironment,
    components: ['etcd', 'kube-apiserver'] as const,
  };
  const state = await sandboxUp({ ...up, clusters: [cluster] });
  const started = state.clusters.find((candidate) => candidate.name === name);
  if (started === undefined) {
    throw new OrreryError('ORR6003', `the folder of cluster "${name}" went away while it started`, {
      cluster: name,
      fix: 'Let nothing else clear the sandbox folder meanwhile.',
    });
  }
  return started;
}
