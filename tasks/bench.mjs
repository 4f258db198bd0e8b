// npm run bench -- [suites…] [--json FILE]: measures Orrery beside its peers, in one run on this machine (docs/benchmarks.md).
import { join } from 'node:path';
import { root, run, setUp } from './set-up.mjs';

const node = await setUp();
process.exitCode = await run(node, [join(root, 'bench', 'run.ts'), ...process.argv.slice(2)], { cwd: process.cwd() });
