import { IstioReporter, ServiceLevelIndicator } from './service-level-indicator';

/** Requests that a service counts and times itself, with Prometheus' client libraries or names of its own. */
export interface OwnRequestMetrics {
  /** The counter. @default "http_requests_total" */
  readonly counter?: string;
  /** Its label with the status. @default "code" */
  readonly statusLabel?: string;
  /** The histogram of durations in seconds, without "_bucket". @default "http_request_duration_seconds" */
  readonly histogram?: string;
  /** Boundaries of the histogram, in seconds. @default - those that Prometheus' client libraries have: 0.005 to 10 */
  readonly boundaries?: number[];
}

interface CountedService {
  readonly name: string;
  readonly namespace: string;
}

interface Indicators {
  availability(service: CountedService): ServiceLevelIndicator;
  latency(service: CountedService, within: string): ServiceLevelIndicator;
}

/** Seconds: what the conventions advise for http.server.request.duration (open-telemetry/semantic-conventions docs/http/http-metrics.md). */
const OPEN_TELEMETRY_BOUNDARIES = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** What counts the requests to a service: its alerts and objectives ask it. */
export class ObservedRequests {
  /** The proxies of a mesh, by Istio's standard metrics. */
  public static istio(): ObservedRequests {
    const of = ({ name, namespace }: CountedService) => {
      return { serviceName: name, namespaceName: namespace, reporter: IstioReporter.CALLER };
    };
    return new ObservedRequests({
      availability: (service) => ServiceLevelIndicator.istioAvailability(of(service)),
      latency: (service, within) => ServiceLevelIndicator.istioLatency({ ...of(service), within }),
    });
  }

  /** The service itself, whose pods are scraped. */
  public static own(metrics: OwnRequestMetrics = {}): ObservedRequests {
    const { counter, statusLabel, histogram, boundaries } = metrics;
    // As the PodMonitor of the service labels them.
    const labels = ({ name, namespace }: CountedService) => ({ namespace, job: name });
    return new ObservedRequests({
      availability: (service) =>
        ServiceLevelIndicator.httpAvailability({
          labels: labels(service),
          ...(counter === undefined ? {} : { metric: counter }),
          ...(statusLabel === undefined ? {} : { statusLabel }),
        }),
      latency: (service, within) =>
        ServiceLevelIndicator.httpLatency({
          labels: labels(service),
          within,
          ...(histogram === undefined ? {} : { metric: histogram }),
          ...(boundaries === undefined ? {} : { boundaries }),
        }),
    });
  }

  /** The service itself, by OpenTelemetry's conventions for HTTP servers as its Prometheus exporter names them. */
  public static openTelemetry(): ObservedRequests {
    const histogram = 'http_server_request_duration_seconds';
    return ObservedRequests.own({
      counter: `${histogram}_count`,
      statusLabel: 'http_response_status_code',
      histogram,
      boundaries: OPEN_TELEMETRY_BOUNDARIES,
    });
  }

  /** Nothing: the service has no requests, or nobody counts them. */
  public static uncounted(): ObservedRequests {
    return new ObservedRequests(undefined);
  }

  private constructor(private readonly indicators: Indicators | undefined) {}

  /**
   * Undefined where nothing counts.
   * @internal
   */
  public _indicators(): Indicators | undefined {
    return this.indicators;
  }
}
