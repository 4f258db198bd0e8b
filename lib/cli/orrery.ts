#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { userCacheFolder } from '../files/user-cache-folder.ts';
import { processSurroundings } from './surroundings.ts';
import { VERSION } from './version.ts';

const surroundings = processSurroundings();
const [first, ...rest] = process.argv.slice(2);
if ((first === '--version' || first === '-V') && rest.length === 0) {
  // Answered without loading anything else.
  surroundings.writeOut(`${VERSION}\n`);
} else {
  // Every start but the first finds our code compiled. Where the folder cannot be written, nothing happens.
  const { env, home } = surroundings;
  const caches = userCacheFolder({ platform: process.platform, environment: env, homeFolder: home });
  enableCompileCache(join(caches, 'compiled'));
  const { runCommandLine } = await import('./command-line.ts');
  process.exitCode = await runCommandLine(process.argv.slice(2), surroundings);
}
