/** How files at addresses are fetched. Nothing here changes what comes out: their digests stand in the assembly. */
export interface RemoteOptions {
  /** Folder that keeps what was fetched, by digest; made with mode 0700, as it may hold secrets. Default: nothing is kept. */
  readonly cacheFolder?: string | undefined;
  /** "host" or "host:port" of servers that may be private or on this machine. Default: all must be public. */
  readonly privateHosts?: readonly string[] | undefined;
  /** Environment to take HTTPS_PROXY and NO_PROXY from. Default: none. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  /** Certificate authorities in PEM. Default: those of the system and of Node. */
  readonly ca?: string | undefined;
  /** Addresses of a host name. Default: what the system says. */
  readonly resolve?: ((host: string) => Promise<readonly ResolvedAddress[]>) | undefined;
  /** Time for one file in ms, redirects included. Default 60,000. */
  readonly timeoutMs?: number | undefined;
  /** Bytes of one file. Default: what the reader of YAML takes, 16 MiB. */
  readonly maxBytes?: number | undefined;
}

export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}
