import type { Finding } from '../../../private/service-validation';
import { hasVariable } from '../../../private/tekton/variables';
import type { ValueTree } from '../tree';

/** Where mistakes of a pipeline that becomes Tekton's go. */
export interface Reports {
  report(code: Finding['code'], what: string, fix: string): void;
}

/**
 * A text that stays what it is in the environment, in arguments and commands of a container: Kubernetes replaces "$(NAME)" there and reads "$$" as "$"
 * (k8s.io/kubernetes third_party/forked/golang/expansion). What Tekton would replace before is refused: it has no way to write it.
 */
export function plain(text: string, where: string, reports: Reports): string {
  return untouched(text, where, reports).split('$').join('$$');
}

/** A text for a field that Kubernetes does not look into: scripts, values of conditions, descriptions, names of images. */
export function untouched(text: string, where: string, reports: Reports): string {
  if (/[\0\p{Surrogate}]/u.test(text))
    reports.report(
      'ORR2011',
      `${where} has what no container can be told: a zero byte, or half a character.`,
      'Leave it out.',
    );
  if (hasVariable(text)) {
    const what = `${where} has "${excerpt(text)}", which Tekton would replace, and it has no way to say that it shall not.`;
    reports.report('ORR2011', what, 'Write it otherwise, e.g. as two texts that a script puts together.');
  }
  return text;
}

/** A text that goes through a param into the environment, where Kubernetes reads "$$" and "$(NAME)" in it: the param is also compared, so it cannot be written twice. */
export function carried(text: string, where: string, reports: Reports): string {
  if (/\$[$(]/.test(text))
    reports.report(
      'ORR2011',
      `${where} has "$$" or "$(", which Kubernetes reads on its way.`,
      'Leave it out, or use a variable with a text.',
    );
  return untouched(text, where, reports);
}

function excerpt(text: string): string {
  const at = text.search(/\$\([a-z]+[.[]/);
  return text.slice(Math.max(0, at), at + 40).replaceAll(/[^\x20-\x7e]/g, ' ');
}

/**
 * A value for the environment of a container. Variables are read by Kubernetes, which knows those that stand before in the list; parameters are put in by Tekton.
 * @param params parameters of the pipeline, each of which a task has under its own name
 */
export function environmentValue(value: ValueTree, where: string, reports: Reports): string {
  if (value.kind === 'literal') return plain(String(value.value ?? ''), where, reports);
  if (value.kind === 'template') {
    // Each piece is checked, and the whole: two harmless ones could make a variable together.
    const text = value.parts.map((part) => (part.kind === 'text' ? part.text : 'x')).join('');
    untouched(text, where, reports);
    return value.parts
      .map((part) =>
        part.kind === 'text'
          ? plain(part.text, where, reports)
          : part.kind === 'param'
            ? `$(params.${part.name})`
            : `$(${part.name})`,
      )
      .join('');
  }
  reports.report('ORR2011', `${where} is no text.`, 'Give a text, or one made of variables and parameters.');
  return '';
}

/** A text that has no variables in it; undefined where it has some. */
export function literalText(value: ValueTree | undefined): string | undefined {
  return value?.kind === 'literal' ? String(value.value ?? '') : undefined;
}

/** A name of a task from that of a stage: lower case, at most so long. */
export function slug(name: string, most = 40): string {
  const plainName = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, most)
    .replaceAll(/-+$/g, '');
  return plainName === '' ? 'stage' : plainName;
}
