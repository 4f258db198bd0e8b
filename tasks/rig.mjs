// npm run rig: builds the real API servers and tools that the sandbox and the tests run on, once.
import { join } from 'node:path';
import { must, root, setUp } from './set-up.mjs';

const node = await setUp();
await must(node, [join(root, 'lib', 'dist', 'orrery.js'), 'sandbox', 'rig', ...process.argv.slice(2)]);
