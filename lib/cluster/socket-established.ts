import type net from 'node:net';
import { reasonOf, TransportError } from './transport.ts';

/**
 * Waits until a socket is connected.
 * @throws TransportError (not sent)
 */
export function established(socket: net.Socket, event: 'connect' | 'secureConnect', timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      socket.off(event, succeed);
      socket.off('error', failed);
      socket.off('close', closed);
    };
    const succeed = () => {
      stop();
      // Who uses the socket hears of its errors; until then one must not end the process.
      socket.on('error', () => {});
      resolve();
    };
    const fail = (reason: string, cause?: unknown) => {
      stop();
      // A late error of a socket nobody uses any more must not end the process.
      socket.on('error', () => {});
      socket.destroy();
      reject(new TransportError(reason, { sent: false, cause }));
    };
    const failed = (error: Error) => fail(reasonOf(error), error);
    const closed = () => fail('the server closed the connection');
    const timer = setTimeout(() => fail(`no connection within ${timeoutMs / 1000} s`), timeoutMs);
    socket.once(event, succeed);
    socket.once('error', failed);
    socket.once('close', closed);
  });
}
