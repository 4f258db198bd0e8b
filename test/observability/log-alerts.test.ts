import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ClusterSet,
  LogAlert,
  LogCollection,
  LogLifecycle,
  LogMetric,
  LogStore,
  LogstashPlace,
  LokiMode,
  MetricStore,
  ObservabilityStack,
  Placement,
  Platform,
  SpikeDirection,
  Workspace,
} from '@orrery/constructs';
import * as fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ruleMistakes } from '../../lib/checks/elastalert/rule-mistakes.ts';
import { RULE_TYPES } from '../../lib/checks/elastalert/rule-settings.ts';
import { readYaml } from '../../lib/yaml/read.ts';
import { areChartValuesMissing, chartValuesSkipped, judgeReleases } from './chart-values.ts';

const credentials = { username: { secret: 'reader', key: 'user' }, password: { secret: 'reader', key: 'password' } };
const ALERTMANAGERS = ['http://alertmanager:9093'];
const OPENSEARCH = LogStore.openSearch({
  lifecycle: LogLifecycle.hotCold({ deleteAfter: '90d' }),
  storage: '200Gi',
  coldNodes: 2,
  adminSecret: 'admin',
  securityConfigSecret: 'security',
  writer: credentials,
});

function folderOf(build: (platform: Platform) => void): string {
  const outdir = mkdtempSync(join(tmpdir(), 'orrery-logs-'));
  onTestFinished(() => rmSync(outdir, { recursive: true, force: true }));
  const platform = new Platform({ id: 'shop', outdir });
  build(platform);
  platform.synth();
  return outdir;
}

function stackOf(logs: LogCollection): (platform: Platform) => void {
  return (platform) => {
    new ClusterSet(platform, 'clusters').add('ops', { storageClasses: { general: 'disk' } });
    new ObservabilityStack(platform, 'watch', { placement: Placement.everywhere(), logs });
  };
}

/** Values of the chart of elastalert2. */
function valuesOf(rules: (platform: Platform) => LogAlert[]): Readonly<Record<string, Record<string, string>>> {
  const folder = folderOf((platform) => {
    const alerts = { rules: rules(platform), reader: credentials, alertmanagers: ALERTMANAGERS };
    stackOf(LogCollection.fluentBit({ to: OPENSEARCH, alerts }))(platform);
  });
  const { clusters } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  const releases = clusters.flatMap(({ units }: { units: { helmReleases?: object[] }[] }) =>
    units.flatMap(({ helmReleases = [] }) => helmReleases),
  );
  return releases.find(({ releaseName }: { releaseName: string }) => releaseName === 'watch-elastalert2').values;
}

const read = (text = '') => readYaml(text, { source: 'rule' })[0]?.value as Readonly<Record<string, unknown>>;

describe('alerts on logs', () => {
  const summary = 'Something is wrong.';
  const all = (workspace?: Workspace) => [
    LogAlert.any('panic', { summary, query: 'log:panic', ...(workspace === undefined ? {} : { workspace }) }),
    LogAlert.frequency('errors', { summary, events: 50, within: '5m', queryKey: 'cluster', realert: '1h' }),
    LogAlert.flatline('silent', { summary, fewerThan: 1, within: '15m' }),
    LogAlert.spike('burst', { summary, times: 3, within: '1h', direction: SpikeDirection.BOTH, atLeastBefore: 10 }),
    LogAlert.metricSpike('slower', { summary, times: 2, within: '1h', field: 'json.took', metric: LogMetric.AVERAGE }),
    LogAlert.metric('slow', { summary, field: 'json.took', metric: LogMetric.MAXIMUM, within: '5m', above: 2.5 }),
    LogAlert.share('failing', { summary, of: 'json.status:[500 TO 599]', within: '5m', above: 5, atLeast: 100 }),
    LogAlert.cardinality('visitors', { summary, field: 'json.user', within: '1h', below: 10 }),
    LogAlert.newTerm('country', { summary, fields: ['json.country'] }),
    LogAlert.change('moved', { summary, fields: ['json.country'], queryKey: 'json.user', within: '1d' }),
    LogAlert.blacklist('banned', { summary, field: 'json.user', values: ['mallory'] }),
    LogAlert.whitelist('stranger', { summary, field: 'json.user', values: ['alice', 'bob'], severity: 'page' }),
  ];

  it('are rules that elastalert2 takes, one for each of its types', () => {
    const { rules = {} } = valuesOf(() => all());
    const read_ = Object.values(rules).map((text) => read(text));
    expect(read_.map(({ type }) => type).sort()).toEqual([...RULE_TYPES.keys()].sort());
    for (const rule of read_) expect(ruleMistakes(rule), String(rule.name)).toEqual([]);
  });

  it('tell Alertmanager, with labels by which it routes them, and look at the logs of their workspace alone', () => {
    const { rules = {} } = valuesOf((platform) =>
      all(new Workspace(platform, 'retail', { placement: Placement.everywhere(), namespaces: ['mall'] })),
    );
    expect(read(rules.panic)).toMatchObject({
      index: 'k8s-container-retail',
      filter: [{ query_string: { query: 'log:panic' } }],
      alert: ['alertmanager'],
      alertmanager_alertname: 'panic',
      alertmanager_labels: { severity: 'ticket', source: 'logs', workspace: 'retail' },
      alertmanager_annotations: { summary },
    });
    expect(read(rules.errors)).toMatchObject({
      index: 'k8s-container-*',
      realert: { hours: 1 },
      timeframe: { minutes: 5 },
    });
  });

  it('are data, whatever their texts contain', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }).filter((text) => text.trim() !== ''),
        (text) => {
          const { rules = {} } = valuesOf(() => [LogAlert.any('a', { summary: text, query: text })]);
          expect(read(rules.a)).toMatchObject({
            alertmanager_annotations: { summary: text },
            filter: [{ query_string: { query: text } }],
          });
        },
      ),
      { numRuns: 25 },
    );
  });

  it.each([
    [
      LogAlert.metric('m', { summary, field: 'a', metric: LogMetric.SUM, within: '5m' }),
      'Log alert "m": it has no limit.',
    ],
    [
      LogAlert.share('s', { summary, of: 'a', within: '5m', above: 5, below: 5 }),
      'Log alert "s" is always on: below 5 or above 5 is everything.',
    ],
    [
      LogAlert.change('c', { summary, fields: ['a'] }),
      'Log alert "c": a rule of type change compares records of one thing, and it has no queryKey.',
    ],
    [LogAlert.frequency('f', { summary, events: 0, within: '5 min' }), 'Log alert "f": within is "5 min".'],
    [LogAlert.any('A', { summary }), '"A" is no name of a log alert.'],
    [
      LogAlert.any('l', { summary, labels: { severity: 'x' } }),
      'labels of log alert "l" has the label "severity", which is set here.',
    ],
  ])('are refused where they cannot mean anything: %#', (rule, what) =>
    expect(() => valuesOf(() => [rule])).toThrow(what),
  );

  it('tell the Alertmanager of the stack, and have somebody to tell', () => {
    const logs = LogCollection.fluentBit({ to: OPENSEARCH, alerts: { rules: [LogAlert.any('a', { summary })] } });
    expect(() => folderOf(stackOf(logs))).toThrow('Alerts on logs have nobody to tell');
    const alerts = { rules: [LogAlert.any('a', { summary })], alertmanagers: [] };
    expect(() => folderOf(stackOf(LogCollection.fluentBit({ to: OPENSEARCH, alerts })))).toThrow('nobody to tell');
    const folder = folderOf((platform) => {
      new ClusterSet(platform, 'clusters').add('ops', { storageClasses: { general: 'disk' } });
      const placement = Placement.everywhere();
      new ObservabilityStack(platform, 'watch', { placement, logs, metrics: MetricStore.perCluster() });
    });
    expect(readFileSync(join(folder, 'manifest.json'), 'utf8')).toContain(
      'http://alertmanager-operated.observability.svc:9093',
    );
  });

  it('have names of their own', () => {
    expect(() => valuesOf(() => [LogAlert.any('a', { summary }), LogAlert.any('a', { summary })])).toThrow(
      'There are two log alerts "a"',
    );
  });
});

describe('charts for logs', () => {
  const chain = { storage: '500Gi' };
  const secret = (key: string) => ({ secret: 'elastic', key });
  it.skipIf(areChartValuesMissing).each([
    [
      'OpenSearch',
      LogCollection.fluentBit({
        to: OPENSEARCH,
        alerts: { rules: [LogAlert.any('a', { summary: 'A' })], alertmanagers: ALERTMANAGERS, reader: credentials },
      }),
      ['elastalert2', 'fluent-operator', 'opensearch-operator'],
    ],
    [
      'Loki',
      LogCollection.fluentBit({
        to: LogStore.loki({ retention: '30d', schemaFrom: '2026-11-01', tenantsSecret: 'tenants' }),
      }),
      ['fluent-operator', 'loki'],
    ],
    [
      'Loki in parts',
      LogCollection.fluentBit({
        to: LogStore.loki({
          retention: '30d',
          schemaFrom: '2026-11-01',
          mode: LokiMode.DISTRIBUTED,
          bucket: { bucket: 'logs', region: 'eu', endpoint: 'https://s3.example.com', credentialsSecret: 's3' },
        }),
      }),
      ['fluent-operator', 'loki'],
    ],
    [
      'Elasticsearch',
      LogCollection.elastic({
        lifecycle: LogLifecycle.hot({ deleteAfter: '30d' }),
        hot: chain,
        tlsSecret: 'tls',
        elasticPassword: secret('a'),
        writerPassword: secret('b'),
        logstash: LogstashPlace.inCentre(),
        alerts: { rules: [LogAlert.any('a', { summary: 'A' })], alertmanagers: ALERTMANAGERS },
      }),
      ['elastalert2'],
    ],
  ])(`get values that they have: %s${chartValuesSkipped}`, (_, logs, charts) =>
    expect([...new Set(judgeReleases(folderOf(stackOf(logs))))].sort()).toEqual(charts),
  );
});
