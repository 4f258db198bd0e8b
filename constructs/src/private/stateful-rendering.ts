import type { OrdinalRange, StatefulOptions } from '../stateful-props';
import { ClaimRetention, PodManagement, PodUpdate } from '../stateful-props';

/** Longest name of a StatefulSet: its revisions, with a hash of ten characters behind it, are label values (kubernetes/kubernetes#64023). */
export const LONGEST_STATEFUL_NAME = 52;

/** Name of the Service that gives the pods of a stateful service their DNS names. */
export function headlessName(service: string, { headlessService }: StatefulOptions): string {
  return headlessService ?? `${service}-headless`;
}

/** What is only in the spec of a StatefulSet. */
export function statefulSpec(
  service: string,
  options: StatefulOptions,
  range: OrdinalRange | undefined,
  claimTemplates: readonly object[],
): object {
  const { podManagement = PodManagement.ORDERED_READY, podUpdate = PodUpdate.ROLLING, partition } = options;
  const isPartial = podUpdate === PodUpdate.ROLLING && partition !== undefined;
  return {
    serviceName: headlessName(service, options),
    podManagementPolicy: podManagement,
    ...(range === undefined ? {} : { ordinals: { start: range.first } }),
    updateStrategy: { type: podUpdate, ...(isPartial ? { rollingUpdate: { partition } } : {}) },
    ...(claimTemplates.length === 0
      ? {}
      : {
          volumeClaimTemplates: claimTemplates,
          persistentVolumeClaimRetentionPolicy: {
            whenScaled: options.claimsWhenScaledDown ?? ClaimRetention.RETAIN,
            whenDeleted: options.claimsWhenDeleted ?? ClaimRetention.RETAIN,
          },
        }),
  };
}

/** Members find each other through it, also before they are ready: many become ready only then. */
export function headlessSpec(selector: object, ports: readonly object[]): object {
  return {
    clusterIP: 'None',
    publishNotReadyAddresses: true,
    selector,
    ...(ports.length === 0 ? {} : { ports }),
  };
}
