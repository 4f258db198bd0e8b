import type { IConstruct } from 'constructs';
import type { Cluster } from '../../cluster';
import type { Problem } from '../../private/problem';
import type { RenderedDocument, Rendering } from '../../private/unit';
import type { PipelineDefinition } from '../pipeline-definition';
import type { PipelineTree } from './tree';

/** Something of a pipeline that a back-end has no way to say. */
export interface Shortcoming {
  /** Ends the sentence "… has no": "matrix", "condition on the changelog". Two back-ends that lack the same name it alike. */
  readonly what: string;
  /** Name of the stage. Absent: of the pipeline as a whole. */
  readonly stage?: string | undefined;
}

/** A kind of back-end, as far as it is the same for every pipeline. */
export interface EngineKind {
  /** As people call it: "Tekton". */
  readonly label: string;
  /** What of a pipeline it has no way to say. */
  cannot(tree: PipelineTree): readonly Shortcoming[];
}

/** A pipeline as an engine gets it. */
export interface EnginePipeline {
  readonly construct: IConstruct;
  /** Id of the pipeline, a DNS label. */
  readonly name: string;
  readonly definition: PipelineDefinition;
  readonly tree: PipelineTree;
}

/** What makes something of a pipeline that a build server can run. */
export interface PipelineEngine {
  readonly kind: EngineKind;
  /** Tells apart the back-ends of one pipeline: "tekton/ci". */
  readonly id: string;
  /** Constructs that have to be there before the pipeline. */
  readonly needs?: readonly IConstruct[];
  /** Clusters that get objects; absent: none does. */
  clusters?(pipeline: EnginePipeline, problems: Problem[]): readonly Cluster[];
  /** Problems that do not depend on the cluster. */
  validate(pipeline: EnginePipeline, problems: Problem[]): void;
  /** Paths of entries begin with that of the construct. */
  render?(pipeline: EnginePipeline, cluster: Cluster, problems: Problem[]): Rendering;
  /** Files for repositories. */
  documents?(pipeline: EnginePipeline): readonly RenderedDocument[];
}
