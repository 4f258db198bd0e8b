import { Construct } from 'constructs';
import type { Cluster } from './cluster';
import { KubeSphereVersion, type KubeSphereWorkspaceProps } from './kubesphere-props';
import { Platform } from './platform';
import { checkedId } from './private/construct-id';
import { type KubeSphereMember, kubeSphereMembers } from './private/kubesphere-members';
import { hostObjects, memberObjects, namespaceLabels, versionsOf } from './private/kubesphere-rendering';
import { recordLocation } from './private/location';
import { DNS_LABEL_RULE, isDnsLabel } from './private/names';
import { type Problem, problemAt } from './private/problem';
import { servesApi } from './private/served-apis';
import { type Rendering, renderLate } from './private/unit';

/**
 * A workspace in the console of KubeSphere: what the tenant is there, made from a `Workspace`, which goes on to do the work (RBAC, quotas, guards). Needs KubeSphere in the
 * clusters; without it leave it out.
 */
export class KubeSphereWorkspace extends Construct {
  private readonly props: KubeSphereWorkspaceProps;
  private members: readonly KubeSphereMember[] = [];

  /**
   * @param scope the platform or a construct of it
   * @param id a DNS label
   */
  public constructor(scope: Construct, id: string, props: KubeSphereWorkspaceProps) {
    super(scope, checkedId(scope, id, isDnsLabel, DNS_LABEL_RULE));
    recordLocation(this);
    this.props = props;
    props.workspace._labelNamespaces(this, namespaceLabels(this.workspaceName));
    renderLate(this, {
      clusters: () => this.clusters(),
      validate: (problems) => this.validate(problems),
      render: (cluster, problems) => this.render(cluster, problems),
    });
  }

  /**
   * Name of the workspace in KubeSphere, and where it is.
   * @internal
   */
  public _inKubeSphere(): {
    readonly workspaceName: string;
    readonly host: Cluster;
    readonly devopsProjects: readonly string[];
  } {
    const { host, devopsProjects = [] } = this.props;
    return { workspaceName: this.workspaceName, host, devopsProjects };
  }

  private get workspaceName(): string {
    return this.props.workspaceName ?? this.props.workspace.node.id;
  }

  private get version(): KubeSphereVersion {
    return this.props.version ?? KubeSphereVersion.V3_4;
  }

  private clusters(): Cluster[] {
    const { workspace, host } = this.props;
    const withQuota = workspace._clusters().filter((cluster) => workspace._quotaIn(cluster).size > 0);
    const inside = new Set([host, ...withQuota]);
    return Platform.of(this).clusters.filter((cluster) => inside.has(cluster));
  }

  private validate(problems: Problem[]): void {
    const { workspace, names = {}, devopsProjects = [] } = this.props;
    const report = (code: Problem['code'], what: string, fix: string) =>
      problems.push(problemAt(this, code, what, { fix }));
    for (const name of [this.workspaceName, ...devopsProjects]) {
      if (!isDnsLabel(name))
        report('ORR2003', `"${name}" is not a valid name in KubeSphere.`, `Use ${DNS_LABEL_RULE}.`);
    }
    if (new Set(devopsProjects).size < devopsProjects.length)
      report('ORR2004', 'A DevOps project is named twice.', 'Name it once.');
    // Of a longer one KubeSphere makes up another name.
    if (`${this.workspaceName}-self-provisioner`.length > 63) {
      const what = `"${this.workspaceName}" is so long that KubeSphere names its roles otherwise.`;
      report('ORR2003', what, 'Use at most 46 characters.');
    }
    const { users, groups, controllerNamespaces } = workspace._people();
    this.members = kubeSphereMembers({ users, groups, names, manager: this.props.manager }, report);
    if (!controllerNamespaces.includes(SYSTEM)) {
      const what = `Controllers of KubeSphere write to the namespaces of workspace "${workspace.node.path}", whose guards do not know them.`;
      report('ORR2012', what, `Add "${SYSTEM}" to controllerNamespaces of the workspace.`);
    }
  }

  private render(cluster: Cluster, problems: Problem[]): Rendering {
    const { workspace, host, devopsProjects = [] } = this.props;
    const { workspaceName, version } = this;
    const versions = versionsOf(version);
    const isHost = cluster === host;
    const quota = workspace._quotaIn(cluster);
    const needed = [
      ...(isHost ? [versions.tenant, versions.iam] : []),
      ...(isHost && devopsProjects.length > 0 ? [versions.devops] : []),
      ...(quota.size > 0 ? [versions.quota] : []),
    ];
    for (const apiVersion of needed) {
      if (servesApi(cluster, apiVersion)) continue;
      const what = `KubeSphere ${version} serves ${apiVersion}, and no fact of cluster "${cluster}" says so.`;
      const fix = `Add "${apiVersion}" to the cluster's apiVersions.`;
      problems.push(problemAt(this, 'ORR2013', what, { fix, cluster: cluster.clusterName }));
    }
    const objects = [...(isHost ? this.onHost() : []), ...memberObjects({ workspaceName, version, quota })];
    return {
      entries: objects.map(({ id, object }) => ({
        path: `${this.node.path}/${id}`,
        owner: this,
        content: { type: 'object', object },
      })),
    };
  }

  private onHost(): ReturnType<typeof hostObjects> {
    const { workspace, manager, clusterNames = {}, devopsProjects = [] } = this.props;
    const { workspaceName, version, members } = this;
    const clusters = workspace._clusters().map(({ clusterName }) => clusterNames[clusterName] ?? clusterName);
    return hostObjects({ workspaceName, version, manager, clusters, members, devopsProjects });
  }
}

/** Namespace of KubeSphere's own controllers. */
const SYSTEM = 'kubesphere-system';
