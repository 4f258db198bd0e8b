import { type Fields, list, record } from '../kubernetes/fields.ts';
import { describeId, idOf, type KubernetesObject } from '../kubernetes/object.ts';
import { podSpecOf } from '../kubernetes/pods.ts';
import type { PoolRecord } from './pool-record.ts';
import { unitResources } from './pool-record.ts';

/** Equal pods that want something of cards. */
export interface PodRequest {
  /** What makes them, e.g. "Job/vision/resnet". */
  readonly from: string;
  readonly pods: number;
  /** What each of them wants, by resource. */
  readonly wants: Readonly<Record<string, number>>;
  readonly nodeSelector: Readonly<Record<string, string>>;
  /** Labels of the node that a pod is on, or of those that it may be on; absent where no node is known. */
  readonly nodes?: readonly Labels[];
}

type Labels = Readonly<Record<string, string>>;

/** What an object's pods want. A DaemonSet has as many as there are nodes, which its object does not say: they count as one. */
export function requestsOf(objects: readonly KubernetesObject[]): PodRequest[] {
  return objects.flatMap((object) => {
    const pod = podSpecOf(object) ?? predictorOf(object);
    if (pod === undefined) return [];
    const wants = wantsOf(pod);
    if (Object.keys(wants).length === 0) return [];
    const nodeSelector = record(pod.nodeSelector) as Record<string, string>;
    return [{ from: describeId(idOf(object)), pods: replicasOf(object), wants, nodeSelector }];
  });
}

/** What a pod that runs, or is about to, still has; undefined where it has ended. */
export function requestOfPod(pod: KubernetesObject): PodRequest | undefined {
  const { phase } = record(pod.status);
  if (phase === 'Succeeded' || phase === 'Failed') return undefined;
  const [request] = requestsOf([{ ...pod, apiVersion: 'v1', kind: 'Pod' }]);
  return request;
}

/** The pool that a request is for: one that has all that it wants of cards, on nodes that it may be on. */
export function poolFor(request: PodRequest, pools: readonly PoolRecord[]): PoolRecord | undefined {
  const [best] = pools
    .filter((pool) => unitResources(pool).some((resource) => (request.wants[resource] ?? 0) > 0))
    .filter((pool) => pool.groups.length === 0 || pool.groups.some(({ selector }) => mayBeOn(request, selector)))
    .map((pool) => ({ pool, known: Object.keys(request.wants).filter((resource) => resource in known(pool)).length }))
    .sort((a, b) => b.known - a.known);
  return best?.pool;
}

function known({ resources, shares }: PoolRecord): object {
  return { ...resources, ...(shares?.memoryPercentage === undefined ? {} : { [shares.memoryPercentage]: 0 }) };
}

/** Whether a pod is, or may be, on nodes with these labels. */
function mayBeOn({ nodeSelector, nodes }: PodRequest, selector: Labels): boolean {
  return nodes === undefined ? agrees(nodeSelector, selector) : nodes.some((labels) => hasAll(labels, selector));
}

export function hasAll(labels: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([label, value]) => labels[label] === value);
}

/** A label that both say is the same in both. */
function agrees(wanted: Labels, had: Labels): boolean {
  return Object.entries(wanted).every(([label, value]) => had[label] === undefined || had[label] === value);
}

function replicasOf(object: KubernetesObject): number {
  const { replicas, parallelism, completions, predictor } = record(object.spec);
  const { minReplicas } = record(predictor);
  if (typeof minReplicas === 'number') return minReplicas;
  if (object.kind === 'Job') {
    const most = typeof completions === 'number' ? completions : Number.POSITIVE_INFINITY;
    return Math.min(typeof parallelism === 'number' ? parallelism : 1, most);
  }
  return typeof replicas === 'number' ? replicas : 1;
}

/** The pods of an InferenceService of KServe, which makes a container of a model. */
function predictorOf(object: KubernetesObject): Fields | undefined {
  if (object.kind !== 'InferenceService') return undefined;
  const predictor = record(record(object.spec).predictor);
  const containers = [...list(predictor.containers), ...(predictor.model === undefined ? [] : [predictor.model])];
  return { ...predictor, containers };
}

/** Extended resources of all containers together, or of the one before them that wants most (kubernetes pkg/api/v1/resource: PodRequests). */
function wantsOf(pod: Fields): Record<string, number> {
  const wants = new Map<string, number>();
  for (const container of list(pod.containers)) {
    for (const [name, count] of extended(container)) wants.set(name, (wants.get(name) ?? 0) + count);
  }
  for (const container of list(pod.initContainers)) {
    for (const [name, count] of extended(container)) wants.set(name, Math.max(wants.get(name) ?? 0, count));
  }
  return Object.fromEntries([...wants].filter(([, count]) => count > 0));
}

function extended(container: Fields): [string, number][] {
  const { limits, requests } = record(container.resources);
  return Object.entries({ ...record(requests), ...record(limits) }).flatMap(([name, quantity]) => {
    const count = Number(quantity);
    return name.includes('/') && Number.isFinite(count) ? [[name, count] as [string, number]] : [];
  });
}
