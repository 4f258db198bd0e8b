import { describe, expect, it } from 'vitest';
import { METRIC_CATALOGUE, SERIES_SOURCES, seriesFacts } from './metric-catalogue';
import { objectiveGroups } from './slo-rules';

const namesOf = (source: keyof typeof METRIC_CATALOGUE): string[] => {
  const { gauges, counters, histograms, summaries } = METRIC_CATALOGUE[source];
  return [gauges, counters, histograms, summaries].flatMap((metrics) => Object.keys(metrics ?? {}));
};
const SOURCES = Object.keys(METRIC_CATALOGUE) as (keyof typeof METRIC_CATALOGUE)[];

describe('the catalogue of metrics', () => {
  it.each(SOURCES)('has names of %s that Prometheus takes, each once', (source) => {
    const names = namesOf(source);
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });

  it('says of a metric that two sources have the same name for which it is', () => {
    const shared = SOURCES.flatMap(namesOf).filter((name, at, all) => all.indexOf(name) !== at);
    expect(shared).toEqual(['prometheus_tsdb_head_series']);
    const facts = seriesFacts('prometheus_tsdb_head_series', SERIES_SOURCES);
    expect(facts.map(({ source }) => source)).toEqual(['prometheus', 'thanos']);
    expect(seriesFacts('prometheus_tsdb_head_series', ['dcgm'])).toEqual([]);
  });

  it('knows the series of histograms by their endings alone', () => {
    const labels = (series: string) => seriesFacts(series, ['istio']).map((facts) => facts.labels.has('le'));
    expect(labels('istio_request_duration_milliseconds_bucket')).toEqual([true]);
    expect(labels('istio_request_duration_milliseconds_count')).toEqual([false]);
    expect(labels('istio_request_duration_milliseconds')).toEqual([]);
  });

  it('has every series that the rules of an objective record', () => {
    const recorded = objectiveGroups('cart', {
      id: 'mall/cart',
      objective: 0.999,
      indicator: { counts: 'errors', part: 'x[{{window}}]', total: 'y[{{window}}]', findings: [] },
      period: '30d',
      labels: {},
      alertName: 'A',
      alertLabels: { page: {}, ticket: {} },
      description: undefined,
      runbookUrl: undefined,
      missingFor: undefined,
    }).flatMap(({ rules }) => rules.flatMap((rule) => ('record' in rule ? [rule] : [])));
    expect(recorded.length).toBeGreaterThan(8);
    for (const { record, labels } of recorded) {
      const [facts] = seriesFacts(record, ['rules']);
      expect(facts, record).toBeDefined();
      expect(Object.keys(labels).filter((label) => !facts?.labels.has(label))).toEqual([]);
    }
  });
});
