import type { ScalingRules } from '../scaling-props';
import type { DisruptionBudget, SecretKey } from '../service-props';
import type { GpuServer } from './gpu-server';
import type { GpuProgram, GpuWorkloadProps } from './gpu-workload-props';

/** A server of vLLM. */
export interface VllmServer {
  /** Image with vLLM in it, with its version: "vllm/vllm-openai:v0.11.0". */
  readonly image: string;
  /** Name of the model on Hugging Face, or a folder in the container: "Qwen/Qwen2.5-3B-Instruct". */
  readonly model: string;
  /** Name that clients call it by. @default - `model` */
  readonly servedModelName?: string;
  /** Longest context, in tokens. @default - the model's */
  readonly maxModelLength?: number;
  /** Requests that are worked on at a time. @default - vLLM's */
  readonly maxSequences?: number;
  /** Tokens that are worked on at a time. @default - vLLM's */
  readonly maxBatchedTokens?: number;
  /** Part of the card's memory that it takes, above 0 to 1. Of a share of HAMi it is a part of the share. @default 0.9; 0.9 divided by the `replicas` of the pool where pods take turns */
  readonly gpuMemoryUtilization?: number;
  /** Type of the weights: "bfloat16". @default - the model's */
  readonly dtype?: string;
  /** How weights are quantized: "awq", "fp8". @default - the model's */
  readonly quantization?: string;
  /** Key of a Secret with a token of Hugging Face, for models that need one. @default - none */
  readonly modelToken?: SecretKey;
  /** Key of a Secret with the key that clients must have. @default - none: whoever reaches it may ask */
  readonly apiKey?: SecretKey;
  /** Other arguments, as vLLM has them: ["--enable-prefix-caching"]. @default - none */
  readonly otherArgs?: string[];
}

/** A model that KServe serves, by a runtime that it has. */
export interface KserveModel {
  /** Format, by which KServe finds a runtime: "huggingface". */
  readonly modelFormat: string;
  /** Name of a ServingRuntime or ClusterServingRuntime. @default - by the format */
  readonly runtime?: string;
  /** Version of it. @default - the runtime's */
  readonly runtimeVersion?: string;
  /** Where the model is: "hf://Qwen/Qwen2.5-3B-Instruct", "s3://models/qwen", "pvc://models/qwen". @default - `args` say it */
  readonly storageUri?: string;
  /** Arguments of the runtime. @default - none */
  readonly args?: string[];
  /** Whether the runtime is vLLM, which is told how many cards there are, and whose queue is known. @default - true for the format "huggingface" */
  readonly vllm?: boolean;
}

/** Any other server. */
export interface GpuServerProgram extends GpuProgram {
  /** Port that it listens on. @default - none: nobody reaches it over the network */
  readonly port?: number;
  /** Path that answers 200 once it serves: "/health". @default - the port accepts connections */
  readonly healthPath?: string;
}

/** Replicas by the requests that wait. Numbers are those of each cluster. */
export interface GpuServiceScaling {
  /** Fewest replicas, from 1 on: no pod, no queue. @default 1 */
  readonly minReplicas?: number;
  /** Most replicas. */
  readonly maxReplicas: number;
  /** Requests that wait, for each replica, above which there are more. @default 5 */
  readonly waitingPerReplica?: number;
  /**
   * Address of the Prometheus that KEDA asks: "http://prometheus-operated.monitoring:9090".
   * @default - a HorizontalPodAutoscaler asks the custom metrics API for `metricName`, which an adapter has to serve
   */
  readonly prometheus?: string;
  /** Query for all requests that wait. @default - vLLM's queue, of the pods of the service */
  readonly query?: string;
  /** Metric of the pods, as the adapter serves it. @default "vllm:num_requests_waiting" */
  readonly metricName?: string;
  /** How fast it grows. @default - Kubernetes' */
  readonly scaleUp?: ScalingRules;
  /** How fast it shrinks. @default - one pod in five minutes, once ten minutes agree: a new one takes minutes to start */
  readonly scaleDown?: ScalingRules;
}

/** A model, or something else, that answers. */
export interface GpuServiceProps extends GpuWorkloadProps {
  /** What answers. */
  readonly server: GpuServer;
  /** Pods in each cluster. @default 1 */
  readonly replicas?: number;
  /** Scaling by the requests that wait, instead of `replicas`. @default - none */
  readonly autoscaling?: GpuServiceScaling;
  /** Longest time from the start of a pod until it answers: a model is loaded first. @default "15m" */
  readonly startsWithin?: string;
  /** What an eviction (a drained node) may take at a time. @default - one pod, where there may be several */
  readonly disruptionBudget?: DisruptionBudget;
  /** Labels of a ServiceMonitor by which a Prometheus finds it. @default - none is made: something else reads the metrics */
  readonly selectedBy?: { [key: string]: string };
}
