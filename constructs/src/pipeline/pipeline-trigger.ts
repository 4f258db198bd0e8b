import { namedArguments, positionalArguments } from './private/plain-values';
import type { ArgumentsTree, CallTree } from './private/tree';

/** How another pipeline must have gone. */
export enum UpstreamThreshold {
  /** Well. */
  SUCCESS = 'SUCCESS',
  /** Well, or tests failed. */
  UNSTABLE = 'UNSTABLE',
  /** However. */
  FAILURE = 'FAILURE',
}

/** What starts a pipeline, beside people and the source repository. */
export class PipelineTrigger {
  /** The clock. @param schedule five fields, "H" for a minute or hour that Jenkins chooses: "H 4 * * 1-5", "@daily" */
  public static cron(schedule: string): PipelineTrigger {
    return new PipelineTrigger('cron', positionalArguments([schedule]));
  }

  /** The source repository is asked by the clock, for where it cannot call. */
  public static pollScm(schedule: string): PipelineTrigger {
    return new PipelineTrigger('pollSCM', positionalArguments([schedule]));
  }

  /** Other pipelines of the same Jenkins. */
  public static upstream(
    pipelines: string[],
    threshold: UpstreamThreshold = UpstreamThreshold.SUCCESS,
  ): PipelineTrigger {
    return new PipelineTrigger('upstream', {
      kind: 'named',
      values: [
        { name: 'upstreamProjects', value: { kind: 'literal', value: pipelines.join(',') } },
        { name: 'threshold', value: { kind: 'groovy', source: `hudson.model.Result.${threshold}` } },
      ],
    });
  }

  /** A trigger of a plugin, e.g. GenericTrigger. @param values its arguments by name */
  public static other(name: string, values: { [name: string]: unknown } = {}): PipelineTrigger {
    return new PipelineTrigger(name, namedArguments(values));
  }

  private constructor(
    private readonly name: string,
    private readonly given: ArgumentsTree,
  ) {}

  /** @internal */
  public _tree(): CallTree {
    return { kind: 'call', name: this.name, arguments: this.given };
  }
}
