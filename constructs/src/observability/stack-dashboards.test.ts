import { describe, expect, it } from 'vitest';
import { Cluster } from '../cluster';
import { ClusterSet } from '../cluster-set';
import { GpuPool } from '../gpu/gpu-pool';
import { GpuServer } from '../gpu/gpu-server';
import { GpuSharing } from '../gpu/gpu-sharing-props';
import { Placement } from '../placement';
import type { Platform } from '../platform';
import { type Assembly, assemblyOf, problemsOfProgram } from '../synthesis.test-support';
import { Workspace } from '../workspace';
import { Dashboard } from './dashboard';
import { DashboardPanel } from './dashboard-panel';
import { DashboardSet } from './dashboard-set';
import { ObservabilityStack, type ObservabilityStackProps } from './observability-stack';
import { PanelQuery } from './panel-query';
import type { MetricSource } from './private/stack-context';
import { StackDashboards } from './stack-dashboards';

const CART = Dashboard.of({
  uid: 'cart',
  title: 'Cart',
  panels: [DashboardPanel.stat({ title: 'Up', queries: [PanelQuery.promql('sum(up)')] })],
});

function stackIn(
  platform: Platform,
  sources: readonly MetricSource[],
  props: Partial<ObservabilityStackProps>,
): ObservabilityStack {
  const clusters = new ClusterSet(platform, 'clusters');
  clusters.add('sh');
  clusters.add('gz');
  clusters.add('ops');
  const stack = new ObservabilityStack(platform, 'watch', {
    placement: Placement.named('sh', 'gz'),
    centre: Placement.named('ops'),
    ...props,
  });
  for (const source of sources) stack._context().addMetrics(source);
  return stack;
}

function boardsIn(assembly: Assembly, cluster: string): string[] {
  return [...assembly.objects(cluster).values()]
    .filter(({ metadata }) => metadata.labels?.grafana_dashboard === '1')
    .flatMap(({ data }) => Object.keys(data));
}
const made = (sources: readonly MetricSource[], props: Partial<ObservabilityStackProps>) =>
  assemblyOf((platform) => void stackIn(platform, sources, props));
const refused = (sources: readonly MetricSource[], dashboards: StackDashboards) =>
  problemsOfProgram((platform) => void stackIn(platform, sources, { dashboards })).map(
    ({ code, what }) => `${code}: ${what}`,
  );

describe('dashboards of a stack', () => {
  it('are in its centre alone, those whose metrics are scraped', () => {
    const assembly = made(['kube-state-metrics', 'dcgm'], { dashboards: StackDashboards.forSidecar() });
    expect(boardsIn(assembly, 'ops')).toEqual(
      ['fleet', 'cluster', 'workspace', 'service', 'pod', 'gpu'].map((key) => `watch-${key}.json`),
    );
    expect(boardsIn(assembly, 'sh')).toEqual([]);
    const { metadata } = assembly.object('ops', 'watch/dashboards/ConfigMap-watch-dashboard-watch-fleet');
    expect(metadata).toMatchObject({ namespace: 'observability', annotations: { grafana_folder: 'watch' } });
  });

  it('are the sets that are said, and others beside them', () => {
    const dashboards = StackDashboards.forSidecar({ sets: [DashboardSet.GPU], extra: [CART], folder: 'Platform' });
    expect(boardsIn(made(['kube-state-metrics', 'dcgm'], { dashboards }), 'ops')).toEqual([
      'watch-gpu.json',
      'cart.json',
    ]);
  });

  it('may be added to a stack that says nothing of dashboards', () => {
    const assembly = assemblyOf((platform) => stackIn(platform, ['kube-state-metrics'], {}).addDashboard(CART));
    expect(boardsIn(assembly, 'ops')).toEqual(['cart.json']);
    expect(boardsIn(made(['kube-state-metrics'], {}), 'ops')).toEqual([]);
  });

  it('begin with the default data source of the stack, and show logs where it has a store of them', () => {
    const assembly = assemblyOf((platform) => {
      const context = stackIn(platform, [], { dashboards: StackDashboards.forSidecar() })._context();
      context.addDatasource({ name: 'Other', uid: 'other', type: 'prometheus', url: 'http://other' });
      context.addDatasource({ name: 'Metrics', uid: 'metrics', type: 'prometheus', url: 'http://a', isDefault: true });
      context.addDatasource({ name: 'Logs', uid: 'logs', type: 'loki', url: 'http://logs' });
      context.addMetrics('kube-state-metrics');
    });
    expect(boardsIn(assembly, 'ops')).toContain('watch-logs.json');
    const { data } = assembly.object('ops', 'watch/dashboards/ConfigMap-watch-dashboard-watch-pod');
    const { list } = JSON.parse(data['watch-pod.json']).templating;
    expect(list.slice(0, 2).map(({ name, current }: { name: string; current: object }) => [name, current])).toEqual([
      ['datasource', { text: 'Metrics', value: 'metrics' }],
      ['logs', { text: 'Logs', value: 'logs' }],
    ]);
  });

  it('offer the workspaces of the stack by their namespaces', () => {
    const assembly = assemblyOf((platform) => {
      const retail = new Workspace(platform, 'retail', {
        placement: Placement.everywhere(),
        namespaces: ['mall', 'cart'],
      });
      stackIn(platform, ['kube-state-metrics'], { workspaces: [retail], dashboards: StackDashboards.forSidecar() });
    });
    const { data } = assembly.object('ops', 'watch/dashboards/ConfigMap-watch-dashboard-watch-workspace');
    const variables = JSON.parse(data['watch-workspace.json']).templating.list;
    expect(variables.find(({ name }: { name: string }) => name === 'workspace')).toMatchObject({
      type: 'custom',
      query: 'retail : mall|cart',
      current: { text: 'retail', value: 'mall|cart' },
    });
  });

  it('show models that pools of GPUs serve, where the stack scrapes them', () => {
    const served = (selectedBy: { [key: string]: string }) =>
      assemblyOf((platform) => {
        const gpuNodes = [{ product: 'NVIDIA-A100-SXM4-80GB', nodes: 2, cardsPerNode: 8 }];
        const apiVersions = ['monitoring.coreos.com/v1'];
        new Cluster(platform, 'gpu', { kubernetesVersion: '1.36', gpuNodes, apiVersions });
        stackIn(platform, [], { dashboards: StackDashboards.forSidecar() });
        const pool = new GpuPool(platform, 'pool', {
          placement: Placement.named('gpu'),
          sharing: GpuSharing.EXCLUSIVE,
        });
        const server = GpuServer.vllm({ image: 'vllm/vllm-openai:v0.11.0', model: 'Qwen/Qwen2.5-3B-Instruct' });
        pool.serve('chat', { namespaceName: 'ai', server, selectedBy });
      });
    const ours = served({ 'observability.orrery.dev/stack': 'watch' });
    expect(boardsIn(ours, 'ops')).toEqual(['watch-gpu.json']);
    expect(JSON.stringify([...ours.objects('ops').values()])).toContain('vllm:num_requests_waiting');
    expect(boardsIn(served({ release: 'other' }), 'ops')).toEqual([]);
  });

  it('are for the operator of Grafana where it is said', () => {
    const dashboards = StackDashboards.forGrafanaOperator({ dashboards: 'grafana' }, { sets: [], extra: [CART] });
    const { kind, spec } = made([], { dashboards }).object('ops', 'watch/dashboards/GrafanaDashboard');
    expect([kind, spec.instanceSelector, spec.folder]).toEqual([
      'GrafanaDashboard',
      { matchLabels: { dashboards: 'grafana' } },
      'watch',
    ]);
    expect(refused([], StackDashboards.forGrafanaOperator({}, { sets: [] }))).toEqual([
      'ORR2013: The dashboards say no labels by which the operator finds their Grafana.',
    ]);
  });

  it('are refused where somebody wants a set that has nothing to show', () => {
    expect(refused([], StackDashboards.forSidecar({ sets: Object.values(DashboardSet) }))).toEqual([
      'ORR2013: The dashboards "resources" show metrics of kube-state-metrics, which no scrape of the stack takes.',
      'ORR2013: The dashboards "gpu" show metrics of dcgm or hami or kueue or vllm, which no scrape of the stack takes.',
      'ORR2013: The dashboards "pipeline" show metrics of jenkins or tekton, which no scrape of the stack takes.',
      'ORR2013: The dashboards "release" show metrics of argo-rollouts or flagger, which no scrape of the stack takes.',
      'ORR2013: The dashboards "cost" show metrics of opencost, which no scrape of the stack takes.',
      'ORR2013: The dashboards "objectives" show what rules record, and the stack has no metrics.',
      'ORR2013: The dashboards "logs" show logs, and the stack has no store of them.',
    ]);
    const twice = StackDashboards.forSidecar({ sets: [], extra: [CART, CART] });
    expect(refused([], twice)).toEqual(['ORR2012: Two dashboards have the uid "cart".']);
  });
});
