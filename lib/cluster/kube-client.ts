/** Raw JSON over HTTP to one API server. Implemented in http-client.ts; an interface so that the engine never sees sockets. */
export interface KubeClient {
  /** Resolves for every HTTP answer, whatever its status; rejects with ORR3004 when no answer came, ORR3007 when it is no JSON or a success without an object. */
  request(request: KubeRequest): Promise<KubeResponse>;
  /** Streams watch events until the server ends the stream, `signal` aborts or the consumer stops iterating. */
  watch(request: WatchRequest): AsyncIterable<WatchEvent>;
  /** Requests sent and bytes received so far. */
  readonly traffic: Traffic;
  close(): Promise<void>;
}

/** `accept` of a LIST that reads names, labels and annotations, and nothing else of the objects. An empty one comes with `items: null`. */
export const METADATA_LIST = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

export interface KubeRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Absolute path without query, e.g. "/apis/apps/v1/namespaces/shop/deployments/cart"; segments already escaped. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>> | undefined;
  /** Sent as JSON; a string is sent as it is. */
  readonly body?: unknown;
  /** Default "application/json"; server-side apply: "application/apply-patch+yaml" (JSON is YAML). */
  readonly contentType?: string | undefined;
  readonly accept?: string | undefined;
  /** Default 30 s. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /**
   * Whether the request may be sent again after a lost connection or 429/503 without being executed twice in effect. Default: true for GET, dry runs
   * and server-side apply with a resourceVersion precondition; the caller says so for others.
   */
  readonly idempotent?: boolean | undefined;
  /** Called right before each sending, repetitions included; what it throws ends the request (a lease that is no longer fresh). */
  readonly beforeSend?: (() => void) | undefined;
}

export interface KubeResponse {
  readonly status: number;
  /** Parsed JSON: an object for every status below 300. For errors a Status object, or whatever text stands in its place. */
  readonly body: unknown;
  /** Texts of Warning headers. */
  readonly warnings: readonly string[];
}

export interface WatchRequest {
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>> | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: unknown;
}

export interface Traffic {
  readonly requests: number;
  readonly bytesReceived: number;
}
