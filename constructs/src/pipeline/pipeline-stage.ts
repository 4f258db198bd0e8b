import type { PipelineAgent } from './pipeline-agent';
import type { PipelineInput } from './pipeline-input';
import type { PipelineOption } from './pipeline-option';
import type { PipelinePost } from './pipeline-post';
import type { PipelineStep } from './pipeline-step';
import type { PipelineValue } from './pipeline-value';
import type { PipelineWhen } from './pipeline-when';
import { environmentTrees, toolTrees } from './private/settings';
import type { AxisTree, MatrixTree, StageBody, StageTree, WhenTree } from './private/tree';

/** What pipelines, stages and the cells of a matrix have in common. */
export interface PipelineScopeOptions {
  /** Variables of the environment, as they are. @default - none */
  readonly environment?: { [name: string]: string };
  /** Variables that are made of others, or of parameters. @default - none */
  readonly environmentValues?: { [name: string]: PipelineValue };
  /**
   * Secrets by the variable that holds them: ids of credentials. User and password are also in NAME_USR and NAME_PSW.
   * @default - none
   */
  readonly environmentCredentials?: { [name: string]: string };
  /** Tools that Jenkins installs, by their kind: { "jdk": "temurin-21" }. @default - none */
  readonly tools?: { [type: string]: string };
  /** @default - none */
  readonly options?: PipelineOption[];
  /** What runs afterwards. @default - nothing */
  readonly post?: PipelinePost[];
}

/** Of a stage. */
export interface PipelineStageOptions extends PipelineScopeOptions {
  /** Where it runs. @default - where the pipeline does */
  readonly agent?: PipelineAgent;
  /** All of them must hold. @default - it always runs */
  readonly when?: PipelineWhen[];
  /** They are looked at before an agent is made, and none is made in vain. @default false */
  readonly whenBeforeAgent?: boolean;
  /** They are looked at before a person is asked. @default false */
  readonly whenBeforeInput?: boolean;
  /** They are looked at before the options act. @default false */
  readonly whenBeforeOptions?: boolean;
  /** A person is asked before it begins. No agent of this stage is held meanwhile. @default - nobody is */
  readonly input?: PipelineInput;
}

/** Of a stage whose parts run at a time. */
export interface ParallelStageOptions extends PipelineStageOptions {
  /** The first failure stops the others. @default false */
  readonly failFast?: boolean;
}

/** An axis of a matrix, or some values of it that are left out. */
export interface PipelineAxis {
  /** A variable of the environment. */
  readonly name: string;
  /** What it holds, one cell each. */
  readonly values: string[];
}

/** Cells of a matrix that are left out: those that lie in all of these values. */
export interface PipelineExclude {
  /** Only these values. @default - none */
  readonly values?: PipelineAxis[];
  /** All values but these. @default - none */
  readonly notValues?: PipelineAxis[];
}

/** Stages for every combination of values. */
export interface PipelineMatrixOptions extends PipelineStageOptions {
  /** At least one. */
  readonly axes: PipelineAxis[];
  /** @default - every combination runs */
  readonly excludes?: PipelineExclude[];
  /** The first cell that fails stops the others. @default false */
  readonly failFast?: boolean;
}

/** A part of a pipeline with a name, of which people see how it goes. */
export class PipelineStage {
  /** Steps, one after the other. */
  public static steps(name: string, steps: PipelineStep[], options: PipelineStageOptions = {}): PipelineStage {
    return new PipelineStage(name, { kind: 'steps', steps: steps.map((step) => step._tree()) }, options);
  }

  /** Stages, one after the other, with settings in common. */
  public static stages(name: string, stages: PipelineStage[], options: PipelineStageOptions = {}): PipelineStage {
    return new PipelineStage(name, { kind: 'stages', stages: stages.map((stage) => stage._tree()) }, options);
  }

  /** Stages at a time. */
  public static parallel(name: string, stages: PipelineStage[], options: ParallelStageOptions = {}): PipelineStage {
    const body: StageBody = { kind: 'parallel', stages: stages.map((stage) => stage._tree()) };
    return new PipelineStage(name, body, options, options.failFast);
  }

  /** The same stages for every combination of values, at a time. The options are those of each cell. */
  public static matrix(name: string, stages: PipelineStage[], options: PipelineMatrixOptions): PipelineStage {
    const body: StageBody = { kind: 'matrix', matrix: matrixTree(stages, options) };
    return new PipelineStage(name, body, {}, options.failFast);
  }

  /** A person is asked, and only then the stages run. Nothing is held meanwhile when the pipeline itself has no agent. */
  public static approval(
    name: string,
    question: PipelineInput,
    stages: PipelineStage[],
    options: PipelineStageOptions = {},
  ): PipelineStage {
    return PipelineStage.stages(name, stages, {
      whenBeforeInput: options.when !== undefined,
      ...options,
      input: question,
    });
  }

  /** Adapts a tree. @internal */
  public static _of(tree: StageTree): PipelineStage {
    const stage = new PipelineStage(tree.name, tree.body, {});
    stage.tree = tree;
    return stage;
  }

  private tree: StageTree;

  private constructor(
    public readonly name: string,
    body: StageBody,
    options: PipelineStageOptions,
    failFast?: boolean,
  ) {
    this.tree = {
      name,
      ...scopeTree(options),
      ...(failFast === undefined ? {} : { failFast }),
      body,
    };
  }

  /** @internal */
  public _tree(): StageTree {
    return this.tree;
  }
}

function scopeTree(options: PipelineStageOptions): Omit<StageTree, 'name' | 'body' | 'failFast'> {
  const when = whenTree(options);
  return {
    ...(options.agent === undefined ? {} : { agent: options.agent._tree() }),
    ...(when === undefined ? {} : { when }),
    ...(options.input === undefined ? {} : { input: options.input._tree() }),
    environment: environmentTrees(options),
    tools: toolTrees(options.tools),
    options: (options.options ?? []).map((option) => option._tree()),
    post: (options.post ?? []).map((post) => post._tree()),
  };
}

function whenTree(options: PipelineStageOptions): WhenTree | undefined {
  const { when, whenBeforeAgent, whenBeforeInput, whenBeforeOptions } = options;
  if (when === undefined) return undefined;
  return {
    conditions: when.map((condition) => condition._tree()),
    ...(whenBeforeAgent === true ? { beforeAgent: true } : {}),
    ...(whenBeforeInput === true ? { beforeInput: true } : {}),
    ...(whenBeforeOptions === true ? { beforeOptions: true } : {}),
  };
}

function matrixTree(stages: readonly PipelineStage[], options: PipelineMatrixOptions): MatrixTree {
  return {
    ...scopeTree(options),
    axes: options.axes.map(({ name, values }) => ({ name, values: [...values] })),
    excludes: (options.excludes ?? []).map(excludeTree),
    stages: stages.map((stage) => stage._tree()),
  };
}

function excludeTree({ values, notValues }: PipelineExclude): AxisTree[] {
  return [
    ...(values ?? []).map((axis) => ({ name: axis.name, values: [...axis.values] })),
    ...(notValues ?? []).map((axis) => ({ name: axis.name, values: [...axis.values], isInverse: true })),
  ];
}
