import http from 'node:http';
import net from 'node:net';

/** A forward proxy on loopback that tunnels everything, or answers CONNECT with a status. */
export class ForwardProxy implements AsyncDisposable {
  /** Targets of CONNECT, with the login. */
  readonly seen: { target: string; authorization: string | undefined }[] = [];
  readonly #server = http.createServer();
  readonly #sockets = new Set<net.Socket>();

  private constructor() {}

  /** @param to where every tunnel leads; default: where CONNECT says */
  static async start(status = 200, to?: { readonly port: number }): Promise<ForwardProxy> {
    const proxy = new ForwardProxy();
    proxy.#server.on('connect', (request, near: net.Socket) => proxy.#tunnel(request, near, status, to));
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): URL {
    return new URL(`http://127.0.0.1:${(this.#server.address() as net.AddressInfo).port}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #tunnel(
    request: http.IncomingMessage,
    near: net.Socket,
    status: number,
    to: { readonly port: number } | undefined,
  ): void {
    this.seen.push({ target: request.url ?? '', authorization: request.headers['proxy-authorization'] });
    this.#sockets.add(near);
    near.on('error', () => {});
    if (status !== 200) {
      near.end(`HTTP/1.1 ${status} No\r\n\r\n`);
      return;
    }
    const [host, port] = to === undefined ? (request.url ?? '').split(':') : ['127.0.0.1', to.port];
    const far = net.connect(Number(port), host, () => {
      near.write('HTTP/1.1 200 Connection established\r\n\r\n');
      near.pipe(far);
      far.pipe(near);
    });
    far.on('error', () => {});
    this.#sockets.add(far);
  }
}
