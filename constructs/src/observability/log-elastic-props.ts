import type { SecretKey } from '../service-props';
import type { LogSourceProps } from './log-collection-props';
import type { LogLifecycle } from './log-lifecycle';
import type { LogstashPlace } from './logstash-place';

/** Nodes of Elasticsearch that hold data of one age. */
export interface ElasticNodes {
  /** How many. Of hot ones, which may be masters: an odd number from 3 on, or 1. @default 3 */
  readonly nodes?: number;
  /** Disk of each, e.g. "500Gi". */
  readonly storage: string;
  /** Purpose of their storage class, by the facts of the centre. @default "general" */
  readonly storagePurpose?: string;
  /** Memory of each; half of it is Java's, 31 GiB at most. @default "4Gi" */
  readonly memory?: string;
  /** Requested CPU of each. @default "500m" */
  readonly cpu?: string;
}

/** Where people search. */
export interface KibanaProps {
  /** Password that the stack gives its user `kibana_system`. */
  readonly systemPassword: SecretKey;
  /** Key of at least 32 characters by which it encrypts what it keeps. */
  readonly encryptionKey: SecretKey;
  /** @default 1 */
  readonly replicas?: number;
}

/** Lines of some containers that have data streams of their own: "<prefix>-<name>-<workspace>". The first one that fits takes a line. */
export interface LogRoute {
  /** Lower-case letters and digits: "access". */
  readonly name: string;
  /** Names of containers. @default - all */
  readonly containers?: string[];
  /** Regular expression (Oniguruma) that lines match. @default - all */
  readonly lines?: string;
}

/**
 * Filebeat on every node, Logstash, Elasticsearch with hot and cold nodes, and Kibana, as plain objects. All speak TLS with one Secret in the stack's namespace of every cluster:
 * `tls.crt` for their names, `tls.key` (PKCS #8, as Logstash reads it) and `ca.crt`.
 */
export interface ElasticProps extends LogSourceProps {
  /** The life of the indices. */
  readonly lifecycle: LogLifecycle;
  /** Nodes that are masters and take what comes in. */
  readonly hot: ElasticNodes;
  /** Nodes for cold data. @default - none */
  readonly cold?: ElasticNodes;
  /** Secret with tls.crt, tls.key and ca.crt. */
  readonly tlsSecret: string;
  /** Password of the user `elastic`, in the centre. */
  readonly elasticPassword: SecretKey;
  /** Password that the stack gives the user "<prefix>-writer", as whom Logstash writes. */
  readonly writerPassword: SecretKey;
  /** Where Logstash runs. @default LogstashPlace.inCentre() */
  readonly logstash?: LogstashPlace;
  /** @default - none */
  readonly kibana?: KibanaProps;
  /** Lines with data streams of their own. @default - none */
  readonly routes?: LogRoute[];
  /** Of all four, "8.17.0". @default "8.17.0" */
  readonly version?: string;
}
