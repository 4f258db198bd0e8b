import { KubeSphereVersion } from '../kubesphere-props';
import type { KubeSphereMember } from './kubesphere-members';
import type { Quota } from './workspace-quota';

/** API versions of a version of KubeSphere. */
export interface KubeSphereApis {
  readonly tenant: string;
  readonly iam: string;
  readonly quota: string;
  readonly devops: string;
}

/** A workspace on its way to the host cluster. */
export interface HostedWorkspace {
  readonly workspaceName: string;
  readonly version: KubeSphereVersion;
  readonly manager: string | undefined;
  /** Names of clusters in KubeSphere. */
  readonly clusters: readonly string[];
  readonly members: readonly KubeSphereMember[];
  readonly devopsProjects: readonly string[];
}

interface NamedObject {
  readonly id: string;
  readonly object: object;
}

/** KubeSphere DevOps has one version for both. */
export const DEVOPS = 'devops.kubesphere.io/v1alpha3';

const WORKSPACE = 'kubesphere.io/workspace';
const IAM = 'iam.kubesphere.io';

/** kubesphere/kubesphere release-3.4 config/ks-core/crds, and of 4.x config/ks-core/charts/ks-crds/crds. */
export function versionsOf(version: KubeSphereVersion): KubeSphereApis {
  const isFour = version === KubeSphereVersion.V4;
  return {
    tenant: `tenant.kubesphere.io/${isFour ? 'v1beta1' : 'v1alpha2'}`,
    iam: `${IAM}/${isFour ? 'v1beta1' : 'v1alpha2'}`,
    quota: 'quota.kubesphere.io/v1alpha2',
    devops: DEVOPS,
  };
}

/** By this label KubeSphere takes a namespace for a project of the workspace. */
export function namespaceLabels(workspaceName: string): { readonly [key: string]: string } {
  return { [WORKSPACE]: workspaceName };
}

/** What the host keeps: the workspace, from which KubeSphere makes one in each cluster, and its members. */
export function hostObjects(workspace: HostedWorkspace): NamedObject[] {
  const { workspaceName, version, manager, clusters, members, devopsProjects } = workspace;
  const { tenant } = versionsOf(version);
  const template = {
    apiVersion: tenant,
    kind: 'WorkspaceTemplate',
    metadata: {
      name: workspaceName,
      labels: ours(workspaceName),
      // With the workspace KubeSphere deletes its namespaces: taking it out of the program must not.
      annotations: { 'orrery.dev/on-remove': 'orphan' },
    },
    spec: {
      template: { spec: manager === undefined ? {} : { manager } },
      placement: { clusters: clusters.map((name) => ({ name })) },
    },
  };
  return [
    { id: 'WorkspaceTemplate', object: template },
    ...members.map((member) => ({
      id: `WorkspaceRoleBinding/${member.kind}/${member.name}`,
      object: bindingOf(member, workspaceName, version),
    })),
    ...devopsProjects.map((name) => ({
      id: `DevOpsProject/${name}`,
      object: devOpsProjectObject(name, workspaceName, { 'app.kubernetes.io/part-of': workspaceName }),
    })),
  ];
}

/** A project of KubeSphere DevOps. @param workspaceName in KubeSphere; undefined for a project of none */
export function devOpsProjectObject(
  name: string,
  workspaceName: string | undefined,
  labels: { readonly [key: string]: string },
): object {
  const workspace = workspaceName === undefined ? {} : { [WORKSPACE]: workspaceName };
  return {
    apiVersion: DEVOPS,
    kind: 'DevOpsProject',
    metadata: { name, labels: { ...labels, 'app.kubernetes.io/managed-by': 'orrery', ...workspace } },
  };
}

/** As the controllers of KubeSphere make that of the manager (pkg/controller/workspacetemplate, workspaceRoleBindingChanger). */
function bindingOf({ kind, name, role }: KubeSphereMember, workspaceName: string, version: KubeSphereVersion): object {
  const isFour = version === KubeSphereVersion.V4;
  const roleName = `${workspaceName}-${role}`;
  return {
    apiVersion: versionsOf(version).iam,
    kind: 'WorkspaceRoleBinding',
    metadata: {
      name: `${kind === 'Group' ? 'group-' : ''}${name}-${roleName}`,
      labels: {
        ...ours(workspaceName),
        [WORKSPACE]: workspaceName,
        [`${IAM}/${kind.toLowerCase()}-ref`]: name,
        ...(isFour ? { [`${IAM}/role-ref`]: roleName } : {}),
      },
    },
    roleRef: { apiGroup: IAM, kind: 'WorkspaceRole', name: roleName },
    subjects: [{ apiGroup: isFour ? IAM : 'rbac.authorization.k8s.io', kind, name }],
  };
}

/** What each cluster of the workspace has: its part of the quota, over all namespaces together, which the console shows. */
export function memberObjects({
  workspaceName,
  version,
  quota,
}: Pick<HostedWorkspace, 'workspaceName' | 'version'> & { readonly quota: Quota }): NamedObject[] {
  if (quota.size === 0) return [];
  const object = {
    apiVersion: versionsOf(version).quota,
    kind: 'ResourceQuota',
    metadata: { name: workspaceName, labels: { ...ours(workspaceName), [WORKSPACE]: workspaceName } },
    spec: { selector: namespaceLabels(workspaceName), quota: { hard: Object.fromEntries(quota) } },
  };
  return [{ id: 'ResourceQuota', object }];
}

function ours(workspaceName: string): { readonly [key: string]: string } {
  return { 'app.kubernetes.io/part-of': workspaceName, 'app.kubernetes.io/managed-by': 'orrery' };
}
