// npm run rig [-- sets or tools]: builds the real API servers and tools that the sandbox and the tests run on, once.
import { join } from 'node:path';
import { must, root, setUp } from './set-up.mjs';

const SETS = ['sandbox', 'test'];

const names = process.argv.slice(2);
const node = await setUp();
await must(node, [join(root, 'lib', 'dist', 'orrery.js'), 'sandbox', 'rig', ...(names.length > 0 ? names : SETS)]);
