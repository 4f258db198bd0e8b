import type { NetworkAllowance } from './network-allowance';
import type { Placement } from './placement';
import type { ReplicaDivision } from './replica-division';
import type { WorkspaceCredential } from './workspace-credential';

/** What a member of a workspace may do in its namespaces. */
export enum WorkspaceRole {
  /** Reads everything but Secrets. */
  VIEWER = 'viewer',
  /** A viewer who makes and changes workloads, services, configuration and volumes; no Secrets. */
  DEVELOPER = 'developer',
  /** A viewer who keeps running what others made: scales, deletes and evicts pods, runs commands in them; changes no template. */
  OPERATOR = 'operator',
  /** Developer and operator, who also reads and writes Secrets and hands out at most these rights in the workspace's namespaces. */
  ADMIN = 'admin',
  /** An admin of the self-service namespaces, and a viewer of the others. */
  SELF_PROVISIONER = 'self-provisioner',
}

/** Levels of the Pod Security Standards. */
export enum PodSecurityLevel {
  /** Everything is allowed. */
  PRIVILEGED = 'privileged',
  /** No known way to reach beyond the pod. */
  BASELINE = 'baseline',
  /** Hardened: no root, no capabilities. */
  RESTRICTED = 'restricted',
}

/** Rules for what is made in the namespaces of a workspace, by whomever. */
export enum GuardRail {
  /** Images are named by digest: "…@sha256:…". */
  IMAGES_BY_DIGEST = 'images-by-digest',
  /** Images have a tag other than "latest", or a digest. */
  NO_LATEST_IMAGES = 'no-latest-images',
  /** No Services of type LoadBalancer. */
  NO_LOAD_BALANCERS = 'no-load-balancers',
  /** No Services of type NodePort. */
  NO_NODE_PORTS = 'no-node-ports',
}

/** Requests and limits of containers (and sizes of volumes) in the namespaces of a workspace. */
export interface WorkspaceLimits {
  /** CPU requested for containers that request none, e.g. "100m". @default - none */
  readonly defaultCpu?: string;
  /** Memory requested for containers that request none, e.g. "128Mi". @default - none */
  readonly defaultMemory?: string;
  /** CPU limit of containers that have none. @default - none */
  readonly defaultCpuLimit?: string;
  /** Memory limit of containers that have none. @default - none */
  readonly defaultMemoryLimit?: string;
  /** Least CPU that a container may request. @default - no bound */
  readonly minCpu?: string;
  /** Least memory that a container may request. @default - no bound */
  readonly minMemory?: string;
  /** Highest CPU limit of a container; every container then needs a limit. @default - no bound */
  readonly maxCpu?: string;
  /** Highest memory limit of a container; every container then needs a limit. @default - no bound */
  readonly maxMemory?: string;
  /** Largest volume that may be claimed, e.g. "100Gi". @default - no bound */
  readonly maxVolume?: string;
}

export interface WorkspaceProps {
  /** The clusters, and the weights by which quotas are divided over them. */
  readonly placement: Placement;
  /** Namespaces of the workspace, the same in every cluster. @default - one, with the id as its name */
  readonly namespaces?: string[];
  /**
   * Further namespaces, in which self-provisioners are admins. They are declared, not created on demand: without a controller nobody would give a new
   * namespace its quota and its guards. @default - none
   */
  readonly selfServiceNamespaces?: string[];
  /** Members by the user name that the API server knows them by, e.g. an e-mail address from OpenID Connect. @default - none */
  readonly users?: { [user: string]: WorkspaceRole };
  /** Members by group, e.g. one of OpenID Connect. @default - none */
  readonly groups?: { [group: string]: WorkspaceRole };
  /**
   * Programs: a ServiceAccount each, in a namespace "<id>-machines" in which no member has rights, because whoever makes pods beside a ServiceAccount
   * acts as it. @default - none
   */
  readonly machines?: { [name: string]: WorkspaceRole };
  /**
   * What the workspace may use in all its clusters together, by resource as in a ResourceQuota: { cpu: '200', 'requests.memory': '800Gi', pods: '500' }. It is
   * divided over the clusters by the weights of the placement, and in a cluster over the namespaces; the parts sum up to exactly this. @default - no quota
   */
  readonly quota?: { [resource: string]: string };
  /** How quotas are divided. @default ReplicaDivision.WEBSTER */
  readonly quotaDivision?: ReplicaDivision;
  /** Weights of the namespaces in the quota of a cluster, for all or none of them: whole numbers ≥ 0, not all 0. @default - all the same */
  readonly namespaceShares?: { [namespaceName: string]: number };
  /** @default - none */
  readonly limits?: WorkspaceLimits;
  /** Pods of a lower level are refused. @default PodSecurityLevel.RESTRICTED */
  readonly podSecurity?: PodSecurityLevel;
  /**
   * Refuses all traffic from and to pods of the workspace but this. An error in clusters of which the facts do not say that network policies are enforced.
   * @default - no traffic is refused
   */
  readonly network?: NetworkAllowance[];
  /**
   * Registries (host, optionally with port and path) that images may come from; also those of init containers, of containers that are added for debugging, and of image volumes.
   * "docker.io" for images that name none. The fact `imageRegistry` of a cluster is one of them, and behind a `registryMirror` each of them is meant, too. @default - any
   */
  readonly imageRegistries?: string[];
  /** @default - none */
  readonly guardRails?: GuardRail[];
  /**
   * Namespaces whose ServiceAccounts are controllers of the cluster, e.g. "cert-manager": they may copy our labels to what they make in the workspace, as
   * those of kube-system may. @default - none
   */
  readonly controllerNamespaces?: string[];
  /**
   * Secrets that pods of the workspace read, by name, in each of `namespaces`; those for self-service get none. Refer to them by `secretKey` of the workspace.
   * @default - none
   */
  readonly credentials?: { [secret: string]: WorkspaceCredential };
  /** Labels of every object of the workspace, e.g. { team: 'retail' }. @default - none */
  readonly labels?: { [key: string]: string };
}
