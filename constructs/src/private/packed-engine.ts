import type { FleetDeliveryProps, ManifestWorkDeliveryProps } from '../packed-delivery';
import {
  type DeliveredApp,
  type DeliveredObject,
  type HubEngine,
  memberName,
  type ReportDelivery,
} from './hub-delivery';
import { type Part, partsOf, reportUnpackable } from './packed-parts';
import type { Entry } from './unit';

/** How an engine holds the objects of clusters inside objects of its hub. */
export interface PackedFormat {
  /** For messages. */
  readonly title: string;
  /** Kind of the objects of the hub. */
  readonly kind: string;
  /** Most bytes of the manifests of one of them, where the program says nothing else. */
  readonly mostBytes: number;
  /** What this engine cannot deliver, beside what none of its kind can. */
  report?(objects: readonly DeliveredObject[], report: ReportDelivery): void;
  /** What makes the object of the hub for a part. @param member name of the part's cluster for the engine */
  packer(
    app: DeliveredApp,
    parts: readonly Part[],
    objects: readonly DeliveredObject[],
  ): (part: Part, member: string) => object;
}

type PackedProps = Pick<ManifestWorkDeliveryProps & FleetDeliveryProps, 'hub' | 'memberNames' | 'maxBytes'>;

/** An engine whose hub holds what each cluster gets, part by part, in objects for this cluster alone. */
export function packedEngine({ hub, memberNames = {}, maxBytes }: PackedProps, format: PackedFormat): HubEngine {
  const { title, kind, mostBytes } = format;
  const most = maxBytes ?? mostBytes;
  const engine: HubEngine = {
    hub,
    title,
    longestMemberName: 63,
    memberNames,
    keepsGroups: false,
    seesCapacity: false,
    validate: (_app, _groups, report) => {
      if (!Number.isSafeInteger(most) || most < 1)
        report('ORR2011', `maxBytes is ${most}.`, 'Use a whole number of bytes.');
    },
    deliver: (app, _groups, objects, report) => {
      reportUnpackable(objects, title, report);
      format.report?.(objects, report);
      const parts = partsOf(app, objects, most, report);
      const pack = format.packer(app, parts, objects);
      return parts.map((part): Entry => {
        const { owner, cluster, name } = part;
        const path = `${owner.node.path}/${kind}/${cluster.clusterName}/${name}`;
        return { path, owner, content: { type: 'object', object: pack(part, memberName(engine, cluster)) } };
      });
    },
  };
  return engine;
}
