import type { Cluster } from '../cluster';
import type { ManifestWorkDeliveryProps } from '../packed-delivery';
import { type HubEngine, memberName } from './hub-delivery';
import { type Manifest, type Part, partsOf, reportUnpackable } from './packed-parts';
import { pluralOf } from './plural-names';
import { type OwnedObject, ownedObjects } from './pulled-clusters';

/** The webhook of the hub refuses 500 KiB of manifests and more (open-cluster-management-io/ocm: pkg/work/webhook/common/validator.go); some hubs are set lower. */
const MOST_BYTES = 400_000;

/** Delivery by Open Cluster Management: the objects of a cluster inside ManifestWorks, in its namespace on the hub. */
export function manifestWorkEngine(props: ManifestWorkDeliveryProps): HubEngine {
  const engine: HubEngine = {
    hub: props.hub,
    title: 'Open Cluster Management',
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
      const owned = new Map<Cluster, readonly OwnedObject[]>();
      const ownedIn = (cluster: Cluster) => {
        const known = owned.get(cluster);
        if (known !== undefined) return known;
        const found = ownedObjects(objects.flatMap(({ inCluster }) => inCluster.get(cluster)?.entry ?? []));
        owned.set(cluster, found);
        return found;
      };
      return partsOf(app, objects, props.maxBytes ?? MOST_BYTES, report).map((part) => ({
        path: `${part.owner.node.path}/ManifestWork/${part.cluster.clusterName}/${part.name}`,
        owner: part.owner,
        content: {
          type: 'object',
          object: manifestWork(part, memberName(engine, part.cluster), app.labels, ownedIn(part.cluster), props),
        },
      }));
    },
  };
  return engine;
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
