import { FieldPathMistake, hasField, parseFieldPath } from '../field-path';
import type { FleetDeliveryProps } from '../packed-delivery';
import { canonicalJson } from './canonical';
import { type DeliveredObject, type HubEngine, memberName, type ReportDelivery } from './hub-delivery';
import { objectName, policyName } from './karmada-policies';
import { type Part, partsOf, reportUnpackable } from './packed-parts';
import { type OwnedObject, ownedObjects } from './pulled-clusters';
import type { Entry } from './unit';

/** An object of the hub has at most 1.5 MiB, and its resources stand in it as text. */
const MOST_BYTES = 900_000;

/** Delivery by Rancher Fleet: the objects of a cluster as files of Bundles that have this cluster as their only target. */
export function fleetEngine(props: FleetDeliveryProps): HubEngine {
  const engine: HubEngine = {
    hub: props.hub,
    title: 'Fleet',
    longestMemberName: 63,
    memberNames: props.memberNames ?? {},
    keepsGroups: false,
    seesCapacity: false,
    validate: (_app, _groups, report) => {
      const { maxBytes = MOST_BYTES } = props;
      if (!Number.isSafeInteger(maxBytes) || maxBytes < 1)
        report('ORR2011', `maxBytes is ${maxBytes}.`, 'Use a whole number of bytes.');
    },
    deliver: (app, _groups, objects, report) => {
      reportUnpackable(objects, engine.title, report);
      reportOverwritten(objects, report);
      const parts = partsOf(app, objects, props.maxBytes ?? MOST_BYTES, report);
      return parts.map((part): Entry => {
        const { cluster, owner } = part;
        const first = parts.find((other) => other.cluster === cluster && other.owner === app.construct);
        const needs = first === undefined || owner === app.construct ? undefined : bundleName(first);
        const object = bundle(part, memberName(engine, cluster), needs, app.labels, props);
        const path = `${owner.node.path}/Bundle/${cluster.clusterName}/${part.name}`;
        return { path, owner, content: { type: 'object', object } };
      });
    },
  };
  return engine;
}

/** All clusters of a workspace share a namespace. */
function bundleName({ name, cluster }: Part): string {
  return policyName(name, cluster.clusterName);
}

function bundle(
  part: Part,
  clusterName: string,
  needs: string | undefined,
  labels: object,
  { workspaceNamespace, keepResources, correctDrift, takeOwnership }: FleetDeliveryProps,
): object {
  const owned = ownedObjects(part.manifests.map(({ entry }) => entry));
  return {
    apiVersion: 'fleet.cattle.io/v1alpha1',
    kind: 'Bundle',
    metadata: { name: bundleName(part), namespace: workspaceNamespace ?? 'fleet-default', labels },
    spec: {
      ...(needs === undefined ? {} : { dependsOn: [{ name: needs }] }),
      ...(keepResources === true ? { keepResources } : {}),
      ...(correctDrift === true ? { correctDrift: { enabled: true } } : {}),
      ...(takeOwnership === true ? { helm: { takeOwnership } } : {}),
      ...(owned.length === 0 ? {} : { diff: { comparePatches: owned.map((one) => comparePatch(one, part)) } }),
      resources: part.manifests.map(({ id, object }) => ({
        name: `${objectName(id.group, id.kind, id.name)}.yaml`,
        content: canonicalJson(object),
      })),
      targets: [{ clusterName }],
    },
  };
}

function comparePatch({ group, kind, name, namespace, jsonPointers }: OwnedObject, { manifests }: Part): object {
  const manifest = manifests.find(({ id }) => id.group === group && id.kind === kind && id.name === name);
  return {
    apiVersion: String(manifest?.object.apiVersion ?? (group === '' ? 'v1' : `${group}/v1`)),
    kind,
    ...(namespace === undefined ? {} : { namespace }),
    name,
    operations: jsonPointers.map((path) => ({ op: 'remove', path })),
  };
}

/** Fleet ignores fields when it compares, and by their fixed path; when it upgrades, Helm writes whatever the object has. */
function reportOverwritten(objects: readonly DeliveredObject[], report: ReportDelivery): void {
  for (const { kind, name, inCluster } of objects)
    for (const [cluster, { object, entry }] of inCluster)
      for (const { field, site } of entry.controllerOwned ?? []) {
        const steps = parseFieldPath(field.path);
        if (steps instanceof FieldPathMistake) continue;
        const isFixed = steps.every(({ type }) => type === 'member');
        if (isFixed && !hasField(object, steps)) continue;
        const why = isFixed ? 'would write it with every upgrade' : 'ignores fields by fixed paths only';
        const what = `A controller owns ${field.path} of ${kind}/${name}, and Fleet ${why}.`;
        const fix = 'Leave the field out of the object, or deliver the app by another engine.';
        report('ORR2012', what, fix, { at: entry.owner, cluster, source: site.source });
      }
}
