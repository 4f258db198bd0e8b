import type { DocumentManifest } from '@orrery/constructs/assembly-format';
import type { Assembly } from '../assembly/assembly.ts';
import { OrreryError } from '../errors.ts';

/** A Jenkinsfile as the program makes it. */
export interface Jenkinsfile {
  /** Construct path of the pipeline. */
  readonly pipeline: string;
  /** Where it belongs in its repository. */
  readonly file: string;
  readonly text: string;
}

/** The first line in which a file is not what the program makes. Texts are undefined beyond an end. */
export interface Difference {
  /** From 1. */
  readonly line: number;
  readonly expected: string | undefined;
  readonly found: string | undefined;
}

/**
 * The Jenkinsfile of a pipeline.
 * @param name construct path of the pipeline, or its last part; undefined for the only one that there is
 * @throws {OrreryError} ORR1001 when no pipeline, or more than one, is meant
 */
export async function jenkinsfileOf(
  { documents = [], assets }: Pick<Assembly, 'documents' | 'assets'>,
  name: string | undefined,
): Promise<Jenkinsfile> {
  const all = documents.filter(({ type }) => type === 'jenkinsfile');
  const exact = all.filter(({ path }) => path === name);
  const meant = exact.length > 0 ? exact : all.filter(({ path }) => name === undefined || path.endsWith(`/${name}`));
  const [only] = meant;
  if (only !== undefined && meant.length === 1)
    return { pipeline: only.path, file: only.file, text: (await assets.bytes(only.asset)).toString('utf8') };
  throw notOne(name, meant.length === 0 ? all : meant);
}

function notOne(name: string | undefined, candidates: readonly DocumentManifest[]): OrreryError {
  if (candidates.length === 0) {
    const fix = 'Declare one: new Pipeline(platform, "shop", { backends: [PipelineBackend.jenkinsfile()], … }).';
    return new OrreryError('ORR1001', 'the program has no pipeline with a Jenkinsfile.', { fix });
  }
  const paths = candidates.map(({ path }) => path).join(', ');
  return name === undefined
    ? new OrreryError('ORR1001', 'the program has several pipelines with a Jenkinsfile.', {
        fix: `Say which: ${paths}.`,
      })
    : new OrreryError('ORR1001', `no single pipeline with a Jenkinsfile is called "${name}".`, {
        fix: `There is ${paths}.`,
      });
}

/** Where a file is not the one that the program makes; undefined where it is, byte for byte. */
export function differenceOf(expected: string, found: string): Difference | undefined {
  if (expected === found) return undefined;
  const [ours, theirs] = [expected.split('\n'), found.split('\n')];
  const at = ours.findIndex((line, i) => line !== theirs[i]);
  const index = at < 0 ? ours.length : at;
  return { line: index + 1, expected: ours[index], found: theirs[index] };
}
