import type { Cluster } from '../cluster';
import type { ManifestWorkDeliveryProps } from '../packed-delivery';
import type { HubEngine } from './hub-delivery';
import { packedEngine } from './packed-engine';
import type { Manifest, Part } from './packed-parts';
import { pluralOf } from './plural-names';
import { type OwnedObject, ownedObjects } from './pulled-clusters';

/** The webhook of the hub refuses 500 KiB of manifests and more (open-cluster-management-io/ocm: pkg/work/webhook/common/validator.go); some hubs are set lower. */
const MOST_BYTES = 400_000;

/** Delivery by Open Cluster Management: the objects of a cluster inside ManifestWorks, in its namespace on the hub. */
export function manifestWorkEngine(props: ManifestWorkDeliveryProps): HubEngine {
  return packedEngine(props, {
    title: 'Open Cluster Management',
    kind: 'ManifestWork',
    mostBytes: MOST_BYTES,
    packer: ({ labels }, _parts, objects) => {
      const owned = new Map<Cluster, readonly OwnedObject[]>();
      const ownedIn = (cluster: Cluster) => {
        const known = owned.get(cluster);
        if (known !== undefined) return known;
        const found = ownedObjects(objects.flatMap(({ inCluster }) => inCluster.get(cluster)?.entry ?? []));
        owned.set(cluster, found);
        return found;
      };
      return (part, member) => manifestWork(part, member, labels, ownedIn(part.cluster), props);
    },
  });
}

function manifestWork(
  { name, manifests }: Part,
  namespace: string,
  labels: object,
  owned: readonly OwnedObject[],
  props: ManifestWorkDeliveryProps,
): object {
  return {
    apiVersion: 'work.open-cluster-management.io/v1',
    kind: 'ManifestWork',
    metadata: { name, namespace, labels },
    spec: {
      deleteOption: { propagationPolicy: props.orphanOnDeletion === true ? 'Orphan' : 'Foreground' },
      manifestConfigs: manifests.map((manifest) => configOf(manifest, owned, props)),
      workload: { manifests: manifests.map(({ object }) => object) },
    },
  };
}

/** Server-side apply, without the fields that a controller of the cluster owns once they are there. */
function configOf({ id }: Manifest, owned: readonly OwnedObject[], props: ManifestWorkDeliveryProps): object {
  const { group, kind, name, namespace } = id;
  const fields = owned.find(
    (one) => one.group === group && one.kind === kind && one.name === name && one.namespace === namespace,
  );
  const { jsonPointers = [], jqPathExpressions = [] } = fields ?? {};
  const ignored = {
    condition: 'OnSpokePresent',
    ...(jsonPointers.length === 0 ? {} : { jsonPointers }),
    ...(jqPathExpressions.length === 0 ? {} : { jqPathExpressions }),
  };
  return {
    resourceIdentifier: {
      ...(group === '' ? {} : { group }),
      resource: pluralOf(group, kind, props.pluralNames ?? {}),
      ...(namespace === undefined ? {} : { namespace }),
      name,
    },
    updateStrategy: {
      type: 'ServerSideApply',
      serverSideApply: {
        force: props.forceConflicts === true,
        ...(fields === undefined ? {} : { ignoreFields: [ignored] }),
      },
    },
  };
}
