import path from 'node:path';
import type { Assembly } from '../../assembly/assembly.ts';
import { describeId, idOf } from '../../kubernetes/object.ts';
import { oneLine } from '../../report/sanitize.ts';
import { count } from '../../report/wording.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { folderChanges } from '../folder-changes.ts';
import { listenForInterrupt } from '../interrupt.ts';
import type { SourceOptions } from '../options.ts';
import { printError } from '../print-error.ts';
import { loadProject } from '../project.ts';
import type { VerbContext } from '../verb.ts';
import { synthesize } from './synth.ts';

/** Lines about changed objects; a change of everything need not fill the screen. */
const MOST_LINES = 20;

/** Runs the program again whenever a file of the project changes, and says which objects became others. A mistake is told, and waits for its correction. */
export async function watch(context: VerbContext, options: SourceOptions): Promise<ExitCode> {
  const { surroundings, screen } = context;
  const { config } = loadProject(surroundings, options);
  const interrupt = listenForInterrupt(() => {});
  const folder = options.assembly === undefined ? config.folder : path.resolve(surroundings.cwd, options.assembly);
  const without = options.assembly === undefined ? [config.output] : [];
  let last: ReadonlyMap<string, ListedObject> | undefined;
  const run = async (): Promise<void> => {
    try {
      const now = objectsOf(await synthesize(context, options));
      if (last !== undefined) screen.out(differenceText(last, now));
      last = now;
    } catch (error) {
      printError(error, screen, options.verbose);
    }
    screen.err(screen.talk.dim(`watching ${oneLine(path.relative(surroundings.cwd, folder) || '.')}; Ctrl+C ends\n`));
  };
  try {
    const changes = folderChanges(folder, without, interrupt.signal);
    // The first change is waited for before the first run, so that none of a long run is missed.
    let next = changes.next();
    await run();
    for (let change = await next; change.done !== true; change = await next) {
      screen.err(screen.talk.dim(`changed: ${change.value.map(oneLine).join(', ')}\n`));
      next = changes.next();
      await run();
    }
    return EXIT.ok;
  } finally {
    interrupt.end();
  }
}

interface ListedObject {
  readonly name: string;
  readonly sha256: string;
}

/** By cluster and construct path. */
function objectsOf({ clusters }: Assembly): ReadonlyMap<string, ListedObject> {
  return new Map(
    clusters.flatMap(({ manifest, objects }) =>
      manifest.units
        .flatMap((unit) => unit.objects)
        .map(({ path: made, sha256 }, at) => {
          const object = objects[at];
          const name = object === undefined ? made : describeId(idOf(object));
          return [`${manifest.name}  ${made}`, { name: `${manifest.name}  ${name}`, sha256 }] as const;
        }),
    ),
  );
}

function differenceText(before: ReadonlyMap<string, ListedObject>, now: ReadonlyMap<string, ListedObject>): string {
  const lines: string[] = [];
  for (const [key, { name, sha256 }] of now) {
    const known = before.get(key);
    if (known === undefined) lines.push(`  + ${oneLine(name)}`);
    else if (known.sha256 !== sha256) lines.push(`  ~ ${oneLine(name)}`);
  }
  for (const [key, { name }] of before) if (!now.has(key)) lines.push(`  - ${oneLine(name)}`);
  if (lines.length === 0) return '  no object changed\n';
  const more = lines.length - MOST_LINES;
  return `${lines.slice(0, MOST_LINES).join('\n')}\n${more > 0 ? `  … and ${count(more, 'object')} more\n` : ''}`;
}
