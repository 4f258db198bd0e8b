import { fixedCredentials } from '../cluster/credentials.ts';
import { Http1Transport } from '../cluster/http1-transport.ts';
import { proxyOf } from '../cluster/proxy-settings.ts';
import { reasonOf, type TransportAnswer } from '../cluster/transport.ts';
import { isOrreryError, OrreryError } from '../errors.ts';
import { YAML_LIMITS } from '../yaml/limits.ts';
import { checkHost, guardedLookup, isPrivateHost, RefusedAddress } from './guarded-address.ts';
import type { RemoteOptions } from './remote-options.ts';

/** As many as a browser's fetch would need for a release on a forge, twice over. */
const MAX_REDIRECTS = 5;
const CONNECT_TIMEOUT_MS = 10_000;
const DEFAULT_TIMEOUT_MS = 60_000;

/**
 * What lies at an https address. Redirects are followed to other https addresses; no credentials are ever sent. Every host must be public, unless `privateHosts`
 * names it and everything before it: a stranger cannot redirect to a machine of ours.
 * @throws OrreryError ORR2204 when it cannot be had, ORR2206 for an address that is refused
 */
export async function download(address: string, options: RemoteOptions): Promise<Buffer> {
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const signal = AbortSignal.timeout(timeoutMs);
  let url = checkedUrl(address, undefined);
  let mayBePrivate = true;
  for (let redirects = 0; ; redirects++) {
    mayBePrivate &&= isPrivateHost(url, options.privateHosts ?? []);
    const found = await get(url, mayBePrivate, signal, options).catch((error: unknown) => {
      if (isOrreryError(error)) throw error;
      const refusal = refusedAddress(error);
      if (refusal !== undefined) throw refused(url, refusal, options);
      throw failed(url, signal.aborted ? `it took more than ${timeoutMs / 1000} s` : reasonOf(error), error);
    });
    if (Buffer.isBuffer(found)) return found;
    if (redirects === MAX_REDIRECTS) throw failed(url, `there were more than ${MAX_REDIRECTS} redirects before it`);
    url = checkedUrl(found.location, url);
  }
}

/** For messages: without a query, which may hold a token. */
function shownUrl(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}

/** @param from what redirects to it */
function checkedUrl(address: string, from: URL | undefined): URL {
  const url = URL.canParse(address, from?.href) ? new URL(address, from) : undefined;
  const shown = url === undefined ? JSON.stringify(address.slice(0, 200)) : shownUrl(url);
  const subject = from === undefined ? shown : `${shownUrl(from)} redirects to ${shown}, which`;
  if (url?.protocol !== 'https:') {
    const fix = 'Name an address that is served over https all the way.';
    throw new OrreryError('ORR2206', `${subject} is no https address`, { fix });
  }
  if (url.username !== '' || url.password !== '') {
    const fix = 'Download a file that needs a login into the project.';
    throw new OrreryError('ORR2206', `${subject} is an address with credentials`, { fix });
  }
  url.hash = '';
  return url;
}

async function get(
  url: URL,
  mayBePrivate: boolean,
  signal: AbortSignal,
  options: RemoteOptions,
): Promise<Buffer | { readonly location: string }> {
  const proxy = proxyFor(url, options);
  await checkHost(url, mayBePrivate, proxy !== undefined, options.resolve);
  const settings = {
    server: new URL(url.origin),
    description: shownUrl(url),
    tls: { ca: options.ca, insecure: false },
    proxy,
    compression: false,
    credentials: fixedCredentials({}),
    headers: {},
    // The proxy's own host may be anywhere: it is the user's choice.
    lookup: guardedLookup(mayBePrivate, options.resolve),
  };
  const transport = new Http1Transport(settings, { connectTimeoutMs: CONNECT_TIMEOUT_MS, maxConnections: 1 });
  try {
    const answer = await transport.send({
      method: 'GET',
      path: `${url.pathname}${url.search}`,
      headers: { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'orrery' },
      signal,
    });
    const { status, headers } = answer;
    if (status >= 300 && status < 400 && headers.location !== undefined) {
      answer.body.destroy();
      return { location: headers.location };
    }
    if (status === 200) return await bodyOf(url, answer, options.maxBytes ?? YAML_LIMITS.bytes);
    answer.body.destroy();
    throw failed(url, `the server answered ${status}`);
  } finally {
    await transport.close();
  }
}

/** The bytes of an answer. One that is cut off without a word has another digest. */
async function bodyOf(url: URL, { body, headers }: TransportAnswer, maxBytes: number): Promise<Buffer> {
  const tooLarge = () => failed(url, `it is larger than ${maxBytes / 1024 / 1024} MiB`);
  const chunks: Buffer[] = [];
  let read = Number(headers['content-length'] ?? 0) > maxBytes ? Number.POSITIVE_INFINITY : 0;
  try {
    if (read > maxBytes) throw tooLarge();
    for await (const chunk of body as AsyncIterable<Buffer>) {
      read += chunk.length;
      if (read > maxBytes) throw tooLarge();
      chunks.push(chunk);
    }
  } finally {
    body.destroy();
  }
  return Buffer.concat(chunks);
}

function proxyFor(url: URL, { environment }: RemoteOptions): URL | undefined {
  try {
    return proxyOf(undefined, url, '', environment ?? {});
  } catch (error) {
    if (!isOrreryError(error)) throw error;
    throw new OrreryError('ORR2204', error.message, { fix: 'Correct the variable, or add the host to NO_PROXY.' });
  }
}

function refusedAddress(error: unknown): RefusedAddress | undefined {
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof RefusedAddress) return at;
  return undefined;
}

function refused(
  url: URL,
  { message, class: what }: RefusedAddress,
  { privateHosts = [] }: RemoteOptions,
): OrreryError {
  const isOurs = what === 'private' || what === 'loopback';
  const fix = !isOurs
    ? 'Use another address: a file to include never lies there.'
    : isPrivateHost(url, privateHosts)
      ? 'Write this address into the program: a server that is not named in remoteFiles.privateHosts must not lead to one that is.'
      : 'If the server is yours, name it in remoteFiles.privateHosts of cdk8s.yaml; if not, find out who answers for the name.';
  return new OrreryError('ORR2206', `${shownUrl(url)} is not fetched: ${message}`, { fix });
}

function failed(url: URL, reason: string, cause?: unknown): OrreryError {
  const fix = 'Try again when the server answers, or download the file into the project and include it from there.';
  return new OrreryError('ORR2204', `${shownUrl(url)} cannot be fetched: ${reason}`, { fix, cause });
}
