import { ARGO_ROLLOUTS, FLAGGER, ISTIO, JENKINS, OPENCOST, TEKTON } from './metrics/delivery-metrics';
import { DCGM, HAMI, KUEUE, VLLM } from './metrics/gpu-metrics';
import { CADVISOR, KUBE_APISERVER, KUBE_STATE_METRICS, KUBELET, NODE_EXPORTER } from './metrics/kubernetes-metrics';
import type { SourceMetrics } from './metrics/source-metrics';
import {
  ALERTMANAGER,
  FLUENT_BIT,
  GRAFANA,
  OPENTELEMETRY_COLLECTOR,
  PROMETHEUS,
  RULES,
  THANOS,
} from './metrics/stack-metrics';
import type { MetricSource } from './stack-context';

/** What each source exposes: dashboards and rules of ours name these metrics, and no label that is not there. */
export const METRIC_CATALOGUE: { readonly [K in MetricSource]: SourceMetrics } = {
  alertmanager: ALERTMANAGER,
  'argo-rollouts': ARGO_ROLLOUTS,
  cadvisor: CADVISOR,
  dcgm: DCGM,
  flagger: FLAGGER,
  'fluent-bit': FLUENT_BIT,
  grafana: GRAFANA,
  hami: HAMI,
  istio: ISTIO,
  jenkins: JENKINS,
  'kube-apiserver': KUBE_APISERVER,
  'kube-state-metrics': KUBE_STATE_METRICS,
  kubelet: KUBELET,
  kueue: KUEUE,
  'node-exporter': NODE_EXPORTER,
  opencost: OPENCOST,
  'opentelemetry-collector': OPENTELEMETRY_COLLECTOR,
  prometheus: PROMETHEUS,
  tekton: TEKTON,
  thanos: THANOS,
  vllm: VLLM,
};

/** A source of metrics, or the rules that Prometheus evaluates. */
export type SeriesSource = MetricSource | 'rules';

export type MetricType = 'gauge' | 'counter' | 'histogram' | 'summary';

/** What is known of the series of one name. */
export interface SeriesFacts {
  readonly source: SeriesSource;
  readonly type: MetricType;
  /** Those of the target and of the cluster included. */
  readonly labels: ReadonlySet<string>;
}

/** Labels that the operator gives to series of every target of a monitor, and those by which a cluster's Prometheus tells its series from the others'. */
const TARGET_LABELS = ['job', 'instance', 'namespace', 'pod', 'container', 'service', 'endpoint', 'prometheus'];
const EXTERNAL_LABELS = ['cluster', 'prometheus_replica', 'tenant_id'];

/** What Prometheus writes of every target it scrapes (prometheus/prometheus scrape/scrape.go). */
const OF_SCRAPES = ['up', 'scrape_duration_seconds', 'scrape_samples_scraped', 'scrape_series_added'];

/**
 * What series of a name are, by the sources that are given: several may have one of it.
 * @param series with its ending: "istio_request_duration_milliseconds_bucket"
 */
export function seriesFacts(series: string, sources: Iterable<SeriesSource>): SeriesFacts[] {
  return [...sources].flatMap((source) => {
    const facts = SERIES.get(source)?.get(series);
    return facts === undefined ? [] : [facts];
  });
}

/** Every source, rules among them. */
export const SERIES_SOURCES: readonly SeriesSource[] = [
  ...(Object.keys(METRIC_CATALOGUE) as (keyof typeof METRIC_CATALOGUE)[]),
  'rules',
];

const SERIES: ReadonlyMap<SeriesSource, ReadonlyMap<string, SeriesFacts>> = new Map(
  SERIES_SOURCES.map((source) => [source, seriesOf(source)]),
);

function seriesOf(source: SeriesSource): Map<string, SeriesFacts> {
  const { gauges, counters, histograms, summaries } = source === 'rules' ? RULES : METRIC_CATALOGUE[source];
  const found = new Map<string, SeriesFacts>();
  const add = (series: string, type: MetricType, labels: string, ...more: string[]) =>
    found.set(series, {
      source,
      type,
      labels: new Set([
        ...EXTERNAL_LABELS,
        ...(source === 'rules' ? [] : TARGET_LABELS),
        ...more,
        ...labels.split(' ').filter((label) => label !== ''),
      ]),
    });
  for (const [name, labels] of Object.entries(gauges ?? {})) add(name, 'gauge', labels);
  for (const [name, labels] of Object.entries(counters ?? {})) add(name, 'counter', labels);
  for (const [name, labels] of Object.entries(histograms ?? {})) {
    add(`${name}_bucket`, 'histogram', labels, 'le');
    for (const ending of ['_sum', '_count']) add(`${name}${ending}`, 'histogram', labels);
  }
  for (const [name, labels] of Object.entries(summaries ?? {}))
    for (const ending of ['', '_sum', '_count']) add(`${name}${ending}`, 'summary', labels);
  if (source !== 'rules') for (const name of OF_SCRAPES) add(name, 'gauge', '');
  return found;
}
