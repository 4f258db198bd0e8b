import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';

/** A new folder for a sandbox that one test file starts for itself. The file ends it in `afterAll`; when it cannot, the end of the run does. */
export function ownSandboxFolder(): string {
  return mkdtempSync(join(inject('scratch'), 'own-'));
}
