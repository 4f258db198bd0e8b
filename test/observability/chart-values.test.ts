import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { HelmReleaseManifest } from '@orrery/constructs/assembly-format';
import { afterAll, describe, expect, it } from 'vitest';
import { TemporaryFolders, writeAssembly } from '../write-assembly.ts';
import { areChartValuesMissing, chartValuesSkipped, judgeReleases, judgeValues } from './chart-values.ts';

const folders = new TemporaryFolders();
afterAll(() => folders.removeAll());

/** An assembly with one release of a chart. */
function assemblyWith(name: string, version: string, values: NonNullable<HelmReleaseManifest['values']>): string {
  const folder = folders.make();
  const chart = { repository: 'https://charts.example.com', name, version };
  const release = { path: 'stack', releaseName: 'stack', namespace: 'monitoring', chart, values };
  writeAssembly(folder, [{ name: 'ops', units: [{ path: 'stack', helmReleases: [release] }] }]);
  return folder;
}

describe.skipIf(areChartValuesMissing)(`the judge of chart values${chartValuesSkipped}`, () => {
  it.each([
    ['a default', 'kube-prometheus-stack', { prometheus: { prometheusSpec: { retention: '30d' } } }],
    ['an empty map', 'kube-prometheus-stack', { prometheus: { prometheusSpec: { externalLabels: { cluster: 'a' } } } }],
    ['an empty list', 'kube-prometheus-stack', { prometheus: { prometheusSpec: { remoteWrite: [{ url: 'a' }] } } }],
    ['null', 'kube-prometheus-stack', { extraManifests: { any: { kind: 'ConfigMap' } } }],
    ['a list of texts', 'thanos-operator', { manager: { args: ['--leader-elect'] } }],
    ["the chart's own name of a sub-chart", 'kube-prometheus-stack', { grafana: { persistence: { enabled: true } } }],
    ['the alias of a sub-chart', 'nvidia-device-plugin', { nfd: { worker: { nodeSelector: { gpu: 'true' } } } }],
    ['a default below the one key of a chart of Istio', 'istiod', { autoscaleMin: 2, env: { A: 'b' } }],
    ['a schema where the defaults are silent', 'istio-gateway', { enabled: true, profile: 'ambient' }],
  ])('knows what lies in %s', (_, chart, values) => {
    expect(() => judgeValues(chart, values)).not.toThrow();
  });

  it.each([
    [
      'kube-prometheus-stack',
      { prometheus: { prometheusSpec: { retentoin: '30d' } } },
      'kube-prometheus-stack: no value is called "prometheus.prometheusSpec.retentoin"; the nearest is "retention"',
    ],
    [
      'kube-prometheus-stack',
      { grafana: { persistance: { enabled: true } } },
      'kube-prometheus-stack: no value is called "grafana.persistance"; the nearest is "persistence"',
    ],
    ['istiod', { _internal_defaults_do_not_set: {} }, 'istiod: no value is called "_internal_defaults_do_not_set"'],
    [
      'kube-prometheus-stack',
      { crds: { upgradeJob: { enabled: { yes: true } } } },
      'kube-prometheus-stack: no value is called "crds.upgradeJob.enabled.yes"; nothing is known there',
    ],
    [
      'kube-prometheus-stack',
      { alertmanager: { config: { receivers: [{ name: 'a', webhookConfigs: [] }] } } },
      'kube-prometheus-stack: no value is called "alertmanager.config.receivers[0].webhookConfigs"; there is name',
    ],
    [
      'opentelemetry-collector',
      { mode: 'deployment', modes: 'deployment' },
      'opentelemetry-collector: no value is called "modes"; the nearest is "mode"',
    ],
  ])('refuses in %s what it has not, and names the nearest', (chart, values, message) => {
    expect(() => judgeValues(chart, values)).toThrow(message);
  });

  it('says all that is wrong, not only the first', () => {
    expect(() => judgeValues('thanos-operator', { crds: {}, metric: {} })).toThrow(/"crds".*\n.*"metric"/);
  });

  it('knows no chart but those whose values lie there', () => {
    expect(() => judgeValues('no-such-chart', {})).toThrow('There are no values of a chart "no-such-chart".');
  });

  it('judges every release of an assembly, also one whose folder has another name', () => {
    expect(judgeReleases(assemblyWith('base', '1.30.3', { defaultRevision: 'default' }))).toEqual(['base']);
    const wrong = assemblyWith('kube-prometheus-stack', '88.5.3', { prometheus: { enable: true } });
    expect(() => judgeReleases(wrong)).toThrow('"prometheus.enable"; the nearest is "enabled"');
    expect(() => judgeReleases(assemblyWith('unheard-of', '1.0.0', {}))).toThrow('a chart "unheard-of"');
  });

  it('refuses a version whose values do not lie there', () => {
    const older = assemblyWith('kube-prometheus-stack', '87.0.0', {});
    expect(() => judgeReleases(older)).toThrow('is of version 87.0.0, and the values are those of 88.5.3');
    expect(judgeReleases(assemblyWith('gpu-operator', 'v26.7.0', {}))).toEqual(['gpu-operator']);
  });

  it('finds no release where there is none', () => {
    const folder = folders.make();
    writeFileSync(path.join(folder, 'manifest.json'), JSON.stringify({ clusters: [{ units: [{}] }] }));
    expect(judgeReleases(folder)).toEqual([]);
  });
});
