import type { KarmadaDeliveryProps } from './karmada-delivery';
import type { HubEngine } from './private/hub-delivery';
import { karmadaEngine } from './private/karmada-engine';

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

  private constructor(private readonly engine: HubEngine | undefined) {}

  /**
   * Undefined for direct delivery.
   * @internal
   */
  public _hub(): HubEngine | undefined {
    return this.engine;
  }
}
