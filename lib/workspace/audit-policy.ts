import type { DeclaredWorkspace } from './declared-workspaces.ts';

const WRITES = ['create', 'update', 'patch', 'delete', 'deletecollection'];

/**
 * The audit policy of an API server for the workspaces of its cluster: who did what in them. The first rule that fits decides. What may hold values of Secrets is never logged with its content: also not
 * ConfigMaps and custom resources of others, into which people put some.
 */
export function auditPolicy(workspaces: readonly Pick<DeclaredWorkspace, 'namespaces'>[]): object {
  const namespaces = [...new Set(workspaces.flatMap((workspace) => workspace.namespaces))];
  const core = (...resources: string[]) => ({ group: '', resources });
  const all = (group: string) => ({ group });
  return {
    apiVersion: 'audit.k8s.io/v1',
    kind: 'Policy',
    omitStages: ['RequestReceived'],
    omitManagedFields: true,
    rules: [
      {
        level: 'None',
        namespaces,
        verbs: ['get', 'list', 'watch'],
        userGroups: ['system:nodes', 'system:serviceaccounts:kube-system'],
      },
      {
        level: 'None',
        namespaces,
        users: ['system:kube-controller-manager', 'system:kube-scheduler', 'system:apiserver'],
        verbs: ['get', 'list', 'watch'],
      },
      { level: 'None', namespaces, resources: [core('events'), all('events.k8s.io'), all('coordination.k8s.io')] },
      {
        level: 'Metadata',
        namespaces,
        resources: [
          core('secrets', 'configmaps', 'serviceaccounts/token', 'pods/exec', 'pods/attach', 'pods/portforward'),
        ],
      },
      // Rights with the answer: what was granted, as it then stood.
      { level: 'RequestResponse', namespaces, verbs: WRITES, resources: [all('rbac.authorization.k8s.io')] },
      {
        level: 'Request',
        namespaces,
        verbs: WRITES,
        resources: [
          core(
            'pods',
            'pods/ephemeralcontainers',
            'services',
            'serviceaccounts',
            'resourcequotas',
            'limitranges',
            'persistentvolumeclaims',
          ),
          ...['apps', 'autoscaling', 'batch', 'gateway.networking.k8s.io', 'networking.k8s.io', 'policy'].map(all),
        ],
      },
      { level: 'Metadata', namespaces },
      // What holds the workspaces together, beyond their namespaces.
      {
        level: 'RequestResponse',
        verbs: WRITES,
        resources: [
          core('namespaces'),
          { group: 'rbac.authorization.k8s.io', resources: ['clusterroles', 'clusterrolebindings'] },
          {
            group: 'admissionregistration.k8s.io',
            resources: ['validatingadmissionpolicies', 'validatingadmissionpolicybindings'],
          },
        ],
      },
      { level: 'None' },
    ],
  };
}
