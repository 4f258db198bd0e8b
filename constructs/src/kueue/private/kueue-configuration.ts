import { isLabelKey } from '../../private/names';
import { quantityOf } from '../../private/quantity';
import { findingsOf, type ObjectFinding } from '../../private/typed-object';
import { writeYaml } from '../../yaml';
import type { KueueTransformation } from '../kueue';

/** What some queues of a cluster need of its Kueue. */
export interface ConfigurationPart {
  readonly transformations?: readonly KueueTransformation[];
  /** Device classes by the resource that stands for them. */
  readonly deviceClasses?: { readonly [resource: string]: readonly string[] };
  readonly fairSharing?: boolean;
  readonly multiKueue?: boolean;
}

/** Kinds of workloads that the chart's own configuration queues (kubernetes-sigs/kueue charts/kueue/values.yaml). */
export const DEFAULT_FRAMEWORKS: readonly string[] = [
  'batch/job',
  'kubeflow.org/mpijob',
  'ray.io/rayjob',
  'ray.io/rayservice',
  'ray.io/raycluster',
  'jobset.x-k8s.io/jobset',
  'workload.codeflare.dev/appwrapper',
  'trainer.kubeflow.org/trainjob',
  'pod',
  'deployment',
  'statefulset',
  'leaderworkerset.x-k8s.io/leaderworkerset',
];

interface Settings {
  readonly frameworks: readonly string[];
  readonly undeclared: string;
}

/**
 * The configuration of Kueue's controller (kubernetes-sigs/kueue apis/config/v1beta2/configuration_types.go). The chart takes it as one text, so that it has what the chart's own says of
 * ports, leader election and concurrency, too.
 */
export function configurationText(parts: readonly ConfigurationPart[], { frameworks, undeclared }: Settings): string {
  const transformations = merged(parts).map(({ inputResource, multiplyBy, outputs, retains }) => ({
    input: inputResource,
    strategy: retains === true ? 'Retain' : 'Replace',
    ...(multiplyBy === undefined ? {} : { multiplyBy }),
    outputs,
  }));
  const classes = deviceClasses(parts);
  const fair = parts.some(({ fairSharing }) => fairSharing === true);
  return writeYaml({
    apiVersion: 'config.kueue.x-k8s.io/v1beta2',
    kind: 'Configuration',
    health: { healthProbeBindAddress: ':8081' },
    metrics: { bindAddress: ':8443', enableClusterQueueResources: true },
    webhook: { port: 9443 },
    leaderElection: { leaderElect: true, resourceName: 'c1f6bfd2.kueue.x-k8s.io' },
    controller: {
      groupKindConcurrency: {
        'Job.batch': 5,
        Pod: 5,
        'Workload.kueue.x-k8s.io': 10,
        'LocalQueue.kueue.x-k8s.io': 5,
        'ClusterQueue.kueue.x-k8s.io': 5,
        'ResourceFlavor.kueue.x-k8s.io': 1,
      },
    },
    clientConnection: { qps: 300, burst: 500 },
    integrations: { frameworks },
    ...(fair ? { fairSharing: { preemptionStrategies: ['LessThanOrEqualToFinalShare', 'LessThanInitialShare'] } } : {}),
    resources: {
      quotaCheckStrategy: undeclared,
      ...(transformations.length === 0 ? {} : { transformations }),
      ...(classes.size === 0
        ? {}
        : { deviceClassMappings: [...classes].map(([name, names]) => ({ name, deviceClassNames: [...names] })) }),
    },
  });
}

/** What is wrong with all parts together: Kueue takes one transformation of a resource, and does not start with another (kubernetes-sigs/kueue pkg/config/validation.go). */
export function configurationFindings(parts: readonly ConfigurationPart[]): ObjectFinding[] {
  return findingsOf((report) => {
    const known = new Map<string, KueueTransformation>();
    for (const one of parts.flatMap(({ transformations = [] }) => transformations)) {
      const { inputResource, multiplyBy = inputResource, outputs } = one;
      for (const name of [inputResource, multiplyBy, ...Object.keys(outputs)].filter((each) => !isLabelKey(each))) {
        report('ORR2003', `"${name}" is no name of a resource.`, 'Write it like "nvidia.com/gpumem".');
      }
      for (const [name, quantity] of Object.entries(outputs)) {
        if (quantityOf(quantity) !== undefined) continue;
        const what = `The transformation of "${inputResource}" counts as "${quantity}" of "${name}".`;
        report('ORR2011', what, 'Use a quantity, e.g. "1".');
      }
      const other = known.get(inputResource);
      known.set(inputResource, one);
      if (other === undefined || shape(other) === shape(one)) continue;
      const what = `"${inputResource}" is transformed in two ways, and Kueue takes one.`;
      report('ORR2012', what, 'Leave one of the transformations out.');
    }
    const classes = [...deviceClasses(parts)].flatMap(([name, names]) => [...names].map((each) => [each, name]));
    const twice = classes.filter(([each], i) => classes.findIndex(([other]) => other === each) !== i);
    for (const [each] of twice) {
      report('ORR2012', `The device class "${each}" is two resources.`, 'Kueue takes one: leave the other out.');
    }
  });
}

/** One transformation for each input; where cards differ, the largest output counts, so that no quota undercounts. */
function merged(parts: readonly ConfigurationPart[]): KueueTransformation[] {
  const byInput = new Map<string, KueueTransformation>();
  for (const one of parts.flatMap(({ transformations = [] }) => transformations)) {
    const other = byInput.get(one.inputResource);
    byInput.set(one.inputResource, other === undefined ? one : { ...one, outputs: larger(other.outputs, one.outputs) });
  }
  return [...byInput.values()];
}

type Outputs = KueueTransformation['outputs'];

function larger(one: Outputs, other: Outputs): Outputs {
  const pairs = Object.entries(one).map(([name, quantity]): [string, string] => {
    const second = other[name] ?? quantity;
    return [name, (quantityOf(second) ?? 0) > (quantityOf(quantity) ?? 0) ? second : quantity];
  });
  return { ...other, ...Object.fromEntries(pairs) };
}

/** Everything but amounts. */
function shape({ multiplyBy, outputs, retains = false }: KueueTransformation): string {
  return JSON.stringify([multiplyBy, Object.keys(outputs).sort(), retains]);
}

function deviceClasses(parts: readonly ConfigurationPart[]): Map<string, Set<string>> {
  const classes = new Map<string, Set<string>>();
  for (const [name, names] of parts.flatMap((part) => Object.entries(part.deviceClasses ?? {}))) {
    classes.set(name, new Set([...(classes.get(name) ?? []), ...names]));
  }
  return classes;
}
