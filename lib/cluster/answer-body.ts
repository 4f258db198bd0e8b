import zlib from 'node:zlib';
import { OrreryError, type OrreryErrorOptions } from '../errors.ts';
import { reasonOf, type TransportAnswer, TransportError } from './transport.ts';

export interface DecodedBody {
  readonly value: unknown;
  /** Bytes on the wire. */
  readonly bytes: number;
}

/** ORR3007 with the HTTP status under which the unreadable answer came: a web page with 503 is a busy server all the same. */
export class UnreadableAnswer extends OrreryError {
  readonly status: number;

  constructor(status: number, what: string, options: OrreryErrorOptions) {
    super('ORR3007', what, options);
    this.status = status;
  }
}

interface Asked {
  readonly host: string;
  readonly path: string;
}

/**
 * Reads a whole answer. A success is a JSON object, whatever its type says (GET /openapi/v3 calls it text/plain); other answers are JSON when they say so,
 * text otherwise.
 * @throws TransportError when the connection is lost before the end
 * @throws UnreadableAnswer ORR3007 for an HTML page, JSON that does not parse, a success without an object, an answer over `limit` bytes. The texts never quote the body.
 */
export async function readAnswer(answer: TransportAnswer, where: Asked, limit: number): Promise<DecodedBody> {
  const raw = await collect(answer, limit, where);
  return { value: decode(answer, unpack(answer, raw, limit, where).toString('utf8'), where), bytes: raw.length };
}

function unpack(answer: TransportAnswer, raw: Buffer, limit: number, where: Asked): Buffer {
  const encoding = answer.headers['content-encoding'];
  if (encoding === undefined || encoding === 'identity') return raw;
  if (encoding !== 'gzip')
    throw unreadable(where, answer, `an answer (${answer.status}) in an encoding that was not asked for`);
  try {
    return zlib.gunzipSync(raw, { maxOutputLength: limit });
  } catch (cause) {
    throw unreadable(where, answer, `an answer (${answer.status}) whose gzip data is damaged or too large`, cause);
  }
}

function decode(answer: TransportAnswer, text: string, where: Asked): unknown {
  const type = (answer.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const isJson = type === 'application/json' || type.endsWith('+json');
  if (!isJson && type !== '' && type !== 'text/plain') {
    const what = type === 'text/html' ? 'a web page (text/html)' : 'something that is no JSON';
    throw unreadable(where, answer, `${what} with status ${answer.status}`);
  }
  const isSuccess = answer.status >= 200 && answer.status < 300;
  if (!isSuccess && (!isJson || text === '')) return isJson ? undefined : text;
  const value = parse(text);
  // No cause: V8 quotes the text in its message, and the text may hold Secrets.
  if (value === undefined && text !== '')
    throw unreadable(
      where,
      answer,
      `JSON that ends early or is damaged (status ${answer.status}, ${text.length} characters)`,
    );
  // Something in between that says 200 by itself must not count as a success.
  if (isSuccess && (typeof value !== 'object' || value === null))
    throw unreadable(
      where,
      answer,
      `status ${answer.status} and ${text === '' ? 'nothing' : 'something else'} where an object belongs`,
    );
  return value;
}

/** Undefined for what is no JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unreadable(where: Asked, { status }: TransportAnswer, what: string, cause?: unknown): UnreadableAnswer {
  return new UnreadableAnswer(status, `${where.host} answered ${where.path} with ${what}.`, {
    cause,
    fix: 'Check that the address is a Kubernetes API server and what a proxy or load balancer in front of it says.',
  });
}

function collect(answer: TransportAnswer, limit: number, where: Asked): Promise<Buffer> {
  const { body } = answer;
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let failure: unknown;
    body.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) {
        // Not an UnreadableAnswer: it would be as large the next time.
        reject(new OrreryError('ORR3007', `${where.host} answered ${where.path} with more than ${limit} bytes.`));
        body.destroy();
        return;
      }
      chunks.push(chunk);
    });
    body.once('error', (error) => {
      failure = error;
    });
    body.once('close', () => {
      if (answer.complete()) resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks));
      else reject(cutOff(failure));
    });
  });
}

/** The error of an answer that did not come whole. */
export function cutOff(cause: unknown): TransportError {
  if (cause instanceof TransportError) return cause;
  const reason = cause === undefined ? 'the answer was cut off' : reasonOf(cause);
  return new TransportError(reason, { sent: true, cause });
}
