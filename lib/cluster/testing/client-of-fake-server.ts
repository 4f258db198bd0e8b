import { onTestFinished } from 'vitest';
import { createKubeClient, type KubeClientOptions } from '../http-client.ts';
import type { KubeClient, KubeRequest } from '../kube-client.ts';
import { type Behaviour, FakeApiServer, type FakeServerOptions } from './fake-api-server.ts';

export const GET: KubeRequest = { method: 'GET', path: '/x' };
export const POST: KubeRequest = { method: 'POST', path: '/x', body: {} };
/** Asks again as often as ever, without the waits that would make a test slow. */
export const PATIENT: KubeClientOptions = { pauseMs: 1, maxRetryAfterMs: 20 };

export type Settings = Parameters<FakeApiServer['settings']>[0];

/** Hands on what is closed when the test ends, the last opened first: a client before its server. */
export function closedAfterTest<T extends AsyncDisposable>(opened: T): T {
  onTestFinished(() => opened[Symbol.asyncDispose]());
  return opened;
}

/** A server that behaves so, and a client of it. */
export async function serve(
  behaviour: Behaviour,
  options: FakeServerOptions & { client?: KubeClientOptions; settings?: Settings } = {},
): Promise<{ server: FakeApiServer; client: KubeClient }> {
  const server = closedAfterTest(await FakeApiServer.start(behaviour, options));
  const client = connect(server, options.settings, options.client);
  return { server, client };
}

/** A client of a running server. */
export function connect(server: FakeApiServer, settings: Settings = {}, options: KubeClientOptions = {}): KubeClient {
  const client = createKubeClient(server.settings(settings), { ...PATIENT, ...options });
  onTestFinished(() => client.close());
  return client;
}
