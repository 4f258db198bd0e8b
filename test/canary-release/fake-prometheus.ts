import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers range queries as Prometheus does: one series with the same value at every step, or none. */
export class FakePrometheus {
  /** Undefined: no data. */
  value: number | undefined = 0;
  /** Queries that came. */
  readonly queries: URLSearchParams[] = [];
  readonly url: string;
  readonly #server: ReturnType<typeof createServer>;

  private constructor(server: ReturnType<typeof createServer>) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('request', (request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '', this.url);
      this.queries.push(searchParams);
      response.setHeader('content-type', 'application/json');
      if (pathname !== '/api/v1/query_range') {
        response.writeHead(404).end('{"status":"error","error":"not found"}');
        return;
      }
      response.end(
        JSON.stringify({ status: 'success', data: { resultType: 'matrix', result: this.#rows(searchParams) } }),
      );
    });
  }

  static async start(): Promise<FakePrometheus> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new FakePrometheus(server);
  }

  #rows(query: URLSearchParams): readonly object[] {
    const { value } = this;
    if (value === undefined) return [];
    const [start, end, step] = ['start', 'end', 'step'].map((name) => Number(query.get(name))) as [
      number,
      number,
      number,
    ];
    const count = Math.floor((end - start) / step + 1e-6) + 1;
    return [{ metric: {}, values: Array.from({ length: count }, (_, at) => [start + at * step, String(value)]) }];
  }

  async end(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
