import { copiesOf, imageList } from '../../images/image-list.ts';
import { imageText } from '../../report/image-text.ts';
import { oneLine, printableJson } from '../../report/sanitize.ts';
import { count, noteLine, platformName } from '../../report/wording.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { SourceOptions } from '../options.ts';
import { loadProgram, render } from '../planning.ts';
import { assertClusters } from '../targets.ts';
import type { VerbContext } from '../verb.ts';

export interface ImagesOptions extends SourceOptions {
  /** Only these; empty: all. */
  readonly clusters: readonly string[];
  readonly output: 'text' | 'json' | 'copies';
}

/** Format of `--output json`. A reader of 1.x ignores fields it does not know. */
const FORMAT = { format: 'orrery/images', version: '1.0' } as const;

/** The images of the program's pods, charts and included files rendered, and how each cluster names them. Contacts no cluster. */
export async function images(context: VerbContext, options: ImagesOptions): Promise<ExitCode> {
  const { screen, surroundings } = context;
  const program = await loadProgram(surroundings, options);
  const { assembly } = program;
  const declared = assembly.clusters.map(({ manifest }) => manifest.name);
  assertClusters(options.clusters, declared, declared);
  const wanted = options.clusters.length === 0 ? declared : options.clusters;
  const clusters = (await render(program, context)).clusters.filter(({ name }) => wanted.includes(name));
  const mirrored = new Map(assembly.clusters.map(({ manifest }) => [manifest.name, manifest.mirrored ?? []]));
  const listed = imageList(clusters, mirrored);
  const native = clusters.reduce((sum, { releases = [] }) => sum + releases.length, 0);
  if (native > 0)
    screen.err(
      noteLine(`Images of ${count(native, 'native Helm release')} are not known here: helm renders them.`, screen.talk),
    );
  if (options.output === 'json')
    screen.out(`${printableJson({ ...FORMAT, platform: assembly.platform, images: listed }, 2)}\n`);
  else if (options.output === 'copies')
    screen.out(
      copiesOf(listed)
        .map(({ from, to }) => `${oneLine(from)} ${oneLine(to)}\n`)
        .join(''),
    );
  else screen.out(imageText(platformName(assembly), listed, screen.paint));
  return EXIT.ok;
}
