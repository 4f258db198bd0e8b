import { PipelineAgent } from './pipeline-agent';
import type { PipelineParameter } from './pipeline-parameter';
import type { PipelineScopeOptions, PipelineStage } from './pipeline-stage';
import type { PipelineTrigger } from './pipeline-trigger';
import { jenkinsfile } from './private/groovy-rendering';
import type { PipelineModel } from './private/jenkins-model';
import { pipelineModel } from './private/lowering';
import { environmentTrees, toolTrees } from './private/settings';
import type { PipelineTree } from './private/tree';

/** A pipeline. */
export interface PipelineDefinitionProps extends PipelineScopeOptions {
  /** Where it runs. With `PipelineAgent.none()` every stage says. */
  readonly agent: PipelineAgent;
  /** One after the other. */
  readonly stages: PipelineStage[];
  /** What is asked of whoever starts it. @default - nothing */
  readonly parameters?: PipelineParameter[];
  /** What starts it. @default - people and the source repository */
  readonly triggers?: PipelineTrigger[];
  /** Shared libraries that its steps come from, "name" or "name@version". @default - none */
  readonly libraries?: string[];
}

/**
 * A declarative pipeline as data: what runs, where, when, and what is asked of whom. It becomes a Jenkinsfile, the tree that the editors of
 * Jenkins and KubeSphere read, or what other systems have.
 */
export class PipelineDefinition {
  /** Adapts a tree. @internal */
  public static _of(tree: PipelineTree): PipelineDefinition {
    const definition = new PipelineDefinition({ agent: PipelineAgent.none(), stages: [] });
    definition.tree = tree;
    return definition;
  }

  private tree: PipelineTree;

  public constructor(props: PipelineDefinitionProps) {
    this.tree = {
      agent: props.agent._tree(),
      libraries: [...(props.libraries ?? [])],
      environment: environmentTrees(props),
      tools: toolTrees(props.tools),
      parameters: (props.parameters ?? []).map((parameter) => parameter._tree()),
      options: (props.options ?? []).map((option) => option._tree()),
      triggers: (props.triggers ?? []).map((trigger) => trigger._tree()),
      stages: props.stages.map((stage) => stage._tree()),
      post: (props.post ?? []).map((post) => post._tree()),
    };
  }

  /** The text of a Jenkinsfile. */
  public toJenkinsfile(): string {
    return jenkinsfile(this._model());
  }

  /** The tree that the editors of Jenkins and KubeSphere read, as JSON. */
  public toJson(): string {
    return JSON.stringify({ pipeline: this._model() });
  }

  /** The pipeline as plain data, for back-ends. @internal */
  public _tree(): PipelineTree {
    return this.tree;
  }

  /** The tree that Jenkins reads. @internal */
  public _model(): PipelineModel {
    return pipelineModel(this.tree);
  }
}
