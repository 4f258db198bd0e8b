import http2 from 'node:http2';
import type net from 'node:net';
import type { ConnectionSettings } from './connection.ts';
import { connectSocket } from './tls-socket.ts';
import { reasonOf, type Transport, type TransportAnswer, TransportError, type TransportRequest } from './transport.ts';

/** Streams per connection when the server announces no smaller number: kube-apiserver's own default is 100. */
const MAX_STREAMS = 100;
/** Receive windows: the defaults of 64 KiB would stop a list of objects every round trip. */
const STREAM_WINDOW = 4 * 1024 * 1024;
const CONNECTION_WINDOW = 32 * 1024 * 1024;

export interface Http2Options {
  readonly connectTimeoutMs: number;
  /** Silence on a connection with requests under way after which it is asked for a sign of life. */
  readonly pingAfterMs: number;
  /** How long the sign of life may take before the connection counts as dead. */
  readonly pingTimeoutMs: number;
}

interface Connection {
  readonly session: http2.ClientHttp2Session;
  /** The server will take no new stream (GOAWAY, closed). */
  draining: boolean;
  /** Id of the last stream the server promises to have looked at, once it said GOAWAY. */
  lastStreamId: number;
  streams: number;
}

/** The process's own clock: `performance` would load Node's module of it, at every start. */
const monotonicMs = () => process.uptime() * 1000;

/** Thrown by the first connection when the server does not speak HTTP/2. */
export class NoHttp2Error extends Error {
  /** The connection, good for HTTP/1.1. */
  readonly socket: net.Socket;

  constructor(socket: net.Socket) {
    super('the server does not speak HTTP/2');
    this.socket = socket;
  }
}

/** HTTP/2 over as few connections as the server's stream limit allows; a lost or draining one is replaced at the next request. */
export class Http2Transport implements Transport {
  readonly #settings: ConnectionSettings;
  readonly #options: Http2Options;
  readonly #connections = new Set<Connection>();
  #connecting: Promise<Connection> | undefined;
  /** What the server allows; known once its settings came, shortly after connecting. */
  #streamLimit = MAX_STREAMS;
  #closed = false;

  constructor(settings: ConnectionSettings, options: Http2Options) {
    this.#settings = settings;
    this.#options = options;
  }

  async send(request: TransportRequest): Promise<TransportAnswer> {
    const connection = await this.#reserve();
    try {
      request.signal.throwIfAborted();
      request.beforeSend?.();
      const { stream, answer } = exchange(connection, this.#settings.server, request);
      stream.once('close', () => release(connection));
      return answer;
    } catch (error) {
      release(connection);
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const { session } of this.#connections) session.destroy();
    this.#connections.clear();
  }

  /** A connection with room for one more stream, which is counted at once: others may ask in the same moment. */
  async #reserve(): Promise<Connection> {
    for (;;) {
      if (this.#closed) throw new TransportError('the client was closed', { sent: false });
      for (const connection of this.#connections) {
        const { session } = connection;
        if (connection.draining || session.closed || session.destroyed) continue;
        if (connection.streams < this.#streamLimit) {
          connection.streams++;
          session.ref();
          return connection;
        }
      }
      this.#connecting ??= this.#connect().finally(() => {
        this.#connecting = undefined;
      });
      await this.#connecting;
    }
  }

  async #connect(): Promise<Connection> {
    const { socket, protocol } = await connectSocket(this.#settings, {
      timeoutMs: this.#options.connectTimeoutMs,
      protocols: ['h2', 'http/1.1'],
    });
    if (protocol !== 'h2') throw new NoHttp2Error(socket);
    const session = http2.connect(this.#settings.server.origin, {
      createConnection: () => socket,
      settings: { enablePush: false, initialWindowSize: STREAM_WINDOW },
    });
    const connection: Connection = { session, draining: false, lastStreamId: Number.POSITIVE_INFINITY, streams: 0 };
    session.setLocalWindowSize(CONNECTION_WINDOW);
    session.on('remoteSettings', ({ maxConcurrentStreams }) => {
      this.#streamLimit = Math.max(1, Math.min(MAX_STREAMS, maxConcurrentStreams ?? MAX_STREAMS));
    });
    session.on('goaway', (_code, lastStreamId) => {
      connection.draining = true;
      connection.lastStreamId = lastStreamId;
    });
    // Every stream reports its own failure; without this listener the process would end.
    session.on('error', () => {});
    const stopWatching = this.#watchLiveness(connection, socket);
    session.on('close', () => {
      stopWatching();
      this.#connections.delete(connection);
    });
    // Only streams keep the process alive, not an idle connection.
    session.unref();
    this.#connections.add(connection);
    return connection;
  }

  /** A half-open socket never reports an error: ask for a sign of life when nothing came for a while. */
  #watchLiveness(connection: Connection, socket: net.Socket): () => void {
    const { pingAfterMs, pingTimeoutMs } = this.#options;
    const { session } = connection;
    let received = socket.bytesRead;
    let receivedAt = monotonicMs();
    let deadline: NodeJS.Timeout | undefined;
    const timer = setInterval(() => {
      if (socket.bytesRead !== received) {
        received = socket.bytesRead;
        receivedAt = monotonicMs();
      }
      const silent = monotonicMs() - receivedAt >= pingAfterMs;
      if (deadline !== undefined || connection.streams === 0 || !silent || session.destroyed) return;
      deadline = setTimeout(
        () => session.destroy(new TransportError('the server went silent', { sent: true })),
        pingTimeoutMs,
      );
      session.ping(() => {
        clearTimeout(deadline);
        deadline = undefined;
      });
    }, pingAfterMs / 4);
    timer.unref();
    return () => {
      clearInterval(timer);
      clearTimeout(deadline);
    };
  }
}

function release(connection: Connection): void {
  connection.streams--;
  // Only requests under way keep the process alive, not an idle connection.
  if (connection.streams === 0) connection.session.unref();
}

function exchange(
  connection: Connection,
  server: URL,
  request: TransportRequest,
): { stream: http2.ClientHttp2Stream; answer: Promise<TransportAnswer> } {
  const stream = openStream(connection.session, server, request);
  const answer = new Promise<TransportAnswer>((resolve, reject) => {
    let answered = false;
    let failure: unknown;
    stream.once('response', (headers) => {
      answered = true;
      const complete = () => stream.readableEnded && stream.rstCode === http2.constants.NGHTTP2_NO_ERROR;
      resolve({ status: Number(headers[':status']), headers, body: stream, complete });
    });
    // A server may answer without reading the request to its end (413): what is left of it will never be taken.
    stream.once('end', () => {
      if (!stream.writableFinished) stream.destroy();
    });
    stream.on('error', (error) => {
      failure = error;
    });
    stream.once('close', () => {
      if (answered) return;
      const refused =
        stream.rstCode === http2.constants.NGHTTP2_REFUSED_STREAM || (stream.id ?? 0) > connection.lastStreamId;
      const reason = refused ? 'the server refused the stream' : reasonOf(failure);
      const sent = !refused && stream.id !== undefined;
      reject(request.signal.aborted ? request.signal.reason : new TransportError(reason, { sent, cause: failure }));
    });
  });
  if (request.body !== undefined) stream.end(request.body);
  return { stream, answer };
}

function openStream(
  session: http2.ClientHttp2Session,
  server: URL,
  request: TransportRequest,
): http2.ClientHttp2Stream {
  const headers = {
    ':method': request.method,
    ':path': request.path,
    ':authority': server.host,
    ...(request.headers as Record<string, string | string[]>),
  };
  try {
    return session.request(headers, { endStream: request.body === undefined, signal: request.signal });
  } catch (error) {
    throw new TransportError(reasonOf(error), { sent: false, cause: error });
  }
}
