import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { KubernetesMetadata } from '../kubernetes-metadata';
import { chartFor } from '../private/typed-object';
import type {
  KueueAdmissionCheckSpec,
  KueueMultiKueueClusterSpec,
  KueueMultiKueueConfigSpec,
  KueueProvisioningRequestConfigSpec,
} from './admission-props';
import {
  admissionCheckProblems,
  multiKueueClusterProblems,
  multiKueueConfigProblems,
  provisioningProblems,
} from './private/check-rules';
import { checkClusterObject, kueueObject } from './private/cluster-object';

/** An AdmissionCheck of Kueue. */
export interface KueueAdmissionCheckProps {
  /** Name, labels and annotations. @default - a name made of the construct's path */
  readonly metadata?: KubernetesMetadata;
  /** Who checks. */
  readonly spec: KueueAdmissionCheckSpec;
}

/** An AdmissionCheck of Kueue: what workloads pass beside quota. */
export class KueueAdmissionCheck extends ApiObject {
  /**
   * @param scope a cluster, or a chart of it
   * @param id unique there
   */
  public constructor(scope: Construct, id: string, props: KueueAdmissionCheckProps) {
    super(chartFor(scope, id), id, kueueObject('AdmissionCheck', props.metadata, props.spec));
    checkClusterObject(this, () => admissionCheckProblems(props.spec));
  }
}

/** A MultiKueueConfig of Kueue. */
export interface KueueMultiKueueConfigProps {
  /** Name, labels and annotations. @default - a name made of the construct's path */
  readonly metadata?: KubernetesMetadata;
  /** Which clusters. */
  readonly spec: KueueMultiKueueConfigSpec;
}

/** A MultiKueueConfig of Kueue: clusters that workloads are sent to. */
export class KueueMultiKueueConfig extends ApiObject {
  /**
   * @param scope a cluster, or a chart of it
   * @param id unique there
   */
  public constructor(scope: Construct, id: string, props: KueueMultiKueueConfigProps) {
    super(chartFor(scope, id), id, kueueObject('MultiKueueConfig', props.metadata, props.spec));
    checkClusterObject(this, () => multiKueueConfigProblems(props.spec));
  }
}

/** A MultiKueueCluster of Kueue. */
export interface KueueMultiKueueClusterProps {
  /** Name, labels and annotations. @default - a name made of the construct's path */
  readonly metadata?: KubernetesMetadata;
  /** How it is reached. */
  readonly spec: KueueMultiKueueClusterSpec;
}

/** A MultiKueueCluster of Kueue: a cluster that workloads are sent to, by a kubeconfig that a Secret holds. */
export class KueueMultiKueueCluster extends ApiObject {
  /**
   * @param scope a cluster, or a chart of it
   * @param id unique there
   */
  public constructor(scope: Construct, id: string, props: KueueMultiKueueClusterProps) {
    super(chartFor(scope, id), id, kueueObject('MultiKueueCluster', props.metadata, props.spec));
    checkClusterObject(this, () => multiKueueClusterProblems(props.spec));
  }
}

/** A ProvisioningRequestConfig of Kueue. */
export interface KueueProvisioningRequestConfigProps {
  /** Name, labels and annotations. @default - a name made of the construct's path */
  readonly metadata?: KubernetesMetadata;
  /** What is asked for. */
  readonly spec: KueueProvisioningRequestConfigSpec;
}

/** A ProvisioningRequestConfig of Kueue: nodes that the cluster autoscaler is asked for before a workload is admitted. */
export class KueueProvisioningRequestConfig extends ApiObject {
  /**
   * @param scope a cluster, or a chart of it
   * @param id unique there
   */
  public constructor(scope: Construct, id: string, props: KueueProvisioningRequestConfigProps) {
    super(chartFor(scope, id), id, kueueObject('ProvisioningRequestConfig', props.metadata, props.spec));
    checkClusterObject(this, () => provisioningProblems(props.spec));
  }
}
