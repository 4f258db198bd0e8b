import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Platform } from '../platform';
import { fail } from './problem';

/** Names at the top of a folder that a synth (ours or cdk8s's) writes; any other file belongs to somebody. */
const OWN = /^(manifest\.json|locations\.json|construct-metadata\.json|clusters|yaml|assets|.*\.k8s\.yaml)$/;

/**
 * Fills a new folder beside the output folder and moves it into its place. Where `fill` throws, the output folder stays as it was.
 * A folder with files that no synth wrote is refused: it would be replaced as a whole.
 */
export function replaceFolder(platform: Platform, fill: (folder: string) => void): void {
  // A link to a folder stays a link: what it leads to is replaced.
  const target = fs.existsSync(platform.outdir) ? fs.realpathSync(platform.outdir) : path.resolve(platform.outdir);
  refuseForeignFolder(platform, target);
  const parent = path.dirname(target);
  fs.mkdirSync(parent, { recursive: true });
  const fresh = fs.mkdtempSync(path.join(parent, `.${path.basename(target)}-new-`));
  try {
    fs.chmodSync(fresh, 0o777 & ~process.umask());
    fill(fresh);
    move(fresh, target);
  } finally {
    fs.rmSync(fresh, { recursive: true, force: true });
  }
}

function refuseForeignFolder(platform: Platform, target: string): void {
  const stat = fs.statSync(target, { throwIfNoEntry: false });
  if (stat === undefined) return;
  const shown = platform.outdir;
  if (!stat.isDirectory()) fail(platform, 'ORR2016', `The output folder "${shown}" is a file.`, { fix: FIX });
  const foreign = fs.readdirSync(target).filter((name) => !OWN.test(name));
  if (foreign.length > 0) {
    fail(
      platform,
      'ORR2016',
      `The output folder "${shown}" holds files that synth did not write: ${foreign.slice(0, 5).join(', ')}.`,
      {
        fix: FIX,
      },
    );
  }
}

const FIX = 'synth replaces its output folder as a whole. Choose a folder of its own (outdir) or empty this one.';

function move(fresh: string, target: string): void {
  const old = `${fresh}-old`;
  try {
    const existed = rename(target, old);
    try {
      fs.renameSync(fresh, target);
    } catch (error) {
      if (existed) fs.renameSync(old, target);
      throw error;
    }
  } catch (error) {
    // A mount point (a volume in a container) can be neither moved nor replaced: exchange what it holds.
    if (!['EBUSY', 'EXDEV', 'EPERM', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    for (const name of fs.readdirSync(target)) fs.rmSync(path.join(target, name), { recursive: true });
    fs.cpSync(fresh, target, { recursive: true });
  } finally {
    fs.rmSync(old, { recursive: true, force: true });
  }
}

/** False where there was nothing to move. */
function rename(from: string, to: string): boolean {
  try {
    fs.renameSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
