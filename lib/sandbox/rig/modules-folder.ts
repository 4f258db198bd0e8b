import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OrreryError } from '../../errors.ts';

/**
 * Folder with the pinned Go modules, which ship inside this package: found from the source file and from the bundle, wherever the bundler
 * puts it inside the package.
 *
 * @param from URL of a file of the package. Default: this one.
 * @throws OrreryError ORR6002 when the package was installed without them.
 */
export function rigModulesFolder(from: string = import.meta.url): string {
  const start = dirname(fileURLToPath(from));
  for (let folder = start; ; folder = dirname(folder)) {
    const modules = join(folder, 'sandbox', 'rig', 'modules');
    if (existsSync(modules)) return modules;
    if (dirname(folder) === folder) break;
  }
  throw new OrreryError('ORR6002', 'the Go modules of the sandbox tools are missing from the installed package', {
    source: start,
    fix: 'Install the package again: the folder sandbox/rig/modules belongs to it.',
  });
}
