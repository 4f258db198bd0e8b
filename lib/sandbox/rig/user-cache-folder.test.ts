import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rigCacheFolder } from './user-cache-folder.ts';

const home = join('/home', 'ada');

describe('the cache folder of the rig', () => {
  it.each<[string, string, Record<string, string>, string]>([
    ['XDG_CACHE_HOME where it is set', 'linux', { XDG_CACHE_HOME: '/var/cache/ada' }, '/var/cache/ada/orrery/rig'],
    ['.cache on Linux', 'linux', {}, '/home/ada/.cache/orrery/rig'],
    ['Library/Caches on macOS', 'darwin', {}, '/home/ada/Library/Caches/orrery/rig'],
    ['LOCALAPPDATA on Windows', 'win32', { LOCALAPPDATA: '/local', XDG_CACHE_HOME: '/x' }, '/local/orrery/Cache/rig'],
    ['AppData/Local on Windows without it', 'win32', {}, '/home/ada/AppData/Local/orrery/Cache/rig'],
  ])('is under %s', (_, platform, environment, expected) => {
    expect(rigCacheFolder({ platform, environment, homeFolder: home })).toBe(join(expected));
  });
});
