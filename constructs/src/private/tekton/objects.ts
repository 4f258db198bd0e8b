/**
 * Objects of Tekton as they are written, with the fields that Orrery emits and no others: a field that is not here cannot be emitted.
 * tektoncd/pipeline pkg/apis/pipeline/v1/{task,container,param,result,workspace,pipeline,pipelinerun,when,matrix}_types.go.
 */

export type ParamValue = string | readonly string[] | { readonly [key: string]: string };

export interface ParamSpec {
  readonly name: string;
  readonly type?: string;
  readonly description?: string;
  readonly default?: ParamValue;
  readonly properties?: { readonly [key: string]: { readonly type: string } };
}

export interface Param {
  readonly name: string;
  readonly value: ParamValue;
}

export interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef: { readonly name: string; readonly key: string } };
}

interface VolumeMount {
  readonly name: string;
  readonly mountPath: string;
  readonly subPath?: string;
  readonly readOnly?: boolean;
}

export interface Step {
  readonly name?: string;
  readonly image?: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly script?: string;
  readonly env?: readonly EnvVar[];
  readonly workingDir?: string;
  readonly onError?: string;
  readonly timeout?: string;
  readonly computeResources?: object;
  readonly volumeMounts?: readonly VolumeMount[];
  readonly securityContext?: object;
}

export type Sidecar = Omit<Step, 'workingDir' | 'onError' | 'timeout'>;

interface TaskWorkspace {
  readonly name: string;
  readonly description?: string;
  readonly mountPath?: string;
  readonly readOnly?: boolean;
  readonly optional?: boolean;
}

interface TaskResult {
  readonly name: string;
  readonly type?: string;
  readonly description?: string;
  readonly properties?: { readonly [key: string]: { readonly type: string } };
}

export interface TaskVolume {
  readonly name: string;
  readonly emptyDir?: { readonly sizeLimit?: string };
  readonly persistentVolumeClaim?: { readonly claimName: string };
  readonly secret?: {
    readonly secretName: string;
    readonly items?: readonly { readonly key: string; readonly path: string }[];
  };
  readonly configMap?: { readonly name: string };
}

export interface TaskSpec {
  readonly description?: string;
  readonly params?: readonly ParamSpec[];
  readonly workspaces?: readonly TaskWorkspace[];
  readonly results?: readonly TaskResult[];
  readonly steps: readonly Step[];
  readonly sidecars?: readonly Sidecar[];
  readonly volumes?: readonly TaskVolume[];
}

interface WhenExpression {
  readonly input?: string;
  readonly operator?: string;
  readonly values?: readonly string[];
  readonly cel?: string;
}

interface Matrix {
  readonly params?: readonly Param[];
  readonly include?: readonly { readonly name?: string; readonly params?: readonly Param[] }[];
}

interface TaskRef {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly resolver?: string;
  readonly params?: readonly Param[];
}

export interface PipelineTask {
  readonly name: string;
  readonly description?: string;
  readonly taskRef?: TaskRef;
  readonly taskSpec?: TaskSpec;
  readonly runAfter?: readonly string[];
  readonly when?: readonly WhenExpression[];
  readonly params?: readonly Param[];
  readonly matrix?: Matrix;
  readonly workspaces?: readonly { readonly name: string; readonly workspace?: string; readonly subPath?: string }[];
  readonly retries?: number;
  readonly timeout?: string;
  readonly onError?: string;
}

export interface PipelineSpec {
  readonly description?: string;
  readonly params?: readonly ParamSpec[];
  readonly workspaces?: readonly {
    readonly name: string;
    readonly description?: string;
    readonly optional?: boolean;
  }[];
  readonly tasks: readonly PipelineTask[];
  readonly finally?: readonly PipelineTask[];
  readonly results?: readonly { readonly name: string; readonly description?: string; readonly value: ParamValue }[];
}

export interface WorkspaceBinding {
  readonly name: string;
  readonly subPath?: string;
  readonly emptyDir?: object;
  readonly persistentVolumeClaim?: { readonly claimName: string };
  readonly volumeClaimTemplate?: object;
  readonly secret?: { readonly secretName: string };
  readonly configMap?: { readonly name: string };
}

/** Of the pods of a run. */
export interface PodSettings {
  readonly serviceAccountName?: string;
  readonly podTemplate?: {
    readonly nodeSelector?: { readonly [label: string]: string };
    readonly securityContext?: { readonly fsGroup?: number; readonly runAsUser?: number };
    readonly imagePullSecrets?: readonly { readonly name: string }[];
    readonly automountServiceAccountToken?: boolean;
  };
}

export interface PipelineRunSpec {
  readonly pipelineRef?: { readonly name: string };
  readonly pipelineSpec?: PipelineSpec;
  readonly params?: readonly Param[];
  readonly workspaces?: readonly WorkspaceBinding[];
  readonly taskRunTemplate?: PodSettings;
  readonly taskRunSpecs?: readonly ({ readonly pipelineTaskName: string } & PodSettings)[];
  readonly timeouts?: { readonly pipeline?: string; readonly tasks?: string; readonly finally?: string };
}

export interface Metadata {
  readonly name?: string;
  readonly generateName?: string;
  readonly namespace?: string;
  readonly labels?: { readonly [key: string]: string };
  readonly annotations?: { readonly [key: string]: string };
}

const API_VERSION = 'tekton.dev/v1';

export const taskObject = (metadata: Metadata, spec: TaskSpec): object => ({
  apiVersion: API_VERSION,
  kind: 'Task',
  metadata,
  spec,
});

export const pipelineObject = (metadata: Metadata, spec: PipelineSpec): object => ({
  apiVersion: API_VERSION,
  kind: 'Pipeline',
  metadata,
  spec,
});

export const pipelineRunObject = (metadata: Metadata, spec: PipelineRunSpec): object => ({
  apiVersion: API_VERSION,
  kind: 'PipelineRun',
  metadata,
  spec,
});
