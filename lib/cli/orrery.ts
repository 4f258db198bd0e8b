#!/usr/bin/env node
import { processSurroundings } from './surroundings.ts';
import { VERSION } from './version.ts';

const surroundings = processSurroundings();
const [first, ...rest] = process.argv.slice(2);
if ((first === '--version' || first === '-V') && rest.length === 0) {
  // Answered without loading anything else.
  surroundings.writeOut(`${VERSION}\n`);
} else {
  const { runCommandLine } = await import('./command-line.ts');
  process.exitCode = await runCommandLine(process.argv.slice(2), surroundings);
}
