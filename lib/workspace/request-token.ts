import type { KubeTarget } from '../cluster/target.ts';
import { OrreryError } from '../errors.ts';
import { record } from '../kubernetes/fields.ts';
import type { Machine } from './declared-workspaces.ts';

/** A token of a machine. */
export interface MachineToken {
  readonly token: string;
  /** RFC 3339. The server may give less time than was asked for. */
  readonly ends: string;
}

/**
 * Asks the API server for a token of a ServiceAccount. It is stored nowhere, and ends by itself.
 * @param seconds at least 600, which is the server's own bound
 * @throws OrreryError ORR3006 without the right to it, ORR4011 where the ServiceAccount is not there, ORR5001 for any other answer
 */
export async function requestToken(
  { client, cluster }: KubeTarget,
  { name, namespace }: Machine,
  seconds: number,
): Promise<MachineToken> {
  const { status, body } = await client.request({
    method: 'POST',
    path: `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`,
    body: {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { expirationSeconds: seconds },
    },
  });
  const object = `ServiceAccount/${namespace}/${name}`;
  const answer = record(record(body).status);
  if (status === 201 && typeof answer.token === 'string') {
    return { token: answer.token, ends: String(answer.expirationTimestamp) };
  }
  if (status === 403) {
    throw new OrreryError('ORR3006', `We may not make a token of ${object}.`, {
      cluster,
      object,
      fix: `Grant "create" of serviceaccounts/token in namespace ${namespace}.`,
    });
  }
  if (status === 404) {
    throw new OrreryError('ORR4011', `${object} is not there.`, {
      cluster,
      object,
      fix: 'Apply the platform first: orrery apply.',
    });
  }
  const { message } = record(body);
  throw new OrreryError('ORR5001', `The server makes no token of ${object}: ${status} ${String(message)}`, {
    cluster,
    object,
  });
}
