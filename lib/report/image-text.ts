import { type ListedImage, passesMirror } from '../images/image-list.ts';
import type { Paint } from './paint.ts';
import { oneLine } from './sanitize.ts';
import { count } from './wording.ts';

/** The images by name, under each the names that clusters give it. */
export function imageText(platform: string, images: readonly ListedImage[], paint: Paint): string {
  const lines = [`${paint.bold(platform)} · ${count(images.length, 'image')}`];
  let past = 0;
  for (const { image, clusters } of images) {
    lines.push('', oneLine(image));
    const names = new Map<string, string[]>();
    for (const one of clusters) {
      const isPast = passesMirror(one);
      if (isPast) past++;
      const told = isPast
        ? `not from the mirror, where it would be ${oneLine(one.mirror ?? '')}`
        : one.image === image
          ? ''
          : oneLine(one.image);
      names.set(told, [...(names.get(told) ?? []), oneLine(one.cluster)]);
    }
    for (const [told, inClusters] of names) {
      const shown = told.startsWith('not ') ? paint.yellow(told) : told;
      lines.push(`  ${paint.cyan(inClusters.join(', '))}${told === '' ? '' : `  ${shown}`}`);
    }
  }
  if (past > 0) {
    const what = past === 1 ? 'One image does' : `${past} images do`;
    lines.push('', `${what} not come from the mirror of the cluster: name it in the values of the chart, or patch it.`);
  }
  return `${lines.join('\n')}\n`;
}
