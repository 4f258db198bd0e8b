import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { OrreryError } from '../../errors.ts';
import { oneLine } from '../../report/sanitize.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { projectFiles } from '../project-template.ts';
import type { VerbContext } from '../verb.ts';
import { VERSION } from '../version.ts';

export interface InitOptions {
  readonly folder: string;
  /** Platform id. Default: from the folder's name. */
  readonly id?: string | undefined;
}

/** Writes a new project. @throws OrreryError ORR1001 when a file of it exists already or the id is no DNS label; nothing is written then. */
export async function init({ surroundings, screen }: VerbContext, options: InitOptions): Promise<ExitCode> {
  const folder = path.resolve(surroundings.cwd, options.folder);
  const id = options.id ?? idFrom(path.basename(folder));
  if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(id)) {
    throw new OrreryError('ORR1001', `"${id}" cannot be the id of a platform.`, {
      fix: 'Give one with --id: lower-case letters, digits and dashes, at most 63 characters.',
    });
  }
  const files = Object.entries(projectFiles({ id, version: VERSION }));
  const existing = files.map(([name]) => name).filter((name) => existsSync(path.join(folder, name)));
  if (existing.length > 0) {
    throw new OrreryError(
      'ORR1001',
      `${oneLine(folder)} has files that a new project would overwrite: ${existing.join(', ')}.`,
      { fix: 'Choose a new or empty folder.' },
    );
  }
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of files) writeFileSync(path.join(folder, name), content, { flag: 'wx' });
  const shown = path.relative(surroundings.cwd, folder);
  screen.out(`Platform "${id}" in ${oneLine(shown === '' ? '.' : shown)}: ${files.map(([name]) => name).join(', ')}\n`);
  screen.err(
    `\nNext:\n${shown === '' ? '' : `  cd ${oneLine(shown)}\n`}  npm install\n  npx orrery plan      # what would change; writes nothing\n  npx orrery apply     # shows the same, asks, writes\n`,
  );
  return EXIT.ok;
}

/** "My Platform!" → "my-platform". */
function idFrom(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63)
    .replace(/-+$/, '');
}
