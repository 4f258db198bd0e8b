import type { IConstruct } from 'constructs';
import type { HoldManifest } from '../../assembly-format';
import type { Cluster } from '../../cluster';
import type { HostTraffic } from '../../private/istio-host';
import type { NamedPort } from '../../private/service-settings';
import type { ServiceOverride } from '../../service-props';
import type { CanaryNames } from './canary-objects';
import type { IstioDestination } from './istio-routes';
import type { Split } from './split';
import type { PlannedRelease, StageHold } from './stages';
import type { World } from './states';
import type { StepRules } from './step-rules';

/** How a service is asked to be rendered while it is released. */
export interface ServiceAs {
  /** Settings of the released version; absent: as the service is. */
  readonly changes?: ServiceOverride;
  /** Who gets which requests; absent: as without a release. */
  readonly traffic?: TrafficSplit;
  /** What else holds for the requests in the mesh while there is a canary. */
  readonly said?: HostTraffic;
}

/** A split with where its parts go. */
export interface TrafficSplit {
  readonly split: Split;
  /** Name of the canary's Service. */
  readonly canary: string;
  /** The same for the mesh; absent: the mesh divides nothing. */
  readonly mesh?: { readonly stable: IstioDestination; readonly canary: IstioDestination };
}

/** Names of the Services that the two versions are behind, where they are not those of a release that Orrery moves. */
export interface ServedBy {
  readonly canary: string;
  readonly stable: string;
}

/** A release on its way into one cluster. */
export interface ReleaseInCluster {
  readonly construct: IConstruct;
  readonly cluster: Cluster;
  readonly names: CanaryNames;
  /** Those of the service that speak HTTP. */
  readonly ports: readonly NamedPort[];
  readonly steps: readonly StepRules[];
  readonly planned: PlannedRelease;
  /** Settings of the released version. */
  readonly changes: ServiceOverride;
  /** What holds for the requests in the mesh while there is a canary. */
  readonly said: HostTraffic | undefined;
  /** Labels of the canary's pods beside those by which they are found. */
  readonly labels: { readonly [key: string]: string };
  /** Whether the mesh divides, too (Gateway API; Istio always does). */
  readonly inMesh: boolean;
  /** Everything of the service in the cluster, rendered as asked, with the program's patches. */
  service(as: ServiceAs): World;
  /** What a stage waits for, as the manifest has it. */
  hold(hold: StageHold, split: Split | undefined, served?: ServedBy): HoldManifest;
}
