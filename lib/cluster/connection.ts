import net from 'node:net';

/** Everything needed to talk to one API server, from a kubeconfig context or a pod's service account. */
export interface ConnectionSettings {
  /** Base URL; its path, if any, is put before every request path. Never holds user information. */
  readonly server: URL;
  /** For people: `context "prod-sh" of /home/ann/.kube/config`. */
  readonly description: string;
  readonly tls: TlsSettings;
  /** How the server's name becomes addresses, without a proxy. Default: what the system says. */
  readonly lookup?: net.LookupFunction | undefined;
  /** HTTP proxy to tunnel through, from `proxy-url` or the environment. */
  readonly proxy?: URL | undefined;
  /** Whether answers may come gzipped. False for loopback servers, where packing costs more than it saves. */
  readonly compression: boolean;
  readonly credentials: Credentials;
  /** Impersonation headers of the kubeconfig user. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
}

interface TlsSettings {
  /** PEM. Absent: the system's and Node's own roots. */
  readonly ca?: string | Buffer | undefined;
  /** Name for SNI and for the check of the server's certificate; default: the host of the URL. */
  readonly serverName?: string | undefined;
  /** The certificate is not checked (`insecure-skip-tls-verify`). */
  readonly insecure: boolean;
}

/** What a client proves its identity with. */
export interface ClientCredentials {
  /** Value of the Authorization header. */
  readonly authorization?: string | undefined;
  /** PEM. */
  readonly cert?: string | Buffer | undefined;
  /** PEM. */
  readonly key?: string | Buffer | undefined;
}

/** A source of credentials that may change over time (token files, exec plugins). */
export interface Credentials {
  /**
   * The credentials to use now. Cheap after the first call.
   * @throws OrreryError ORR3005 when they cannot be had (plugin failed, token file unreadable)
   */
  current(): Promise<ClientCredentials>;
  /**
   * After a 401: makes sure that `current` gives newer credentials than those that were refused; of many requests that were refused together the first one does.
   * False when there can be none (static token, client certificate).
   */
  refresh(refused: ClientCredentials): Promise<boolean>;
}

/** "api.example.com:6443": for messages. */
export function hostOf(server: URL): string {
  return server.port === '' ? server.hostname : `${server.hostname}:${server.port}`;
}

export function portOf(server: URL): number {
  if (server.port !== '') return Number(server.port);
  return server.protocol === 'http:' ? 80 : 443;
}

export function isLoopback(server: URL): boolean {
  const host = bareHost(server);
  return host === 'localhost' || host === '::1' || (net.isIPv4(host) && host.startsWith('127.'));
}

/** Host without the brackets of an IPv6 address. */
export function bareHost(server: URL): string {
  return server.hostname.startsWith('[') ? server.hostname.slice(1, -1) : server.hostname;
}
