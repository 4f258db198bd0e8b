import { parseDuration } from '../../duration';
import { isImage } from '../../image-name';
import { DNS_LABEL_RULE, isDnsLabel, isDnsSubdomain } from '../../private/names';
import type { DevOpsDeliveryProps, ImageUpdates } from '../devops-delivery-props';
import type { Mistake } from './mistake';
import { addressMistakes } from './source-fields';

/** What the argocd-image-updater knows (docs/basics/update-strategies.md), by both generations of its names. */
const STRATEGIES = ['semver', 'latest', 'newest-build', 'digest', 'name', 'alphabetical'];

export function deliveryMistakes({ application, imageUpdates }: DevOpsDeliveryProps): Mistake[] {
  const settings = application._settings();
  const mistakes: Mistake[] = [];
  const add = (code: Mistake['code'], what: string, fix: string) => mistakes.push({ code, what, fix });
  const namespace = (name: string) => {
    if (!isDnsLabel(name)) add('ORR2003', `"${name}" is not a valid namespace.`, `Use ${DNS_LABEL_RULE}.`);
  };
  if (settings.engine === 'argocd') {
    const { source, destinationNamespace, automated, prune, selfHeal } = settings.options;
    namespace(destinationNamespace);
    for (const mistake of addressMistakes('repoUrl', source.repoUrl))
      add('ORR2011', `The source is wrong: ${mistake}.`, 'Correct it.');
    if (source.directory !== undefined && source.chart !== undefined)
      add('ORR2012', 'The source is a directory and a chart.', 'Leave one of them out.');
    if (automated !== true && (prune ?? selfHeal) !== undefined)
      add(
        'ORR2012',
        'prune and selfHeal are for what is applied without anybody.',
        'Set automated: true, or leave them out.',
      );
  } else {
    const { destinations, interval = '10m', source } = settings.options;
    if (destinations.length === 0) add('ORR2012', 'The application goes nowhere.', 'Name a destination.');
    for (const { targetNamespace } of destinations) namespace(targetNamespace);
    if (!((parseDuration(interval) ?? 0) > 0))
      add('ORR2011', `The interval "${interval}" is no time.`, 'Write it like "10m".');
    if (!isDnsSubdomain(source.name))
      add('ORR2003', `"${source.name}" is not a valid name of a source.`, `Use ${DNS_LABEL_RULE}.`);
    if (imageUpdates !== undefined)
      add(
        'ORR2012',
        'Flux has image automation of its own, which KubeSphere does not set.',
        'Leave imageUpdates out, or use DevOpsApplication.argoCd.',
      );
  }
  if (imageUpdates !== undefined) mistakes.push(...updateMistakes(imageUpdates));
  return mistakes;
}

function updateMistakes({ images, updateStrategy = {}, ...byName }: ImageUpdates): Mistake[] {
  const mistakes: Mistake[] = [];
  const add = (code: Mistake['code'], what: string, fix: string) => mistakes.push({ code, what, fix });
  if (Object.keys(images).length === 0) add('ORR2012', 'imageUpdates names no image.', 'Name one.');
  for (const [name, image] of Object.entries(images)) {
    if (!isDnsLabel(name)) add('ORR2003', `"${name}" is not a valid short name of an image.`, `Use ${DNS_LABEL_RULE}.`);
    if (!isImage(image)) add('ORR2011', `"${image}" is no name of an image.`, 'Correct it.');
  }
  for (const [name, strategy] of Object.entries(updateStrategy))
    if (!STRATEGIES.includes(strategy))
      add('ORR2011', `"${strategy}" of image "${name}" is no strategy.`, `Use ${STRATEGIES.join(', ')}.`);
  const { allowTags = {}, ignoreTags = {}, platforms = {}, secrets = {} } = byName;
  const named = [updateStrategy, allowTags, ignoreTags, platforms, secrets].flatMap(Object.keys);
  for (const name of new Set(named.filter((one) => !Object.hasOwn(images, one))))
    add('ORR2012', `Something is said of image "${name}", which is not among images.`, 'Add it, or take that away.');
  return mistakes;
}
