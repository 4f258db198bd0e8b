import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { userCacheFolder } from './user-cache-folder.ts';

const home = join('/home', 'ada');

describe('the cache folder of the user', () => {
  it.each<[string, string, Record<string, string>, string]>([
    ['XDG_CACHE_HOME where it is set', 'linux', { XDG_CACHE_HOME: '/var/cache/ada' }, '/var/cache/ada/orrery'],
    ['.cache on Linux', 'linux', {}, '/home/ada/.cache/orrery'],
    ['Library/Caches on macOS', 'darwin', {}, '/home/ada/Library/Caches/orrery'],
    ['LOCALAPPDATA on Windows', 'win32', { LOCALAPPDATA: '/local', XDG_CACHE_HOME: '/x' }, '/local/orrery/Cache'],
    ['AppData/Local on Windows without it', 'win32', {}, '/home/ada/AppData/Local/orrery/Cache'],
  ])('is under %s', (_, platform, environment, expected) => {
    expect(userCacheFolder({ platform, environment, homeFolder: home })).toBe(join(expected));
  });
});
