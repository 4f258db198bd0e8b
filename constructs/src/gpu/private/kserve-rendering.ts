import { present } from '../../private/present-members';
import type { GpuServiceProps, KserveModel } from '../gpu-service-props';
import type { GpuPoolView } from './pool-view';
import { defaultUtilization, isVllm, memoryArgs, parallelArgs, sharesMemory } from './server-container';
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
          ...(autoscaling === undefined
            ? {}
            : {
                autoScaling: {
                  metrics: [queueMetric(autoscaling.prometheus ?? '', query, autoscaling.waitingPerReplica)],
                },
              }),
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

function queueMetric(serverAddress: string, query: string, waitingPerReplica = 5): object {
  return {
    type: 'External',
    external: {
      metric: { backend: 'prometheus', serverAddress, query },
      target: { type: 'AverageValue', averageValue: String(waitingPerReplica) },
    },
  };
}
