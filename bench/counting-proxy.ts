import { connect, createSecureServer, type IncomingHttpHeaders } from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { BenchServer } from './api-server.ts';

/** A request that went through. */
export interface SeenRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly body: string;
  readonly bytesReceived: number;
}

export interface CountingProxy {
  /** Text of a kubeconfig that reaches the server through the proxy. */
  readonly kubeconfig: (direct: string) => string;
  readonly seen: SeenRequest[];
  close(): Promise<void>;
}

/** Hop-by-hop headers of HTTP/1.1 do not exist in HTTP/2. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
  'host',
  'te',
]);

/** Stands between a client and the API server on loopback and writes down every request. For untimed runs. */
export async function startCountingProxy(server: BenchServer): Promise<CountingProxy> {
  const seen: SeenRequest[] = [];
  const upstream = connect(server.url, { ca: server.certificate });
  // The server may go away after the last request; what fails then is no measurement.
  upstream.on('error', () => undefined);
  const proxy = createSecureServer({ cert: server.certificate, key: server.key, allowHTTP1: true });
  proxy.on('request', (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const { method } = request;
      const path = request.url;
      let bytesReceived = 0;
      const stream = upstream.request(
        { ...forwarded(request.headers), ':method': method, ':path': path },
        { endStream: body.length === 0 },
      );
      if (body.length > 0) stream.end(body);
      stream.on('response', (headers) => {
        // The client may have gone away meanwhile: a command that has what it needs ends.
        if (response.destroyed) return;
        response.writeHead(headers[':status'] ?? 502, forwarded(headers));
        // Not earlier: a stream that flows already gives data before "response", and headers of its own would go out.
        stream.on('data', (chunk: Buffer) => {
          bytesReceived += chunk.length;
        });
        stream.pipe(response);
      });
      stream.on('end', () => seen.push({ method, path, body: body.toString(), bytesReceived }));
      stream.on('error', () => response.destroy());
      response.on('close', () => stream.close());
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const { port } = proxy.address() as AddressInfo;
  return {
    kubeconfig: (direct) => direct.replaceAll(server.url, `https://127.0.0.1:${port}`),
    seen,
    close: async () => {
      upstream.destroy();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}

/** Requests that would change something: no reads, no dry runs, no questions about rights. */
export function writes(seen: readonly SeenRequest[]): SeenRequest[] {
  return seen.filter(
    ({ method, path }) =>
      method !== 'GET' && method !== 'HEAD' && !path.includes('dryRun=') && !path.includes('reviews'),
  );
}

/** "14 requests (4 LIST …), 812 kB". */
export function summary(seen: readonly SeenRequest[]): string {
  const kilobytes = Math.round(seen.reduce((sum, { bytesReceived }) => sum + bytesReceived, 0) / 1000);
  const dryRuns = seen.filter(({ path }) => path.includes('dryRun=')).length;
  return `${seen.length} requests (${writes(seen).length} writes, ${dryRuns} dry runs), ${kilobytes} kB received`;
}

function forwarded(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  const kept: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !name.startsWith(':') && !HOP_BY_HOP.has(name)) kept[name] = value;
  }
  return kept;
}
