// npm run lint: format and lint (biome), types (tsc), dead code (knip), package contents (publint).
import { join } from 'node:path';
import { root, run, say, setUp } from './set-up.mjs';

const node = await setUp();
const bin = (path) => join(root, 'node_modules', path);
const checks = [
  ['biome', [bin('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings', '.']],
  ['tsc', [bin('typescript/bin/tsc'), '--project', 'tsconfig.json']],
  ['tsc constructs', [bin('typescript/bin/tsc'), '--project', 'constructs/tsconfig.test.json']],
  ['knip', [bin('knip/bin/knip.js'), '--no-progress']],
  ['publint constructs', [bin('publint/src/cli.js'), 'constructs', '--strict']],
  ['publint lib', [bin('publint/src/cli.js'), 'lib', '--strict']],
];
let failed = 0;
for (const [name, args] of checks) {
  const code = await run(node, args, { quiet: true });
  say(`${code === 0 ? 'ok    ' : 'FAILED'}  ${name}`);
  if (code !== 0) failed++;
}
process.exitCode = failed === 0 ? 0 : 1;
