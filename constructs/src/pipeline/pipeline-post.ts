import type { PipelineStep } from './pipeline-step';
import type { PostTree } from './private/tree';

/** What runs after a stage or after all of them, depending on how it went. */
export class PipelinePost {
  /** However it went. */
  public static always(...steps: PipelineStep[]): PipelinePost {
    return new PipelinePost('always', steps);
  }

  /** It went otherwise than last time. */
  public static changed(...steps: PipelineStep[]): PipelinePost {
    return new PipelinePost('changed', steps);
  }

  /** It went well, and did not last time: `fixed` in Jenkins. */
  public static recovered(...steps: PipelineStep[]): PipelinePost {
    return new PipelinePost('fixed', steps);
  }

  /** It did not go well, and did last time. */
  public static regression(...steps: PipelineStep[]): PipelinePost {
    return new PipelinePost('regression', steps);
  }

  /** Somebody stopped it. */
  public static aborted(...steps: PipelineStep[]): PipelinePost {
    return new PipelinePost('aborted', steps);
  }

  /** It failed. */
  public static failure(...steps: PipelineStep[]): PipelinePost {
    return new PipelinePost('failure', steps);
  }

  /** It went well. */
  public static success(...steps: PipelineStep[]): PipelinePost {
    return new PipelinePost('success', steps);
  }

  /** Tests failed. */
  public static unstable(...steps: PipelineStep[]): PipelinePost {
    return new PipelinePost('unstable', steps);
  }

  /** It did not go well, for whatever reason. */
  public static unsuccessful(...steps: PipelineStep[]): PipelinePost {
    return new PipelinePost('unsuccessful', steps);
  }

  /** It was not run. */
  public static notBuilt(...steps: PipelineStep[]): PipelinePost {
    return new PipelinePost('notBuilt', steps);
  }

  /** Last of all, however it went. */
  public static cleanup(...steps: PipelineStep[]): PipelinePost {
    return new PipelinePost('cleanup', steps);
  }

  private constructor(
    private readonly condition: string,
    private readonly steps: readonly PipelineStep[],
  ) {}

  /** @internal */
  public _tree(): PostTree {
    return { condition: this.condition, steps: this.steps.map((step) => step._tree()) };
  }
}
