import { namedArguments, positionalArguments } from './private/plain-values';
import { durationArguments } from './private/step-arguments';
import type { ArgumentsTree, CallTree } from './private/tree';

/** What is kept of old builds: at least one of them. */
export interface BuildDiscarderOptions {
  /** So many builds. @default - all */
  readonly builds?: number;
  /** Builds of so many days. @default - all */
  readonly days?: number;
  /** Artifacts of so many builds. @default - as the builds */
  readonly artifactBuilds?: number;
  /** Artifacts of so many days. @default - as the builds */
  readonly artifactDays?: number;
}

/** A setting of a pipeline or a stage. */
export class PipelineOption {
  /** Old builds are removed. */
  public static buildDiscarder(options: BuildDiscarderOptions): PipelineOption {
    const texts = {
      numToKeepStr: options.builds,
      daysToKeepStr: options.days,
      artifactNumToKeepStr: options.artifactBuilds,
      artifactDaysToKeepStr: options.artifactDays,
    };
    const values = Object.entries(texts).flatMap(([name, value]) =>
      value === undefined ? [] : [{ name, value: { kind: 'literal' as const, value: String(value) } }],
    );
    const rotator: CallTree = { kind: 'call', name: 'logRotator', arguments: { kind: 'named', values } };
    return new PipelineOption('buildDiscarder', { kind: 'positional', values: [{ kind: 'call', call: rotator }] });
  }

  /** Stops after this time. @param duration e.g. "30m" */
  public static timeout(duration: string): PipelineOption {
    return new PipelineOption('timeout', durationArguments(duration));
  }

  /** Is tried so often in all before it fails. */
  public static retry(count: number): PipelineOption {
    return new PipelineOption('retry', positionalArguments([count]));
  }

  /** One build of a branch at a time; the next waits. */
  public static disableConcurrentBuilds(): PipelineOption {
    return new PipelineOption('disableConcurrentBuilds');
  }

  /** One build of a branch at a time; the next stops it. */
  public static abortPreviousBuilds(): PipelineOption {
    return new PipelineOption('disableConcurrentBuilds', namedArguments({ abortPrevious: true }));
  }

  /** Stages with an agent do not fetch the sources by themselves. */
  public static skipDefaultCheckout(): PipelineOption {
    return new PipelineOption('skipDefaultCheckout', positionalArguments([true]));
  }

  /** When a stage is unstable the following are left out. Of a pipeline, not of a stage. */
  public static skipStagesAfterUnstable(): PipelineOption {
    return new PipelineOption('skipStagesAfterUnstable');
  }

  /** Sources are fetched into this folder of the workspace. */
  public static checkoutToSubdirectory(folder: string): PipelineOption {
    return new PipelineOption('checkoutToSubdirectory', positionalArguments([folder]));
  }

  /** A build is not gone on with after the controller was restarted. */
  public static disableResume(): PipelineOption {
    return new PipelineOption('disableResume');
  }

  /** With an agent of docker every stage gets a new container. */
  public static newContainerPerStage(): PipelineOption {
    return new PipelineOption('newContainerPerStage');
  }

  /** One failing branch stops the others, in every parallel stage. */
  public static parallelsAlwaysFailFast(): PipelineOption {
    return new PipelineOption('parallelsAlwaysFailFast');
  }

  /** Stashes of the last builds are kept, so that a build can be started again from a stage. @param builds 1 to 50 */
  public static preserveStashes(builds: number = 1): PipelineOption {
    return new PipelineOption('preserveStashes', namedArguments({ buildCount: builds }));
  }

  /** Waits so many seconds before a build starts. */
  public static quietPeriod(seconds: number): PipelineOption {
    return new PipelineOption('quietPeriod', positionalArguments([seconds]));
  }

  /** Every line of the log says when (plugin timestamper). */
  public static timestamps(): PipelineOption {
    return new PipelineOption('timestamps');
  }

  /** An option of a plugin. @param values its arguments by name */
  public static other(name: string, values: { [name: string]: unknown } = {}): PipelineOption {
    return new PipelineOption(name, namedArguments(values));
  }

  private constructor(
    private readonly name: string,
    private readonly given: ArgumentsTree = { kind: 'none' },
  ) {}

  /** @internal */
  public _tree(): CallTree {
    return { kind: 'call', name: this.name, arguments: this.given };
  }
}
