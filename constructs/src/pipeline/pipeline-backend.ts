import type { DevOpsPipelineProps } from '../devops/devops-pipeline-props';
import { jenkinsfileEngine } from './private/jenkinsfile-engine';
import { kubeSphereEngine } from './private/kubesphere-engine';
import type { PipelineEngine } from './private/pipeline-engine';
import { tektonEngine } from './private/tekton-engine';
import type { TektonBackendProps } from './tekton-backend-props';

/** Of a pipeline as the text of a Jenkinsfile. */
export interface JenkinsfileProps {
  /** Where it belongs in its repository, with forward slashes. @default "Jenkinsfile" */
  readonly file?: string;
}

/** What a pipeline becomes. What the back-end has no way to say is an error, which names the back-ends that have one. */
export class PipelineBackend {
  /** A Jenkinsfile for a repository: `orrery pipeline jenkinsfile` prints it, and checks that the repository has it. No object of any cluster. */
  public static jenkinsfile(props: JenkinsfileProps = {}): PipelineBackend {
    return new PipelineBackend(jenkinsfileEngine(props));
  }

  /** A Pipeline in a DevOps project of KubeSphere. */
  public static kubeSphere(props: DevOpsPipelineProps): PipelineBackend {
    return new PipelineBackend(kubeSphereEngine(props));
  }

  /** Tasks and a Pipeline of Tekton, with what starts its runs. */
  public static tekton(props: TektonBackendProps): PipelineBackend {
    return new PipelineBackend(tektonEngine(props));
  }

  private constructor(private readonly engine: PipelineEngine) {}

  /** @internal */
  public _engine(): PipelineEngine {
    return this.engine;
  }
}
