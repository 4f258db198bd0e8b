import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { builtInScope } from '../built-in-kinds';
import { CanaryRelease } from '../canary/canary-release';
import type { Cluster } from '../cluster';
import { FieldPathMistake, type FieldStep, parseFieldPath } from '../field-path';
import type { Placement } from '../placement';
import { Platform } from '../platform';
import { declaredFields } from './controller-owned';
import { placedOn } from './delivery';
import type { ClusterUnits } from './dependencies';
import { type Problem, problemAt } from './problem';
import { type DeclaredWave, declaredWaves } from './rollout-rendering';
import type { Entry } from './unit';

/** What a controller that pulls from Git is told about. */
export interface Pulled {
  /** In order of declaration. */
  readonly clusters: readonly PulledCluster[];
  /** Those of the rollout that hold any of the clusters, in order; empty without rollout. */
  readonly waves: readonly DeclaredWave[];
}

export interface PulledCluster {
  readonly cluster: Cluster;
  /** Name of its wave; undefined without rollout. */
  readonly wave: string | undefined;
  /** Objects with fields that a controller of the cluster decides. */
  readonly owned: readonly OwnedObject[];
}

/** Fields of an object that belong to a controller, as JSON pointers where they can be, else as jq paths. */
export interface OwnedObject {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | undefined;
  readonly jsonPointers: readonly string[];
  readonly jqPathExpressions: readonly string[];
}

interface PullProps {
  readonly hub: Cluster;
  readonly clusters?: Placement;
  readonly ignoreGates?: boolean;
}

/** The clusters that pull, with their waves and their controller-owned fields. */
export function pulledClusters(
  construct: Construct,
  { hub, clusters: placement, ignoreGates }: PullProps,
  all: readonly ClusterUnits[],
  problems: Problem[],
): Pulled {
  const platform = Platform.of(construct);
  const clusters =
    placement === undefined
      ? platform.clusters.filter((cluster) => cluster !== hub)
      : [...placedOn(construct, placement, problems).weights.keys()];
  for (const release of platform.findAll())
    for (const cluster of clusters)
      if (release instanceof CanaryRelease && release._isWrittenTo(cluster)) {
        const what = `Argo CD brings everything to cluster "${cluster}", and Orrery has to write to it at each stage of "${release.node.path}".`;
        const fix = 'Use a back-end whose controller moves the release, or leave the cluster out of the delivery.';
        problems.push(problemAt(release, 'ORR2012', what, { fix, cluster: cluster.clusterName }));
      }
  if (clusters.length === 0 && placement === undefined) {
    const fix = 'Declare the clusters that it serves.';
    problems.push(problemAt(construct, 'ORR2006', 'The platform has no cluster beside the hub.', { fix }));
  }
  const names = new Set(clusters.map(({ clusterName }) => clusterName));
  const waves = declaredWaves(platform).filter((wave) => wave.clusters.some((name) => names.has(name)));
  for (const { name, isGated } of waves) {
    if (!isGated || ignoreGates === true) continue;
    const what = `Wave "${name}" has a soak time or gates, which are not looked at where clusters pull from Git.`;
    const fix = 'Take them out, say ignoreGates: true, or let Orrery write to these clusters.';
    problems.push(problemAt(construct, 'ORR2012', what, { fix }));
  }
  const units = new Map(all.map((one) => [one.cluster, one.units]));
  return {
    waves,
    clusters: clusters.map((cluster) => ({
      cluster,
      wave: waves.find((wave) => wave.clusters.includes(cluster.clusterName))?.name,
      owned: ownedObjects((units.get(cluster) ?? []).flatMap(({ entries }) => entries)),
    })),
  };
}

interface Head {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | undefined;
}

/** The same fields that the engine leaves alone: those that are declared, and replicas of what an autoscaler scales. */
export function ownedObjects(entries: readonly Entry[]): OwnedObject[] {
  const paths = new Map<string, { readonly head: Head; readonly paths: Set<string> }>();
  const add = (head: Head, path: string) => {
    const key = [head.group, head.kind, head.namespace ?? '', head.name].join('|');
    const known = paths.get(key);
    if (known === undefined) paths.set(key, { head, paths: new Set([path]) });
    else known.paths.add(path);
  };
  for (const entry of entries) {
    const fields = [...declaredFields(entry.owner), ...(entry.controllerOwned ?? [])];
    const head = fields.length === 0 ? undefined : headOf(entry);
    if (head !== undefined) for (const { field } of fields) add(head, field.path);
    const target = scaledBy(entry);
    if (target !== undefined) add(target, 'spec.replicas');
  }
  return [...paths.values()].map(({ head, paths: own }) => {
    const steps = [...own].sort().flatMap((path) => {
      const parsed = parseFieldPath(path);
      // What is no path is reported where the object is written.
      return parsed instanceof FieldPathMistake ? [] : [parsed];
    });
    const plain = steps.filter((list) => list.every(({ type }) => type === 'member'));
    return {
      ...head,
      jsonPointers: plain.map(pointerOf),
      jqPathExpressions: steps.filter((list) => !plain.includes(list)).map(jqPathOf),
    };
  });
}

function pointerOf(steps: readonly FieldStep[]): string {
  return steps
    .map((step) => (step.type === 'member' ? `/${step.name.replace(/~/g, '~0').replace(/\//g, '~1')}` : ''))
    .join('');
}

/** `.spec.http[]?.route[]?.weight`, `.spec.containers[]? | select(.name == "cart") | .resources`. */
function jqPathOf(steps: readonly FieldStep[]): string {
  let path = '';
  for (const step of steps) {
    if (step.type === 'member')
      path += /^[A-Za-z_]\w*$/.test(step.name) ? `.${step.name}` : `.[${JSON.stringify(step.name)}]`;
    else if (step.type === 'every') path += '[]?';
    else {
      const tests = Object.entries(step.key).map(([key, value]) => `(.${key} | tostring) == ${JSON.stringify(value)}`);
      path += `[]? | select(${tests.join(' and ')}) | `;
    }
  }
  return path.replace(/ \| $/, '');
}

function headOf({ content, owner }: Entry): Head | undefined {
  if (content.type === 'construct') {
    const { apiGroup, kind, name, metadata } = owner as ApiObject;
    return inScope({ group: apiGroup === 'core' ? '' : apiGroup, kind, name, namespace: metadata.namespace });
  }
  if (content.type !== 'object') return undefined;
  const { apiVersion, kind, metadata } = content.object as {
    readonly apiVersion: string;
    readonly kind: string;
    readonly metadata: { readonly name: string; readonly namespace?: string };
  };
  const slash = apiVersion.indexOf('/');
  const group = slash < 0 ? '' : apiVersion.slice(0, slash);
  return inScope({ group, kind, name: metadata.name, namespace: metadata.namespace });
}

function inScope(head: Head): Head {
  return builtInScope(head.group, head.kind) === 'Cluster' ? { ...head, namespace: undefined } : head;
}

/** What an autoscaler scales, as the engine finds it (lib/render/scaled-replicas.ts); those of charts and files are unknown here. */
function scaledBy(entry: Entry): Head | undefined {
  const { content, owner } = entry;
  const head = content.type === 'construct' || content.type === 'object' ? headOf(entry) : undefined;
  if (head === undefined) return undefined;
  const isKeda = head.group === 'keda.sh' && head.kind === 'ScaledObject';
  if (!isKeda && !(head.group === 'autoscaling' && head.kind === 'HorizontalPodAutoscaler')) return undefined;
  const object = (
    content.type === 'construct' ? (owner as ApiObject).toJson() : (content as { object: object }).object
  ) as {
    readonly spec?: {
      readonly scaleTargetRef?: { readonly apiVersion?: string; readonly kind?: string; readonly name?: string };
    };
  };
  const { apiVersion = 'apps/v1', kind = isKeda ? 'Deployment' : undefined, name } = object.spec?.scaleTargetRef ?? {};
  if (kind === undefined || name === undefined) return undefined;
  const slash = apiVersion.indexOf('/');
  return { group: slash < 0 ? '' : apiVersion.slice(0, slash), kind, name, namespace: head.namespace };
}
