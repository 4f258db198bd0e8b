import { writeYaml } from '@orrery/constructs/yaml';
import { type RestoreRequest, restoreDocument } from '../../backup/restore-document.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { SourceOptions } from '../options.ts';
import { loadProgram } from '../planning.ts';
import type { VerbContext } from '../verb.ts';

export interface RestoreOptions extends SourceOptions {
  readonly request: RestoreRequest;
}

/** Prints the documents that restore a backup in a cluster. No cluster is contacted. */
export async function printRestore({ surroundings, screen }: VerbContext, options: RestoreOptions): Promise<ExitCode> {
  const { assembly } = await loadProgram(surroundings, options);
  screen.out(
    restoreDocument(assembly, options.request)
      .map((object) => writeYaml(object))
      .join('---\n'),
  );
  return EXIT.ok;
}
