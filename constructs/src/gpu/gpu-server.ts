import type { GpuServerProgram, KserveModel, VllmServer } from './gpu-service-props';
import type { ServerRule } from './private/server-rule';

/** What answers in a service of a pool. */
export class GpuServer {
  /** vLLM in a Deployment, with an API like OpenAI's. As many cards as a pod has share the model. */
  public static vllm(server: VllmServer): GpuServer {
    return new GpuServer({ kind: 'vllm', server });
  }

  /** An InferenceService of KServe (`serving.kserve.io/v1beta1`), in its standard mode: KServe makes the Deployment. */
  public static kserve(model: KserveModel): GpuServer {
    return new GpuServer({ kind: 'kserve', model });
  }

  /** Any other server, in a Deployment. */
  public static container(program: GpuServerProgram): GpuServer {
    return new GpuServer({ kind: 'container', program });
  }

  private constructor(private readonly rule: ServerRule) {}

  /** @internal */
  public _rule(): ServerRule {
    return this.rule;
  }
}
