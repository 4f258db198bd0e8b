import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';

/** One HTTP exchange with an API server, over HTTP/2 or HTTP/1.1. No retry, no parsing: that is http-client.ts. */
export interface Transport {
  /**
   * Sends a request; resolves when the head of the answer is there.
   * @throws TransportError when no answer came
   */
  send(request: TransportRequest): Promise<TransportAnswer>;
  /** Ends every connection; requests under way fail. */
  close(): Promise<void>;
}

export interface TransportRequest {
  readonly method: string;
  /** With query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array | undefined;
  /** Ends the exchange, the reading of the body included. */
  readonly signal: AbortSignal;
  /** Called once the connection stands, right before the request goes out; what it throws ends the exchange. */
  readonly beforeSend?: (() => void) | undefined;
}

export interface TransportAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readable;
  /** After the body closed: whether it came whole. A cut one may look like an end. */
  complete(): boolean;
}

/** No (complete) answer came. `sent` false: the server cannot have executed the request, so any request may be sent again. */
export class TransportError extends Error {
  readonly sent: boolean;

  constructor(reason: string, options: { sent: boolean; cause?: unknown }) {
    super(reason, { cause: options.cause });
    this.name = 'TransportError';
    this.sent = options.sent;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection closed by the server',
  ENOTFOUND: 'host name not found',
  EAI_AGAIN: 'host name lookup failed',
  ETIMEDOUT: 'connection timed out',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed and not the configured certificate authority',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by an unknown authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is signed by an unknown authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is signed by an unknown authority',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  CERT_SIGNATURE_FAILURE: 'its certificate is signed by an unknown authority',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host name',
};

/** A network error in words; only the error code and Node's own texts are used, never anything that was sent or received. */
export function reasonOf(error: unknown): string {
  if (error instanceof TransportError) return error.message;
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  const code = errorCode(error);
  if (code !== undefined) {
    const reason = REASONS[code];
    if (reason !== undefined) return reason;
    if (code.startsWith('ERR_SSL') || code.startsWith('EPROTO')) return `TLS failed (${code})`;
    return code;
  }
  return 'the connection failed';
}

export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' ? code : undefined;
}
