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
 * Folder for what can be made again: `$XDG_CACHE_HOME/orrery` or `~/.cache/orrery` (XDG Base Directory Specification), on macOS
 * `~/Library/Caches/orrery`, on Windows `%LOCALAPPDATA%\orrery\Cache`.
 */
export function userCacheFolder({ platform, environment, homeFolder }: UserCacheOptions): string {
  if (platform === 'win32') {
    return join(environment.LOCALAPPDATA || join(homeFolder, 'AppData', 'Local'), 'orrery', 'Cache');
  }
  if (environment.XDG_CACHE_HOME) return join(environment.XDG_CACHE_HOME, 'orrery');
  return platform === 'darwin' ? join(homeFolder, 'Library', 'Caches', 'orrery') : join(homeFolder, '.cache', 'orrery');
}
