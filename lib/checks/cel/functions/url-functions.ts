import type { Environment } from '@marcbachmann/cel-js';
import { undecided } from '../undecided.ts';

/** URLs of Kubernetes (k8s.io/apiserver, pkg/cel/library/urls.go), which are Go's: net/url, ParseRequestURI. */
export function addUrlFunctions(environment: Environment): void {
  environment
    .registerType('URL', GoUrl)
    .registerFunction('isURL(string): bool', (text: string) => parsed(text) !== undefined)
    .registerFunction('url(string): URL', (text: string) => parsed(text) ?? undecided())
    .registerFunction('url(URL): URL', (url: GoUrl) => url)
    .registerFunction('URL.getScheme(): string', ({ scheme }: GoUrl) => scheme)
    .registerFunction('URL.getHost(): string', ({ host }: GoUrl) => host)
    .registerFunction('URL.getHostname(): string', ({ host }: GoUrl) => host.replace(/:\d*$/, ''))
    .registerFunction('URL.getPort(): string', ({ host }: GoUrl) => /:(\d*)$/.exec(host)?.[1] ?? '')
    .registerFunction('URL.getEscapedPath(): string', ({ path }: GoUrl) =>
      /^[\w\-.~$&+,/:;=@]*$/.test(path) ? path : undecided(),
    );
}

class GoUrl {
  readonly scheme: string;
  readonly host: string;
  readonly path: string;

  constructor(scheme: string, host: string, path: string) {
    this.scheme = scheme;
    this.host = host;
    this.path = path;
  }
}

/**
 * A URL as ParseRequestURI reads it; undefined for what it refuses. Undecided for what versions of Go see differently (users, IPv6, several colons), and for fragments, which the server
 * parses a second time.
 */
function parsed(text: string): GoUrl | undefined {
  if (!/^[\x20-\x7e]*$/.test(text) || text.includes('#')) return undecided();
  if (text === '') return undefined;
  if (text === '*') return new GoUrl('', '', '*');
  if (text.startsWith(':')) return undefined;
  const [, scheme = '', rest = ''] = /^(?:([A-Za-z][A-Za-z0-9+\-.]*):)?(.*)$/.exec(text) ?? [];
  const beforeQuery = rest.replace(/\?.*$/, '');
  if (!beforeQuery.startsWith('/')) return scheme === '' ? undefined : new GoUrl(scheme.toLowerCase(), '', '');
  if (scheme === '' || !beforeQuery.startsWith('//')) return withPath(scheme, '', beforeQuery);
  const [, authority = '', path = ''] = /^\/\/([^/]*)(.*)$/.exec(beforeQuery) ?? [];
  if (/[@[\]%]/.test(authority) || authority.split(':').length > 2) return undecided();
  const [name = '', port = ''] = authority.split(':');
  // Characters of a host that are not escaped (net/url, shouldEscape); a port is digits or empty.
  if (!/^[A-Za-z0-9\-_.~!$&'()*+,;=<>"]*$/.test(name) || !/^\d*$/.test(port)) return undefined;
  return withPath(scheme, authority, path);
}

/** A "%" without two digits behind it is no escape. */
function withPath(scheme: string, host: string, path: string): GoUrl | undefined {
  return /%(?![0-9A-Fa-f]{2})/.test(path) ? undefined : new GoUrl(scheme.toLowerCase(), host, path);
}
