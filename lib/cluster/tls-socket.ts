import net from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import type { ConnectionSettings } from './connection.ts';
import { reasonOf, TransportError } from './transport.ts';

/** A connected socket and the protocol agreed on. */
export interface ConnectedSocket {
  readonly socket: net.Socket;
  readonly protocol: 'h2' | 'http/1.1';
}

/**
 * Opens a TLS connection (TCP for http: servers) and agrees on HTTP/2 or HTTP/1.1 by ALPN.
 * @throws TransportError (`connecting`) with the reason in words
 */
export async function connectSocket(
  settings: ConnectionSettings,
  options: { readonly timeoutMs: number; readonly protocols: readonly string[] },
): Promise<ConnectedSocket> {
  const credentials = await settings.credentials.current();
  const { server } = settings;
  const host = bareHost(server);
  const port = Number(server.port === '' ? (server.protocol === 'http:' ? 80 : 443) : server.port);
  if (server.protocol === 'http:') {
    const socket = net.connect({ host, port });
    await established(socket, 'connect', options.timeoutMs);
    return { socket, protocol: 'http/1.1' };
  }
  const serverName = settings.tls.serverName ?? (net.isIP(host) === 0 ? host : undefined);
  const socket = tls.connect({
    host,
    port,
    ALPNProtocols: [...options.protocols],
    rejectUnauthorized: !settings.tls.insecure,
    ca: settings.tls.ca ?? trustedRoots(),
    ...(serverName === undefined ? {} : { servername: serverName }),
    ...(credentials.cert === undefined ? {} : { cert: credentials.cert }),
    ...(credentials.key === undefined ? {} : { key: credentials.key }),
  });
  await established(socket, 'secureConnect', options.timeoutMs);
  return { socket, protocol: socket.alpnProtocol === 'h2' ? 'h2' : 'http/1.1' };
}

/** "[::1]" → "::1". */
function bareHost(server: URL): string {
  return server.hostname.startsWith('[') ? server.hostname.slice(1, -1) : server.hostname;
}

/** kubectl trusts the system's store; Node alone would know only the roots it was built with. */
function trustedRoots(): string[] {
  return [...new Set([...tls.getCACertificates('default'), ...tls.getCACertificates('system')])];
}

async function established(socket: Duplex & { setNoDelay?(on: boolean): unknown }, event: string, timeoutMs: number) {
  await new Promise<void>((resolve, reject) => {
    const fail = (reason: string, cause?: unknown) => {
      clearTimeout(timer);
      socket.destroy();
      reject(new TransportError(reason, { sent: false, connecting: true, cause }));
    };
    const timer = setTimeout(() => fail(`no connection within ${timeoutMs / 1000} s`), timeoutMs);
    socket.once(event, () => {
      clearTimeout(timer);
      socket.removeAllListeners('error');
      socket.removeAllListeners('close');
      socket.setNoDelay?.(true);
      resolve();
    });
    socket.once('error', (error) => fail(reasonOf(error), error));
    socket.once('close', () => fail('the server closed the connection'));
  });
}
