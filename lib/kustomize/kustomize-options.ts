/** How kustomizations are built. Nothing here changes what comes out. */
export interface KustomizeOptions {
  /** kubectl or kustomize: an absolute path, or a name looked for in `searchPath`. Default "kubectl", else "kustomize". */
  readonly binary?: string | undefined;
  /** Folders to look in, as in PATH. Default none. */
  readonly searchPath?: string | undefined;
  /** Folder for what was built; made with mode 0700, as it may hold secrets. Default: nothing is kept. */
  readonly cacheFolder?: string | undefined;
  /** Time for one build in ms. Default 120,000. */
  readonly timeoutMs?: number | undefined;
}
