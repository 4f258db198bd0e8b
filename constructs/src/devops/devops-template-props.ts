import type { Cluster } from '../cluster';
import type { PipelineDefinition } from '../pipeline/pipeline-definition';
import type { DevOpsCredentialType } from './devops-credential';
import type { DevOpsProject } from './devops-project';

/** What is asked of who makes a pipeline of a template. */
export enum TemplateParameterType {
  STRING = 'string',
  BOOLEAN = 'bool',
  NUMBER = 'number',
  STRING_LIST = 'string-array',
}

/** A parameter of a template. */
export interface TemplateParameter {
  /** In the texts of the definition it stands as "((name))". */
  readonly name: string;
  /** @default - none */
  readonly description?: string;
  /** @default TemplateParameterType.STRING */
  readonly parameterType?: TemplateParameterType;
  /** @default false */
  readonly required?: boolean;
  /** JSON, e.g. "main" or true. @default - none */
  // biome-ignore lint/suspicious/noExplicitAny: jsii has no other type for "any JSON"
  readonly defaultValue?: any;
  /** Expression that a value has to fulfil. Needs `message`. @default - none */
  readonly expression?: string;
  /** What is said when it does not. @default - none */
  readonly message?: string;
}

/** Of a template of pipelines in KubeSphere DevOps. One of `project` and `host` says where. */
export interface DevOpsTemplateProps {
  /** The pipeline. Its texts may contain parameters: "((name))". */
  readonly definition: PipelineDefinition;
  /** @default - none */
  readonly parameters?: TemplateParameter[];
  /** Only for this DevOps project (Template). @default - for all of them (ClusterTemplate) */
  readonly project?: DevOpsProject;
  /** The cluster with KubeSphere DevOps. @default - that of the project */
  readonly host?: Cluster;
  /** Name for people. @default - the id */
  readonly displayName?: string;
  /** @default - none */
  readonly description?: string;
}

/** What a field of a step asks for. */
export enum StepParameterType {
  /** One line. */
  STRING = 'string',
  /** Several lines. */
  TEXT = 'text',
  NUMBER = 'number',
  /** Lines of code. */
  CODE = 'code',
  BOOLEAN = 'bool',
  /** One of `choices`. */
  CHOICE = 'enum',
  /** Name of a credential. */
  SECRET = 'secret',
  /** Nothing: it has its default. */
  HIDDEN = 'hidden',
}

/** A field that the graphical editor shows for a step. */
export interface StepParameter {
  /** In the template it is "{{.param.<name>}}". */
  readonly name: string;
  /** @default StepParameterType.STRING */
  readonly parameterType?: StepParameterType;
  /** @default false */
  readonly required?: boolean;
  /** Name for people. @default - the name */
  readonly display?: string;
  /** @default - none */
  readonly defaultValue?: string;
  /** Of StepParameterType.CHOICE: written as JSON, labels and values; how the console reads them is not tried. @default - none */
  readonly choices?: string[];
  /** Expression that says when it is asked for. @default - always */
  readonly condition?: string;
}

/** What the template of a step is a template of. */
export enum StepRuntime {
  /** A script of the shell. */
  SHELL = 'shell',
  /** The JSON of a step, as the editor's tree has it. */
  DSL = 'dsl',
}

/** Of a step in the graphical editor. */
export interface DevOpsStepTemplateProps {
  /** The cluster with KubeSphere DevOps. */
  readonly host: Cluster;
  /** In the language of Go templates: parameters are "{{.param.name}}". */
  readonly template: string;
  /** @default StepRuntime.SHELL */
  readonly runtime?: StepRuntime;
  /** @default - none */
  readonly parameters?: StepParameter[];
  /** Container of the agent that it runs in. @default - that around it */
  readonly container?: string;
  /** Label of the agent that it needs. @default - any */
  readonly agentLabel?: string;
  /** Type of the credential that it needs. @default - none */
  readonly credentialType?: DevOpsCredentialType;
  /** Name for people. @default - the id */
  readonly displayName?: string;
}
