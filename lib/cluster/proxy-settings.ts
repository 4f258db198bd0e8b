import net from 'node:net';
import { OrreryError } from '../errors.ts';
import { bareHost, isLoopback, portOf } from './connection.ts';
import type { Environment } from './kubeconfig.ts';

/**
 * The proxy to reach a server through: `proxy-url` of the kubeconfig, else HTTPS_PROXY (HTTP_PROXY for http: servers) unless NO_PROXY excludes the
 * server. As client-go does it (golang.org/x/net/http/httpproxy): loopback servers are never proxied by the environment.
 * @throws OrreryError ORR3002 for an address that is no http(s) URL, a SOCKS proxy included
 */
export function proxyOf(
  configured: string | undefined,
  server: URL,
  description: string,
  env: Environment,
): URL | undefined {
  if (configured !== undefined && configured !== '') {
    return proxyUrl(configured, `proxy-url of ${description}`, 'Correct proxy-url in the kubeconfig.');
  }
  const name = server.protocol === 'http:' ? 'HTTP_PROXY' : 'HTTPS_PROXY';
  const value = env[name] || env[name.toLowerCase()];
  if (value === undefined || value === '' || isLoopback(server)) return undefined;
  if (isExcluded(server, env.NO_PROXY || env.no_proxy || '')) return undefined;
  return proxyUrl(value, `The variable ${name}`, 'Correct the variable, or add the cluster to NO_PROXY.');
}

function proxyUrl(text: string, whose: string, fix: string): URL {
  const url = /^[a-z0-9+.-]+:\/\//i.test(text) ? text : `http://${text}`;
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol === 'http:' || parsed?.protocol === 'https:') return parsed;
  // The text is not quoted: it may hold a password.
  const what =
    parsed?.protocol.startsWith('socks') === true ? 'names a SOCKS proxy, which is not supported' : 'is no http(s) URL';
  throw new OrreryError('ORR3002', `${whose} ${what}.`, { fix });
}

/** Entries: "*", "example.com" and ".example.com" (with all below), "10.0.0.0/8", "10.1.2.3", each with an optional port. */
function isExcluded(server: URL, list: string): boolean {
  const host = bareHost(server).toLowerCase();
  for (const raw of list.split(',')) {
    const entry = raw.trim().toLowerCase();
    if (entry === '') continue;
    if (entry === '*') return true;
    const [, name = entry, port] = /^(.*[^:]):(\d+)$/.exec(entry) ?? [];
    if (port !== undefined && Number(port) !== portOf(server)) continue;
    if (net.isIP(host) !== 0) {
      if (name === host || (name.includes('/') && isInNetwork(host, name))) return true;
      continue;
    }
    const domain = name.replace(/^\*?\./, '');
    if (host.endsWith(`.${domain}`) || (host === domain && !/^\*?\./.test(name))) return true;
  }
  return false;
}

function isInNetwork(host: string, cidr: string): boolean {
  const [network = '', prefix = ''] = cidr.split('/');
  const family = net.isIP(network) === 6 ? 'ipv6' : 'ipv4';
  if (net.isIP(network) === 0 || net.isIP(network) !== net.isIP(host) || !/^\d+$/.test(prefix)) return false;
  const networks = new net.BlockList();
  networks.addSubnet(network, Number(prefix), family);
  return networks.check(host, family);
}
