import type { Json } from '../kubernetes/object.ts';
import type { ChartFile } from './chart-archive.ts';

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
