import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { ConnectionSettings } from '../connection.ts';
import { fixedCredentials } from '../credentials.ts';
import { type Authority, type Certificate, createAuthority, createCertificate } from './certificates.ts';

/** What the server saw. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** How the server answers one request. */
interface Reply {
  readonly status?: number | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Sent as JSON; a string or bytes as they are. */
  readonly body?: unknown;
  readonly gzip?: boolean | undefined;
}

/** Answers, or does something worse; `raw` is the HTTP/2 stream or HTTP/1.1 response. */
export type Behaviour = (request: SeenRequest, raw: RawReply) => Reply | undefined | Promise<Reply | undefined>;

interface RawReply {
  readonly stream?: http2.ServerHttp2Stream | undefined;
  readonly response?: http.ServerResponse | undefined;
}

export interface FakeServerOptions {
  readonly protocol?: 'h2' | 'https' | 'http' | undefined;
  readonly certificate?: Certificate | undefined;
  /** Demands client certificates of this authority. */
  readonly clientAuthority?: Authority | undefined;
  readonly maxStreams?: number | undefined;
  readonly port?: number | undefined;
}

/** Shared by all servers of a test file: making keys takes time. */
export const authority = createAuthority('test authority');
export const loopback = createCertificate({
  commonName: 'loopback',
  names: ['127.0.0.1', 'localhost'],
  issuer: authority,
});

/** A server on loopback that speaks what an API server speaks and misbehaves as told. */
export class FakeApiServer implements AsyncDisposable {
  readonly requests: SeenRequest[] = [];
  readonly sockets = new Set<Socket>();
  /** Connections opened so far. */
  connections = 0;
  readonly #server: http.Server | https.Server | http2.Http2SecureServer;
  readonly #scheme: string;

  private constructor(server: http.Server | https.Server | http2.Http2SecureServer, scheme: string) {
    this.#server = server;
    this.#scheme = scheme;
    server.on('connection', (socket: Socket) => {
      this.connections++;
      this.sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => this.sockets.delete(socket));
    });
  }

  static async start(behaviour: Behaviour, options: FakeServerOptions = {}): Promise<FakeApiServer> {
    const { protocol = 'h2', certificate = loopback, clientAuthority } = options;
    const tls = {
      key: certificate.key,
      cert: certificate.cert,
      ...(clientAuthority === undefined
        ? {}
        : { requestCert: true, rejectUnauthorized: true, ca: clientAuthority.cert }),
    };
    const server =
      protocol === 'h2'
        ? http2.createSecureServer({ ...tls, settings: { maxConcurrentStreams: options.maxStreams ?? 100 } })
        : protocol === 'https'
          ? https.createServer(tls)
          : http.createServer();
    const fake = new FakeApiServer(server, protocol === 'http' ? 'http' : 'https');
    if (protocol === 'h2')
      (server as http2.Http2SecureServer).on(
        'stream',
        (stream, headers) => void fake.#stream(stream, headers, behaviour),
      );
    else (server as http.Server).on('request', (request, response) => void fake.#request(request, response, behaviour));
    await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
    return fake;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Settings of a client that trusts this server. */
  settings(changes: Partial<ConnectionSettings> = {}): ConnectionSettings {
    return {
      server: new URL(`${this.#scheme}://127.0.0.1:${this.port}`),
      description: 'context "test" of /kubeconfig',
      tls: { ca: authority.cert, insecure: false },
      compression: false,
      credentials: fixedCredentials({}),
      headers: {},
      ...changes,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      for (const socket of this.sockets) socket.destroy();
    });
  }

  async #stream(
    stream: http2.ServerHttp2Stream,
    headers: http2.IncomingHttpHeaders,
    behaviour: Behaviour,
  ): Promise<void> {
    stream.on('error', () => {});
    const seen = {
      method: String(headers[':method']),
      path: String(headers[':path']),
      headers,
      body: await text(stream),
    };
    this.requests.push(seen);
    const reply = await behaviour(seen, { stream });
    if (reply === undefined || stream.destroyed) return;
    const { status, head, body } = encoded(reply);
    stream.respond({ ':status': status, ...head });
    stream.end(body);
  }

  async #request(request: http.IncomingMessage, response: http.ServerResponse, behaviour: Behaviour): Promise<void> {
    const seen = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: await text(request),
    };
    this.requests.push(seen);
    const reply = await behaviour(seen, { response });
    if (reply === undefined || response.destroyed) return;
    const { status, head, body } = encoded(reply);
    response.writeHead(status, head);
    response.end(body);
  }
}

function encoded(reply: Reply): { status: number; head: Record<string, string>; body: Buffer } {
  const { status = 200, headers = {}, body = {}, gzip = false } = reply;
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const head = { 'content-type': 'application/json', ...(gzip ? { 'content-encoding': 'gzip' } : {}), ...headers };
  return { status, head, body: gzip ? gzipSync(bytes) : bytes };
}

async function text(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of stream) chunks.push(chunk);
  } catch {
    // The client went away.
  }
  return Buffer.concat(chunks).toString('utf8');
}
