import type { PipelineParameter } from './pipeline-parameter';
import type { InputTree } from './private/tree';
import { literal } from './private/values';

/** Of a question to a person. */
export interface PipelineInputOptions {
  /** Name of the question for scripts that answer it. @default - the stage's */
  readonly id?: string;
  /** Text of the button. @default "Proceed" */
  readonly ok?: string;
  /** Users and groups that may answer. @default - everybody who may build */
  readonly submitters?: string[];
  /** Variable of the environment that holds who answered. @default - none */
  readonly submitterVariable?: string;
  /** What the person fills in; the stage has it in its environment. @default - nothing */
  readonly parameters?: PipelineParameter[];
}

/** A question to a person before a stage begins. */
export class PipelineInput {
  private readonly tree: InputTree;

  /** @param message what is asked */
  public constructor(message: string, options: PipelineInputOptions = {}) {
    const { id, ok, submitters, submitterVariable, parameters } = options;
    this.tree = {
      message: literal(message),
      ...(id === undefined ? {} : { id: literal(id) }),
      ...(ok === undefined ? {} : { ok: literal(ok) }),
      ...(submitters === undefined ? {} : { submitter: literal(submitters.join(',')) }),
      ...(submitterVariable === undefined ? {} : { submitterParameter: literal(submitterVariable) }),
      parameters: (parameters ?? []).map((parameter) => parameter._tree()),
    };
  }

  /** @internal */
  public _tree(): InputTree {
    return this.tree;
  }
}
