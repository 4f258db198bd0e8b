import http from 'node:http';
import https from 'node:https';
import type net from 'node:net';
import type { ConnectionSettings } from './connection.ts';
import { connectSocket } from './tls-socket.ts';
import { reasonOf, type Transport, type TransportAnswer, TransportError, type TransportRequest } from './transport.ts';

export interface Http1Options {
  readonly connectTimeoutMs: number;
  readonly maxConnections: number;
  /** A connection that is open already. */
  readonly first?: net.Socket | undefined;
}

/** HTTP/1.1 with kept-alive connections, for servers and proxies in front of them that do not speak HTTP/2. */
export class Http1Transport implements Transport {
  readonly #settings: ConnectionSettings;
  readonly #agent: http.Agent;

  constructor(settings: ConnectionSettings, options: Http1Options) {
    this.#settings = settings;
    const base = settings.server.protocol === 'http:' ? http.Agent : https.Agent;
    let { first } = options;
    const connect: http.Agent['createConnection'] = (_options, callback) => {
      if (first !== undefined && !first.destroyed) {
        const socket = first;
        first = undefined;
        return socket;
      }
      connectSocket(settings, { timeoutMs: options.connectTimeoutMs, protocols: ['http/1.1'] }).then(
        ({ socket }) => callback?.(null, socket),
        (error: Error) => callback?.(error, undefined as never),
      );
      return undefined;
    };
    // Watches hold a connection each: the limit of requests under way is the client's, not the agent's.
    this.#agent = new base({ keepAlive: true, maxFreeSockets: options.maxConnections });
    this.#agent.createConnection = connect;
  }

  send(request: TransportRequest): Promise<TransportAnswer> {
    return new Promise((resolve, reject) => {
      const { server } = this.#settings;
      const message = (server.protocol === 'http:' ? http : https).request({
        agent: this.#agent,
        protocol: server.protocol,
        host: server.hostname,
        port: server.port,
        method: request.method,
        path: request.path,
        headers: {
          host: server.host,
          ...(request.body === undefined ? {} : { 'content-length': Buffer.byteLength(request.body) }),
          ...(request.headers as Record<string, string | string[]>),
        },
        signal: request.signal,
      });
      let sent = false;
      // The agent hands out connected sockets only; nothing is written before the end of the message is known.
      message.once('socket', () => {
        try {
          request.beforeSend?.();
        } catch (error) {
          reject(error);
          message.destroy();
          return;
        }
        sent = true;
        message.end(request.body);
      });
      message.once('response', (response) => {
        const complete = () => response.complete;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: response, complete });
      });
      message.on('error', (error) => {
        if (request.signal.aborted) reject(request.signal.reason);
        else if (error instanceof TransportError) reject(error);
        else reject(new TransportError(reasonOf(error), { sent, cause: error }));
      });
    });
  }

  async close(): Promise<void> {
    this.#agent.destroy();
  }
}
