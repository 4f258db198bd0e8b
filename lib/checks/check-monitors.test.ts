import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { releaseId } from '../helm/native-input.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { type Fields, object, state } from './desired-state.test-data.ts';
import { runChecks } from './run-checks.ts';

const PROMETHEUS = 'monitoring.coreos.com/v1';
const TAKES_ALL = {
  serviceMonitorSelector: {},
  serviceMonitorNamespaceSelector: {},
  podMonitorSelector: {},
  podMonitorNamespaceSelector: {},
  ruleSelector: {},
  ruleNamespaceSelector: {},
};
const prometheus = (spec: Fields, kind = 'Prometheus', apiVersion = PROMETHEUS) =>
  object(apiVersion, kind, 'main', { spec }, { namespace: 'monitoring' });
const monitor = (spec: Fields = {}, labels: Fields = { release: 'main' }) =>
  object(PROMETHEUS, 'ServiceMonitor', 'cart', { spec: { selector: {}, ...spec } }, { labels });
const rule = (labels: Fields) => object(PROMETHEUS, 'PrometheusRule', 'cart', { spec: { groups: [] } }, { labels });
const namespace = (name: string, labels: Readonly<Record<string, string>>): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels },
});
const service = (labels: Fields, ...ports: string[]) =>
  object(
    'v1',
    'Service',
    'cart',
    { spec: { clusterIP: 'None', ports: ports.map((name, i) => ({ name, port: 80 + i })) } },
    { labels },
  );
const found = (...objects: KubernetesObject[]) =>
  runChecks(state({ alpha: objects }), [])
    .findings.filter(({ check }) => check === 'monitor')
    .map(({ severity, id, what }) => `${severity} ${id.kind}: ${what}`);

describe('the check of monitors', () => {
  it('is content with what is selected by labels, in namespaces that are selected', () => {
    const selector = { matchLabels: { release: 'main' } };
    const inNamespaces = { matchExpressions: [{ key: 'team', operator: 'In', values: ['shop'] }] };
    const spec = { ...TAKES_ALL, serviceMonitorSelector: selector, serviceMonitorNamespaceSelector: inNamespaces };
    expect(found(prometheus(TAKES_ALL), monitor({}, {}))).toEqual([]);
    expect(found(prometheus(spec), monitor(), namespace('shop', { team: 'shop' }))).toEqual([]);
  });

  it('refuses what no Prometheus selects, and says what each takes', () => {
    const spec = { ...TAKES_ALL, serviceMonitorSelector: { matchLabels: { release: 'other' } } };
    expect(found(prometheus(spec), monitor())).toEqual([
      'error ServiceMonitor: No Prometheus of the cluster selects it: Prometheus monitoring/main takes release=other. It has release=main.',
    ]);
  });

  it('knows that a selector that is not said takes none, and one of namespaces its own only', () => {
    const { ruleSelector: _selector, ...withoutRules } = TAKES_ALL;
    expect(found(prometheus(withoutRules), rule({}))).toEqual([
      'error PrometheusRule: No Prometheus of the cluster selects it: Prometheus monitoring/main reads none, because it has no ruleSelector. It has no labels.',
    ]);
    const { ruleNamespaceSelector: _namespaces, ...ownOnly } = TAKES_ALL;
    expect(found(prometheus(ownOnly), rule({}))).toEqual([
      'error PrometheusRule: No Prometheus of the cluster selects it: Prometheus monitoring/main looks in its own namespace only. It has no labels.',
    ]);
  });

  it('leaves rules to a ThanosRuler, scrapes to a PrometheusAgent, and configurations of Alertmanager to Alertmanager', () => {
    const ruler = prometheus({ ruleSelector: {}, ruleNamespaceSelector: {} }, 'ThanosRuler');
    const agent = prometheus(
      { serviceMonitorSelector: {}, serviceMonitorNamespaceSelector: {} },
      'PrometheusAgent',
      'monitoring.coreos.com/v1alpha1',
    );
    expect(found(ruler, agent, rule({}), monitor())).toEqual([]);
    const routes = object('monitoring.coreos.com/v1alpha1', 'AlertmanagerConfig', 'cart', { spec: {} });
    const alertmanager = prometheus({ alertmanagerConfigSelector: { matchLabels: { team: 'shop' } } }, 'Alertmanager');
    expect(found(alertmanager, routes)).toEqual([
      'error AlertmanagerConfig: No Alertmanager of the cluster selects it: Alertmanager monitoring/main takes team=shop. It has no labels.',
    ]);
  });

  it('says nothing where the program has no Prometheus, or one that is configured by hand', () => {
    expect(found(monitor())).toEqual([]);
    expect(found(prometheus({}), monitor())).toEqual([]);
  });

  it('says nothing of namespaces whose labels it does not know, but of those by name', () => {
    const by = (selector: Fields) => prometheus({ ...TAKES_ALL, serviceMonitorNamespaceSelector: selector });
    expect(found(by({ matchLabels: { team: 'shop' } }), monitor())).toEqual([]);
    expect(found(by({ matchLabels: { 'kubernetes.io/metadata.name': 'search' } }), monitor())).toEqual([
      'error ServiceMonitor: No Prometheus of the cluster selects it: Prometheus monitoring/main looks in namespaces with kubernetes.io/metadata.name=search. It has release=main.',
    ]);
  });

  it('warns where other clusters have a Prometheus and this one has none', () => {
    const { findings } = runChecks(state({ alpha: [prometheus(TAKES_ALL)], beta: [monitor()] }), []);
    expect(findings.filter(({ check }) => check === 'monitor').map(({ what }) => what)).toEqual([
      'The program has no Prometheus in this cluster that would read it, but one in alpha.',
    ]);
  });

  it('says nothing where helm installs a release by itself, which may bring a Prometheus', () => {
    const clusters = state({
      alpha: [prometheus({ ...TAKES_ALL, serviceMonitorSelector: { matchLabels: { a: 'b' } } }), monitor()],
    });
    const [alpha] = clusters.clusters;
    const native = { id: releaseId('shop', 'stack') };
    const withRelease = { ...clusters, clusters: [{ ...alpha, releases: [native] }] } as unknown as typeof clusters;
    expect(runChecks(withRelease, []).findings.filter(({ check }) => check === 'monitor')).toEqual([]);
  });

  it('finds monitors whose Service is not there or whose port has another name', () => {
    const selecting = (port: string, spec: Fields = {}) =>
      monitor({ selector: { matchLabels: { app: 'cart' } }, endpoints: [{ port }], ...spec });
    expect(found(selecting('metrics'), service({ app: 'cart' }, 'http', 'metrics'))).toEqual([]);
    expect(found(selecting('metrics'), service({ app: 'cart' }, 'http'))).toEqual([
      'error ServiceMonitor: None of what it selects has a port named metrics: it finds no targets.',
    ]);
    expect(found(selecting('http'), service({ app: 'basket' }, 'http'))).toEqual([
      'warning ServiceMonitor: None of the Services that the program makes in namespace shop has the labels it selects: it finds no targets.',
    ]);
    // Where the program makes no Services, somebody else does.
    expect(found(selecting('http'))).toEqual([]);
    expect(found(selecting('http', { namespaceSelector: { any: true } }), service({}, 'http'))).toEqual([]);
  });

  it('finds PodMonitors whose port no container has', () => {
    const deployment = object('apps/v1', 'Deployment', 'cart', {
      spec: {
        selector: { matchLabels: { app: 'cart' } },
        template: {
          metadata: { labels: { app: 'cart' } },
          spec: { containers: [{ name: 'main', image: 'cart:1', ports: [{ name: 'http', containerPort: 80 }] }] },
        },
      },
    });
    const pods = (port: string) =>
      object(PROMETHEUS, 'PodMonitor', 'cart', {
        spec: { selector: { matchLabels: { app: 'cart' } }, podMetricsEndpoints: [{ port }] },
      });
    expect(found(deployment, pods('http'))).toEqual([]);
    expect(found(deployment, pods('metrics'))).toEqual([
      'error PodMonitor: None of what it selects has a port named metrics: it finds no targets.',
    ]);
  });

  it('for all labels and selectors of labels, refuses exactly what lacks one of them', () => {
    const labels = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('1', '2'), { maxKeys: 3 });
    fc.assert(
      fc.property(labels, labels, (wanted, has) => {
        const isSelected = Object.entries(wanted).every(([key, value]) => has[key] === value);
        const spec = { ...TAKES_ALL, serviceMonitorSelector: { matchLabels: wanted } };
        expect(found(prometheus(spec), monitor({}, has)).length).toBe(isSelected ? 0 : 1);
      }),
    );
  });
});
