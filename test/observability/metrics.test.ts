import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { MetricStore, MonitorSelection, type PrometheusProps } from '@orrery/constructs';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { readAssembly } from '../../lib/assembly/read-assembly.ts';
import { runChecks } from '../../lib/checks/run-checks.ts';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';
import { renderAssembly } from '../../lib/render/render-assembly.ts';
import { readYaml } from '../../lib/yaml/read.ts';
import { helmBinaries } from '../helm-binaries.ts';
import { TemporaryFolders } from '../write-assembly.ts';
import { areChartValuesMissing, chartValuesSkipped, judgeReleases } from './chart-values.ts';
import { PROMETHEUS, SMALL_STACK, THANOS, writeObserved } from './observed-fleet.ts';
import { isPromtoolMissing, promtoolSkipped } from './promtool.ts';

const helms = await helmBinaries();
const folders = new TemporaryFolders();
const shared = new TemporaryFolders();
const cacheFolder = path.join(shared.make(), 'cache');
afterEach(() => folders.removeAll());
afterAll(() => shared.removeAll());
const outdir = () => path.join(folders.make(), 'dist');

const reachable = { queryUrl: 'https://prometheus.example.com' };
const PER_CLUSTER: PrometheusProps = {
  ...PROMETHEUS,
  clusters: { 'prod-sh': { ...PROMETHEUS.clusters?.['prod-sh'], ...reachable }, factory: reachable },
};
const EXISTING = {
  queryUrl: 'https://prometheus.example.com',
  selectedBy: { release: 'monitoring' },
  grafana: { adminSecret: 'grafana-admin' },
};
const { retention: _retention, grafana: _grafana, ...AGENTS } = PROMETHEUS;

describe.skipIf(areChartValuesMissing)(`the values of the releases of metrics${chartValuesSkipped}`, () => {
  it.each([
    ['a Prometheus in every cluster', MetricStore.perCluster(PER_CLUSTER), ['kube-prometheus-stack']],
    [
      'one that takes what is labelled',
      MetricStore.perCluster({ ...PER_CLUSTER, selection: MonitorSelection.LABELLED }),
      ['kube-prometheus-stack'],
    ],
    ['Thanos', MetricStore.thanos(THANOS), ['kube-prometheus-stack', 'thanos-operator']],
    ['one that is there', MetricStore.existing(EXISTING), ['grafana']],
    [
      'agents for one that is there',
      MetricStore.existing({
        ...EXISTING,
        remoteWrite: { url: 'https://prometheus.example.com/write' },
        agents: AGENTS,
      }),
      ['kube-prometheus-stack'],
    ],
  ])('exist in the charts: %s', (_, store, charts) => {
    expect(judgeReleases(writeObserved(outdir(), store))).toEqual(charts);
  });
});

const CRDS = path.join(import.meta.dirname, '../../../shared/data/crds');

/** Definitions of the prometheus-operator and the thanos-operator, by which the check of schemas judges; none where they are not there. */
function definitions(): KubernetesObject[] {
  return globSync(path.join(CRDS, '{monitoring.coreos.com,monitoring.thanos.io}/*.yaml')).flatMap((file) =>
    readYaml(readFileSync(file), { source: file }).map(({ value }) => value as unknown as KubernetesObject),
  );
}

/** Rendered with the small chart in place of the real one. */
async function rendered(metrics: (chart: { chart: string }) => MetricStore) {
  const assembly = await readAssembly(writeObserved(outdir(), metrics({ chart: SMALL_STACK })));
  return renderAssembly(assembly, { helm: { helmBinary: helms[0]?.file, cacheFolder } });
}

describe.skipIf(helms.length === 0)('a chart that reads these values', () => {
  const small = { ...PER_CLUSTER, components: [] };
  const objectsIn = async (cluster: string, metrics: Parameters<typeof rendered>[0]) =>
    (await rendered(metrics)).clusters.find(({ name }) => name === cluster)?.objects ?? [];
  const named = (objects: Awaited<ReturnType<typeof objectsIn>>, kind: string) =>
    objects.filter(({ id }) => id.kind === kind).map(({ id }) => id.name);

  it.each([
    ['all', MonitorSelection.ALL],
    ['labelled', MonitorSelection.LABELLED],
  ])('makes a Prometheus that takes the monitors and rules of chart and stack, %s of them', async (_, selection) => {
    const state = await rendered((chart) =>
      MetricStore.perCluster({ ...PER_CLUSTER, components: PROMETHEUS.components ?? [], selection, chart }),
    );
    const { findings } = runChecks(state, [], { definitions: definitions() });
    const objects = state.clusters.flatMap(({ objects }) => objects);
    expect(objects.filter(({ id }) => id.kind === 'ServiceMonitor').length).toBeGreaterThan(10);
    const wrong = findings.filter(({ check, id }) => check === 'monitor' || id.group === 'monitoring.coreos.com');
    expect(wrong.map(({ id, what }) => `${id.kind}/${id.name}: ${what}`)).toEqual([]);
  });

  it('makes one that sees nothing but its own where selectors are left to the chart: the check finds it', async () => {
    const values = {
      prometheus: {
        prometheusSpec: { serviceMonitorSelector: null, serviceMonitorSelectorNilUsesHelmValues: true },
      },
    };
    const state = await rendered((chart) => MetricStore.perCluster({ ...PER_CLUSTER, chart: { ...chart, values } }));
    const { findings } = runChecks(state, []);
    const unread = findings.filter(({ check, id }) => check === 'monitor' && id.kind === 'ServiceMonitor');
    expect(unread[0]?.what).toContain('takes release=watch-metrics');
  });

  it('makes an agent, no rules and no Alertmanager in a small cluster, and Grafana in the centre alone', async () => {
    const thanos = (chart: { chart: string }) => {
      const { operatorChart: _, ...props } = THANOS;
      return MetricStore.thanos({ ...props, components: [], chart });
    };
    const factory = await objectsIn('factory', thanos);
    expect(named(factory, 'PrometheusAgent')).toEqual(['watch-prometheus']);
    for (const kind of ['Prometheus', 'PrometheusRule', 'Alertmanager', 'Deployment', 'ThanosReceive'])
      expect(named(factory, kind)).toEqual([]);
    const ops = await objectsIn('ops', thanos);
    expect(named(ops, 'Prometheus')).toContain('watch-prometheus');
    expect(named(ops, 'Deployment')).toContain('watch-metrics-grafana');
    expect(named(ops, 'Alertmanager')).toContain('watch-alertmanager');
  });

  it('scrapes the control plane where it can be reached', async () => {
    const store = (chart: { chart: string }) => MetricStore.perCluster({ ...small, chart });
    expect(named(await objectsIn('prod-sh', store), 'ServiceMonitor')).toEqual([]);
    expect(named(await objectsIn('factory', store), 'ServiceMonitor')).toContain('watch-etcd');
  });
});

/** What the prometheus-operator makes of a member of its kinds (pkg/prometheus/promcfg.go): the same, in snake case, secrets as files. */
function configured(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(configured);
  if (typeof value !== 'object' || value === null) return value;
  const { secret, name, key } = value as { secret?: unknown; name?: string; key?: string };
  if (secret !== undefined) return configured(secret);
  if (name !== undefined && key !== undefined) return `/etc/prometheus/certs/${name}_${key}`;
  return Object.fromEntries(
    Object.entries(value).map(([member, inner]) => [MEMBERS[member] ?? snake(member), configured(inner)]),
  );
}
const MEMBERS: Readonly<Record<string, string>> = {
  ca: 'ca_file',
  cert: 'cert_file',
  keySecret: 'key_file',
  credentials: 'credentials_file',
};
const snake = (name: string) =>
  /^[A-Z]/.test(name) ? name : name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

describe.skipIf(isPromtoolMissing)(`what Prometheus is told, checked by promtool${promtoolSkipped}`, () => {
  const check = (config: object): string => {
    const folder = folders.make();
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'prometheus.yml'), JSON.stringify(config));
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'config', '--syntax-only', 'prometheus.yml'], {
      cwd: folder,
      encoding: 'utf8',
    });
    return status === 0 ? '' : `${stdout}${stderr}`;
  };

  it('is a configuration that it can load: labels, remote write as every tenant, an Alertmanager elsewhere', async () => {
    const { clusters } = JSON.parse(
      readFileSync(path.join(writeObserved(outdir(), MetricStore.thanos(THANOS)), 'manifest.json'), 'utf8'),
    );
    const configs = clusters.flatMap(({ units }: { units: { helmReleases?: Release[] }[] }) =>
      units.flatMap(({ helmReleases = [] }) =>
        helmReleases.flatMap(({ values }) => values?.prometheus?.prometheusSpec ?? []),
      ),
    );
    expect(configs).toHaveLength(3);
    const written = configs.map((spec: PrometheusSpec) => ({
      global: { scrape_interval: spec.scrapeInterval, external_labels: spec.externalLabels },
      remote_write: configured(spec.remoteWrite),
      alerting: { alertmanagers: spec.additionalAlertManagerConfigs ?? [] },
    }));
    for (const config of written) expect(check(config)).toBe('');
    expect(check({ ...written[0], remote_write: [{ ...written[0].remote_write[0], headres: {} }] })).toContain(
      'headres not found',
    );
    expect(
      written.flatMap(({ alerting }: { alerting: { alertmanagers: object[] } }) => alerting.alertmanagers),
    ).toHaveLength(1);
  });
});

interface PrometheusSpec {
  readonly scrapeInterval: string;
  readonly externalLabels: object;
  readonly remoteWrite: object[];
  readonly additionalAlertManagerConfigs?: object[];
}
interface Release {
  readonly values?: { readonly prometheus?: { readonly prometheusSpec: PrometheusSpec } };
}
