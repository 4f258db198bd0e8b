import { join } from 'node:path';

export interface UserCacheOptions {
  /** `process.platform`. */
  readonly platform: string;
  /** Environment variables. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Home folder of the user, absolute. */
  readonly homeFolder: string;
}

/**
 * Folder in which built tools are kept: `$XDG_CACHE_HOME/orrery/rig` or `~/.cache/orrery/rig` (XDG Base Directory Specification), on macOS
 * `~/Library/Caches/orrery/rig`, on Windows `%LOCALAPPDATA%\orrery\Cache\rig`.
 */
export function rigCacheFolder({ platform, environment, homeFolder }: UserCacheOptions): string {
  if (platform === 'win32') {
    return join(environment.LOCALAPPDATA || join(homeFolder, 'AppData', 'Local'), 'orrery', 'Cache', 'rig');
  }
  if (environment.XDG_CACHE_HOME) return join(environment.XDG_CACHE_HOME, 'orrery', 'rig');
  return platform === 'darwin'
    ? join(homeFolder, 'Library', 'Caches', 'orrery', 'rig')
    : join(homeFolder, '.cache', 'orrery', 'rig');
}
