/** How charts are rendered. Nothing here changes what comes out. */
export interface HelmOptions {
  /** helm executable: an absolute path, or a name looked for in `searchPath`. Default "helm". */
  readonly helmBinary?: string | undefined;
  /** Folders to look for helm in, as in PATH. Default none. */
  readonly searchPath?: string | undefined;
  /**
   * Folder for rendered charts, downloaded charts and helm's own state; made with mode 0700, as values may be secret.
   * Default: a temporary folder that is removed afterwards, so that nothing is cached.
   */
  readonly cacheFolder?: string | undefined;
  /** Helm processes at a time. Default: the number of CPUs. */
  readonly concurrency?: number | undefined;
  /** Time for one run of helm in ms. Default 120,000. */
  readonly timeoutMs?: number | undefined;
  /** sha256 of the charts of repositories, by "<repository>/<name> <version>"; another one is refused. Default: none is known. */
  readonly chartPins?: ReadonlyMap<string, string> | undefined;
  /** Environment to take proxy and certificate settings from, for charts of repositories. Default: none. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  /** Ends running helm processes. */
  readonly signal?: AbortSignal | undefined;
}
