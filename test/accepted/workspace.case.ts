import {
  ClusterSet,
  NetworkAllowance,
  NetworkPlugin,
  Placement,
  Workspace,
  WorkspaceCredential,
  WorkspaceRole,
} from '@orrery/constructs';
import type { AcceptedCase } from './accepted-case.ts';

export default {
  title: 'a workspace with quotas, roles, guards and credentials',
  crds: ['external-secrets.io/externalsecrets.external-secrets.io.yaml'],
  kinds: [
    'Namespace',
    'ResourceQuota',
    'LimitRange',
    'RoleBinding',
    'NetworkPolicy',
    'ExternalSecret',
    'ValidatingAdmissionPolicy',
    'ValidatingAdmissionPolicyBinding',
  ],
  program(platform) {
    const clusters = new ClusterSet(platform, 'clusters');
    const facts = {
      kubernetesVersion: '1.36',
      networkPlugin: NetworkPlugin.CALICO,
      apiVersions: ['external-secrets.io/v1'],
    };
    clusters.add('prod-sh', facts);
    clusters.add('prod-gz', facts);
    new Workspace(platform, 'retail', {
      placement: Placement.weighted({ 'prod-sh': 2, 'prod-gz': 1 }),
      namespaces: ['retail-shop'],
      groups: { 'retail-developers': WorkspaceRole.DEVELOPER },
      users: { 'ann@example.com': WorkspaceRole.ADMIN },
      network: [NetworkAllowance.withinWorkspace(), NetworkAllowance.dns()],
      limits: { defaultCpu: '100m', maxMemory: '8Gi' },
      quota: { cpu: '200', memory: '800Gi' },
      credentials: {
        registry: WorkspaceCredential.external({
          store: 'vault',
          keys: { '.dockerconfigjson': { key: 'mall/registry', property: 'config', version: '3' } },
          refreshInterval: '15m',
          secretType: 'kubernetes.io/dockerconfigjson',
        }),
      },
    });
  },
} satisfies AcceptedCase;
