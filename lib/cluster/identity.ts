import { OrreryError } from '../errors.ts';
import type { KubeClient } from './kube-client.ts';
import type { TargetPin } from './lock-file.ts';

/**
 * Asks a cluster who it is: the uid of its kube-system namespace, which lives exactly as long as the cluster.
 * There is no fallback: another namespace's uid changes when that namespace is re-created.
 * @throws OrreryError ORR3006 when RBAC hides the namespace, ORR3007 when the server has none
 */
export async function readClusterUid(client: KubeClient, cluster: string, description: string): Promise<string> {
  const { status, body } = await client.request({ method: 'GET', path: '/api/v1/namespaces/kube-system' });
  const uid = (body as { metadata?: { uid?: unknown } } | null)?.metadata?.uid;
  if (status === 200 && typeof uid === 'string' && uid !== '') return uid;
  if (status === 403) {
    throw new OrreryError(
      'ORR3006',
      `${description} may not read the namespace kube-system, whose uid is the identity of the cluster.`,
      {
        cluster,
        fix: 'Allow it: ClusterRole with apiGroups [""], resources ["namespaces"], resourceNames ["kube-system"], verbs ["get"].',
      },
    );
  }
  throw new OrreryError(
    'ORR3007',
    `${description} answered the question for its namespace kube-system with status ${status}.`,
    {
      cluster,
      fix: 'Check that the address is the API server of a Kubernetes cluster (a hub API or virtual cluster needs a kube-system namespace).',
    },
  );
}

/**
 * Compares what a target is with what it was (law 9).
 * @throws OrreryError ORR3003 when it is another one
 */
export function assertSameTarget(cluster: string, description: string, uid: string, pin: TargetPin | undefined): void {
  if (pin === undefined || pin.uid === uid) return;
  throw new OrreryError(
    'ORR3003',
    `${description} is another cluster than last time: its uid is ${uid}, the lock file has ${pin.uid} for "${cluster}".`,
    {
      cluster,
      fix: `If the cluster was rebuilt on purpose, remove targets.${cluster} from orrery.lock and run again; otherwise correct the target in cdk8s.yaml.`,
    },
  );
}
