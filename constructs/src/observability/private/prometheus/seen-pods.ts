import type { ClusterUnits } from '../../../private/dependencies';

/** Pods that the program itself puts into a cluster. */
export interface SeenPods {
  readonly pods: number;
  /** Those that show metrics of their own to a PodMonitor. */
  readonly observed: number;
}

/** What of an object says which pods there are, or are looked for. */
interface Seen {
  readonly kind: string;
  readonly metadata: { readonly namespace?: string };
  readonly spec?: {
    readonly replicas?: number;
    readonly template?: { readonly metadata?: { readonly labels?: Labels } };
    readonly selector?: Selector;
  };
}

type Labels = { readonly [key: string]: string };

/** Of a monitor: what constructs of this package say in it. */
interface Selector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

/** Counted in what the constructs of the program have rendered for a cluster; autoscaled workloads count as one pod. */
export function seenPods({ units }: ClusterUnits): SeenPods {
  const objects = units.flatMap(({ entries }) =>
    entries.flatMap(({ content }) => (content.type === 'object' ? [content.object as Seen] : [])),
  );
  const workloads = objects.filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet');
  const monitors = new Map<string | undefined, Selector[]>();
  for (const { kind, metadata, spec } of objects) {
    if (kind !== 'PodMonitor') continue;
    const inNamespace = monitors.get(metadata.namespace) ?? [];
    inNamespace.push(spec?.selector ?? {});
    monitors.set(metadata.namespace, inNamespace);
  }
  const replicas = ({ spec }: Seen) => spec?.replicas ?? 1;
  const isObserved = ({ metadata, spec }: Seen) =>
    (monitors.get(metadata.namespace) ?? []).some((selector) =>
      selects(selector, spec?.template?.metadata?.labels ?? {}),
    );
  const sum = (some: readonly Seen[]) => some.reduce((pods, one) => pods + replicas(one), 0);
  return { pods: sum(workloads), observed: sum(workloads.filter(isObserved)) };
}

function selects({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => operator === 'In' && values.includes(labels[key] ?? ''))
  );
}
