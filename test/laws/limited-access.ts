import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { openTarget } from '../../lib/cluster/open-target.ts';
import type { KubeTarget } from '../../lib/cluster/target.ts';
import type { AppliedPlatform } from '../applied-platform.ts';
import type { Somebody } from './somebody.ts';

export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

/** Rights that every reader of a cluster has here: its identity, its OpenAPI index, and what decides about mutations. */
const READER: readonly Rule[] = [
  { apiGroups: [''], resources: ['namespaces'], verbs: ['get'] },
  {
    apiGroups: ['admissionregistration.k8s.io'],
    resources: ['mutatingwebhookconfigurations', 'mutatingadmissionpolicies', 'mutatingadmissionpolicybindings'],
    verbs: ['list'],
  },
];

/**
 * Opens the cluster as a service account that may do only what the rules say: `cluster` in all namespaces, the others in theirs. What is made for it lies in
 * the platform's inventory namespace, or is named after the platform; `forget` removes the latter.
 */
export async function openAs(
  platform: AppliedPlatform,
  admin: KubeTarget,
  somebody: Somebody,
  rules: { readonly cluster?: readonly Rule[]; readonly namespaces?: Readonly<Record<string, readonly Rule[]>> },
): Promise<{ readonly target: KubeTarget; readonly forget: () => Promise<void> }> {
  const { inventoryNamespace, id } = platform;
  const rbac = 'rbac.authorization.k8s.io/v1';
  const subjects = [{ kind: 'ServiceAccount', name: 'limited', namespace: inventoryNamespace }];
  const metadata = { name: 'limited', namespace: inventoryNamespace };
  await somebody.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata });
  await somebody.create({
    apiVersion: rbac,
    kind: 'ClusterRole',
    metadata: { name: id },
    rules: [...READER, ...(rules.cluster ?? [])],
  });
  const roleRef = (kind: string, name: string) => ({ apiGroup: 'rbac.authorization.k8s.io', kind, name });
  await somebody.create({
    apiVersion: rbac,
    kind: 'ClusterRoleBinding',
    metadata: { name: id },
    roleRef: roleRef('ClusterRole', id),
    subjects,
  });
  for (const [namespace, inside] of Object.entries(rules.namespaces ?? {})) {
    const role = { name: 'limited', namespace };
    await somebody.create({ apiVersion: rbac, kind: 'Role', metadata: role, rules: inside });
    await somebody.create({
      apiVersion: rbac,
      kind: 'RoleBinding',
      metadata: role,
      roleRef: roleRef('Role', 'limited'),
      subjects,
    });
  }
  const answer = await admin.client.request({
    method: 'POST',
    path: `/api/v1/namespaces/${inventoryNamespace}/serviceaccounts/limited/token`,
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 600 } },
  });
  const { status } = answer.body as { status: { token: string } };
  const config = parse(readFileSync(platform.kubeconfigFor(admin.cluster), 'utf8')) as { users: object[] };
  const kubeconfig = join(platform.stateFolder, 'limited.kubeconfig');
  const users = config.users.map((user) => ({ ...user, user: { token: status.token } }));
  writeFileSync(kubeconfig, stringify({ ...config, users }), { mode: 0o600 });
  const target = await openTarget(
    { kind: 'kubeconfig', kubeconfig, context: admin.cluster, inventoryNamespace },
    { cluster: admin.cluster, env: {} },
  );
  if (target.kind !== 'kube') throw new Error('not a cluster');
  return {
    target,
    forget: async () => {
      await target.client.close();
      await somebody.remove(rbac, 'ClusterRoleBinding', '', id);
      await somebody.remove(rbac, 'ClusterRole', '', id);
    },
  };
}
