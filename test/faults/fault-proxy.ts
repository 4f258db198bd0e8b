import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { parse } from 'yaml';

/** A request as the proxy received it. */
export interface ProxiedRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** Not GET, no dry run, and no question about rights, which stores nothing either. */
  readonly isWrite: boolean;
  /** Counts the writes received so far, this one included; 0 for others. */
  readonly write: number;
  readonly body: string;
}

/** What happens to a request instead of, or around, its way to the server. */
export interface Fault {
  /** Runs when the request is complete and has not gone on yet. */
  readonly before?: (() => void | Promise<void>) | undefined;
  /** Answered by the proxy; the server never sees the request. */
  readonly answer?:
    | { readonly status: number; readonly headers?: Record<string, string>; readonly body: unknown }
    | undefined;
  /** Runs when the server has answered; the answer has not gone back yet. */
  readonly after?: (() => void | Promise<void>) | undefined;
  /** Cut the connection: before the request goes on, or instead of the answer. */
  readonly cut?: 'before' | 'after' | undefined;
}

export interface FaultProxy {
  readonly url: string;
  readonly requests: readonly ProxiedRequest[];
  /** Decides about each request; may be changed at any time. */
  fault: (request: ProxiedRequest) => Fault | undefined;
  /** Ends all open connections. */
  cutAll(): void;
  /** Ends all connections, and waits until the server has answered the writes that went on to it: it may carry out those of a client that died, too. */
  close(): Promise<void>;
}

/**
 * A proxy on loopback in front of the API server of one context, which sees every request in clear and can make any of them go wrong.
 * @param extraHeaders sent with every request, e.g. to impersonate a user of less rights
 * @param shared connections to the server that several proxies use one after the other. Default: its own
 */
export async function startFaultProxy(
  kubeconfig: string,
  context: string,
  extraHeaders: Readonly<Record<string, string>> = {},
  shared?: https.Agent,
): Promise<FaultProxy> {
  const upstream = upstreamOf(kubeconfig, context);
  const agent = shared ?? new https.Agent({ keepAlive: true });
  const requests: ProxiedRequest[] = [];
  let writes = 0;
  const underway = new Set<Promise<void>>();
  const server = http.createServer((incoming, outgoing) => {
    void collect(incoming).then(async (body) => {
      const { method = 'GET', url = '/' } = incoming;
      const isWrite = method !== 'GET' && !url.includes('dryRun=All') && !/\/selfsubject\w*reviews$/.test(url);
      const request: ProxiedRequest = { method, path: url, isWrite, write: isWrite ? ++writes : 0, body };
      requests.push(request);
      const fault = proxy.fault(request);
      await fault?.before?.();
      if (fault?.cut === 'before') {
        incoming.socket.destroy();
        return;
      }
      if (fault?.answer !== undefined) {
        const { status, headers, body: answer } = fault.answer;
        outgoing.writeHead(status, { 'content-type': 'application/json', ...headers });
        outgoing.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
        return;
      }
      forward(incoming, outgoing, request, fault);
    }, ignoreUnfinished);
  });
  const forward = (
    incoming: http.IncomingMessage,
    outgoing: http.ServerResponse,
    { body, isWrite }: ProxiedRequest,
    fault: Fault | undefined,
  ): void => {
    let settle = () => {};
    if (isWrite) {
      const answered = new Promise<void>((resolve) => {
        settle = resolve;
      }).then(() => void underway.delete(answered));
      underway.add(answered);
    }
    const { 'content-length': _, connection: __, ...headers } = incoming.headers;
    const request = https.request(
      {
        agent,
        ca: upstream.ca,
        host: upstream.host,
        port: upstream.port,
        method: incoming.method,
        path: incoming.url,
        headers: {
          ...headers,
          ...extraHeaders,
          authorization: `Bearer ${upstream.token}`,
          'content-length': Buffer.byteLength(body),
        },
      },
      async (answer) => {
        settle();
        await fault?.after?.();
        if (fault?.cut === 'after') {
          answer.resume();
          incoming.socket.destroy();
          return;
        }
        if (outgoing.destroyed) {
          answer.resume();
          return;
        }
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        outgoing.flushHeaders();
        answer.pipe(outgoing);
        outgoing.on('close', () => answer.destroy());
        answer.on('error', () => outgoing.destroy());
      },
    );
    request.on('error', () => outgoing.destroy());
    request.on('close', settle);
    request.end(body);
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: FaultProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    fault: () => undefined,
    cutAll: () => server.closeAllConnections(),
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      await Promise.all(underway);
      if (shared === undefined) agent.destroy();
    },
  };
  return proxy;
}

function upstreamOf(kubeconfig: string, name: string): { host: string; port: string; ca: Buffer; token: string } {
  const config = parse(readFileSync(kubeconfig, 'utf8')) as {
    clusters: { name: string; cluster: { server: string; 'certificate-authority-data': string } }[];
    contexts: { name: string; context: { cluster: string; user: string } }[];
    users: { name: string; user: { token: string } }[];
  };
  const context = config.contexts.find((one) => one.name === name)?.context;
  const cluster = config.clusters.find((one) => one.name === context?.cluster)?.cluster;
  const user = config.users.find((one) => one.name === context?.user)?.user;
  if (cluster === undefined || user === undefined) throw new Error(`${kubeconfig} has no context ${name}`);
  const { hostname, port } = new URL(cluster.server);
  return { host: hostname, port, ca: Buffer.from(cluster['certificate-authority-data'], 'base64'), token: user.token };
}

/** The client went away before its request was complete. */
function ignoreUnfinished(): void {}

async function collect(stream: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
