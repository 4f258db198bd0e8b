import type { KubeRequest, KubeResponse } from '../cluster/kube-client.ts';
import type { KubeTarget } from '../cluster/target.ts';

/**
 * Makes the namespace of inventory and lease where it is missing.
 * @param request how. Default: plainly.
 * @returns the answer, when it is a refusal; one that exists already is none
 */
export async function createInventoryNamespace(
  target: KubeTarget,
  { request, signal }: { readonly request?: KubeRequest | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<KubeResponse | undefined> {
  const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: target.inventoryNamespace } };
  const create = request ?? { method: 'POST', path: '/api/v1/namespaces', body };
  const answer = await target.client.request({ ...create, idempotent: true, signal });
  return answer.status >= 300 && answer.status !== 409 ? answer : undefined;
}
