// npm run build: installs and builds what is missing or stale.
import { say, setUp } from './set-up.mjs';

await setUp();
say('Built: constructs/lib, lib/dist.');
