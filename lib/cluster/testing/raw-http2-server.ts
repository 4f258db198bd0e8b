import type net from 'node:net';
import tls from 'node:tls';
import type { ConnectionSettings } from '../connection.ts';
import { fixedCredentials } from '../credentials.ts';
import { authority, loopback } from './fake-api-server.ts';

/** An HTTP/2 frame (RFC 9113 section 4.1). */
export function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** ":status: 200" and "content-type: application/json" (RFC 7541: indexed field 8, literal with name 31). */
export const JSON_HEADERS = Buffer.concat([Buffer.from([0x88, 0x0f, 0x10, 16]), Buffer.from('application/json')]);

/** Writes frames that node:http2 as a server would not. */
export class RawHttp2Server implements AsyncDisposable {
  readonly settings: ConnectionSettings;
  streams = 0;
  readonly #server: tls.Server;
  readonly #sockets = new Set<net.Socket>();

  private constructor(server: tls.Server) {
    this.#server = server;
    this.settings = {
      server: new URL(`https://127.0.0.1:${(server.address() as net.AddressInfo).port}`),
      description: 'raw server',
      tls: { ca: authority.cert, insecure: false },
      compression: false,
      credentials: fixedCredentials({}),
      headers: {},
    };
  }

  static async start(answer: (stream: number) => Buffer[]): Promise<RawHttp2Server> {
    const server = tls.createServer({ ...loopback, ALPNProtocols: ['h2'] });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const raw = new RawHttp2Server(server);
    server.on('secureConnection', (socket) => {
      raw.#sockets.add(socket);
      socket.on('error', () => {});
      socket.write(frame(4, 0, 0, Buffer.alloc(0)));
      let received = Buffer.alloc(0);
      // The preface of the client ("PRI * HTTP/2.0…") has 24 bytes.
      let at = 24;
      socket.on('data', (chunk: Buffer) => {
        received = Buffer.concat([received, chunk]);
        while (received.length >= at + 9 && received.length >= at + 9 + received.readUIntBE(at, 3)) {
          if (received[at + 3] === 1) {
            raw.streams++;
            for (const part of answer(received.readUInt32BE(at + 5))) socket.write(part);
          }
          at += 9 + received.readUIntBE(at, 3);
        }
      });
    });
    return raw;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
