import type { JsonValue } from '../../assembly-format';
import { canonicalJson } from '../../private/canonical';
import { FlatJson } from '../../private/flat-json';
import type { Entry } from '../../private/unit';

/** An object as JSON that is changed on the way. */
// biome-ignore lint/suspicious/noExplicitAny: objects of any kind
export type LooseObject = any;

/** What a canary has beside the service: objects of its own, made of the service's as they are with the released version and all its patches. */
export interface CanaryNames {
  /** Of the stable Service. */
  readonly stable: string;
  /** Of the canary's Service. */
  readonly canary: string;
  /** Of the stable Deployment; that of the canary has "-canary" behind it. */
  readonly workload: string;
  readonly namespace: string;
  /** By which the stable pods are found. */
  readonly stableSelector: { readonly [key: string]: string };
  readonly canarySelector: { readonly [key: string]: string };
}

/** The full name of a Service in its cluster: short ones mean the namespace of whoever reads them. */
export function fullHost(name: string, namespace: string): string {
  return `${name}.${namespace}.svc.cluster.local`;
}

/** Fewest pods for a share of the requests: at least one, rounded up. */
function podsFor(percent: number, replicas: number): number {
  return Math.max(1, Math.ceil((replicas * percent) / 100));
}

/**
 * The objects of the canary. Its pods have another label `app.kubernetes.io/name`: the selector of the service, which nothing can change later, does not match them, so that
 * callers without a sidecar never get them.
 * @param released the objects of the service with the released version
 * @param scale pods in percent of the service's
 * @param podLabels further labels of its pods
 */
export function canaryObjects(
  released: readonly Entry[],
  names: CanaryNames,
  scale: number,
  podLabels: { readonly [key: string]: string },
): [string, object][] {
  const made: [string, object][] = [];
  for (const { content } of released) {
    if (content.type !== 'object') continue;
    const { kind } = content.object as LooseObject;
    const make = Object.hasOwn(MAKERS, kind) ? MAKERS[kind] : undefined;
    if (make === undefined || !belongs(content.object, names)) continue;
    const object = copyOf(content.object);
    object.metadata.name = kind === 'Service' ? names.canary : `${object.metadata.name}-canary`;
    Object.assign(object.metadata.labels ?? {}, names.canarySelector);
    make(object, names, scale);
    if (kind === 'Deployment') Object.assign(object.spec.template.metadata.labels, podLabels);
    made.push([kind, object]);
  }
  return made;
}

/** Whether an object is one of which the canary has a twin. */
function belongs(object: object, names: CanaryNames): boolean {
  const { kind, metadata, spec } = object as LooseObject;
  if (kind === 'HorizontalPodAutoscaler' || kind === 'ScaledObject') return spec.scaleTargetRef.name === names.workload;
  return metadata.name === (kind === 'Deployment' ? names.workload : names.stable);
}

/** A copy to change. */
export function copyOf(object: object): LooseObject {
  return new FlatJson().fill(object).toJson();
}

const MAKERS: { readonly [kind: string]: (object: LooseObject, names: CanaryNames, scale: number) => void } = {
  Deployment: ({ spec }, names, scale) => {
    if (spec.replicas !== undefined) spec.replicas = podsFor(scale, spec.replicas);
    spec.selector = { matchLabels: names.canarySelector };
    Object.assign(spec.template.metadata.labels, names.canarySelector);
    selectCanary(spec.template.spec, names);
  },
  Service: ({ spec }, names) => {
    spec.selector = names.canarySelector;
  },
  HorizontalPodAutoscaler: ({ spec }, names, scale) => {
    spec.scaleTargetRef.name = `${names.workload}-canary`;
    if (spec.minReplicas > 0) spec.minReplicas = podsFor(scale, spec.minReplicas);
  },
  ScaledObject: ({ spec }, names, scale) => {
    spec.scaleTargetRef.name = `${names.workload}-canary`;
    // It scales to zero while the service has no requests: a canary without pods would get the first of them.
    spec.minReplicaCount = podsFor(scale, spec.minReplicaCount);
    spec.maxReplicaCount = Math.max(spec.maxReplicaCount, spec.minReplicaCount);
  },
  DestinationRule: ({ spec }, names) => {
    spec.host = fullHost(names.canary, names.namespace);
  },
  EnvoyFilter: ({ spec }, names) => {
    spec.workloadSelector = { labels: names.canarySelector };
  },
};

/** Where pods are spread or kept apart by the selector of the service, those of the canary are so by their own. */
function selectCanary(value: LooseObject, names: CanaryNames): void {
  if (value === null || typeof value !== 'object') return;
  for (const [key, member] of Object.entries(value) as [string, LooseObject][]) {
    if (
      key === 'labelSelector' &&
      canonicalJson(member.matchLabels ?? null) === canonicalJson(names.stableSelector as JsonValue)
    )
      member.matchLabels = names.canarySelector;
    else selectCanary(member, names);
  }
}

/**
 * An autoscaler that adds pods and takes none away: while the canary has the requests the stable version keeps the pods to take them back at once.
 */
export function withoutScaleDown(entry: Entry): Entry {
  if (entry.content.type !== 'object') return entry;
  const { kind } = entry.content.object as LooseObject;
  if (kind !== 'HorizontalPodAutoscaler' && kind !== 'ScaledObject') return entry;
  const object = copyOf(entry.content.object);
  if (kind === 'ScaledObject') {
    object.spec.advanced ??= {};
    object.spec.advanced.horizontalPodAutoscalerConfig ??= {};
    holdPods(object.spec.advanced.horizontalPodAutoscalerConfig);
  } else holdPods(object.spec);
  return { ...entry, content: { type: 'object', object } };
}

function holdPods(spec: LooseObject): void {
  spec.behavior = { ...spec.behavior, scaleDown: { ...spec.behavior?.scaleDown, selectPolicy: 'Disabled' } };
}
