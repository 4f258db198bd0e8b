import zlib from 'node:zlib';
import { OrreryError } from '../errors.ts';
import { reasonOf, type TransportAnswer, TransportError } from './transport.ts';

export interface DecodedBody {
  readonly value: unknown;
  /** Bytes on the wire. */
  readonly bytes: number;
}

/**
 * Reads a whole answer and decodes it: JSON when it says so, text otherwise.
 * @throws TransportError when the connection is lost before the end
 * @throws OrreryError ORR3007 for an HTML page, JSON that does not parse, an answer over `limit` bytes. The texts never quote the body.
 */
export async function readAnswer(
  answer: TransportAnswer,
  where: { host: string; path: string },
  limit: number,
): Promise<DecodedBody> {
  const raw = await collect(answer, limit, where);
  const encoding = answer.headers['content-encoding'];
  let bytes: Buffer = raw;
  if (encoding === 'gzip') {
    try {
      bytes = zlib.gunzipSync(raw, { maxOutputLength: limit });
    } catch (cause) {
      throw unreadable(where, `an answer (${answer.status}) whose gzip data is damaged or too large`, cause);
    }
  } else if (encoding !== undefined && encoding !== 'identity') {
    throw unreadable(where, `an answer (${answer.status}) in an encoding that was not asked for`);
  }
  const type = (answer.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const text = bytes.toString('utf8');
  if (type === 'application/json' || type.endsWith('+json')) {
    if (text === '') return { value: undefined, bytes: raw.length };
    try {
      return { value: JSON.parse(text), bytes: raw.length };
    } catch {
      // No cause: V8 quotes the text in its message, and the text may hold Secrets.
      throw unreadable(where, `JSON that ends early or is damaged (status ${answer.status}, ${bytes.length} bytes)`);
    }
  }
  if (type === '' || type === 'text/plain') return { value: text, bytes: raw.length };
  throw unreadable(
    where,
    `${type === 'text/html' ? 'a web page (text/html)' : 'something that is no JSON'} with status ${answer.status}`,
  );
}

function unreadable(where: { host: string; path: string }, what: string, cause?: unknown): OrreryError {
  return new OrreryError('ORR3007', `${where.host} answered ${where.path} with ${what}.`, {
    cause,
    fix: 'Check that the address is a Kubernetes API server and what a proxy or load balancer in front of it says.',
  });
}

function collect(answer: TransportAnswer, limit: number, where: { host: string; path: string }): Promise<Buffer> {
  const { body } = answer;
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let failure: unknown;
    body.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) {
        reject(unreadable(where, `more than ${limit} bytes`));
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
