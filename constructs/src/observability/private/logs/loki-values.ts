import type { LokiStoreProps } from '../../log-store';
import { PLATFORM } from './owners';

/** Values of Loki's chart (grafana-community/helm-charts, charts/loki). Its mode "SimpleScalable" is not offered: it ends with Loki 4. */
export function lokiValues(name: string, workspaces: readonly string[], props: LokiStoreProps): object {
  const { mode = 'Monolithic', replicas = 1, bucket, retention, schemaFrom, tenantsSecret, storage = '10Gi' } = props;
  const store = bucket === undefined ? 'filesystem' : 's3';
  const env = bucket?.credentialsSecret === undefined ? [] : [{ secretRef: { name: bucket.credentialsSecret } }];
  return {
    fullnameOverride: name,
    deploymentMode: mode,
    loki: {
      auth_enabled: true,
      commonConfig: { replication_factor: mode === 'Distributed' ? 3 : Math.min(3, replicas) },
      schemaConfig: {
        configs: [
          {
            from: schemaFrom,
            store: 'tsdb',
            object_store: store,
            schema: 'v13',
            index: { prefix: 'index_', period: '24h' },
          },
        ],
      },
      storage: bucket === undefined ? { type: 'filesystem' } : s3(bucket),
      limits_config: { retention_period: inHours(retention) },
      compactor: { retention_enabled: true, delete_request_store: store },
      // The gateway takes the tenant from who signed on where there are names.
      ...(tenantsSecret === undefined
        ? {}
        : { tenants: [...workspaces, PLATFORM].map((tenant) => ({ name: tenant })) }),
    },
    gateway: {
      enabled: true,
      ...(tenantsSecret === undefined ? {} : { basicAuth: { enabled: true, existingSecret: tenantsSecret } }),
    },
    // They write and read as a tenant of their own, through the gateway.
    test: { enabled: false },
    lokiCanary: { enabled: false },
    chunksCache: { enabled: mode === 'Distributed' },
    resultsCache: { enabled: mode === 'Distributed' },
    ...(mode === 'Distributed' ? distributed(storage, env) : monolithic(replicas, storage, env)),
  };
}

type Env = readonly object[];

function monolithic(replicas: number, size: string, env: Env): object {
  return {
    singleBinary: {
      replicas,
      persistence: { enabled: true, size },
      ...(env.length === 0 ? {} : { extraEnvFrom: env }),
    },
  };
}

function distributed(size: string, env: Env): object {
  const more = env.length === 0 ? {} : { extraEnvFrom: env };
  const disk = { persistence: { enabled: true, size } };
  return {
    singleBinary: { replicas: 0 },
    read: { replicas: 0 },
    write: { replicas: 0 },
    backend: { replicas: 0 },
    ingester: { replicas: 3, zoneAwareReplication: { enabled: false }, ...more },
    distributor: { replicas: 2, ...more },
    querier: { replicas: 2, ...more },
    queryFrontend: { replicas: 2, ...more },
    queryScheduler: { replicas: 2, ...more },
    indexGateway: { replicas: 2, ...disk, ...more },
    compactor: { replicas: 1, ...disk, ...more },
  };
}

function s3({ bucket, region, endpoint }: NonNullable<LokiStoreProps['bucket']>): object {
  return {
    type: 's3',
    bucketNames: { chunks: bucket, ruler: bucket, admin: bucket },
    s3: { region, ...(endpoint === undefined ? {} : { endpoint, s3ForcePathStyle: true }) },
  };
}

/** The storage classes of a cluster. */
export function lokiStorageValues(mode: string, storageClass: string): object {
  const persistence = { persistence: { storageClass } };
  return mode === 'Distributed' ? { indexGateway: persistence, compactor: persistence } : { singleBinary: persistence };
}

/** Loki reads hours, and deletes by whole days. */
function inHours(time: string): string {
  const [, number = '0', unit] = /^(\d+)([dh])$/.exec(time) ?? [];
  return `${Number(number) * (unit === 'd' ? 24 : 1)}h`;
}
