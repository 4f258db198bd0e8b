import type { BenchServer } from './api-server.ts';
import { type SeenRequest, writes } from './counting-proxy.ts';

/** Input of `programs/flood.ts`. */
export interface Flood {
  readonly url: string;
  readonly certificate: string;
  readonly token: string;
  /** Requests under way at a time: as many as Orrery sends. */
  readonly concurrency: number;
  readonly requests: readonly { readonly path: string; readonly body: string }[];
}

/** Default of `limits.requestsPerCluster`. */
const CONCURRENCY = 32;

/** The same PATCH requests that an apply was seen to send for the objects of one namespace, for another namespace. */
export function floodLike(seen: readonly SeenRequest[], server: BenchServer, from: string, to: string): Flood {
  const requests = writes(seen)
    .filter(({ method, path }) => method === 'PATCH' && path.includes(`/namespaces/${from}/`))
    .map(({ path, body }) => ({
      path: path.replace(`/namespaces/${from}/`, `/namespaces/${to}/`),
      body: body.replaceAll(`"namespace":"${from}"`, `"namespace":"${to}"`),
    }));
  return { url: server.url, certificate: server.certificate, token: server.token, concurrency: CONCURRENCY, requests };
}
