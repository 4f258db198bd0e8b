import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface LoopbackRequest {
  readonly url: string;
  readonly method?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
  /** PEM of the only authority that is believed, for https. */
  readonly ca?: string | undefined;
}

export interface LoopbackResponse {
  readonly status: number;
  readonly body: string;
}

const TIMEOUT_MS = 10_000;

/** One request on a connection of its own to a server on this machine. Rejects when nobody answers; any status resolves. */
export function loopbackRequest({
  url,
  method = 'GET',
  headers,
  body,
  ca,
}: LoopbackRequest): Promise<LoopbackResponse> {
  return new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? httpsRequest : httpRequest;
    const request = send(
      url,
      { method, headers: headers ?? {}, agent: false, timeout: TIMEOUT_MS, ...(ca === undefined ? {} : { ca }) },
      (response) => {
        response.setEncoding('utf8');
        let text = '';
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
      },
    );
    request.on('timeout', () => request.destroy(new Error(`no answer from ${url} in ${TIMEOUT_MS / 1000} s`)));
    request.on('error', reject);
    request.end(body);
  });
}
