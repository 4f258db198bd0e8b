import type { LogSourceProps } from '../../log-collection-props';
import type { StackContext } from '../stack-context';
import { DEFAULT_AUDIT_PATH } from './fluent-bit-plan';
import { partLabels } from './store-endpoint';

const FOLDER = '/etc/kubernetes';

/** The audit policy of a cluster, and what is to be done with it: no object of Kubernetes sets it. */
export function auditPolicyObjects(stack: StackContext, { audit }: LogSourceProps): object[] {
  if (audit?.policy === undefined) return [];
  const path = audit.path ?? DEFAULT_AUDIT_PATH;
  const name = `${stack.name}-audit-policy`;
  return [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: stack.namespaceName, labels: partLabels(stack) },
      data: {
        'audit-policy.yaml': audit.policy.toYaml(),
        'instructions.txt': [
          'On every control-plane node:',
          `1. Copy audit-policy.yaml to ${FOLDER}/audit-policy.yaml, and make the folder ${path.slice(0, path.lastIndexOf('/'))}.`,
          '2. Give kube-apiserver (in /etc/kubernetes/manifests/kube-apiserver.yaml) the flags',
          `     --audit-policy-file=${FOLDER}/audit-policy.yaml`,
          `     --audit-log-path=${path}`,
          '     --audit-log-maxsize=100 --audit-log-maxbackup=5',
          '   and hostPath volumes for the file and the folder.',
          '3. Wait until kube-apiserver is back. It reads the file only when it starts.',
          'Where a provider runs the control plane, switch its audit logs on there instead.',
          '',
        ].join('\n'),
      },
    },
  ];
}
