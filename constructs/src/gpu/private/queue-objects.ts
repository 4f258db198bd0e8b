import type { Cluster } from '../../cluster';
import type { KueueClusterQueueSpec, KueueCohortSpec, KueueResourceGroup } from '../../kueue/cluster-queue-props';
import {
  KueueReclaimWithinCohort,
  type KueueResourceQuota,
  KueueWithinClusterQueue,
} from '../../kueue/cluster-queue-props';
import {
  admissionCheckProblems,
  multiKueueClusterProblems,
  multiKueueConfigProblems,
} from '../../kueue/private/check-rules';
import { flatObject, kueueObject } from '../../kueue/private/cluster-object';
import {
  clusterQueueProblems,
  cohortProblems,
  localQueueProblems,
  resourceFlavorProblems,
  workloadPriorityProblems,
} from '../../kueue/private/queue-rules';
import { PodLabelOperator } from '../../pods/pod-scheduling';
import type { ObjectFinding } from '../../private/typed-object';
import type { GpuQueuesProps, GpuQueueTenant } from '../gpu-queues-props';
import type { QueueFlavor } from './queue-flavors';
import { partOf, shareOut } from './queue-shares';

/** An object of Kueue, and what is wrong with it. */
export interface QueueObject {
  readonly object: object;
  readonly kind: string;
  readonly name: string;
  readonly findings: readonly ObjectFinding[];
}

/** A tenant, and where its workloads are. */
export interface QueueTenant {
  readonly name: string;
  readonly settings: GpuQueueTenant;
  readonly namespaces: readonly string[];
}

/** Queues over some clusters: a cluster of the pool alone, or in the manager all of them. */
export interface QueuesIn {
  /** Id of the queues. */
  readonly name: string;
  readonly queueName: string;
  readonly props: GpuQueuesProps;
  readonly tenants: readonly QueueTenant[];
  /** Of each cluster that the quotas are of. */
  readonly flavors: readonly (readonly QueueFlavor[])[];
  /** Check of workloads that are sent to other clusters. */
  readonly check?: string | undefined;
}

/** What makes the queues. */
export function queueObjects(queues: QueuesIn): QueueObject[] {
  const { name, queueName, props, tenants } = queues;
  const distinct = new Map(queues.flavors.flat().map((flavor) => [flavor.name, flavor]));
  const cohort: KueueCohortSpec = groupsOf(queues, restOf(queues));
  return [
    ...[...distinct.values()].map((flavor) =>
      made('ResourceFlavor', flavor.name, flavor.spec, resourceFlavorProblems(flavor.spec)),
    ),
    made('Cohort', name, cohort, cohortProblems(cohort, name)),
    ...tenants.flatMap((tenant, at) => {
      const spec = queueSpec(queues, tenant, at);
      const clusterQueue = `${name}-${tenant.name}`;
      return [
        made('ClusterQueue', clusterQueue, spec, clusterQueueProblems(spec)),
        ...tenant.namespaces.map((namespace) =>
          made('LocalQueue', queueName, { clusterQueue }, localQueueProblems({ clusterQueue }), namespace),
        ),
      ];
    }),
    ...Object.entries(props.priorities ?? {}).map(([priority, value]): QueueObject => {
      const object = flatObject('WorkloadPriorityClass', { name: priority, labels: LABELS }, { value });
      const findings = workloadPriorityProblems({ value, description: undefined });
      return { object, kind: 'WorkloadPriorityClass', name: priority, findings };
    }),
  ];
}

/** What sends workloads from the manager to the clusters of the pool. */
export function dispatchObjects(name: string, props: GpuQueuesProps, workers: readonly Cluster[]): QueueObject[] {
  const nameOf = ({ clusterName }: Cluster) => `${name}-${clusterName}`;
  const config = { clusters: workers.map(nameOf) };
  const check = {
    controllerName: 'kueue.x-k8s.io/multikueue',
    parameters: { apiGroup: 'kueue.x-k8s.io', kind: 'MultiKueueConfig', name },
  };
  return [
    made('AdmissionCheck', name, check, admissionCheckProblems(check)),
    made('MultiKueueConfig', name, config, multiKueueConfigProblems(config)),
    ...workers.map((worker) => {
      const location = props.kubeconfigSecrets?.[worker.clusterName] ?? `${worker.clusterName}-kubeconfig`;
      const spec = { clusterSource: { kubeConfig: { location, locationType: 'Secret' } } } as Parameters<
        typeof multiKueueClusterProblems
      >[0];
      return made('MultiKueueCluster', nameOf(worker), spec, multiKueueClusterProblems(spec));
    }),
  ];
}

const LABELS = { 'app.kubernetes.io/managed-by': 'orrery' };

function made(
  kind: string,
  name: string,
  spec: object,
  findings: readonly ObjectFinding[],
  namespace?: string,
): QueueObject {
  const metadata = { name, ...(namespace === undefined ? {} : { inNamespace: namespace }), labels: LABELS };
  return { object: kueueObject(kind, metadata, spec), kind, name, findings };
}

function queueSpec(queues: QueuesIn, { settings, namespaces }: QueueTenant, at: number): KueueClusterQueueSpec {
  const { name, props, tenants, check } = queues;
  const weighs = tenants.some((tenant) => tenant.settings.weight !== undefined);
  const { preemption, flavorFungibility, queueingStrategy } = props;
  return {
    cohortName: name,
    namespaceSelector: {
      matchExpressions: [
        { key: 'kubernetes.io/metadata.name', comparison: PodLabelOperator.IN, values: [...namespaces] },
      ],
    },
    ...(queueingStrategy === undefined ? {} : { queueingStrategy }),
    ...(weighs ? { fairSharing: { weight: String(settings.weight ?? 1) } } : {}),
    preemption: preemption ?? {
      reclaimWithinCohort: KueueReclaimWithinCohort.ANY,
      withinClusterQueue: KueueWithinClusterQueue.LOWER_PRIORITY,
    },
    ...(flavorFungibility === undefined ? {} : { flavorFungibility }),
    ...(check === undefined ? {} : { admissionChecksStrategy: { admissionChecks: [{ name: check }] } }),
    ...groupsOf(queues, (units) => quotaOf(units, at, props, settings)),
  };
}

/** Amounts of one resource of one flavor in one cluster. */
interface Amounts {
  readonly nominal: number;
  readonly borrowing?: number;
  readonly lending?: number;
}

function quotaOf(units: number, at: number, { tenants }: GpuQueuesProps, settings: GpuQueueTenant): Amounts {
  const nominal = shareOut(
    units,
    tenants.map(({ share }) => share),
  ).nominal[at] as number;
  const { borrowing, lending } = settings;
  return {
    nominal,
    ...(borrowing === undefined ? {} : { borrowing: partOf(units, borrowing) }),
    ...(lending === undefined ? {} : { lending: partOf(nominal, lending) }),
  };
}

/** What belongs to nobody, everybody may borrow. */
function restOf({ props }: QueuesIn): (units: number) => Amounts {
  const shares = props.tenants.map(({ share }) => share);
  return (units) => ({ nominal: shareOut(units, shares).rest });
}

/** A group for resources that come from the same flavors; every flavor of it has all of them. */
function groupsOf(
  { flavors }: QueuesIn,
  amountsOf: (units: number) => Amounts,
): { readonly resourceGroups?: KueueResourceGroup[] } {
  const sums = new Map<string, Map<string, Amounts>>();
  for (const { name, capacity } of flavors.flat()) {
    const own = sums.get(name) ?? new Map<string, Amounts>();
    for (const [resource, units] of capacity) own.set(resource, added(own.get(resource), amountsOf(units)));
    sums.set(name, own);
  }
  if ([...sums.values()].every((own) => [...own.values()].every(isNothing))) return {};
  return { resourceGroups: joined(sums).map((group) => groupOf(group, sums)) };
}

function isNothing({ nominal, borrowing, lending }: Amounts): boolean {
  return nominal === 0 && borrowing === undefined && lending === undefined;
}

function added(one: Amounts | undefined, other: Amounts): Amounts {
  if (one === undefined) return other;
  return {
    nominal: one.nominal + other.nominal,
    ...(one.borrowing === undefined ? {} : { borrowing: one.borrowing + (other.borrowing ?? 0) }),
    ...(one.lending === undefined ? {} : { lending: one.lending + (other.lending ?? 0) }),
  };
}

interface Joined {
  readonly flavors: string[];
  readonly resources: string[];
}

function joined(sums: ReadonlyMap<string, ReadonlyMap<string, Amounts>>): Joined[] {
  let groups: Joined[] = [];
  for (const [flavor, own] of sums) {
    const resources = [...own.keys()];
    const near = groups.filter((group) => group.resources.some((resource) => own.has(resource)));
    const all = [...near, { flavors: [flavor], resources }];
    groups = [
      ...groups.filter((group) => !near.includes(group)),
      {
        flavors: all.flatMap((group) => group.flavors),
        resources: [...new Set(all.flatMap((group) => group.resources))],
      },
    ];
  }
  return groups.filter(({ resources }) => resources.length > 0);
}

function groupOf(
  { flavors, resources }: Joined,
  sums: ReadonlyMap<string, ReadonlyMap<string, Amounts>>,
): KueueResourceGroup {
  return {
    coveredResources: resources,
    flavors: flavors.map((name) => ({
      name,
      resources: resources.map((resource): KueueResourceQuota => {
        const { nominal, borrowing, lending } = sums.get(name)?.get(resource) ?? { nominal: 0 };
        return {
          name: resource,
          nominalQuota: String(nominal),
          ...(borrowing === undefined ? {} : { borrowingLimit: String(borrowing) }),
          ...(lending === undefined ? {} : { lendingLimit: String(lending) }),
        };
      }),
    })),
  };
}
