import { OrreryError, type Where } from '../errors.ts';
import { describeId, idOf, type Json } from '../kubernetes/object.ts';
import type { ChartFile } from './chart-archive.ts';
import type { RenderedChart } from './helm-output.ts';

/**
 * Functions of templates whose result is another one each time (Masterminds/sprig, helm's engine). `lookup` is not among them: without a
 * cluster it is always empty; neither is getHostByName in effect, which helm answers only with --enable-dns.
 */
const FUNCTIONS =
  /(?<![\w.$"'/-])(?:rand[A-Z]\w*|mustRand\w*|gen(?:PrivateKey|CA|CAWithKey|SelfSignedCert|SelfSignedCertWithKey|SignedCert|SignedCertWithKey)|uuidv4|shuffle|bcrypt|htpasswd|encryptAES|now|ago|getHostByName)(?![\w-])/;
const CLOCK = /(?<![\w.$"'/-])(?:now|ago)(?![\w-])/;
const ACTION = /\{\{[\s\S]*?\}\}/g;
const COMMENT = /\{\{-?\s*\/\*[\s\S]*?\*\/\s*-?\}\}/g;

/** What a chart may do differently each time. */
export interface NonDeterminism {
  /** Some template or value names a function of the clock. */
  readonly usesClock: boolean;
  /** Values that stand in or right above the actions with such functions: giving them usually pins the result. */
  readonly pinnable: readonly string[];
}

/** Texts of a chart that helm may render: all but Markdown (anything else may be put through `tpl`) and the notes, which are no objects. */
export function templateTexts(files: readonly ChartFile[]): string[] {
  return files
    .filter(({ name }) => !/\.md$/i.test(name) && !/(^|\/)NOTES\.txt$/.test(name))
    .map(({ bytes }) => bytes.toString('utf8'));
}

/**
 * Looks for non-deterministic functions.
 * @param texts templates, and values, in which `tpl` may render what stands in braces
 * @returns undefined when no such function is named
 */
export function findNonDeterminism(texts: readonly string[]): NonDeterminism | undefined {
  let found = false;
  let usesClock = false;
  const pinnable = new Set<string>();
  for (const text of texts) {
    if (!text.includes('{{') || !FUNCTIONS.test(text)) continue;
    let nearby: string[] = [];
    for (const [action] of text.replace(COMMENT, '').matchAll(ACTION)) {
      const named = [...action.matchAll(/\.Values\.([\w.]*\w)/g)].map(([, name = '']) => name);
      if (named.length > 0) nearby = named;
      if (!FUNCTIONS.test(action)) continue;
      found = true;
      usesClock ||= CLOCK.test(action);
      for (const name of nearby) pinnable.add(name);
    }
  }
  return found ? { usesClock, pinnable: [...pinnable].sort() } : undefined;
}

export function mergeSuspects(
  a: NonDeterminism | undefined,
  b: NonDeterminism | undefined,
): NonDeterminism | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return { usesClock: a.usesClock || b.usesClock, pinnable: [...new Set([...a.pinnable, ...b.pinnable])].sort() };
}

/**
 * A time zone in which today is another day than in UTC, so that a template that writes the date differs between two renders.
 * Zones reach from UTC-12 to UTC+14.
 */
export function zoneOfAnotherDay(now: Date): string {
  return now.getUTCHours() >= 12 ? 'Etc/GMT-14' : 'Etc/GMT+12';
}

/** @throws OrreryError ORR2303 where the second rendering is not the first, with the places and the values that pin them */
export function refuseDifference(
  first: RenderedChart,
  again: RenderedChart,
  suspect: NonDeterminism,
  chart: { readonly description: string },
  where: Where,
): void {
  const places: string[] = [];
  const byIdentity = new Map(
    again.objects.map(({ object, source }) => [`${source}|${describeId(idOf(object))}`, object]),
  );
  for (const { object, source } of first.objects) {
    if (places.length >= 5) break;
    const id = describeId(idOf(object));
    const other = byIdentity.get(`${source}|${id}`);
    const paths = differingPaths(object as Json, other as Json | undefined, 5 - places.length);
    if (paths.length > 0) places.push(`${id} (${source}): ${other === undefined ? 'its name' : paths.join(', ')}`);
  }
  if (places.length === 0 && first.objects.length === again.objects.length) return;
  const pin =
    suspect.pinnable.length === 0
      ? 'Its templates offer no value to pin it: patch the chart, or set what it generates from outside.'
      : `Pin it by values: ${suspect.pinnable.join(', ')}.`;
  throw new OrreryError(
    'ORR2303',
    `the chart ${chart.description} renders differently each time:\n${places.join('\n')}`,
    { ...where, fix: pin },
  );
}

/** Paths ("data.password", "spec.template.metadata.annotations.rolled") at which two JSON values differ; at most `limit`. */
export function differingPaths(a: Json | undefined, b: Json | undefined, limit = 5, path = ''): string[] {
  if (Object.is(a, b)) return [];
  const bothObjects = isObject(a) && isObject(b) && Array.isArray(a) === Array.isArray(b);
  if (!bothObjects) return [path === '' ? 'everything' : path];
  const result: string[] = [];
  const [left, right] = [a as Record<string, Json>, b as Record<string, Json>];
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    if (result.length >= limit) break;
    const below = Array.isArray(a) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
    result.push(...differingPaths(left[key], right[key], limit - result.length, below));
  }
  return result;
}

function isObject(value: Json | undefined): boolean {
  return typeof value === 'object' && value !== null;
}
