import net from 'node:net';

/** A wire to a server that can be made to swallow everything, as a NAT that forgot the connection does; new connections work. */
export class Wire implements AsyncDisposable {
  readonly #server: net.Server;
  readonly #pairs = new Set<[net.Socket, net.Socket]>();

  private constructor(server: net.Server) {
    this.#server = server;
  }

  static async to(port: number): Promise<Wire> {
    const server = net.createServer();
    const wire = new Wire(server);
    server.on('connection', (near) => {
      const far = net.connect(port, '127.0.0.1');
      for (const socket of [near, far]) socket.on('error', () => {});
      near.pipe(far);
      far.pipe(near);
      wire.#pairs.add([near, far]);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return wire;
  }

  get port(): number {
    return (this.#server.address() as net.AddressInfo).port;
  }

  swallow(): void {
    for (const [near, far] of this.#pairs) {
      near.unpipe(far);
      far.unpipe(near);
      near.resume();
      far.resume();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
