import type { Cluster } from '../cluster';
import { canonicalJson } from './canonical';
import type { DeliveredObject, ReportDelivery } from './hub-delivery';
import { hasOwnReplicas } from './karmada-scheduling';
import {
  type JsonMap,
  labelOverriders,
  labelsOf,
  overridersBetween,
  type PlaintextOverrider,
  withLabels,
} from './override-operations';
import type { Entry } from './unit';

/** Leaves the replicas of a Deployment to the autoscaler in the member cluster (karmada-io/karmada: pkg/util/constants.go). */
const RETAIN_REPLICAS = 'resourcetemplate.karmada.io/retain-replicas';

/** What the hub holds of an object, and what makes of it the object of each cluster. */
export interface Template {
  readonly object: JsonMap;
  readonly entry: Entry;
  readonly overriders: ReadonlyMap<Cluster, Overriders>;
}

/** What makes the object of a cluster of a template. */
export interface Overriders {
  /** Most clusters have these in common. */
  readonly labels: readonly PlaintextOverrider[];
  /** All else that differs. */
  readonly rest: readonly PlaintextOverrider[];
}

/**
 * The template of an object: what most of its clusters get, so that few need overriders.
 * @param divided replicas that Karmada divides; undefined where each cluster has its number by override
 * @param hubLabels labels for the hub alone
 */
export function templateOf(
  { inCluster }: DeliveredObject,
  divided: number | undefined,
  hubLabels: { readonly [key: string]: string },
): Template {
  const variants = variantsOf(inCluster, divided);
  const most = Math.max(...variants.map(({ clusters }) => clusters.length));
  const { object, entry } = variants.find(({ clusters }) => clusters.length === most) as Variant;
  const template = withLabels(object, { ...labelsOf(object), ...hubLabels });
  const overriders = new Map<Cluster, Overriders>();
  for (const variant of variants) {
    const own = { labels: labelOverriders(variant.object), rest: overridersBetween(template, variant.object) };
    for (const cluster of variant.clusters) overriders.set(cluster, own);
  }
  // In order of declaration.
  return {
    object: template,
    entry,
    overriders: new Map([...inCluster.keys()].map((key) => [key, overriders.get(key) as Overriders])),
  };
}

/** What some clusters get alike. */
interface Variant {
  readonly object: JsonMap;
  readonly entry: Entry;
  readonly clusters: Cluster[];
}

function variantsOf(inCluster: DeliveredObject['inCluster'], divided: number | undefined): Variant[] {
  const byText = new Map<string, Variant>();
  const byObject = new Map<JsonMap, Variant>();
  for (const [cluster, { object, entry }] of inCluster) {
    let variant = byObject.get(object);
    if (variant === undefined) {
      const retained = retainsReplicas(object) ? withMark(object) : object;
      const wanted = divided === undefined ? retained : withReplicas(retained, divided);
      const text = canonicalJson(wanted);
      variant = byText.get(text) ?? { object: wanted, entry, clusters: [] };
      byText.set(text, variant);
      byObject.set(object, variant);
    }
    variant.clusters.push(cluster);
  }
  return [...byText.values()];
}

/** A Deployment without number is scaled by a controller of its cluster: the hub, whose API server fills in 1, must not write that back. */
function retainsReplicas(object: JsonMap): boolean {
  return object.kind === 'Deployment' && !hasOwnReplicas(object);
}

function withMark(object: JsonMap): JsonMap {
  return withLabels(object, { ...labelsOf(object), [RETAIN_REPLICAS]: 'true' });
}

function withReplicas(object: JsonMap, replicas: number): JsonMap {
  return { ...object, spec: { ...(object.spec as JsonMap), replicas } };
}

/** What cannot be delivered by templates and overriders. */
export function reportUndeliverable(objects: readonly DeliveredObject[], report: ReportDelivery): void {
  for (const { kind, name, inCluster, entry } of objects) {
    const all = distinct(inCluster);
    const versions = [...new Set(all.map(({ apiVersion }) => String(apiVersion)))];
    const at = entry.owner;
    if (versions.length > 1) {
      const what = `${kind}/${name} is ${versions.join(' in some clusters and ')} in others: Karmada has one template of it.`;
      report('ORR2012', what, 'Use one API version in all clusters, or deliver the app directly.', { at });
    }
    if (kind === 'Secret' && new Set(all.map((object) => canonicalJson(object))).size > 1) {
      const what = `Secret/${name} differs between clusters: its values would stand in an OverridePolicy, readable by whoever reads policies.`;
      report('ORR2012', what, 'Use ExternalSecrets, or deliver the app directly.', { at });
    }
    if (kind === 'StatefulSet' && !all.every(hasOwnReplicas)) {
      const what = `${kind}/${name} is scaled in its clusters, and Karmada keeps replicas only of Deployments: it would write back the 1 of its hub.`;
      report('ORR2012', what, 'Give the service numbers of replicas, or deliver the app directly.', { at });
    }
    reportOwned(inCluster, `${kind}/${name}`, report);
  }
  reportRestarts(objects, report);
}

/** Karmada writes back what the program says, except replicas that carry its mark, and labels and annotations of others. */
function reportOwned(inCluster: DeliveredObject['inCluster'], name: string, report: ReportDelivery): void {
  for (const [cluster, { object, entry }] of inCluster) {
    for (const { field, site } of entry.controllerOwned ?? []) {
      if (/^(metadata\.(annotations|labels)|status)\b/.test(field.path) && field.onlyLive === true) continue;
      if (field.path === 'spec.replicas' && retainsReplicas(object)) continue;
      const what = `A controller owns ${field.path} of ${name}, and Karmada would write back what the hub has.`;
      const fix =
        'Let Karmada retain it (ResourceInterpreterCustomization) and remove the declaration, or deliver the app directly.';
      report('ORR2012', what, fix, { at: entry.owner, cluster, source: site.source });
    }
  }
}

const RESTART = 'orrery.dev/restart-on-change';

/** The digest that restarts pods is of the template on the hub: it does not see what overriders change. */
function reportRestarts(objects: readonly DeliveredObject[], report: ReportDelivery): void {
  const differing = objects.filter(
    ({ kind, inCluster }) =>
      kind === 'ConfigMap' && new Set(distinct(inCluster).map((object) => canonicalJson(object))).size > 1,
  );
  for (const { inCluster, entry, kind, name } of objects) {
    const all = distinct(inCluster);
    if (!all.some((object) => annotationsOf(object)?.[RESTART] === 'true')) continue;
    const config = differing.find((other) => other.entry.owner === entry.owner);
    const pods = new Set(all.map((object) => canonicalJson(podAnnotationsOf(object) ?? {})));
    if (config === undefined && pods.size < 2) continue;
    const which = config === undefined ? 'the annotations of its pods' : `ConfigMap/${config.name}`;
    const what = `${kind}/${name} restarts on change, and ${which} differ${config === undefined ? '' : 's'} between clusters: the hub sees only what they have in common.`;
    report('ORR2012', what, 'Leave out restartOnChange, make them the same, or deliver the app directly.', {
      at: entry.owner,
    });
  }
}

function annotationsOf(object: JsonMap): JsonMap | undefined {
  return (object.metadata as JsonMap | undefined)?.annotations as JsonMap | undefined;
}

function podAnnotationsOf(object: JsonMap): JsonMap | undefined {
  const template = (object.spec as JsonMap | undefined)?.template as JsonMap | undefined;
  return template === undefined ? undefined : annotationsOf(template);
}

function distinct(inCluster: DeliveredObject['inCluster']): JsonMap[] {
  return [...new Set([...inCluster.values()].map(({ object }) => object))];
}
