// Containers of pods.

import type { PodContainerSecurity, PodLifecycle, PodProbe } from './pod-probes';

/** A container. */
export interface PodContainer {
  /** Arguments of the command. */
  readonly args?: string[];
  /** Command instead of the image's. */
  readonly command?: string[];
  /** Environment variables. */
  readonly env?: PodEnvVar[];
  /** Objects whose keys become environment variables. */
  readonly envFrom?: PodEnvFrom[];
  /** Image. */
  readonly image?: string;
  /** When the image is pulled. */
  readonly imagePullPolicy?: PodPullPolicy;
  /** What runs after the start and before the end. */
  readonly lifecycle?: PodLifecycle;
  /** When it is started again. */
  readonly livenessProbe?: PodProbe;
  /** Name, unique in the pod. */
  readonly name: string;
  /** Ports. */
  readonly ports?: PodContainerPort[];
  /** When it gets requests. */
  readonly readinessProbe?: PodProbe;
  /** Whether new resources start it again. */
  readonly resizePolicy?: PodResizePolicy[];
  /** Resources. */
  readonly resources?: PodResources;
  /** "Always" makes an init container a sidecar. */
  readonly restartPolicy?: string;
  /** What happens after exit codes. */
  readonly restartPolicyRules?: PodRestartRule[];
  /** Security settings. */
  readonly securityContext?: PodContainerSecurity;
  /** When the other probes begin. */
  readonly startupProbe?: PodProbe;
  /** Whether standard input is open. */
  readonly stdin?: boolean;
  /** Whether it closes after the first session. */
  readonly stdinOnce?: boolean;
  /** File with the last message. */
  readonly terminationMessagePath?: string;
  /** Where the last message is read from. */
  readonly terminationMessagePolicy?: PodMessagePolicy;
  /** Whether it gets a terminal. */
  readonly tty?: boolean;
  /** Volumes as devices. */
  readonly volumeDevices?: PodVolumeDevice[];
  /** Volumes as folders. */
  readonly volumeMounts?: PodVolumeMount[];
  /** Working folder. */
  readonly workingDir?: string;
}

/** A container for debugging. */
export interface PodEphemeralContainer extends PodContainer {
  /** Container whose processes it sees. */
  readonly targetContainerName?: string;
}

/** When an image is pulled. */
export enum PodPullPolicy {
  /** At every start. */
  ALWAYS = 'Always',
  /** When the node does not have it. */
  IF_NOT_PRESENT = 'IfNotPresent',
  /** Never. */
  NEVER = 'Never',
}

/** Where the last message of a container is read from. */
export enum PodMessagePolicy {
  /** The file. */
  FILE = 'File',
  /** The file, or the log if it is empty. */
  FALLBACK_TO_LOGS_ON_ERROR = 'FallbackToLogsOnError',
}

/** An environment variable. */
export interface PodEnvVar {
  /** Name. */
  readonly name: string;
  /** Value; `$(NAME)` stands for variables before it. */
  readonly value?: string;
  /** Where the value comes from. */
  readonly valueFrom?: PodEnvSource;
}

/** Where a value comes from: one of them. */
export interface PodEnvSource {
  /** A key of a ConfigMap. */
  readonly configMapKeyRef?: PodKeyReference;
  /** A field of the pod. */
  readonly fieldRef?: PodFieldReference;
  /** A key of a file. */
  readonly fileKeyRef?: PodFileKeyReference;
  /** Resources of a container. */
  readonly resourceFieldRef?: PodResourceFieldReference;
  /** A key of a Secret. */
  readonly secretKeyRef?: PodKeyReference;
}

/** A key of an object. */
export interface PodKeyReference {
  /** Key. */
  readonly key: string;
  /** Name of the object. */
  readonly name?: string;
  /** Whether it may be missing. */
  readonly optional?: boolean;
}

/** A field of the pod. */
export interface PodFieldReference {
  /** Version of the path. */
  readonly apiVersion?: string;
  /** Path, e.g. "metadata.name". */
  readonly fieldPath: string;
}

/** A key of a file. */
export interface PodFileKeyReference {
  /** Key. */
  readonly key: string;
  /** Whether it may be missing. */
  readonly optional?: boolean;
  /** File in the volume. */
  readonly path: string;
  /** Volume. */
  readonly volumeName: string;
}

/** Resources of a container. */
export interface PodResourceFieldReference {
  /** Container. */
  readonly containerName?: string;
  /** Unit. */
  readonly divisor?: number | string;
  /** E.g. "limits.cpu". */
  readonly resource: string;
}

/** An object whose keys become environment variables. */
export interface PodEnvFrom {
  /** A ConfigMap. */
  readonly configMapRef?: PodEnvObject;
  /** What the names begin with. */
  readonly prefix?: string;
  /** A Secret. */
  readonly secretRef?: PodEnvObject;
}

/** An object whose keys become environment variables. */
export interface PodEnvObject {
  /** Name. */
  readonly name?: string;
  /** Whether it may be missing. */
  readonly optional?: boolean;
}

/** A port of a container. */
export interface PodContainerPort {
  /** Number. */
  readonly containerPort: number;
  /** Address on the node. */
  readonly hostIP?: string;
  /** Port on the node. */
  readonly hostPort?: number;
  /** Name. */
  readonly name?: string;
  /** Protocol. */
  readonly protocol?: PodPortProtocol;
}

/** Protocol of a port. */
export enum PodPortProtocol {
  /** TCP. */
  TCP = 'TCP',
  /** UDP. */
  UDP = 'UDP',
  /** SCTP. */
  SCTP = 'SCTP',
}

/** Whether new resources start a container again. */
export interface PodResizePolicy {
  /** "cpu" or "memory". */
  readonly resourceName: string;
  /** "NotRequired" or "RestartContainer". */
  readonly restartPolicy: string;
}

/** What a container needs and may take. */
export interface PodResources {
  /** Devices of `resourceClaims`. */
  readonly claims?: PodClaimedDevice[];
  /** Most. */
  readonly limits?: { readonly [key: string]: number | string };
  /** What is set aside. */
  readonly requests?: { readonly [key: string]: number | string };
}

/** A device of a claim. */
export interface PodClaimedDevice {
  /** Name of the claim. */
  readonly name: string;
  /** Request in the claim. */
  readonly request?: string;
}

/** What happens after exit codes. */
export interface PodRestartRule {
  /** "Restart" or "RestartAllContainers". */
  readonly action: string;
  /** Which. */
  readonly exitCodes?: PodRestartExitCodes;
}

/** Exit codes. */
export interface PodRestartExitCodes {
  /** "In" or "NotIn". In the API: `operator`. */
  readonly comparison: string;
  /** Codes. */
  readonly values?: number[];
}

/** A volume as a device. */
export interface PodVolumeDevice {
  /** Path. */
  readonly devicePath: string;
  /** Volume. */
  readonly name: string;
}

/** A volume as a folder. */
export interface PodVolumeMount {
  /** Path. */
  readonly mountPath: string;
  /** Whether later mounts are passed on. */
  readonly mountPropagation?: PodMountPropagation;
  /** Volume. */
  readonly name: string;
  /** Whether it is read-only. */
  readonly readOnly?: boolean;
  /** "Disabled", "IfPossible" or "Enabled". */
  readonly recursiveReadOnly?: string;
  /** Folder in the volume. */
  readonly subPath?: string;
  /** The same with `$(NAME)`. */
  readonly subPathExpr?: string;
}

/** Whether later mounts are passed on. */
export enum PodMountPropagation {
  /** No. */
  NONE = 'None',
  /** From the node. */
  HOST_TO_CONTAINER = 'HostToContainer',
  /** In both directions. */
  BIDIRECTIONAL = 'Bidirectional',
}
