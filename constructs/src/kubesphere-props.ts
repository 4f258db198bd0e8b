import type { Cluster } from './cluster';
import type { Workspace } from './workspace';

/** Which objects KubeSphere has. */
export enum KubeSphereVersion {
  /** 3.4, the last one whose definitions are open; emitted objects are tried with them. */
  V3_4 = '3.4',
  /** 4.x, by its sources; not tried with its definitions. */
  V4 = '4',
}

export interface KubeSphereWorkspaceProps {
  /** The tenant: its namespaces, members, quotas and clusters. */
  readonly workspace: Workspace;
  /** The host cluster of KubeSphere, which keeps tenants and their members. It may be one of the workspace's. */
  readonly host: Cluster;
  /** @default KubeSphereVersion.V3_4 */
  readonly version?: KubeSphereVersion;
  /** Name of the workspace in KubeSphere. @default - the workspace's id */
  readonly workspaceName?: string;
  /** KubeSphere user who manages the workspace. @default - none */
  readonly manager?: string;
  /**
   * Members of the workspace to their names in KubeSphere; '' for who is none there. Users have to be named where the API server knows them by another name (an e-mail address is no
   * name of a KubeSphere user), groups always: those of KubeSphere have names of their own. @default - users have the same name
   */
  readonly names?: { [member: string]: string };
  /** Clusters to their names in KubeSphere, where they differ. @default - the same */
  readonly clusterNames?: { [cluster: string]: string };
  /** DevOps projects of the workspace (KubeSphere DevOps), on the host. @default - none */
  readonly devopsProjects?: string[];
}
