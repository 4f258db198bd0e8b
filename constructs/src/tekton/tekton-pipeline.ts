import { Construct } from 'constructs';
import type { Placement } from '../placement';
import { checkedId } from '../private/construct-id';
import { recordLocation } from '../private/location';
import { DNS_LABEL_RULE, isDnsLabel } from '../private/names';
import { placeObjects } from '../private/placed-objects';
import { type PipelineSpec, pipelineObject } from '../private/tekton/objects';
import { pipelineFindings } from '../private/tekton/pipeline-rules';
import { pipelineSpec } from '../private/tekton/rendering';
import type { TektonOnError } from './tekton-step';
import type { TektonTask, TektonTaskSpec } from './tekton-task';
import type { TektonParam, TektonValue, TektonWorkspace } from './tekton-value';

/** The task that a place in a pipeline runs. */
export class TektonTaskReference {
  /** A task of this program. What it declares is checked against what it gets. */
  public static task(task: TektonTask): TektonTaskReference {
    return new TektonTaskReference({ task });
  }

  /** A Task that is in the namespace already, by its name. */
  public static existing(name: string): TektonTaskReference {
    return new TektonTaskReference({ ref: { kind: 'Task', name } });
  }

  /** A task written out in the pipeline. */
  public static inline(spec: TektonTaskSpec): TektonTaskReference {
    return new TektonTaskReference({ spec });
  }

  /** Something that another controller runs (a custom task), e.g. "openshift-pipelines.org/v1alpha1" "ApprovalTask". */
  public static custom(apiVersion: string, kind: string, name?: string): TektonTaskReference {
    return new TektonTaskReference({ ref: { apiVersion, kind, ...(name === undefined ? {} : { name }) } });
  }

  /** A task that a resolver finds: "git", "bundles", "hub", "cluster", "http". @param settings of the resolver, e.g. `url` and `pathInRepo` */
  public static resolved(resolver: string, settings: { [name: string]: string }): TektonTaskReference {
    const list = Object.entries(settings).map(([name, value]) => ({ name, value }));
    return new TektonTaskReference({ ref: { resolver, params: list } });
  }

  /** @internal */
  public readonly _target: {
    readonly task?: TektonTask;
    readonly spec?: TektonTaskSpec;
    readonly ref?: {
      readonly apiVersion?: string;
      readonly kind?: string;
      readonly name?: string;
      readonly resolver?: string;
      readonly params?: readonly { readonly name: string; readonly value: string }[];
    };
  };

  private constructor(target: TektonTaskReference['_target']) {
    this._target = target;
  }
}

/** A condition: all of a task have to hold, or it is skipped. */
export class TektonWhen {
  /** A text with variables, e.g. "$(params.branch)", is one of the values. */
  public static isIn(input: string, ...values: string[]): TektonWhen {
    return new TektonWhen({ input, operator: 'in', values });
  }

  /** A text with variables is none of the values. */
  public static isNotIn(input: string, ...values: string[]): TektonWhen {
    return new TektonWhen({ input, operator: 'notin', values });
  }

  /** An expression of CEL. Needs the feature flag `enable-cel-in-whenexpression` of Tekton. */
  public static cel(expression: string): TektonWhen {
    return new TektonWhen({ cel: expression });
  }

  private constructor(
    private readonly when: {
      readonly input?: string;
      readonly operator?: string;
      readonly values?: readonly string[];
      readonly cel?: string;
    },
  ) {}

  /** @internal */
  public get _when() {
    return this.when;
  }
}

/** One combination that a matrix has beside its product, or values for one that it has. */
export interface TektonCombination {
  /** For people. @default - none */
  readonly name?: string;
  readonly parameters: { [name: string]: string };
}

/** Runs a task once for each combination of values; at most 256. */
export interface TektonMatrix {
  /** Lists by the name of the param; every combination is a run. @default - none */
  readonly parameters?: { [name: string]: TektonValue };
  /** Further combinations. @default - none */
  readonly include?: TektonCombination[];
}

/** A place in a pipeline. */
export interface TektonPipelineTask {
  /** A DNS label. */
  readonly name: string;
  readonly task: TektonTaskReference;
  /** For people. @default - none */
  readonly description?: string;
  /** Tasks that have to be done before. Tasks whose results are used come before anyway. @default - none */
  readonly runAfter?: string[];
  /** @default - always */
  readonly when?: TektonWhen[];
  /** @default - none */
  readonly parameters?: { [name: string]: TektonValue };
  /** @default - one run */
  readonly matrix?: TektonMatrix;
  /** Workspaces of the task to those of the pipeline. @default - none */
  readonly workspaces?: { [name: string]: string };
  /** How often it is tried again. @default 0 */
  readonly retries?: number;
  /** How long a try may take, e.g. "30m"; "0": for ever. @default - 1 h */
  readonly timeout?: string;
  /** @default TektonOnError.STOP_AND_FAIL */
  readonly onError?: TektonOnError;
}

/** What a pipeline hands out. */
export interface TektonPipelineResult {
  readonly name: string;
  /** With at least one result of a task: "$(tasks.build.results.digest)". */
  readonly value: TektonValue;
  /** For people. @default - none */
  readonly description?: string;
}

/** What a pipeline does. */
export interface TektonPipelineSpec {
  readonly tasks: TektonPipelineTask[];
  /** What runs at the end, whatever happened; all at once. @default - nothing */
  readonly finallyTasks?: TektonPipelineTask[];
  /** For people. @default - none */
  readonly description?: string;
  /** @default - none */
  readonly parameters?: TektonParam[];
  /** @default - none */
  readonly workspaces?: TektonWorkspace[];
  /** @default - none */
  readonly results?: TektonPipelineResult[];
}

export interface TektonPipelineProps extends TektonPipelineSpec {
  /** The clusters that have it. */
  readonly placement: Placement;
  readonly namespaceName: string;
}

/** A Pipeline of Tekton (`tekton.dev/v1`), in Tekton's own words. */
export class TektonPipeline extends Construct {
  /** The namespace that it is in. */
  public readonly namespaceName: string;
  private readonly props: TektonPipelineProps;

  /** @param id a DNS label; name of the Pipeline */
  public constructor(scope: Construct, id: string, props: TektonPipelineProps) {
    super(scope, checkedId(scope, id, isDnsLabel, DNS_LABEL_RULE));
    recordLocation(this);
    this.namespaceName = props.namespaceName;
    this.props = props;
    const tasks = () => [...props.tasks, ...(props.finallyTasks ?? [])].flatMap(({ task }) => task._target.task ?? []);
    placeObjects(this, {
      placement: props.placement,
      namespace: props.namespaceName,
      findings: () =>
        pipelineFindings(
          `Pipeline "${id}"`,
          this._spec(),
          new Map(tasks().map((task) => [task.node.id, task._spec()])),
        ),
      objects: () => [pipelineObject({ name: id, namespace: props.namespaceName }, this._spec())],
      uses: tasks,
    });
  }

  /** @internal */
  public _spec(): PipelineSpec {
    return pipelineSpec(this.props);
  }
}
