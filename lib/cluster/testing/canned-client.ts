import type { KubeClient, KubeRequest, KubeResponse } from '../kube-client.ts';

/** A client that answers GETs from a table of paths; a number is a bare status, what is missing is 404. The table may change between requests. */
export class CannedClient implements KubeClient {
  /** Paths asked for, in order. */
  readonly asked: string[] = [];
  readonly #answers: Record<string, unknown>;

  constructor(answers: Record<string, unknown>) {
    this.#answers = answers;
  }

  async request({ path }: KubeRequest): Promise<KubeResponse> {
    this.asked.push(path);
    const body = this.#answers[path] ?? 404;
    if (typeof body === 'number') return { status: body, body: { kind: 'Status', code: body }, warnings: [] };
    return { status: 200, body, warnings: [] };
  }

  watch(): never {
    throw new Error('there is nothing to watch');
  }

  get traffic(): { requests: number; bytesReceived: number } {
    return { requests: this.asked.length, bytesReceived: 0 };
  }

  async close(): Promise<void> {}
}
