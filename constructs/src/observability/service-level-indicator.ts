import { boundary, boundaryFindings, type Indicator, millisecondsOf, rateOf, series } from './private/indicator';

/** Two queries in PromQL, each with `{{window}}` where the window is: `sum(rate(jobs_failed_total[{{window}}]))`. */
export interface ErrorRatio {
  /** How much failed. */
  readonly errors: string;
  /** How much there was at all. */
  readonly total: string;
}

/** Two queries in PromQL, each with `{{window}}` where the window is. */
export interface SuccessRatio {
  /** How much was good. Without any series nothing was. */
  readonly good: string;
  /** How much there was at all. */
  readonly total: string;
}

/** Who counts requests in a mesh. */
export enum IstioReporter {
  /** Proxies of callers and waypoints: they see requests to pods that are gone, too. */
  CALLER = 'source',
  /** Proxies of the service and waypoints: they see requests of callers outside the mesh, too. */
  RECEIVER = 'destination',
}

/** Requests to a service in a mesh of Istio. */
export interface IstioRequests {
  /** Name of the Service. */
  readonly serviceName: string;
  /** Namespace of the Service. */
  readonly namespaceName: string;
  /** @default IstioReporter.CALLER */
  readonly reporter?: IstioReporter;
}

/** Requests to a service in a mesh of Istio that shall be answered in time. */
export interface IstioRequestDuration extends IstioRequests {
  /** In which time, e.g. "500ms": a boundary of Istio's histogram. */
  readonly within: string;
}

/** Requests that a server counts itself, by status. */
export interface HttpRequests {
  /** Labels of its series, e.g. { job: 'cart' }. */
  readonly labels: { readonly [name: string]: string };
  /** The counter. Of OpenTelemetry it is "http_server_request_duration_seconds_count". @default "http_requests_total" */
  readonly metric?: string;
  /** The label with the status. Of OpenTelemetry it is "http_response_status_code". @default "code" */
  readonly statusLabel?: string;
}

/** Requests of which a server measures itself how long they take. */
export interface HttpRequestDuration {
  /** Labels of its series, e.g. { job: 'cart' }. */
  readonly labels: { readonly [name: string]: string };
  /** In which time they shall be answered, e.g. "500ms": a boundary of the histogram. */
  readonly within: string;
  /** The histogram, in seconds, without "_bucket". Of OpenTelemetry it is "http_server_request_duration_seconds". @default "http_request_duration_seconds" */
  readonly metric?: string;
  /** Boundaries of the histogram, in seconds. @default - those that Prometheus' client libraries have: 0.005 to 10 */
  readonly boundaries?: number[];
}

/** Milliseconds (envoyproxy/envoy source/common/stats/histogram_impl.cc, ConstSupportedBuckets), without those beyond ten minutes. */
const ISTIO_BOUNDARIES = [
  0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 300_000, 600_000,
];

/** Seconds (prometheus/client_golang prometheus/histogram.go, DefBuckets). */
const CLIENT_BOUNDARIES = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What an objective is about: the share of what happens that is an error. */
export class ServiceLevelIndicator {
  /** Errors among everything. */
  public static errorRatio(queries: ErrorRatio): ServiceLevelIndicator {
    const { errors, total } = queries;
    return new ServiceLevelIndicator({ counts: 'errors', part: errors, total, findings: [] });
  }

  /** Everything that is not good. */
  public static successRatio(queries: SuccessRatio): ServiceLevelIndicator {
    const { good, total } = queries;
    return new ServiceLevelIndicator({ counts: 'good', part: good, total, findings: [] });
  }

  /** Requests in a mesh that are answered 5xx, by Istio's standard metrics. */
  public static istioAvailability(requests: IstioRequests): ServiceLevelIndicator {
    const all = (...more: string[]) => rateOf(istioSeries('istio_requests_total', requests, ...more));
    const part = all('response_code=~"5.."');
    return new ServiceLevelIndicator({ counts: 'errors', part, total: all(), findings: [] });
  }

  /** Requests in a mesh that are not answered in time, by Istio's standard metrics. */
  public static istioLatency(requests: IstioRequestDuration): ServiceLevelIndicator {
    const limit = millisecondsOf(requests.within);
    const metric = 'istio_request_duration_milliseconds';
    return new ServiceLevelIndicator({
      counts: 'good',
      part: rateOf(istioSeries(`${metric}_bucket`, requests, boundary(limit))),
      total: rateOf(istioSeries(`${metric}_count`, requests)),
      findings: boundaryFindings(requests.within, limit, ISTIO_BOUNDARIES, 'ms'),
    });
  }

  /** Requests that a server answers 5xx, by what it counts itself. */
  public static httpAvailability(requests: HttpRequests): ServiceLevelIndicator {
    const { labels, metric = 'http_requests_total', statusLabel = 'code' } = requests;
    return new ServiceLevelIndicator({
      counts: 'errors',
      part: rateOf(series(metric, labels, `${statusLabel}=~"5.."`)),
      total: rateOf(series(metric, labels)),
      findings: [],
    });
  }

  /** Requests that a server does not answer in time, by what it measures itself. */
  public static httpLatency(requests: HttpRequestDuration): ServiceLevelIndicator {
    const { labels, within, metric = 'http_request_duration_seconds', boundaries = CLIENT_BOUNDARIES } = requests;
    const limit = millisecondsOf(within) / 1000;
    return new ServiceLevelIndicator({
      counts: 'good',
      part: rateOf(series(`${metric}_bucket`, labels, boundary(limit))),
      total: rateOf(series(`${metric}_count`, labels)),
      findings: boundaryFindings(within, limit, boundaries, 's'),
    });
  }

  private constructor(private readonly indicator: Indicator) {}

  /** @internal */
  public _indicator(): Indicator {
    return this.indicator;
  }
}

function istioSeries(metric: string, requests: IstioRequests, ...more: string[]): string {
  const { serviceName, namespaceName, reporter = IstioReporter.CALLER } = requests;
  const labels = { destination_service_namespace: namespaceName, destination_service_name: serviceName };
  return series(metric, labels, `reporter=~"${reporter}|waypoint"`, ...more);
}
