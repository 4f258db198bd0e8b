import net from 'node:net';
import tls from 'node:tls';
import { bareHost, type ConnectionSettings, portOf } from './connection.ts';
import { openTunnel } from './proxy-tunnel.ts';
import { established } from './socket-established.ts';

/** A connected socket and the protocol agreed on. */
export interface ConnectedSocket {
  readonly socket: net.Socket;
  readonly protocol: 'h2' | 'http/1.1';
}

/** The kernel's probes for idle connections; HTTP/2 pings find a dead one with requests under way much sooner. */
const KEEP_ALIVE_MS = 15_000;

/**
 * Opens a TLS connection (TCP for http: servers), through the proxy if there is one, and agrees on HTTP/2 or HTTP/1.1 by ALPN.
 * @throws TransportError (not sent) with the reason in words
 */
export async function connectSocket(
  settings: ConnectionSettings,
  options: { readonly timeoutMs: number; readonly protocols: readonly string[] },
): Promise<ConnectedSocket> {
  const credentials = await settings.credentials.current();
  const { server } = settings;
  const host = bareHost(server);
  const tunnel = settings.proxy === undefined ? undefined : await openTunnel(settings.proxy, server, options.timeoutMs);
  const { lookup } = settings;
  const direct = { host, port: portOf(server), ...(lookup === undefined ? {} : { lookup }) };
  const destination = tunnel === undefined ? direct : { socket: tunnel, host };
  if (server.protocol === 'http:') {
    const socket = tunnel ?? net.connect(direct);
    if (tunnel === undefined) await established(socket, 'connect', options.timeoutMs);
    socket.setNoDelay(true);
    return { socket, protocol: 'http/1.1' };
  }
  const serverName = settings.tls.serverName ?? (net.isIP(host) === 0 ? host : undefined);
  const socket = tls.connect({
    ...destination,
    ALPNProtocols: [...options.protocols],
    rejectUnauthorized: !settings.tls.insecure,
    ca: settings.tls.ca ?? trustedRoots(),
    ...(serverName === undefined ? {} : { servername: serverName }),
    ...(credentials.cert === undefined ? {} : { cert: credentials.cert }),
    ...(credentials.key === undefined ? {} : { key: credentials.key }),
  });
  await established(socket, 'secureConnect', options.timeoutMs);
  socket.setNoDelay(true);
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  return { socket, protocol: socket.alpnProtocol === 'h2' ? 'h2' : 'http/1.1' };
}

/** kubectl trusts the system's store; Node alone would know only the roots it was built with. */
function trustedRoots(): string[] {
  return [...new Set([...tls.getCACertificates('default'), ...tls.getCACertificates('system')])];
}
