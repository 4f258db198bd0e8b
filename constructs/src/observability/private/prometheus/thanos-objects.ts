import type { Cluster } from '../../../cluster';
import { present } from '../../../private/present-members';
import type { SecretKey } from '../../../service-props';
import type { ThanosLimits, ThanosProps } from '../../metric-props';
import type { StackContext } from '../stack-context';
import { REPLICA_LABEL } from './cluster-plan';
import { localReceive } from './remote-write';
import { claim, RULER_LABELS } from './stack-values';

/** Where labels differ between copies of a sample: Prometheus of one shard, receivers, and the ruler. */
const REPLICA_LABELS = [REPLICA_LABEL, 'replica', 'thanos_ruler_replica'];
const TENANT_LABEL = 'tenant_id';

/**
 * Thanos in the centre: receivers behind a router, query, store gateway and compactor as kinds of the thanos-operator (config/crd of thanos-community/thanos-operator), the ruler
 * as a kind of the prometheus-operator, which reads PrometheusRules.
 */
export function thanosObjects(stack: StackContext, props: ThanosProps, centre: Cluster): object[] {
  const labels = { 'app.kubernetes.io/part-of': stack.name, 'app.kubernetes.io/managed-by': 'orrery' };
  const metadata = { name: stack.name, namespace: stack.namespaceName, labels };
  const kind = (kind: string, spec: object) => ({ apiVersion: 'monitoring.thanos.io/v1alpha1', kind, metadata, spec });
  return [
    kind('ThanosReceive', receive(props, centre)),
    kind('ThanosQuery', query(props)),
    kind('ThanosStore', gateway(props)),
    kind('ThanosCompact', compactor(props)),
    { apiVersion: 'monitoring.coreos.com/v1', kind: 'ThanosRuler', metadata, spec: ruler(stack, props) },
  ];
}

/** Where Grafana asks: the query frontend (internal/pkg/manifests/queryfrontend of thanos-operator). */
export function thanosQueryUrl({ name, namespaceName }: StackContext): string {
  return `http://thanos-query-frontend-${name}.${namespaceName}.svc:9090`;
}

function image({ thanosVersion = 'v0.42.4' }: ThanosProps): object {
  return { baseImage: 'quay.io/thanos/thanos', version: thanosVersion };
}

function receive(props: ThanosProps, centre: Cluster): object {
  const { hashrings, replicationFactor = 3, receiverRetention = '6h', limits } = props;
  const { tenantHeader = 'THANOS-TENANT', platformTenant = 'platform' } = props;
  return {
    ingesterSpec: {
      defaultObjectStorageConfig: selector(props.objectStorage),
      hashrings: hashrings.map(({ name, receivers = 3, tenants = [], storage, storagePurpose }) => ({
        name,
        ...image(props),
        replicas: receivers,
        hashingAlgorithm: 'ketama',
        externalLabels: { replica: '$(POD_NAME)' },
        storage: volume(storage, storagePurpose, centre),
        tsdbConfig: { retention: receiverRetention },
        tenancyConfig: {
          tenantHeader,
          tenantLabelName: TENANT_LABEL,
          defaultTenantID: platformTenant,
          ...(tenants.length === 0 ? {} : { tenants, tenantMatcherType: 'exact' }),
        },
      })),
    },
    routerSpec: {
      ...image(props),
      replicas: 2,
      replicationFactor,
      // Who sends learns at once that a receiver is gone, and the ring goes on without it.
      hashringPolicy: 'dynamic',
      externalLabels: { receive: 'true' },
      ...(limits === undefined ? {} : { additionalArgs: [`--receive.limits-config=${limitsConfig(limits)}`] }),
    },
    // Receivers hold what is not uploaded yet: the operator would delete it with them.
    persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
  };
}

/** The limits of receivers (docs/components/receive.md of thanos-io/thanos), as JSON, which is YAML. */
function limitsConfig({ requestBytes, requestSeries, requestSamples, concurrency }: ThanosLimits): string {
  const request = present({
    size_bytes_limit: requestBytes,
    series_limit: requestSeries,
    samples_limit: requestSamples,
  });
  return JSON.stringify({
    write: {
      ...(concurrency === undefined ? {} : { global: { max_concurrency: concurrency } }),
      default: { request },
    },
  });
}

function query(props: ThanosProps): object {
  const { queryReplicas = 2 } = props;
  return {
    ...image(props),
    replicas: queryReplicas,
    replicaLabels: REPLICA_LABELS,
    queryFrontend: { ...image(props), replicas: queryReplicas, queryRangeSplitInterval: '24h' },
  };
}

function gateway(props: ThanosProps): object {
  const { objectStorage, gatewayStorage = '20Gi', gatewayShards = 1 } = props;
  return {
    ...image(props),
    replicas: 1,
    objectStorageConfig: selector(objectStorage),
    shardingStrategy: { type: 'block', shards: gatewayShards },
    storage: { size: gatewayStorage },
  };
}

function compactor(props: ThanosProps): object {
  const { objectStorage, compactorStorage = '100Gi' } = props;
  const { raw, fiveMinutes, oneHour } = retentions(props);
  return {
    ...image(props),
    objectStorageConfig: selector(objectStorage),
    retentionConfig: { raw, fiveMinutes, oneHour },
    storage: { size: compactorStorage },
  };
}

/** How long samples of each resolution stay. */
export function retentions({
  rawRetention = '30d',
  fiveMinuteRetention = '180d',
  oneHourRetention = '730d',
}: ThanosProps): {
  readonly raw: string;
  readonly fiveMinutes: string;
  readonly oneHour: string;
} {
  return { raw: rawRetention, fiveMinutes: fiveMinuteRetention, oneHour: oneHourRetention };
}

/** Evaluates the rules of the centre that are for all clusters, and sends what it records to the receivers, so that it stores nothing itself. */
function ruler(stack: StackContext, props: ThanosProps): object {
  const { tenantHeader = 'THANOS-TENANT', platformTenant = 'platform', thanosVersion = 'v0.42.4' } = props;
  const { name, namespaceName } = stack;
  return {
    image: `quay.io/thanos/thanos:${thanosVersion}`,
    replicas: 2,
    evaluationInterval: props.scrapeInterval ?? '30s',
    ruleSelector: { matchLabels: { ...stack.selectedBy, ...RULER_LABELS } },
    ruleNamespaceSelector: {},
    queryEndpoints: [`dnssrv+_http._tcp.thanos-query-${name}.${namespaceName}.svc`],
    alertmanagersUrl: [`dnssrv+http://_http-web._tcp.alertmanager-operated.${namespaceName}.svc`],
    alertDropLabels: REPLICA_LABELS,
    remoteWrite: [{ name: 'receive', ...localReceive(stack), headers: { [tenantHeader]: platformTenant } }],
  };
}

function volume(size: string, purpose: string | undefined, centre: Cluster): object {
  const { storageClassName } = claim(size, purpose, centre) as { readonly storageClassName?: string };
  return present({ size, storageClass: storageClassName });
}

function selector({ secret, key }: SecretKey): object {
  return { name: secret, key };
}
