import type { SecretKey } from '../service-props';
import type { JaegerBackend } from './private/tracing/jaeger-backend';

/** Traces on the disk of Jaeger's only pod. */
export interface BadgerStorageProps {
  /** Size of the disk, e.g. "50Gi". */
  readonly size: string;
  /** How long traces are kept, e.g. "168h". @default "72h" */
  readonly retention?: string;
  /** Purpose of its storage class, by the facts of the cluster. @default "general" */
  readonly storagePurpose?: string;
}

/** An Elasticsearch or OpenSearch that is there. */
export interface JaegerIndexProps {
  /** "https://logs.observability.svc:9200" */
  readonly url: string;
  /** Who reads and writes. @default - anybody may */
  readonly username?: string;
  /** Its password, in the stack's namespace in the centre. Needed with `username`. @default - none */
  readonly password?: SecretKey;
  /** Secret with the certificate of its authority, `ca.crt`. @default - what the image trusts */
  readonly caSecret?: string;
  /** Before the names of its indices. @default - the name of the stack */
  readonly indexPrefix?: string;
  /** How far one can look back, e.g. "168h". Indices are deleted by a lifecycle of the store. @default "72h" */
  readonly lookback?: string;
}

/** Where a Jaeger has its traces. */
export class JaegerStorage {
  /** In the memory of its only pod: gone when it goes. */
  public static memory(maxTraces = 100_000): JaegerStorage {
    return new JaegerStorage({ type: 'memory', maxTraces });
  }

  /** On a disk of its only pod. */
  public static badger(props: BadgerStorageProps): JaegerStorage {
    return new JaegerStorage({ type: 'badger', ...props });
  }

  /** In an Elasticsearch. */
  public static elasticsearch(props: JaegerIndexProps): JaegerStorage {
    return new JaegerStorage({ type: 'elasticsearch', ...props });
  }

  /** In an OpenSearch. */
  public static openSearch(props: JaegerIndexProps): JaegerStorage {
    return new JaegerStorage({ type: 'opensearch', ...props });
  }

  private constructor(private readonly backend: JaegerBackend) {}

  /** @internal */
  public _backend(): JaegerBackend {
    return this.backend;
  }
}
