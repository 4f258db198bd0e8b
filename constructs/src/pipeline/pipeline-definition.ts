import { CallSite } from '../private/location';
import { type Problem, problemAt, throwProblems } from '../private/problem';
import type { JenkinsPlugins } from './jenkins-plugins';
import { PipelineAgent } from './pipeline-agent';
import type { PipelineParameter } from './pipeline-parameter';
import type { PipelineScopeOptions, PipelineStage } from './pipeline-stage';
import type { PipelineTrigger } from './pipeline-trigger';
import { mergedByName, withChangedStage } from './private/definition-changes';
import { jenkinsfile } from './private/groovy-rendering';
import type { PipelineModel } from './private/jenkins-model';
import { pipelineModel } from './private/lowering';
import type { ModelFinding } from './private/model-finding';
import { readPipelineJson } from './private/pipeline-reading';
import { modelFindings } from './private/pipeline-rules';
import { environmentTrees, toolTrees } from './private/settings';
import type { PipelineTree, ToolTree } from './private/tree';
import { treeFindings } from './private/tree-rules';

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
  /** What its Jenkins has beyond the usual plugins. @default - nothing */
  readonly plugins?: JenkinsPlugins;
}

/** What a copy of a pipeline has otherwise. */
export interface PipelineDefinitionChanges extends PipelineScopeOptions {
  /** In place of the pipeline's. @default - the same */
  readonly agent?: PipelineAgent;
  /** Beside the pipeline's; one of the same name takes its place. @default - the same */
  readonly parameters?: PipelineParameter[];
  /** In place of all of the pipeline's. @default - the same */
  readonly triggers?: PipelineTrigger[];
  /** In place of all of the pipeline's. @default - the same */
  readonly libraries?: string[];
}

/**
 * A declarative pipeline as data: what runs, where, when, and what is asked of whom. It becomes a Jenkinsfile, the tree that the editors of
 * Jenkins and KubeSphere read, or what other systems have.
 */
export class PipelineDefinition {
  /**
   * Reads the tree that the editors of Jenkins and KubeSphere write. What Jenkins would refuse is refused here.
   * @param plugins what its Jenkins has beyond the usual plugins
   */
  public static fromJson(json: string, plugins: JenkinsPlugins = {}): PipelineDefinition {
    const reading = readPipelineJson(json, plugins);
    if (!('tree' in reading)) throwProblems(located(reading.findings, new CallSite().source));
    return PipelineDefinition.of(reading.tree, plugins, true);
  }

  private static of(tree: PipelineTree, plugins: JenkinsPlugins, isRead: boolean): PipelineDefinition {
    const definition = new PipelineDefinition({ agent: PipelineAgent.none(), stages: [], plugins });
    definition.tree = tree;
    definition.isRead = isRead;
    return definition;
  }

  private tree: PipelineTree;
  private isRead = false;
  private readonly plugins: JenkinsPlugins;
  private readonly site = new CallSite();

  public constructor(props: PipelineDefinitionProps) {
    this.plugins = props.plugins ?? {};
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

  /**
   * A copy with other settings. Variables, tools, parameters and options are put beside those that there are, or in the place of one of the same name; what runs afterwards in the place
   * of what has the same condition.
   */
  public copyWith(changes: PipelineDefinitionChanges): PipelineDefinition {
    const { agent, parameters, triggers, libraries, options, post } = changes;
    const { tree } = this;
    const after = (post ?? []).map((one) => ({ ...one._tree(), name: one._tree().condition }));
    return this.copy({
      ...tree,
      ...(agent === undefined ? {} : { agent: agent._tree() }),
      ...(triggers === undefined ? {} : { triggers: triggers.map((trigger) => trigger._tree()) }),
      ...(libraries === undefined ? {} : { libraries: [...libraries] }),
      environment: mergedByName(tree.environment, environmentTrees(changes)),
      tools: mergedByType(tree.tools, toolTrees(changes.tools)),
      parameters: mergedByName(
        tree.parameters,
        (parameters ?? []).map((parameter) => parameter._tree()),
      ),
      options: mergedByName(
        tree.options,
        (options ?? []).map((option) => option._tree()),
      ),
      post: mergedByName(
        tree.post.map((one) => ({ ...one, name: one.condition })),
        after,
      ).map(({ condition, steps }) => ({ condition, steps })),
    });
  }

  /** A copy with another stage in the place of the one of that name, however deep it stands. */
  public withStage(name: string, stage: PipelineStage): PipelineDefinition {
    return this.copy(withChangedStage(this.tree, name, () => [stage._tree()]));
  }

  /** A copy with further stages right before the one of that name. */
  public withStagesBefore(name: string, ...stages: PipelineStage[]): PipelineDefinition {
    const added = stages.map((stage) => stage._tree());
    return this.copy(withChangedStage(this.tree, name, (stage) => [...added, stage]));
  }

  /** A copy with further stages right after the one of that name. */
  public withStagesAfter(name: string, ...stages: PipelineStage[]): PipelineDefinition {
    const added = stages.map((stage) => stage._tree());
    return this.copy(withChangedStage(this.tree, name, (stage) => [stage, ...added]));
  }

  /** A copy without the stage of that name. */
  public withoutStage(name: string): PipelineDefinition {
    return this.copy(withChangedStage(this.tree, name, () => []));
  }

  /** The text of a Jenkinsfile. */
  public toJenkinsfile(): string {
    return jenkinsfile(this.checkedModel());
  }

  /** The tree that the editors of Jenkins and KubeSphere read, as JSON. */
  public toJson(): string {
    return JSON.stringify({ pipeline: this.checkedModel() });
  }

  /** The pipeline as plain data, for back-ends. @internal */
  public _tree(): PipelineTree {
    return this.tree;
  }

  /** What is wrong with it, located where it was made. @internal */
  public _problems(): Problem[] {
    return located(this.findings(), this.site.source);
  }

  private findings(): readonly ModelFinding[] {
    // What was read was made elsewhere: what Jenkins takes is taken, also where our own types would not say it.
    const before = this.isRead ? [] : treeFindings(this.tree);
    return before.length > 0 ? before : modelFindings(pipelineModel(this.tree), this.plugins);
  }

  private copy(tree: PipelineTree): PipelineDefinition {
    return PipelineDefinition.of(tree, this.plugins, this.isRead);
  }

  private checkedModel(): PipelineModel {
    const problems = this._problems();
    if (problems.length > 0) throwProblems(problems);
    return pipelineModel(this.tree);
  }
}

function mergedByType(tools: readonly ToolTree[], others: readonly ToolTree[]): ToolTree[] {
  const named = (all: readonly ToolTree[]) => all.map((tool) => ({ ...tool, name: tool.type }));
  return mergedByName(named(tools), named(others)).map(({ type, version }) => ({ type, version }));
}

function located(findings: readonly ModelFinding[], source: string | undefined): Problem[] {
  return findings.map(({ code, where, what, fix }) =>
    problemAt(undefined, code, where === '' ? what : `${where}: ${what}`, { fix, source }),
  );
}
