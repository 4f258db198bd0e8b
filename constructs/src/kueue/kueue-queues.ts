import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { KubernetesMetadata } from '../kubernetes-metadata';
import { chartFor, checkAtSynth } from '../private/typed-object';
import type { KueueClusterQueueSpec, KueueCohortSpec, KueueLocalQueueSpec } from './cluster-queue-props';
import { checkClusterObject, flatObject, kueueObject } from './private/cluster-object';
import {
  clusterQueueProblems,
  cohortProblems,
  localQueueProblems,
  resourceFlavorProblems,
  topologyProblems,
  workloadPriorityProblems,
} from './private/queue-rules';
import type { KueueResourceFlavorSpec, KueueTopologySpec } from './resource-flavor-props';

/** A ResourceFlavor of Kueue. */
export interface KueueResourceFlavorProps {
  /** Name, labels and annotations. @default - a name made of the construct's path */
  readonly metadata?: KubernetesMetadata;
  /** Which nodes. @default - any */
  readonly spec?: KueueResourceFlavorSpec;
}

/** A ResourceFlavor of Kueue: nodes of a kind, that quota is given of. */
export class KueueResourceFlavor extends ApiObject {
  /**
   * @param scope a cluster, or a chart of it
   * @param id unique there
   */
  public constructor(scope: Construct, id: string, props: KueueResourceFlavorProps = {}) {
    const { metadata, spec = {} } = props;
    super(chartFor(scope, id), id, kueueObject('ResourceFlavor', metadata, spec));
    checkClusterObject(this, () => resourceFlavorProblems(spec));
  }
}

/** A Topology of Kueue. */
export interface KueueTopologyProps {
  /** Name, labels and annotations. @default - a name made of the construct's path */
  readonly metadata?: KubernetesMetadata;
  /** The levels. */
  readonly spec: KueueTopologySpec;
}

/** A Topology of Kueue: which nodes are near to each other. */
export class KueueTopology extends ApiObject {
  /**
   * @param scope a cluster, or a chart of it
   * @param id unique there
   */
  public constructor(scope: Construct, id: string, props: KueueTopologyProps) {
    super(chartFor(scope, id), id, kueueObject('Topology', props.metadata, props.spec));
    checkClusterObject(this, () => topologyProblems(props.spec));
  }
}

/** A ClusterQueue of Kueue. */
export interface KueueClusterQueueProps {
  /** Name, labels and annotations. @default - a name made of the construct's path */
  readonly metadata?: KubernetesMetadata;
  /** Quota and who may use it. */
  readonly spec: KueueClusterQueueSpec;
}

/** A ClusterQueue of Kueue (kueue.x-k8s.io/v1beta2). What the API server or Kueue's admission would refuse is refused at synth. */
export class KueueClusterQueue extends ApiObject {
  /**
   * @param scope a cluster, or a chart of it
   * @param id unique there
   */
  public constructor(scope: Construct, id: string, props: KueueClusterQueueProps) {
    super(chartFor(scope, id), id, kueueObject('ClusterQueue', props.metadata, props.spec));
    checkClusterObject(this, () => clusterQueueProblems(props.spec));
  }
}

/** A Cohort of Kueue. */
export interface KueueCohortProps {
  /** Name, labels and annotations. @default - a name made of the construct's path */
  readonly metadata?: KubernetesMetadata;
  /** Quota of its own, and the cohort above it. @default - none */
  readonly spec?: KueueCohortSpec;
}

/** A Cohort of Kueue: queues that lend each other what they do not use. */
export class KueueCohort extends ApiObject {
  /**
   * @param scope a cluster, or a chart of it
   * @param id unique there
   */
  public constructor(scope: Construct, id: string, props: KueueCohortProps = {}) {
    const { metadata, spec = {} } = props;
    super(chartFor(scope, id), id, kueueObject('Cohort', metadata, spec));
    checkClusterObject(this, () => cohortProblems(spec, this.name));
  }
}

/** A LocalQueue of Kueue. */
export interface KueueLocalQueueProps {
  /** Name, namespace, labels and annotations. @default - a name made of the construct's path */
  readonly metadata?: KubernetesMetadata;
  /** Which ClusterQueue. */
  readonly spec: KueueLocalQueueSpec;
}

/** A LocalQueue of Kueue: where workloads of a namespace go, by their label "kueue.x-k8s.io/queue-name". */
export class KueueLocalQueue extends ApiObject {
  /**
   * @param scope a cluster, or a chart of it
   * @param id unique there
   */
  public constructor(scope: Construct, id: string, props: KueueLocalQueueProps) {
    const { metadata, spec } = props;
    super(chartFor(scope, id), id, kueueObject('LocalQueue', metadata, spec));
    checkAtSynth(this, `LocalQueue/${this.name}`, () => localQueueProblems(spec));
  }
}

/** A WorkloadPriorityClass of Kueue. */
export interface KueueWorkloadPriorityClassProps {
  /** Name, labels and annotations. @default - a name made of the construct's path */
  readonly metadata?: KubernetesMetadata;
  /** The higher goes first; a whole number of 32 bits. */
  readonly value: number;
  /** For people: when to use it. @default - none */
  readonly description?: string;
}

/** A WorkloadPriorityClass of Kueue: priority in queues, without that of pods. Workloads name it by the label "kueue.x-k8s.io/priority-class". */
export class KueueWorkloadPriorityClass extends ApiObject {
  /**
   * @param scope a cluster, or a chart of it
   * @param id unique there
   */
  public constructor(scope: Construct, id: string, props: KueueWorkloadPriorityClassProps) {
    const { metadata, value, description } = props;
    super(chartFor(scope, id), id, flatObject('WorkloadPriorityClass', metadata, { value, description }));
    checkClusterObject(this, () => workloadPriorityProblems({ value, description }));
  }
}
