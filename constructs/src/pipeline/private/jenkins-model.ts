/*
 * The tree that Jenkins' editor and KubeSphere read and write as JSON (jenkinsci/pipeline-model-definition-plugin,
 * pipeline-model-api/src/main/resources/ast-schema.json). Members are looser than in a valid pipeline: the rules tell what is wrong.
 */

/** A literal, or the source of an expression of Groovy: a text in double quotes, or "${…}" around anything else. */
export interface RawValue {
  readonly isLiteral: boolean;
  readonly value: string | number | boolean | null;
}

export interface NamedRaw {
  readonly key: string;
  readonly value: RawValue;
}

/** One without name, some without names, or some with names. */
export type StepArguments = RawValue | readonly RawValue[] | readonly NamedRaw[];

export interface StepModel {
  readonly name: string;
  readonly arguments?: StepArguments;
  readonly children?: readonly StepModel[];
}

export interface CallModel {
  readonly name: string;
  readonly arguments: readonly CallArgument[];
}

export type CallArgument = RawValue | CallModel | { readonly key: string; readonly value: RawValue | CallModel };

export interface MapArgument {
  readonly key: string;
  readonly value: RawValue | readonly MapArgument[];
}

export interface AgentModel {
  readonly type: string;
  readonly argument?: RawValue;
  readonly arguments?: readonly MapArgument[];
}

export interface EnvironmentModel {
  readonly key: string;
  readonly value: RawValue | { readonly name: string; readonly arguments: readonly RawValue[] };
}

export interface ConditionModel {
  readonly name: string;
  readonly arguments?: StepArguments;
  readonly children?: readonly ConditionModel[];
}

export interface WhenModel {
  readonly conditions: readonly ConditionModel[];
  readonly beforeAgent?: boolean;
  readonly beforeInput?: boolean;
  readonly beforeOptions?: boolean;
}

export interface BranchModel {
  readonly name: string;
  readonly steps: readonly StepModel[];
}

export interface PostModel {
  readonly conditions: readonly { readonly condition: string; readonly branch: BranchModel }[];
}

export interface InputModel {
  readonly message: RawValue;
  readonly id?: RawValue;
  readonly ok?: RawValue;
  readonly submitter?: RawValue;
  readonly submitterParameter?: RawValue;
  readonly parameters?: { readonly parameters: readonly CallModel[] };
}

export interface AxisModel {
  readonly name: string;
  readonly values: readonly RawValue[];
  readonly inverse?: boolean;
}

/** What pipelines, stages and matrices have in common. */
export interface ScopeModel {
  readonly agent?: AgentModel;
  readonly environment?: readonly EnvironmentModel[];
  readonly tools?: readonly NamedRaw[];
  readonly options?: { readonly options: readonly CallModel[] };
  readonly post?: PostModel;
}

export interface ConditionalScopeModel extends ScopeModel {
  readonly when?: WhenModel;
  readonly input?: InputModel;
}

export interface MatrixModel extends ConditionalScopeModel {
  readonly axes: readonly AxisModel[];
  readonly excludes?: readonly (readonly AxisModel[])[];
  readonly stages: readonly StageModel[];
}

export interface StageModel extends ConditionalScopeModel {
  readonly name: string;
  readonly failFast?: boolean;
  readonly branches?: readonly BranchModel[];
  readonly stages?: readonly StageModel[];
  readonly parallel?: readonly StageModel[];
  readonly matrix?: MatrixModel;
}

export interface PipelineModel extends ScopeModel {
  readonly agent: AgentModel;
  readonly libraries?: { readonly libraries: readonly RawValue[] };
  readonly parameters?: { readonly parameters: readonly CallModel[] };
  readonly triggers?: { readonly triggers: readonly CallModel[] };
  readonly stages: readonly StageModel[];
}

export function isRaw(value: object): value is RawValue {
  return 'isLiteral' in value;
}

export function isNamed(value: object): value is { readonly key: string; readonly value: RawValue | CallModel } {
  return 'key' in value;
}
