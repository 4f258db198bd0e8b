import type { ReportFinding } from '../../private/typed-object';

/** What definitions of Kueue say of single fields (kubernetes-sigs/kueue config/components/crd/bases). */

/** A field and the place of it. */
type Field<T> = readonly [at: string, value: T];

const QUANTITY =
  /^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** A list that is too short or too long. */
export function checkCount(
  [at, list]: Field<readonly unknown[]>,
  [least, most]: readonly [number, number],
  report: ReportFinding,
): void {
  if (list.length >= least && list.length <= most) return;
  const has = list.length === 0 ? 'is empty' : `has ${list.length} entries`;
  const fix = least === 0 ? `Use at most ${most}.` : `Use ${least} to ${most}.`;
  report('ORR2011', `${at} ${has}.`, fix);
}

/** What stands in a list more than once. */
export function checkTwice([at, values]: Field<readonly string[]>, report: ReportFinding): void {
  const again = values.filter((value, i) => values.indexOf(value) !== i);
  for (const value of new Set(again)) report('ORR2004', `${at} has "${value}" twice.`, 'Name each once.');
}

/** The name of an object that is referred to: of Kueue's patterns the one that most have. */
export function checkReference([at, name]: Field<string | undefined>, report: ReportFinding): void {
  if (name === undefined || (name.length <= 253 && SUBDOMAIN.test(name))) return;
  report('ORR2003', `${at} "${name}" is no name of an object.`, 'Use lower-case letters, digits, "-" and ".".');
}

/** A text without a pattern. Lengths are counted in characters. */
export function checkLength(
  [at, text]: Field<string | undefined>,
  [least, most]: readonly [number, number],
  report: ReportFinding,
): void {
  if (text === undefined) return;
  const length = [...text].length;
  if (length >= least && length <= most) return;
  const what = length === 0 ? `${at} is empty.` : `${at} has ${length} characters.`;
  report('ORR2011', what, `Use ${least} to ${most} characters.`);
}

/** One of a few words. */
export function checkWord([at, word]: Field<string | undefined>, words: object, report: ReportFinding): void {
  const known: string[] = Object.values(words);
  if (word === undefined || known.includes(word)) return;
  report('ORR2011', `${at} is "${word}".`, `Use one of: ${known.join(', ')}.`);
}

/** A quantity that is not below 0: definitions take such, Kueue's admission does not (pkg/webhooks/clusterqueue_webhook.go). */
export function checkQuantity([at, quantity]: Field<string | undefined>, report: ReportFinding): void {
  if (quantity === undefined) return;
  if (!QUANTITY.test(quantity)) {
    report('ORR2011', `${at} "${quantity}" is no quantity.`, 'Write it like "8", "500m" or "64Gi".');
  } else if (/^-.*[1-9]/.test(quantity)) {
    report('ORR2011', `${at} is ${quantity}.`, 'Use 0 or more.');
  }
}

/** A whole number of 32 bits. */
export function checkInteger([at, value]: Field<number | undefined>, report: ReportFinding): void {
  if (value === undefined || (Number.isInteger(value) && Math.abs(value + 0.5) < 2 ** 31)) return;
  report('ORR2011', `${at} is ${value}.`, `Use a whole number from ${-(2 ** 31)} to ${2 ** 31 - 1}.`);
}
