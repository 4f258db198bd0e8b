// Probes, hooks and security settings of containers.

/** How a container is asked for its state: one of `exec`, `grpc`, `httpGet`, `tcpSocket`. */
export interface PodProbe {
  /** A command: exit code 0. */
  readonly exec?: PodExecAction;
  /** Failures in a row. */
  readonly failureThreshold?: number;
  /** gRPC health check. */
  readonly grpc?: PodGrpcAction;
  /** A request: 200 to 399. */
  readonly httpGet?: PodHttpAction;
  /** Seconds before the first. */
  readonly initialDelaySeconds?: number;
  /** Seconds between two. */
  readonly periodSeconds?: number;
  /** Successes in a row. */
  readonly successThreshold?: number;
  /** A connection. */
  readonly tcpSocket?: PodTcpAction;
  /** Time for an orderly end, in seconds. */
  readonly terminationGracePeriodSeconds?: number;
  /** Seconds that one may take. */
  readonly timeoutSeconds?: number;
}

/** A command in the container. */
export interface PodExecAction {
  /** Command with arguments, no shell. */
  readonly command?: string[];
}

/** gRPC health check. */
export interface PodGrpcAction {
  /** Port. */
  readonly port: number;
  /** Name of the service. */
  readonly service?: string;
}

/** A request. */
export interface PodHttpAction {
  /** Host instead of the pod. */
  readonly host?: string;
  /** Headers. */
  readonly httpHeaders?: PodHttpHeader[];
  /** Path. */
  readonly path?: string;
  /** Port, by number or name. */
  readonly port: number | string;
  /** HTTP or HTTPS. */
  readonly scheme?: PodHttpScheme;
}

/** HTTP or HTTPS. */
export enum PodHttpScheme {
  /** HTTP. */
  HTTP = 'HTTP',
  /** HTTPS, certificates are not checked. */
  HTTPS = 'HTTPS',
}

/** A header. */
export interface PodHttpHeader {
  /** Name. */
  readonly name: string;
  /** Value. */
  readonly value: string;
}

/** A connection. */
export interface PodTcpAction {
  /** Host instead of the pod. */
  readonly host?: string;
  /** Port, by number or name. */
  readonly port: number | string;
}

/** What runs after the start and before the end. */
export interface PodLifecycle {
  /** After the start. */
  readonly postStart?: PodLifecycleHandler;
  /** Before the end. */
  readonly preStop?: PodLifecycleHandler;
  /** Signal that ends it, e.g. "SIGTERM". */
  readonly stopSignal?: string;
}

/** What runs: one of them. */
export interface PodLifecycleHandler {
  /** A command. */
  readonly exec?: PodExecAction;
  /** A request. */
  readonly httpGet?: PodHttpAction;
  /** A pause. */
  readonly sleep?: PodSleepAction;
  /** Nothing; kept for old objects. */
  readonly tcpSocket?: PodTcpAction;
}

/** A pause. */
export interface PodSleepAction {
  /** Seconds. */
  readonly seconds: number;
}

/** Security settings of a container. */
export interface PodContainerSecurity {
  /** Whether it may gain rights. */
  readonly allowPrivilegeEscalation?: boolean;
  /** AppArmor. */
  readonly appArmorProfile?: PodConfinement;
  /** Capabilities. */
  readonly capabilities?: PodCapabilities;
  /** Whether it has all rights of the node. */
  readonly privileged?: boolean;
  /** "Default" or "Unmasked". */
  readonly procMount?: string;
  /** Whether its file system is read-only. */
  readonly readOnlyRootFilesystem?: boolean;
  /** Group. */
  readonly runAsGroup?: number;
  /** Whether root is refused. */
  readonly runAsNonRoot?: boolean;
  /** User. */
  readonly runAsUser?: number;
  /** SELinux. */
  readonly seLinuxOptions?: PodSeLinux;
  /** seccomp. */
  readonly seccompProfile?: PodConfinement;
  /** Windows. */
  readonly windowsOptions?: PodWindowsSecurity;
}

/** A profile of AppArmor or seccomp. */
export interface PodConfinement {
  /** Profile on the node. */
  readonly localhostProfile?: string;
  /** Which. In the API: `type`. */
  readonly ofType: PodConfinementType;
}

/** Which profile. */
export enum PodConfinementType {
  /** One on the node. */
  LOCALHOST = 'Localhost',
  /** The runtime's. */
  RUNTIME_DEFAULT = 'RuntimeDefault',
  /** None. */
  UNCONFINED = 'Unconfined',
}

/** Capabilities. */
export interface PodCapabilities {
  /** Added. */
  readonly add?: string[];
  /** Taken away. */
  readonly drop?: string[];
}

/** SELinux. */
export interface PodSeLinux {
  /** Level. */
  readonly level?: string;
  /** Role. */
  readonly role?: string;
  /** Type. In the API: `type`. */
  readonly ofType?: string;
  /** User. */
  readonly user?: string;
}

/** Windows. */
export interface PodWindowsSecurity {
  /** Credential specification. */
  readonly gmsaCredentialSpec?: string;
  /** Its name. */
  readonly gmsaCredentialSpecName?: string;
  /** Whether it is a process of the node. */
  readonly hostProcess?: boolean;
  /** User. */
  readonly runAsUserName?: string;
}

/** Security settings of all containers of a pod. */
export interface PodSecuritySettings {
  /** AppArmor. */
  readonly appArmorProfile?: PodConfinement;
  /** Group of the volumes. */
  readonly fsGroup?: number;
  /** "Always" or "OnRootMismatch". */
  readonly fsGroupChangePolicy?: string;
  /** Group. */
  readonly runAsGroup?: number;
  /** Whether root is refused. */
  readonly runAsNonRoot?: boolean;
  /** User. */
  readonly runAsUser?: number;
  /** "MountOption" or "Recursive". */
  readonly seLinuxChangePolicy?: string;
  /** SELinux. */
  readonly seLinuxOptions?: PodSeLinux;
  /** seccomp. */
  readonly seccompProfile?: PodConfinement;
  /** Further groups. */
  readonly supplementalGroups?: number[];
  /** "Merge" or "Strict". */
  readonly supplementalGroupsPolicy?: string;
  /** Settings of the kernel. */
  readonly sysctls?: PodSysctl[];
  /** Windows. */
  readonly windowsOptions?: PodWindowsSecurity;
}

/** A setting of the kernel. */
export interface PodSysctl {
  /** Name. */
  readonly name: string;
  /** Value. */
  readonly value: string;
}
