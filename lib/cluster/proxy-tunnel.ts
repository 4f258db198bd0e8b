import net from 'node:net';
import tls from 'node:tls';
import { bareHost, portOf } from './connection.ts';
import { established } from './socket-established.ts';
import { reasonOf, TransportError } from './transport.ts';

/** A proxy's answer to CONNECT is a few lines. */
const LONGEST_HEAD = 16 * 1024;

/**
 * Opens a TCP tunnel to a server through an HTTP(S) proxy (RFC 9110 section 9.3.6, CONNECT).
 * @throws TransportError (not sent) naming the proxy
 */
export async function openTunnel(proxy: URL, server: URL, timeoutMs: number): Promise<net.Socket> {
  const name = `the proxy ${proxy.host}`;
  const host = bareHost(proxy);
  const port = portOf(proxy);
  const secure = proxy.protocol === 'https:';
  const socket = secure
    ? tls.connect({ host, port, ...(net.isIP(host) === 0 ? { servername: host } : {}) })
    : net.connect({ host, port });
  try {
    await established(socket, secure ? 'secureConnect' : 'connect', timeoutMs);
  } catch (cause) {
    throw new TransportError(`${name}: ${reasonOf(cause)}`, { sent: false, cause });
  }
  const target = `${server.hostname}:${portOf(server)}`;
  const user = decodeURIComponent(proxy.username);
  const login = Buffer.from(`${user}:${decodeURIComponent(proxy.password)}`).toString('base64');
  const authorization = user === '' ? '' : `Proxy-Authorization: Basic ${login}\r\n`;
  socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${authorization}\r\n`);
  const status = await readStatus(socket, name, timeoutMs);
  if (status >= 200 && status < 300) return socket;
  socket.destroy();
  throw new TransportError(`${name} refused the connection with status ${status}`, { sent: false });
}

function readStatus(socket: net.Socket, name: string, timeoutMs: number): Promise<number> {
  return new Promise((resolve, reject) => {
    let head = Buffer.alloc(0);
    const stop = () => {
      clearTimeout(timer);
      socket.off('data', read);
      socket.off('close', closed);
      socket.off('error', failed);
    };
    const fail = (reason: string, cause?: unknown) => {
      stop();
      socket.on('error', () => {});
      socket.destroy();
      reject(new TransportError(`${name} ${reason}`, { sent: false, cause }));
    };
    const read = (chunk: Buffer) => {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) {
        if (head.length > LONGEST_HEAD) fail('sent no HTTP answer');
        return;
      }
      const status = /^HTTP\/1\.[01] (\d{3})/.exec(head.subarray(0, end).toString('latin1'))?.[1];
      if (status === undefined) {
        fail('sent no HTTP answer');
        return;
      }
      stop();
      socket.pause();
      if (head.length > end + 4) socket.unshift(head.subarray(end + 4));
      resolve(Number(status));
    };
    const closed = () => fail('closed the connection');
    const failed = (error: Error) => fail(`failed: ${reasonOf(error)}`, error);
    const timer = setTimeout(() => fail(`did not answer within ${timeoutMs / 1000} s`), timeoutMs);
    socket.on('data', read);
    socket.once('close', closed);
    socket.once('error', failed);
  });
}
