import {
  AuditPolicy,
  ClusterSet,
  LogAlert,
  LogCollection,
  LogDrop,
  LogLifecycle,
  LogStore,
  LogstashPlace,
  MultilineFormat,
  ObservabilityStack,
  Placement,
  Workspace,
  WorkspaceRole,
} from '@orrery/constructs';
import type { AcceptedCase } from './accepted-case.ts';

const credentials = { username: { secret: 'writer', key: 'user' }, password: { secret: 'writer', key: 'password' } };
const administrator = { username: { secret: 'admin', key: 'user' }, password: { secret: 'admin', key: 'password' } };

export default {
  title:
    'logs: Fluent Bit, OpenSearch with indices, roles and tenants, events, audit, what a store is told, and Filebeat to Elasticsearch',
  crds: ['fluentbit.fluent.io', 'opensearch.org'],
  kinds: [
    'FluentBit',
    'ClusterFluentBitConfig',
    'ClusterInput',
    'ClusterFilter',
    'ClusterParser',
    'ClusterMultilineParser',
    'ClusterOutput',
    'OpenSearchCluster',
    'OpenSearchISMPolicy',
    'OpensearchIndexTemplate',
    'OpensearchRole',
    'OpensearchTenant',
    'OpensearchUser',
    'OpensearchUserRoleBinding',
    'DaemonSet',
    'Deployment',
    'StatefulSet',
    'PodDisruptionBudget',
    'Job',
  ],
  program(platform) {
    const clusters = new ClusterSet(platform, 'clusters');
    for (const name of ['hot', 'cold', 'loki', 'elastic', 'chain', 'outside'])
      clusters.add(name, { storageClasses: { general: 'disk', slow: 'nas' } });
    const retail = new Workspace(platform, 'retail', {
      placement: Placement.everywhere(),
      namespaces: ['mall', 'pay'],
      groups: { 'retail-developers': WorkspaceRole.DEVELOPER },
    });
    const stack = (name: string, logs: LogCollection) =>
      new ObservabilityStack(platform, name, { placement: Placement.named(name), workspaces: [retail], logs });
    const whole = {
      audit: { policy: AuditPolicy.changes() },
      units: ['kubelet', 'containerd'],
      drop: [LogDrop.ofNamespace('kube-system'), LogDrop.ofContainer('istio-proxy'), LogDrop.lines('GET /healthz')],
      multiline: [MultilineFormat.JAVA],
      multilineStarts: [{ name: 'dated', firstLine: '^\\d{4}-\\d{2}-\\d{2} ' }],
      bufferSize: '2G',
    };
    const openSearch = {
      storage: '200Gi',
      adminSecret: 'opensearch-admin',
      securityConfigSecret: 'opensearch-security',
      writer: credentials,
    };
    const alertmanagers = ['http://alertmanager:9093'];
    const rules = [LogAlert.frequency('errors', { summary: 'Errors', events: 10, within: '5m' })];
    stack(
      'hot',
      LogCollection.fluentBit({
        ...whole,
        to: LogStore.openSearch({ ...openSearch, lifecycle: LogLifecycle.hot({ deleteAfter: '30d' }) }),
        alerts: { rules, reader: administrator, alertmanagers },
      }),
    );
    stack(
      'cold',
      LogCollection.fluentBit({
        to: LogStore.openSearch({
          ...openSearch,
          lifecycle: LogLifecycle.hotCold({ deleteAfter: '90d' }),
          coldNodes: 2,
          coldStorage: '1Ti',
          coldStoragePurpose: 'slow',
          dashboards: false,
        }),
      }),
    );
    stack(
      'loki',
      LogCollection.fluentBit({ ...whole, to: LogStore.loki({ retention: '30d', schemaFrom: '2026-11-01' }) }),
    );
    stack(
      'elastic',
      LogCollection.fluentBit({
        ...whole,
        to: LogStore.existingElasticsearch({
          host: 'elastic.example.com',
          caSecret: 'elastic-ca',
          credentials,
          administrator,
          lifecycle: LogLifecycle.hotCold({ deleteAfter: '90d' }),
        }),
      }),
    );
    const secret = (key: string) => ({ secret: 'elastic', key });
    const chain = {
      ...whole,
      lifecycle: LogLifecycle.hotCold({ deleteAfter: '90d' }),
      hot: { storage: '500Gi' },
      cold: { nodes: 2, storage: '2Ti', storagePurpose: 'slow', memory: '16Gi' },
      tlsSecret: 'elastic-tls',
      elasticPassword: secret('elastic'),
      writerPassword: secret('writer'),
      routes: [{ name: 'access', containers: ['istio-proxy'] }],
    };
    stack(
      'chain',
      LogCollection.elastic({
        ...chain,
        kibana: { systemPassword: secret('kibana'), encryptionKey: secret('encryption'), replicas: 2 },
        alerts: { rules, alertmanagers },
      }),
    );
    stack(
      'outside',
      LogCollection.elastic({ ...chain, logstash: LogstashPlace.outside(['logstash.example.com:5044']) }),
    );
  },
} satisfies AcceptedCase;
