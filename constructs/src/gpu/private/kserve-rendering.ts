import { wholeSeconds } from '../../duration';
import { present } from '../../private/present-members';
import type { ScalingRules } from '../../scaling-props';
import type { GpuServiceProps, GpuServiceScaling, KserveModel } from '../gpu-service-props';
import type { GpuPoolView } from './pool-view';
import { defaultUtilization, isVllm, memoryArgs, parallelArgs, sharesMemory } from './server-container';
import { SHRINKING, WAITING_PER_REPLICA } from './service-defaults';
import {
  type GpuWorkload,
  queueLabels,
  type RenderedContainer,
  type WorkloadPods,
  workloadMetadata,
} from './workload-pods';

/**
 * An InferenceService in the standard mode (kserve/kserve pkg/apis/serving/v1beta1): KServe makes Deployment and Service, KEDA a ScaledObject. Knative's mode
 * has neither.
 */
export function kserveObjects(
  workload: GpuWorkload,
  props: GpuServiceProps,
  model: KserveModel,
  pods: WorkloadPods,
  query: string,
): object[] {
  const { autoscaling, replicas = 1 } = props;
  const metadata = workloadMetadata(workload);
  const { containers, ...spec } = pods.spec;
  const [main, ...others] = containers;
  const {
    name: _name,
    image: _image,
    command: _command,
    args: _args,
    ports: _ports,
    ...settings
  } = main as RenderedContainer;
  const args = [...(model.args ?? []), ...(isVllm(props) ? runtimeArgs(props, workload.pool, model) : [])];
  const { storageUri, runtime, runtimeVersion, modelFormat } = model;
  return [
    {
      apiVersion: 'serving.kserve.io/v1beta1',
      kind: 'InferenceService',
      metadata: {
        ...metadata,
        labels: { ...metadata.labels, ...queueLabels(workload) },
        annotations: {
          'serving.kserve.io/deploymentMode': 'Standard',
          'serving.kserve.io/autoscalerClass': autoscaling === undefined ? 'none' : 'keda',
        },
      },
      spec: {
        predictor: {
          ...spec,
          ...present({ labels: pods.metadata.labels, annotations: pods.metadata.annotations }),
          minReplicas: autoscaling === undefined ? replicas : (autoscaling.minReplicas ?? 1),
          maxReplicas: autoscaling === undefined ? Math.max(replicas, 1) : autoscaling.maxReplicas,
          ...(autoscaling === undefined ? {} : { autoScaling: scalingOf(autoscaling, query) }),
          ...(others.length === 0 ? {} : { containers: others }),
          model: {
            ...settings,
            modelFormat: { name: modelFormat },
            ...present({ runtime, runtimeVersion, storageUri }),
            ...(args.length === 0 ? {} : { args }),
          },
        },
      },
    },
  ];
}

/** What the runtime's vLLM has to know of the cards; how much memory it takes only where others are on the card. */
function runtimeArgs(props: GpuServiceProps, pool: GpuPoolView, { args = [] }: KserveModel): string[] {
  const isSaid = args.some((text) => text.startsWith('--gpu-memory-utilization'));
  return [
    ...((props.gpu?.cards ?? 1) > 1 ? parallelArgs(props, pool) : []),
    ...(sharesMemory(pool) && !isSaid ? memoryArgs(defaultUtilization(pool)) : []),
  ];
}

/** KServe reads `value` alone, and KEDA takes it for each pod (pkg/controller/v1beta1/inferenceservice/reconcilers/keda/keda_reconciler.go of kserve/kserve). */
function scalingOf(
  { prometheus: serverAddress, waitingPerReplica, scaleUp, scaleDown }: GpuServiceScaling,
  query: string,
): object {
  const target = { type: 'Value', value: String(waitingPerReplica ?? WAITING_PER_REPLICA) };
  const stabilized = ({ stabilization }: ScalingRules) => ({ stabilizationWindowSeconds: wholeSeconds(stabilization) });
  return {
    metrics: [{ type: 'External', external: { metric: { backend: 'prometheus', serverAddress, query }, target } }],
    behavior: {
      ...(scaleUp?.stabilization === undefined ? {} : { scaleUp: stabilized(scaleUp) }),
      scaleDown: stabilized(scaleDown ?? SHRINKING),
    },
  };
}
