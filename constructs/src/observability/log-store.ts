import type { SecretKey } from '../service-props';
import type { LogLifecycle } from './log-lifecycle';
import type { StoreModel } from './private/logs/store-model';

/** User and password, in Secrets of the stack's namespace, in every cluster whose logs are collected. */
export interface LogCredentials {
  readonly username: SecretKey;
  readonly password: SecretKey;
}

/** How something that is there already is reached. */
export interface LogEndpoint {
  /** Name or address, the same from all clusters. */
  readonly host: string;
  /** @default - 9200, of Loki 3100 */
  readonly port?: number;
  /** Whether it speaks TLS. @default true */
  readonly tls?: boolean;
  /** Secret with the certificate of its authority, `ca.crt`, in the stack's namespace of every cluster. @default - what the image trusts */
  readonly caSecret?: string;
  /** Who writes. @default - anybody may */
  readonly credentials?: LogCredentials;
}

/** An Elasticsearch or OpenSearch that is there already. */
export interface ExistingIndexStoreProps extends LogEndpoint {
  /** The life of the indices; a Job makes policy and template. @default - somebody else sees to it */
  readonly lifecycle?: LogLifecycle;
  /** Who may make policies, templates and roles: keys of Secrets in the centre. Needed with `lifecycle`, or with workspaces. @default - nobody, and roles are not made */
  readonly administrator?: LogCredentials;
  /** Nodes for hot data, and for cold ones: a lifecycle that does not fit is refused. @default - not looked at */
  readonly hotNodes?: number;
  /** @default - not looked at */
  readonly coldNodes?: number;
}

/** An OpenSearch that the stack installs in its centre, by its operator (opensearch.org/v1). */
export interface OpenSearchStoreProps {
  /** The life of its indices. */
  readonly lifecycle: LogLifecycle;
  /** Disk of a hot node, e.g. "200Gi". */
  readonly storage: string;
  /** Secret with the keys `username` and `password` of its administrator. */
  readonly adminSecret: string;
  /** Who writes: the stack makes the user, who may do that and nothing else. */
  readonly writer: LogCredentials;
  /** The text in `writer.username`: objects of the operator are named by it. @default "logs-writer" */
  readonly writerName?: string;
  /** Secret with its `securityconfig`, without which its published demo passwords hold. Keys: opensearch-project/opensearch-k8s-operator docs/userguide/main.md, "Securityconfig". */
  readonly securityConfigSecret: string;
  /** Nodes that are masters and hold hot data: an odd number from 3 on, or 1. @default 3 */
  readonly nodes?: number;
  /** Memory of a node; half of it is Java's. @default "4Gi" */
  readonly memory?: string;
  /** Purpose of the storage class of hot nodes, by the facts of the cluster. @default "general" */
  readonly storagePurpose?: string;
  /** Nodes for cold data. @default 0 */
  readonly coldNodes?: number;
  /** Disk of a cold node. @default - as much as a hot one has */
  readonly coldStorage?: string;
  /** Purpose of the storage class of cold nodes. @default - that of hot ones */
  readonly coldStoragePurpose?: string;
  /** Name by which other clusters reach it, with a certificate that they trust. Needed where there are others. @default - they cannot */
  readonly address?: string;
  /** Also install Dashboards, where people search. @default true */
  readonly dashboards?: boolean;
  /** @default "3.6.0" */
  readonly version?: string;
}

/** How Loki is installed. */
export enum LokiMode {
  /** One process that does everything: up to some ten gigabytes a day. */
  MONOLITHIC = 'Monolithic',
  /** A process for each task, for more. Needs object storage. */
  DISTRIBUTED = 'Distributed',
}

/** Object storage that speaks S3. */
export interface S3Bucket {
  readonly bucket: string;
  readonly region: string;
  /** @default - that of AWS */
  readonly endpoint?: string;
  /** Secret with the keys AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the stack's namespace. @default - the pods have an identity of the cloud */
  readonly credentialsSecret?: string;
}

/** A Loki that the stack installs in its centre. */
export interface LokiStoreProps {
  /** How long logs are kept, e.g. "30d". */
  readonly retention: string;
  /** First day of its schema, "2026-11-01": the day before it is installed, and never changed. */
  readonly schemaFrom: string;
  /** @default LokiMode.MONOLITHIC */
  readonly mode?: LokiMode;
  /** Disk of a process with data. @default "10Gi" */
  readonly storage?: string;
  /** Purpose of its storage class, by the facts of the cluster. @default "general" */
  readonly storagePurpose?: string;
  /** Where chunks are. @default - on its disk, for one replica only */
  readonly bucket?: S3Bucket;
  /** @default 1 */
  readonly replicas?: number;
  /** Secret with the key `.htpasswd`: a user for each workspace, by its id, and "platform". Its gateway then takes the tenant from the user. @default - the gateway believes the header of whoever asks */
  readonly tenantsSecret?: string;
  /** Name by which other clusters push to it, by https on port 443, with the header X-Scope-OrgID passed on. Needed where there are others. @default - they cannot */
  readonly address?: string;
  /** Who pushes from other clusters. @default - anybody may */
  readonly writer?: LogCredentials;
}

/** Where logs are kept, and asked for. */
export class LogStore {
  /** An OpenSearch in the centre. */
  public static openSearch(props: OpenSearchStoreProps): LogStore {
    return new LogStore({ kind: 'opensearch', props });
  }

  /** A Loki in the centre. */
  public static loki(props: LokiStoreProps): LogStore {
    return new LogStore({ kind: 'loki', props });
  }

  /** An OpenSearch that is there. */
  public static existingOpenSearch(props: ExistingIndexStoreProps): LogStore {
    return new LogStore({ kind: 'existing-opensearch', props });
  }

  /** An Elasticsearch that is there. */
  public static existingElasticsearch(props: ExistingIndexStoreProps): LogStore {
    return new LogStore({ kind: 'existing-elasticsearch', props });
  }

  /** A Loki that is there, with tenants (`auth_enabled`). */
  public static existingLoki(props: LogEndpoint): LogStore {
    return new LogStore({ kind: 'existing-loki', props });
  }

  private constructor(private readonly model: StoreModel) {}

  /** @internal */
  public _model(): StoreModel {
    return this.model;
  }
}
