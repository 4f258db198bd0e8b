import type net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { OrreryError } from '../errors.ts';
import { apiStatus, isServerTrouble } from '../kubernetes/status.ts';
import { Slots } from '../slots.ts';
import { cutOff, readAnswer, UnreadableAnswer } from './answer-body.ts';
import { type ConnectionSettings, hostOf } from './connection.ts';
import { Http2Transport, NoHttp2Error } from './http2-transport.ts';
import type { KubeClient, KubeRequest, KubeResponse, Traffic, WatchEvent, WatchRequest } from './kube-client.ts';
import { reasonOf, type Transport, type TransportAnswer, TransportError, type TransportRequest } from './transport.ts';
import { watchEvents } from './watch-stream.ts';

export interface KubeClientOptions {
  /** Requests under way at a time, watches not counted. Default 32. */
  readonly concurrency?: number | undefined;
  /** Default 10 s. */
  readonly connectTimeoutMs?: number | undefined;
  /** Default 30 s per attempt. */
  readonly requestTimeoutMs?: number | undefined;
  /** How often a request is sent at most. Default 8, which with the pauses below gives a restarting API server about 15 s. */
  readonly attempts?: number | undefined;
  /** First pause before sending again; doubles up to 4 s. Default 150 ms. */
  readonly pauseMs?: number | undefined;
  /** Longest Retry-After that is obeyed. Default 30 s. */
  readonly maxRetryAfterMs?: number | undefined;
  /** Default 10 s of silence. */
  readonly pingAfterMs?: number | undefined;
  /** Default 5 s. */
  readonly pingTimeoutMs?: number | undefined;
  /** Largest answer, also after unpacking. Default 256 MiB. */
  readonly maxAnswerBytes?: number | undefined;
}

const LONGEST_PAUSE_MS = 4_000;
/** While no answer ever came, an unreachable cluster is to be reported soon. */
const FIRST_CONTACT_ATTEMPTS = 2;
/** An answer that cannot be read may be damaged on its way: asked again as often as it takes to tell that from a wrong address. */
const UNREADABLE_ATTEMPTS = 3;
const APPLY_PATCH = 'application/apply-patch+yaml';

/** Opens no connection yet: the first request does. */
export function createKubeClient(settings: ConnectionSettings, options: KubeClientOptions = {}): KubeClient {
  return new HttpKubeClient(settings, options);
}

class HttpKubeClient implements KubeClient {
  readonly #settings: ConnectionSettings;
  readonly #options: Required<{ [K in keyof KubeClientOptions]: number }>;
  readonly #slots: Slots;
  readonly #host: string;
  readonly #prefix: string;
  #transport: Promise<Transport>;
  readonly #retired: Promise<Transport>[] = [];
  #answered = false;
  /** Aborted by `close`: what is still under way is not sent again. */
  readonly #closing = new AbortController();
  #requests = 0;
  #bytesReceived = 0;

  constructor(settings: ConnectionSettings, options: KubeClientOptions) {
    this.#settings = settings;
    this.#options = {
      concurrency: options.concurrency ?? 32,
      connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
      requestTimeoutMs: options.requestTimeoutMs ?? 30_000,
      attempts: options.attempts ?? 8,
      pauseMs: options.pauseMs ?? 150,
      maxRetryAfterMs: options.maxRetryAfterMs ?? 30_000,
      pingAfterMs: options.pingAfterMs ?? 10_000,
      pingTimeoutMs: options.pingTimeoutMs ?? 5_000,
      maxAnswerBytes: options.maxAnswerBytes ?? 256 * 1024 * 1024,
    };
    this.#slots = new Slots(this.#options.concurrency);
    this.#host = hostOf(settings.server);
    this.#prefix = settings.server.pathname.replace(/\/+$/, '');
    this.#transport = this.#newTransport();
  }

  get traffic(): Traffic {
    return { requests: this.#requests, bytesReceived: this.#bytesReceived };
  }

  request(request: KubeRequest): Promise<KubeResponse> {
    return this.#slots.run(() => this.#persist(request));
  }

  async *watch(request: WatchRequest): AsyncGenerator<WatchEvent> {
    const stop = new AbortController();
    const signal = request.signal === undefined ? stop.signal : AbortSignal.any([stop.signal, request.signal]);
    const query = { allowWatchBookmarks: 'true', ...request.query, watch: 'true' };
    const path = this.#path(request.path, query);
    try {
      const answer = await this.#authorized({ method: 'GET', path, headers: { accept: 'application/json' }, signal });
      if (answer.status !== 200) {
        const { value } = await readAnswer(
          answer,
          { host: this.#host, path: request.path },
          this.#options.maxAnswerBytes,
        );
        yield { type: 'ERROR', object: value };
        return;
      }
      yield* watchEvents(this.#counted(answer));
    } catch (error) {
      if (request.signal?.aborted === true) return;
      if (error instanceof SyntaxError) {
        throw new OrreryError('ORR3007', `${this.#host} sent a watch event of ${request.path} that is no JSON.`);
      }
      throw this.#unreachable(error, false);
    } finally {
      stop.abort();
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    for (const transport of [...this.#retired, this.#transport]) await (await transport).close();
  }

  /** Sends until there is an answer that sending again cannot better. */
  async #persist(request: KubeRequest): Promise<KubeResponse> {
    const idempotent = request.idempotent ?? isIdempotent(request);
    for (let attempt = 1; ; attempt++) {
      let pause: number;
      try {
        const { response, retryAfter } = await this.#attempt(request, idempotent);
        if (!mayAskAgain(response, idempotent) || attempt >= this.#options.attempts) return response;
        pause = retryAfter === undefined ? this.#pause(attempt) : Math.min(retryAfter, this.#options.maxRetryAfterMs);
      } catch (error) {
        pause = this.#pause(attempt);
        if (error instanceof UnreadableAnswer) {
          if (attempt >= this.#attemptsAfter(error, idempotent)) throw error;
        } else if (error instanceof TransportError) {
          const attempts = this.#answered ? this.#options.attempts : FIRST_CONTACT_ATTEMPTS;
          if ((error.sent && !idempotent) || attempt >= attempts || this.#closing.signal.aborted)
            throw this.#unreachable(error, error.sent && !idempotent);
        } else throw request.signal?.aborted === true ? request.signal.reason : error;
      }
      const { signal: closing } = this.#closing;
      const signal = request.signal === undefined ? closing : AbortSignal.any([closing, request.signal]);
      await sleep(pause, undefined, { signal });
    }
  }

  #attemptsAfter({ status }: UnreadableAnswer, idempotent: boolean): number {
    if (mayAskAgain({ status, body: undefined }, idempotent)) return this.#options.attempts;
    return idempotent ? Math.min(UNREADABLE_ATTEMPTS, this.#options.attempts) : 1;
  }

  async #attempt(
    request: KubeRequest,
    idempotent: boolean,
  ): Promise<{ response: KubeResponse; retryAfter: number | undefined }> {
    const timeoutMs = request.timeoutMs ?? this.#options.requestTimeoutMs;
    // Not AbortSignal.timeout: its timer would go on after the answer.
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(), timeoutMs);
    const signal = request.signal === undefined ? deadline.signal : AbortSignal.any([deadline.signal, request.signal]);
    const body =
      request.body === undefined || typeof request.body === 'string' ? request.body : JSON.stringify(request.body);
    try {
      const answer = await this.#authorized({
        method: request.method,
        path: this.#path(request.path, request.query),
        headers: {
          accept: request.accept ?? 'application/json',
          ...(this.#settings.compression ? { 'accept-encoding': 'gzip' } : {}),
          ...(body === undefined ? {} : { 'content-type': request.contentType ?? 'application/json' }),
        },
        body,
        signal,
        beforeSend: request.beforeSend,
      });
      const where = { host: this.#host, path: request.path };
      const { value, bytes } = await readAnswer(answer, where, this.#options.maxAnswerBytes);
      this.#answered = true;
      this.#bytesReceived += bytes;
      return {
        response: { status: answer.status, body: value, warnings: warningTexts(answer.headers.warning) },
        retryAfter: retryAfterMs(answer.headers['retry-after']),
      };
    } catch (error) {
      if (!deadline.signal.aborted || request.signal?.aborted === true) throw error;
      throw this.#unreachable(
        new TransportError(`no complete answer within ${timeoutMs / 1000} s`, { sent: true }),
        !idempotent,
      );
    } finally {
      clearTimeout(timer);
    }
  }

  /** Adds credentials; after a 401 asks once for newer ones. */
  async #authorized(request: TransportRequest): Promise<TransportAnswer> {
    const { credentials } = this.#settings;
    for (let renewed = false; ; renewed = true) {
      const used = await credentials.current();
      const { authorization, cert } = used;
      const headers = {
        ...request.headers,
        ...this.#settings.headers,
        ...(authorization === undefined || this.#settings.server.protocol === 'http:' ? {} : { authorization }),
        'user-agent': 'orrery',
      };
      const answer = await this.#send({ ...request, headers });
      if (answer.status !== 401) return answer;
      answer.body.resume();
      answer.body.on('error', () => {});
      if (!renewed && (await credentials.refresh(used))) {
        if ((await credentials.current()).cert !== cert) this.#reconnect();
        continue;
      }
      throw new OrreryError('ORR3005', `${this.#host} refused the credentials of ${this.#settings.description}.`, {
        fix: 'Log in again or renew the token or certificate of this context.',
      });
    }
  }

  async #send(request: TransportRequest): Promise<TransportAnswer> {
    this.#requests++;
    const transport = this.#transport;
    try {
      return await (await transport).send(request);
    } catch (error) {
      if (!(error instanceof NoHttp2Error)) throw error;
      // Several first requests may find out at the same time.
      if (this.#transport === transport) this.#transport = this.#http1(error.socket);
      return (await this.#transport).send(request);
    }
  }

  #newTransport(): Promise<Transport> {
    if (this.#settings.server.protocol === 'http:') return this.#http1();
    return Promise.resolve(new Http2Transport(this.#settings, this.#options));
  }

  /** A client certificate is shown when connecting; requests under way keep their connection. */
  #reconnect(): void {
    this.#retired.push(this.#transport);
    this.#transport = this.#newTransport();
  }

  /** Loaded only when needed: importing node:http costs more than a whole plan's requests. */
  async #http1(first?: net.Socket): Promise<Transport> {
    const { Http1Transport } = await import('./http1-transport.ts');
    return new Http1Transport(this.#settings, {
      connectTimeoutMs: this.#options.connectTimeoutMs,
      maxConnections: this.#options.concurrency,
      first,
    });
  }

  async *#counted(answer: TransportAnswer): AsyncGenerator<Buffer> {
    try {
      for await (const chunk of answer.body as AsyncIterable<Buffer>) {
        this.#bytesReceived += chunk.length;
        yield chunk;
      }
    } catch (error) {
      throw cutOff(error);
    }
    if (!answer.complete()) throw cutOff(undefined);
  }

  #path(path: string, query: KubeRequest['query']): string {
    let parameters = '';
    for (const [name, value] of Object.entries(query ?? {})) {
      if (value !== undefined)
        parameters += `${parameters === '' ? '?' : '&'}${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
    }
    return this.#prefix + path + parameters;
  }

  #pause(attempt: number): number {
    return Math.min(this.#options.pauseMs * 2 ** (attempt - 1), LONGEST_PAUSE_MS) * (0.75 + Math.random() / 2);
  }

  #unreachable(error: unknown, doubt: boolean): unknown {
    if (!(error instanceof TransportError)) return error;
    const unknown = doubt ? ' Whether the request was carried out is unknown.' : '';
    return new OrreryError('ORR3004', `${this.#host}: ${reasonOf(error)}.${unknown}`, {
      cause: error,
      fix: `Check that the cluster runs and that ${this.#settings.description} has the right address and certificate authority.`,
    });
  }
}

/** See KubeRequest.idempotent. */
function isIdempotent(request: KubeRequest): boolean {
  if (request.method === 'GET' || request.query?.dryRun === 'All') return true;
  if (request.method !== 'PATCH' || request.contentType !== APPLY_PATCH) return false;
  const { body } = request;
  if (typeof body !== 'object' || body === null) return false;
  const metadata = (body as { metadata?: { resourceVersion?: unknown } }).metadata;
  return typeof metadata?.resourceVersion === 'string';
}

/** 429: the server did not begin. In trouble it may have begun, so it is asked again only where that does no harm. */
function mayAskAgain(answer: Pick<KubeResponse, 'status' | 'body'>, idempotent: boolean): boolean {
  return answer.status === 429 || (idempotent && isServerTrouble(apiStatus(answer)));
}

function retryAfterMs(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

/** Texts of `299 - "text"` headers (RFC 7234 section 5.5); Node joins several of them by ", ". */
function warningTexts(header: string | string[] | undefined): string[] {
  const texts: string[] = [];
  for (const match of [header ?? []]
    .flat()
    .join(', ')
    .matchAll(/\b\d{3} \S+ "((?:[^"\\]|\\.)*)"/g)) {
    texts.push((match[1] as string).replace(/\\(.)/g, '$1'));
  }
  return texts;
}
