import type { KarmadaDeliveryProps } from './karmada-delivery';
import type { FleetDeliveryProps, ManifestWorkDeliveryProps } from './packed-delivery';
import { fleetEngine } from './private/fleet-engine';
import type { HubEngine } from './private/hub-delivery';
import { karmadaEngine } from './private/karmada-engine';
import { manifestWorkEngine } from './private/manifest-work-engine';

/** How the objects of an app reach its clusters. What they are does not depend on it. */
export class DeliveryEngine {
  /** Orrery writes them to each cluster: the default. */
  public static direct(): DeliveryEngine {
    return new DeliveryEngine(undefined);
  }

  /** A Karmada control plane gets each object once, with policies that say where it goes and what is different there. */
  public static karmada(props: KarmadaDeliveryProps): DeliveryEngine {
    return new DeliveryEngine(karmadaEngine(props));
  }

  /** Open Cluster Management gets ManifestWorks with the objects of each cluster in its namespace on the hub. */
  public static openClusterManagement(props: ManifestWorkDeliveryProps): DeliveryEngine {
    return new DeliveryEngine(manifestWorkEngine(props));
  }

  /** Rancher Fleet gets Bundles with the objects of each cluster. */
  public static fleet(props: FleetDeliveryProps): DeliveryEngine {
    return new DeliveryEngine(fleetEngine(props));
  }

  private constructor(private readonly engine: HubEngine | undefined) {}

  /**
   * Undefined for direct delivery.
   * @internal
   */
  public _hub(): HubEngine | undefined {
    return this.engine;
  }
}
