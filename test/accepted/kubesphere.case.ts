import { ClusterSet, KubeSphereWorkspace, Placement, Workspace, WorkspaceRole } from '@orrery/constructs';
import type { AcceptedCase } from './accepted-case.ts';

export default {
  title: 'a workspace in KubeSphere 3.4',
  crds: [
    'tenant.kubesphere.io',
    'iam.kubesphere.io/workspacerolebindings.iam.kubesphere.io.yaml',
    'quota.kubesphere.io',
    'devops.kubesphere.io/devopsprojects.devops.kubesphere.io.yaml',
  ],
  kinds: ['WorkspaceTemplate', 'WorkspaceRoleBinding', 'ResourceQuota', 'DevOpsProject'],
  program(platform) {
    const clusters = new ClusterSet(platform, 'clusters');
    const apiVersions = ['tenant', 'iam', 'quota'].map((group) => `${group}.kubesphere.io/v1alpha2`);
    const host = clusters.add('ops', { apiVersions: [...apiVersions, 'devops.kubesphere.io/v1alpha3'] });
    clusters.add('prod-sh', { apiVersions });
    const workspace = new Workspace(platform, 'retail-console', {
      placement: Placement.named('prod-sh'),
      users: { joe: WorkspaceRole.DEVELOPER },
      groups: { leads: WorkspaceRole.ADMIN },
      quota: { 'requests.cpu': '20', pods: '100' },
      controllerNamespaces: ['kubesphere-system'],
    });
    new KubeSphereWorkspace(platform, 'console', {
      workspace,
      host,
      manager: 'ann',
      names: { leads: 'leads-x7k2p' },
      devopsProjects: ['retail-ci'],
    });
  },
} satisfies AcceptedCase;
