import { isImage } from '../../image-name';
import { DNS_LABEL_RULE, isDnsLabel, isDnsSubdomain, isEnvName } from '../../private/names';
import { saidTwice } from '../../private/said-twice';
import type { SourceToImageProps, SourceToImageTemplateProps } from '../source-to-image-props';
import type { Mistake } from './mistake';
import { addressMistakes } from './source-fields';

/** What its webhooks refuse (kubesphere/s2ioperator pkg/webhook/default_server/s2ibuilder/validating/validate.go), and what they let through and fails later. */
export function sourceToImageMistakes(props: SourceToImageProps): Mistake[] {
  const {
    input,
    image,
    tag,
    builderImage,
    template,
    pushSecret,
    pullSecret,
    runtimeImage,
    environment = {},
    runs = [],
  } = props;
  const mistakes: Mistake[] = [];
  const add = (code: Mistake['code'], what: string, fix: string) => mistakes.push({ code, what, fix });
  if (input._kind() === 'artifact' || input._kind() === 'local')
    add(
      'ORR2012',
      "KubeSphere's builds have no way to such an input.",
      'Use ImageInput.git, artifactUrl or uploaded, or an ImageBuild.',
    );
  if (!isDnsLabel(props.namespaceName))
    add('ORR2003', `"${props.namespaceName}" is not a valid namespace.`, `Use ${DNS_LABEL_RULE}.`);
  if (builderImage === undefined && template === undefined)
    add('ORR2013', 'Nothing says what builds the image.', 'Set builderImage, or template.');
  for (const name of [image, builderImage, runtimeImage]) {
    if (name === undefined || isImage(name)) continue;
    add('ORR2011', `"${name}" is no name of an image.`, 'Correct it.');
  }
  if (/[^/]:[^/]*$/.test(image.slice(image.lastIndexOf('/'))))
    add('ORR2012', `The image "${image}" has a tag.`, 'Say it by tag.');
  for (const name of [tag, ...runs.map((run) => run.tag)]) {
    if (name === undefined || /^\w[\w.-]{0,127}$/.test(name)) continue;
    add('ORR2011', `"${name}" is no tag.`, 'Use letters, digits, "_", "." and "-".');
  }
  for (const name of [pushSecret, pullSecret, input._source().secret]) {
    if (name === undefined || isDnsSubdomain(name)) continue;
    add('ORR2003', `"${name}" is not a valid name of a Secret.`, `Use ${DNS_LABEL_RULE}.`);
  }
  for (const name of Object.keys(environment))
    if (!isEnvName(name))
      add('ORR2003', `"${name}" is not a valid name of a variable.`, 'Use letters, digits and "_".');
  const names = runs.map(({ name }) => name);
  for (const name of saidTwice(names))
    add('ORR2004', `Two runs are called "${name}".`, 'Give one of them another name.');
  for (const { name, revision, artifactUrl } of runs) {
    if (!isDnsLabel(name)) add('ORR2003', `"${name}" is not a valid name of a run.`, `Use ${DNS_LABEL_RULE}.`);
    if (revision !== undefined && input._kind() !== 'git')
      add('ORR2012', `Run "${name}" names a revision, and the input is an artifact.`, 'Leave revision out.');
    if (artifactUrl !== undefined && input._kind() !== 'url')
      add('ORR2012', `Run "${name}" names an artifact, and the input is none at an address.`, 'Leave artifactUrl out.');
    if (artifactUrl !== undefined && addressMistakes('artifactUrl', artifactUrl).length > 0)
      add('ORR2011', `The artifactUrl of run "${name}" is no address.`, 'Correct it.');
  }
  return mistakes;
}

export function builderTemplateMistakes({
  containers,
  codeFramework,
  parameters = {},
}: SourceToImageTemplateProps): Mistake[] {
  const mistakes: Mistake[] = [];
  const add = (code: Mistake['code'], what: string, fix: string) => mistakes.push({ code, what, fix });
  if (containers.length === 0) add('ORR2012', 'The template has no image.', 'Name one.');
  if (codeFramework.trim() === '') add('ORR2011', 'The template says no language.', 'Set codeFramework, e.g. "java".');
  for (const { builderImage, runtimeImage } of containers)
    for (const name of [builderImage, runtimeImage]) {
      if (name === undefined || isImage(name)) continue;
      add('ORR2011', `"${name}" is no name of an image.`, 'Correct it.');
    }
  for (const name of Object.keys(parameters))
    if (!isEnvName(name))
      add('ORR2003', `"${name}" is not a valid name of a variable.`, 'Use letters, digits and "_".');
  return mistakes;
}
