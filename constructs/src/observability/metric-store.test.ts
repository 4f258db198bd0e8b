import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type ClusterFacts, Provider } from '../cluster-facts';
import { ClusterSet } from '../cluster-set';
import { Placement } from '../placement';
import type { Platform } from '../platform';
import { type AnyObject, type Assembly, assemblyOf, problemsOfProgram } from '../synthesis.test-support';
import { Workspace } from '../workspace';
import { DeadMansSwitch } from './dead-mans-switch';
import { MonitorSelection, ScrapedComponent, type ThanosProps } from './metric-props';
import { MetricStore } from './metric-store';
import { ObservabilityStack, type ObservabilityStackProps } from './observability-stack';

const CENTRE: ClusterFacts = {
  apiVersions: ['monitoring.thanos.io/v1alpha1'],
  storageClasses: { fast: 'ssd' },
};
const THANOS: ThanosProps = {
  receive: {
    url: 'https://metrics.example.com/api/v1/receive',
    token: { secret: 'metrics-writer', key: 'token' },
    authority: { secret: 'metrics-writer', key: 'ca.crt' },
  },
  objectStorage: { secret: 'thanos-objects', key: 'objstore.yml' },
  hashrings: [{ name: 'default', storage: '50Gi', storagePurpose: 'fast' }],
};

function stackIn(platform: Platform, metrics: MetricStore, props: Partial<ObservabilityStackProps> = {}) {
  const clusters = new ClusterSet(platform, 'clusters');
  clusters.add('sh', { provider: Provider.ALIBABA_CLOUD, storageClasses: { fast: 'cloud-essd' } });
  clusters.add('factory', { provider: Provider.EDGE, storageClasses: { fast: 'local' } });
  clusters.add('ops', CENTRE);
  return new ObservabilityStack(platform, 'watch', {
    placement: Placement.named('sh', 'factory'),
    centre: Placement.named('ops'),
    metrics,
    ...props,
  });
}
const made = (metrics: MetricStore): Assembly => assemblyOf((platform) => void stackIn(platform, metrics));
const refused = (metrics: MetricStore) => problemsOfProgram((platform) => void stackIn(platform, metrics));
const valuesIn = (assembly: Assembly, cluster: string, release = 'prometheus'): AnyObject =>
  assembly.unit(cluster, `watch/${release}`).helmReleases?.[0]?.values as AnyObject;

/** With a tenant that is in one of the clusters. */
const withTenant = (metrics: MetricStore): Assembly =>
  assemblyOf((platform) => {
    const placement = Placement.named('sh');
    const retail = new Workspace(platform, 'retail', { placement, namespaces: ['shop', 'search'] });
    stackIn(platform, metrics, { workspaces: [retail] });
  });

describe('the metrics of a stack', () => {
  it('are scraped by a Prometheus in every cluster and in the centre, of which each names its cluster', () => {
    const assembly = made(MetricStore.perCluster({ externalLabels: { region: 'cn' } }));
    for (const cluster of ['sh', 'factory', 'ops']) {
      const [release] = assembly.unit(cluster, 'watch/prometheus').helmReleases ?? [];
      expect(release).toMatchObject({
        releaseName: 'watch-metrics',
        namespace: 'observability',
        chart: {
          repository: 'https://prometheus-community.github.io/helm-charts',
          name: 'kube-prometheus-stack',
          version: '88.5.3',
        },
      });
      const { prometheusSpec } = valuesIn(assembly, cluster).prometheus;
      expect(prometheusSpec.externalLabels).toEqual({ region: 'cn', cluster });
      expect(prometheusSpec.replicaExternalLabelName).toBe('prometheus_replica');
    }
  });

  it('come from all monitors and rules of all namespaces, but for those that the ruler evaluates', () => {
    const { prometheusSpec } = valuesIn(made(MetricStore.perCluster()), 'sh').prometheus;
    for (const reading of ['serviceMonitor', 'podMonitor', 'probe', 'scrapeConfig']) {
      expect(prometheusSpec[`${reading}SelectorNilUsesHelmValues`]).toBe(false);
      expect(prometheusSpec[`${reading}Selector`]).toEqual({});
      expect(prometheusSpec[`${reading}NamespaceSelector`]).toEqual({});
    }
    expect(prometheusSpec.ruleSelectorNilUsesHelmValues).toBe(false);
    expect(prometheusSpec.ruleSelector).toEqual({
      matchExpressions: [{ key: 'observability.orrery.dev/evaluated-by', operator: 'NotIn', values: ['ruler'] }],
    });
  });

  it('come from what has the labels of the stack where another Prometheus looks as well, its own monitors included', () => {
    const values = valuesIn(made(MetricStore.perCluster({ selection: MonitorSelection.LABELLED })), 'sh');
    const labels = { 'observability.orrery.dev/stack': 'watch' };
    expect(values.prometheus.prometheusSpec.serviceMonitorSelector).toEqual({ matchLabels: labels });
    expect(values.prometheus.prometheusSpec.ruleSelector.matchLabels).toEqual(labels);
    expect(values.commonLabels).toEqual(labels);
    expect(values['kube-state-metrics'].prometheus.monitor.additionalLabels).toEqual(labels);
    expect(values['prometheus-node-exporter'].prometheus.monitor.additionalLabels).toEqual(labels);
  });

  it('leave the control plane out where the provider runs it, unless the program knows better', () => {
    const off = { enabled: false };
    const assembly = made(MetricStore.perCluster({ clusters: { ops: { controlPlane: false } } }));
    for (const cluster of ['sh', 'ops']) {
      const values = valuesIn(assembly, cluster);
      for (const component of ['kubeEtcd', 'kubeControllerManager', 'kubeScheduler', 'kubeProxy'])
        expect(values[component]).toEqual(off);
      expect(values.defaultRules.rules).toMatchObject({ etcd: false, kubeProxy: false });
    }
    expect(valuesIn(assembly, 'factory').kubeEtcd).toBeUndefined();
    expect(valuesIn(assembly, 'factory').defaultRules).toEqual({ create: true });
    const built = made(MetricStore.perCluster({ clusters: { sh: { controlPlane: true } } }));
    expect(valuesIn(built, 'sh').kubeEtcd).toBeUndefined();
  });

  it('are on volumes of the class that each cluster has for the purpose, and leave room on them', () => {
    const store = MetricStore.perCluster({
      storage: '100Gi',
      storagePurpose: 'fast',
      retention: '30d',
      replicas: 2,
      clusters: { factory: { storage: '20Gi', retention: '5d', shards: 2 } },
    });
    const spec = (cluster: string) => valuesIn(made(store), cluster).prometheus.prometheusSpec;
    expect(spec('sh')).toMatchObject({
      retention: '30d',
      retentionSize: '81920MB',
      replicas: 2,
      shards: 1,
      storageSpec: {
        volumeClaimTemplate: {
          spec: {
            storageClassName: 'cloud-essd',
            accessModes: ['ReadWriteOnce'],
            resources: { requests: { storage: '100Gi' } },
          },
        },
      },
    });
    expect(spec('factory')).toMatchObject({ retention: '5d', retentionSize: '16384MB', shards: 2 });
    expect(spec('factory').storageSpec.volumeClaimTemplate.spec.storageClassName).toBe('local');
  });

  it('are shown by a Grafana in the centre alone, with a password by reference', () => {
    const queryUrl = 'https://prometheus.sh.example.com';
    const assembly = made(
      MetricStore.perCluster({
        grafana: { adminSecret: 'grafana-admin', url: 'https://grafana.example.com' },
        clusters: { sh: { queryUrl }, factory: { queryUrl: 'https://prometheus.factory.example.com' } },
      }),
    );
    expect(valuesIn(assembly, 'sh').grafana).toEqual({ enabled: false });
    expect(valuesIn(assembly, 'ops').grafana).toEqual({
      enabled: true,
      admin: { existingSecret: 'grafana-admin', userKey: 'admin-user', passwordKey: 'admin-password' },
      env: { GF_SERVER_ROOT_URL: 'https://grafana.example.com' },
      sidecar: {
        dashboards: {
          enabled: true,
          label: 'grafana_dashboard',
          labelValue: '1',
          searchNamespace: 'ALL',
          folderAnnotation: 'grafana_folder',
          provider: { foldersFromFilesStructure: true },
          multicluster: { global: { enabled: true } },
        },
        datasources: {
          enabled: true,
          label: 'grafana_datasource',
          labelValue: '1',
          defaultDatasourceEnabled: false,
          alertmanager: { enabled: false },
        },
      },
    });
    const { datasources } = parse(assembly.object('ops', 'watch/ConfigMap').data['datasources.yaml']);
    expect(datasources.map(({ uid, url }: { uid: string; url: string }) => [uid, url])).toEqual([
      ['metrics', 'http://prometheus-operated.observability.svc:9090'],
      ['metrics-sh', queryUrl],
      ['metrics-factory', 'https://prometheus.factory.example.com'],
      ['alertmanager', 'http://alertmanager-operated.observability.svc:9093'],
    ]);
  });

  it('are alerted on by an Alertmanager in every cluster, or by that of the centre', () => {
    const own = made(MetricStore.perCluster());
    for (const cluster of ['sh', 'ops']) expect(valuesIn(own, cluster).alertmanager).toEqual({ enabled: true });
    const central = made(
      MetricStore.perCluster({
        alertmanager: {
          url: 'https://alerts.example.com/alertmanager/',
          token: { secret: 'alerts-writer', key: 'token' },
        },
      }),
    );
    const values = valuesIn(central, 'sh');
    expect(values.alertmanager).toEqual({ enabled: false });
    expect(valuesIn(central, 'ops').alertmanager).toEqual({ enabled: true });
    expect(values.prometheus.prometheusSpec).toMatchObject({
      secrets: ['alerts-writer'],
      additionalAlertManagerConfigs: [
        {
          scheme: 'https',
          path_prefix: '/alertmanager',
          static_configs: [{ targets: ['alerts.example.com:443'] }],
          authorization: { credentials_file: '/etc/prometheus/secrets/alerts-writer/token' },
        },
      ],
    });
    expect(valuesIn(central, 'ops').prometheus.prometheusSpec.additionalAlertManagerConfigs).toBeUndefined();
  });

  it('have the namespace of their monitor where there are tenants, but for what the platform scrapes', () => {
    const store = MetricStore.perCluster({ trustedNamespaces: ['kueue-system'], components: [ScrapedComponent.DCGM] });
    const assembly = withTenant(store);
    expect(assembly.object('sh', 'watch/metrics/ServiceMonitor').spec.endpoints[0].relabelings).toEqual([
      { action: 'drop', sourceLabels: ['__meta_kubernetes_namespace'], regex: 'shop|search' },
    ]);
    const { prometheusSpec } = valuesIn(assembly, 'sh').prometheus;
    expect(prometheusSpec.enforcedNamespaceLabel).toBe('namespace');
    expect(prometheusSpec.excludedFromEnforcement).toContainEqual({
      group: 'monitoring.coreos.com',
      resource: 'servicemonitors',
      namespace: 'observability',
    });
    expect(prometheusSpec.excludedFromEnforcement).toHaveLength(10);
    expect(valuesIn(made(MetricStore.perCluster()), 'sh').prometheus.prometheusSpec.enforcedNamespaceLabel).toBe(
      undefined,
    );
  });

  it('come from components of the platform by monitors with the labels of the stack', () => {
    const components = [ScrapedComponent.ISTIO, ScrapedComponent.DCGM];
    const assembly = made(MetricStore.perCluster({ components }));
    for (const cluster of ['sh', 'ops']) {
      const monitor = assembly.object(cluster, 'watch/metrics/PodMonitor');
      expect(monitor.metadata).toMatchObject({
        name: 'watch-istio-proxies',
        namespace: 'observability',
        labels: { 'observability.orrery.dev/stack': 'watch' },
      });
      expect(assembly.object(cluster, 'watch/metrics/ServiceMonitor-watch-dcgm').spec).toEqual({
        selector: { matchLabels: { app: 'nvidia-dcgm-exporter' } },
        namespaceSelector: { any: true },
        endpoints: [{ port: 'gpu-metrics', honorLabels: true }],
      });
    }
  });
});

describe('metrics in Thanos', () => {
  it('are sent by every cluster with its credentials by reference, by the centre from inside', () => {
    const assembly = made(MetricStore.thanos(THANOS));
    const writes = (cluster: string) => valuesIn(assembly, cluster).prometheus.prometheusSpec.remoteWrite;
    expect(writes('sh')).toEqual([
      {
        name: 'platform',
        url: 'https://metrics.example.com/api/v1/receive',
        headers: { 'THANOS-TENANT': 'platform' },
        authorization: { credentials: { name: 'metrics-writer', key: 'token' } },
        tlsConfig: { ca: { secret: { name: 'metrics-writer', key: 'ca.crt' } } },
      },
    ]);
    expect(writes('ops')).toEqual([
      {
        name: 'platform',
        url: 'http://thanos-receive-router-watch.observability.svc:19291/api/v1/receive',
        headers: { 'THANOS-TENANT': 'platform' },
      },
    ]);
    expect(valuesIn(assembly, 'sh').prometheus.prometheusSpec.retention).toBe('2d');
  });

  it('are sent as those of the tenant in whose namespaces they are, each series once', () => {
    const assembly = withTenant(MetricStore.thanos(THANOS));
    const writes = (cluster: string) =>
      valuesIn(assembly, cluster).prometheus.prometheusSpec.remoteWrite.map(
        ({ name, headers, writeRelabelConfigs }: AnyObject) => [name, headers['THANOS-TENANT'], writeRelabelConfigs],
      );
    const theirs = { sourceLabels: ['namespace'], regex: 'shop|search' };
    expect(writes('sh')).toEqual([
      ['retail', 'retail', [{ ...theirs, action: 'keep' }]],
      ['platform', 'platform', [{ ...theirs, action: 'drop' }]],
    ]);
    expect(writes('factory')).toEqual([['platform', 'platform', undefined]]);
  });

  it('are kept by receivers, store gateway and compactor in the centre alone, and asked by one query', () => {
    const assembly = made(
      MetricStore.thanos({ ...THANOS, limits: { requestSeries: 5000, concurrency: 30 }, replicationFactor: 3 }),
    );
    const spec = (kind: string) => assembly.object('ops', `watch/thanos/${kind}`).spec;
    expect(spec('ThanosReceive').ingesterSpec.hashrings).toMatchObject([
      {
        name: 'default',
        replicas: 3,
        hashingAlgorithm: 'ketama',
        storage: { size: '50Gi', storageClass: 'ssd' },
        tenancyConfig: { tenantHeader: 'THANOS-TENANT', defaultTenantID: 'platform' },
      },
    ]);
    expect(spec('ThanosReceive').routerSpec).toMatchObject({
      replicationFactor: 3,
      additionalArgs: [
        '--receive.limits-config={"write":{"global":{"max_concurrency":30},"default":{"request":{"series_limit":5000}}}}',
      ],
    });
    expect(spec('ThanosReceive').persistentVolumeClaimRetentionPolicy.whenDeleted).toBe('Retain');
    expect(spec('ThanosCompact').retentionConfig).toEqual({ raw: '30d', fiveMinutes: '180d', oneHour: '730d' });
    expect(spec('ThanosStore').objectStorageConfig).toEqual({ name: 'thanos-objects', key: 'objstore.yml' });
    expect(spec('ThanosRuler')).toMatchObject({
      ruleSelector: {
        matchLabels: {
          'observability.orrery.dev/stack': 'watch',
          'observability.orrery.dev/evaluated-by': 'ruler',
        },
      },
      alertmanagersUrl: ['dnssrv+http://_http-web._tcp.alertmanager-operated.observability.svc'],
    });
    expect(assembly.objects('sh').has('watch/thanos/ThanosReceive')).toBe(false);
  });

  it('come from agents in small clusters, which keep nothing and evaluate nothing', () => {
    const values = valuesIn(made(MetricStore.thanos({ ...THANOS, clusters: { factory: { agent: true } } })), 'factory');
    expect(values.prometheus.agentMode).toBe(true);
    expect(values.defaultRules.create).toBe(false);
    expect(values.alertmanager.enabled).toBe(false);
    expect(values.prometheus.prometheusSpec.retention).toBeUndefined();
    expect(values.prometheus.prometheusSpec.remoteWrite).toHaveLength(1);
  });

  it('are alerted on by rules over all clusters, which the ruler evaluates and no Prometheus', () => {
    const assembly = assemblyOf((platform) => {
      const stack = stackIn(platform, MetricStore.thanos(THANOS));
      const placement = Placement.named('ops');
      const namespaceName = 'observability';
      new DeadMansSwitch(platform, 'everywhere', { placement, namespaceName, selectedBy: stack.selectedByRuler });
      new DeadMansSwitch(platform, 'here', { placement, namespaceName, selectedBy: stack.selectedBy });
    });
    const { ruleSelector: ofRuler } = assembly.object('ops', 'watch/thanos/ThanosRuler').spec;
    const [ofPrometheus] = valuesIn(assembly, 'ops').prometheus.prometheusSpec.ruleSelector.matchExpressions;
    const taken = (rule: string) => {
      const { labels } = assembly.object('ops', `${rule}/PrometheusRule`).metadata;
      return {
        ruler: Object.entries(ofRuler.matchLabels).every(([key, value]) => labels[key] === value),
        prometheus: !ofPrometheus.values.includes(labels[ofPrometheus.key]),
      };
    };
    expect(taken('everywhere')).toEqual({ ruler: true, prometheus: false });
    expect(taken('here')).toEqual({ ruler: false, prometheus: true });
  });

  it('have no such rules where nothing evaluates them', () => {
    const stack = (platform: Platform) => stackIn(platform, MetricStore.perCluster()).selectedByRuler;
    expect(problemsOfProgram((platform) => void stack(platform)).map(({ code, what }) => `${code} ${what}`)).toEqual([
      'ORR2012 Nothing evaluates rules over all clusters.',
    ]);
  });

  it('wait for the operator, which comes from a copy of its chart', () => {
    const assembly = made(
      MetricStore.thanos({
        ...THANOS,
        operatorChart: { chart: 'thanos-operator', repository: 'https://charts.example.com', version: '0.1.0' },
      }),
    );
    const { dependsOn } = assembly.unit('ops', 'watch/thanos');
    expect(JSON.stringify(dependsOn)).toContain('watch/thanos-operator');
  });
});

describe('a Prometheus that is there already', () => {
  it('is asked, and finds monitors by its labels; nothing is installed', () => {
    const assembly = made(
      MetricStore.existing({ queryUrl: 'https://prometheus.example.com', selectedBy: { release: 'monitoring' } }),
    );
    expect(assembly.units('sh').some(({ helmReleases = [] }) => helmReleases.length > 0)).toBe(false);
    const { datasources } = parse(assembly.object('ops', 'watch/ConfigMap').data['datasources.yaml']);
    expect(datasources).toMatchObject([{ uid: 'metrics', url: 'https://prometheus.example.com' }]);
    let selectedBy: object = {};
    assemblyOf((platform) => {
      const store = MetricStore.existing({ queryUrl: 'https://p.example.com', selectedBy: { release: 'monitoring' } });
      ({ selectedBy } = stackIn(platform, store)._context());
    });
    expect(selectedBy).toEqual({ release: 'monitoring' });
  });

  it('gets samples of agents in all clusters where it takes them', () => {
    const assembly = made(
      MetricStore.existing({
        queryUrl: 'https://prometheus.example.com',
        selectedBy: {},
        remoteWrite: { url: 'https://prometheus.example.com/api/v1/write' },
        grafana: { adminSecret: 'grafana-admin' },
      }),
    );
    for (const cluster of ['sh', 'factory', 'ops']) {
      const values = valuesIn(assembly, cluster);
      expect(values.prometheus.agentMode).toBe(true);
      expect(values.prometheus.prometheusSpec.remoteWrite).toEqual([
        { name: 'existing', url: 'https://prometheus.example.com/api/v1/write' },
      ]);
      expect(values.alertmanager.enabled).toBe(false);
    }
    expect(valuesIn(assembly, 'ops').grafana.enabled).toBe(true);
  });

  it('has a Grafana of its own chart where nothing else is installed', () => {
    const assembly = made(
      MetricStore.existing({
        queryUrl: 'https://prometheus.example.com',
        selectedBy: {},
        grafana: { adminSecret: 'grafana-admin' },
      }),
    );
    expect(assembly.unit('ops', 'watch/grafana').helmReleases?.[0]?.chart).toMatchObject({
      name: 'grafana',
      version: '12.11.1',
    });
  });
});

describe('metrics are refused', () => {
  it.each([
    [
      'where an agent would send nothing to anybody',
      MetricStore.perCluster({ clusters: { sh: { agent: true } } }),
      'ORR2012',
      'nothing else keeps what it scrapes',
    ],
    [
      'where a cluster is not observed',
      MetricStore.perCluster({ clusters: { gz: { nodes: 3 } } }),
      'ORR2005',
      'which the stack does not observe',
    ],
    [
      'where Grafana cannot reach a Prometheus',
      MetricStore.perCluster({ grafana: { adminSecret: 'a' }, clusters: { sh: { queryUrl: 'https://a' } } }),
      'ORR2013',
      'cannot ask the Prometheus of "factory"',
    ],
    [
      'where a cluster has no class for the purpose',
      MetricStore.perCluster({ storage: '10Gi', storagePurpose: 'archive' }),
      'ORR2013',
      'needs "archive" storage',
    ],
    [
      'where a label is taken',
      MetricStore.perCluster({ externalLabels: { cluster: 'all' } }),
      'ORR2011',
      'which is set here',
    ],
    [
      'where a token would travel in plain text',
      MetricStore.thanos({
        ...THANOS,
        receive: { url: 'http://metrics.example.com', token: { secret: 'a', key: 'b' } },
      }),
      'ORR2012',
      'in plain text',
    ],
    [
      'where a hashring has fewer receivers than copies',
      MetricStore.thanos({ ...THANOS, hashrings: [{ name: 'default', storage: '50Gi', receivers: 2 }] }),
      'ORR2012',
      'every series goes to 3',
    ],
    [
      'where no hashring takes the rest',
      MetricStore.thanos({ ...THANOS, hashrings: [{ name: 'own', storage: '50Gi', tenants: ['platform'] }] }),
      'ORR2012',
      'No hashring takes',
    ],
    [
      'where samples are gone before they are downsampled',
      MetricStore.thanos({ ...THANOS, rawRetention: '1d' }),
      'ORR2012',
      '40 hours old',
    ],
    [
      'where agents have nowhere to send',
      MetricStore.existing({ queryUrl: 'https://p', selectedBy: {}, agents: {} }),
      'ORR2012',
      'nowhere to send',
    ],
  ])('%s', (_, store, code, what) => {
    const problems = refused(store);
    expect(problems.map((problem) => `${problem.code} ${problem.what}`).join('\n')).toContain(what);
    expect(problems.every((problem) => problem.code === code && problem.fix !== undefined)).toBe(true);
  });

  it('where nothing says that the operator of Thanos is there', () => {
    const problems = problemsOfProgram((platform) => {
      new ClusterSet(platform, 'clusters').add('ops');
      new ObservabilityStack(platform, 'watch', {
        placement: Placement.everywhere(),
        metrics: MetricStore.thanos({ ...THANOS, hashrings: [{ name: 'default', storage: '50Gi' }] }),
      });
    });
    expect(problems.map(({ code, what }) => `${code} ${what}`)).toEqual([
      'ORR2013 The thanos-operator runs Thanos, and nothing says that it is in "ops".',
    ]);
  });
});
