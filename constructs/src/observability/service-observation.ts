import type { ObservedRequests } from './observed-requests';
import type { ServiceLevelIndicator } from './service-level-indicator';

/** How a service is observed. */
export interface ServiceObservation {
  /**
   * Port of the service on which its pods show their metrics, by name.
   * @default - the one named "metrics" or "http-metrics"; without one they are not scraped
   */
  readonly metricsPort?: string;
  /** @default "/metrics" */
  readonly metricsPath?: string;
  /** How often it is scraped, e.g. "15s". @default - as Prometheus does by itself */
  readonly scrapeInterval?: string;
  /** What counts its requests. @default ObservedRequests.istio() where the stack scrapes a mesh, else ObservedRequests.uncounted() */
  readonly requests?: ObservedRequests;
  /** In which time requests shall be answered, e.g. "500ms": a boundary of what measures them. @default "1s" */
  readonly answeredWithin?: string;
  /** Whether somebody is told when it is down, fails, is slow or has no room left. @default true */
  readonly alerts?: boolean;
  /** Labels of its alerts, e.g. { team: 'shop' }. @default - none */
  readonly alertLabels?: { readonly [name: string]: string };
  /** What to do when an alert fires; on the alerts as `runbook_url`. @default - none */
  readonly runbookUrl?: string;
  /** Share of its requests that shall be answered without an error, e.g. 0.999: an objective "availability". @default - none */
  readonly objective?: number;
}

/** How good a service shall be. */
export interface ServiceObjective {
  /** Share that shall be good over the period: between 0 and 1, e.g. 0.999. */
  readonly objective: number;
  /** What is measured. @default - requests that are answered without an error, by what counts the requests of the service */
  readonly sli?: ServiceLevelIndicator;
  /** Days or weeks, "28d" to "366d". @default "30d" */
  readonly period?: string;
  /** A sentence for whoever is told. @default - none */
  readonly description?: string;
  /** What to do. @default - that of the service */
  readonly runbookUrl?: string;
  /** A ticket when what is counted has had no series for so long, e.g. "1h". @default - never */
  readonly missingFor?: string;
}
