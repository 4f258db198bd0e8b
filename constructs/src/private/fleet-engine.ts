import type { Cluster } from '../cluster';
import { FieldPathMistake, hasField, parseFieldPath } from '../field-path';
import type { FleetDeliveryProps } from '../packed-delivery';
import { canonicalJson } from './canonical';
import type { DeliveredObject, HubEngine, ReportDelivery } from './hub-delivery';
import { objectName, policyName } from './karmada-policies';
import { packedEngine } from './packed-engine';
import type { Part } from './packed-parts';
import { type OwnedObject, ownedObjects } from './pulled-clusters';

/** An object of the hub has at most 1.5 MiB, and its resources stand in it as text. */
const MOST_BYTES = 900_000;

/** Delivery by Rancher Fleet: the objects of a cluster as files of Bundles that have this cluster as their only target. */
export function fleetEngine(props: FleetDeliveryProps): HubEngine {
  return packedEngine(props, {
    title: 'Fleet',
    kind: 'Bundle',
    mostBytes: MOST_BYTES,
    report: reportOverwritten,
    packer: ({ construct, labels }, parts) => {
      const ofApp = new Map<Cluster, Part>();
      for (const part of parts) if (part.owner === construct && !ofApp.has(part.cluster)) ofApp.set(part.cluster, part);
      return (part, member) => {
        const first = part.owner === construct ? undefined : ofApp.get(part.cluster);
        return bundle(part, member, first === undefined ? undefined : bundleName(first), labels, props);
      };
    },
  });
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
