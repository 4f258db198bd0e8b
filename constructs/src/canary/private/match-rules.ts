import { isLabelKey, isLabelValue } from '../../private/names';
import type { Finding } from '../../private/service-validation';

/** How a text is compared; exactly one of the three where it is valid. */
export interface TextMatch {
  readonly exact?: string;
  readonly prefix?: string;
  readonly regex?: string;
}

/** What a request has to have, all of it. */
export interface MatchRules {
  readonly headers?: { readonly [name: string]: TextMatch };
  readonly cookies?: { readonly [name: string]: string };
  readonly queries?: { readonly [name: string]: TextMatch };
  /** Labels of the pods that send it. */
  readonly clients?: { readonly [key: string]: string };
  /** Names that are said twice. */
  readonly twice?: readonly string[];
}

/** The header `cookie` of requests that have one cookie of a value, as RE2 over the whole header. */
function cookiePattern(name: string, value: string): string {
  return `^(.*?;\\s*)?${quoted(name)}=${quoted(value)}(;.*)?$`;
}

function quoted(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** What a request's headers have to be, cookies among them. */
export function headersOf({ headers = {}, cookies = {} }: MatchRules): { readonly [name: string]: TextMatch } {
  const [cookie] = Object.entries(cookies);
  return cookie === undefined ? headers : { ...headers, cookie: { regex: cookiePattern(...cookie) } };
}

/** RFC 9110 token. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** RFC 6265 cookie-octet. */
const COOKIE_VALUE = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/;

/** What is wrong with a match. */
export function matchFindings(rules: MatchRules): Finding[] {
  const { headers = {}, cookies = {}, queries = {}, clients = {}, twice = [] } = rules;
  const findings: Finding[] = [];
  const bad = (what: string, fix: string) => findings.push({ code: 'ORR2011', what, fix });
  for (const name of twice) bad(`A match names "${name}" twice.`, 'A request has it once: keep one.');
  if (Object.keys({ ...headers, ...cookies, ...queries, ...clients }).length === 0)
    bad(
      'A match asks for nothing.',
      'Say what requests have: CanaryMatch.header(…). All requests are CanaryStep.weight(100).',
    );
  for (const [name, value] of Object.entries(headers)) {
    if (!TOKEN.test(name)) bad(`"${name}" is no name of a header.`, 'Use letters, digits and "-".');
    if (name === 'cookie' && Object.keys(cookies).length > 0)
      bad('A match compares header "cookie" and a cookie.', 'Leave it to CanaryMatch.cookie.');
    checkText(`Header "${name}"`, value, bad);
  }
  for (const [name, value] of Object.entries(queries)) {
    if (name === '') bad('A match compares a query parameter without a name.', 'Give its name.');
    checkText(`Query parameter "${name}"`, value, bad);
  }
  for (const [name, value] of Object.entries(cookies)) {
    if (!TOKEN.test(name)) bad(`"${name}" is no name of a cookie.`, 'Use letters, digits, "-" and "_".');
    if (!COOKIE_VALUE.test(value))
      bad(
        `Cookie "${name}" has the value "${value}", which no cookie has.`,
        'Use no spaces, quotes, commas or semicolons.',
      );
  }
  if (Object.keys(cookies).length > 1)
    bad('A match compares several cookies.', 'Cookies are one header, which is compared once: set one cookie for it.');
  for (const [key, value] of Object.entries(clients)) {
    if (!isLabelKey(key)) bad(`"${key}" is no key of a label.`, 'Use one that pods have.');
    if (!isLabelValue(value)) bad(`"${value}" is no value of a label.`, 'Use one that pods have.');
  }
  return findings;
}

function checkText(what: string, value: TextMatch, bad: (what: string, fix: string) => void): void {
  const said = Object.entries(value).filter(([, text]) => text !== undefined);
  if (said.length !== 1) {
    bad(`${what} is compared in ${said.length} ways.`, 'Set exactly one of exact, prefix and regex.');
    return;
  }
  const [way, text] = said[0] as [string, string];
  if (text === '' && way !== 'exact') bad(`${what} is compared with an empty ${way}.`, 'Write what it has to be.');
  if (way === 'regex') checkRegex(what, text, bad);
}

/** RE2 has no look-around, back references, possessive quantifiers and atomic groups (google/re2 doc/syntax.txt); proxies refuse the whole configuration. */
const BEYOND_RE2 = /\(\?(?:[=!>]|<[=!]|\()|\\[1-9]|\\k<|\\[GZ]|[*+?}]\+/;

function checkRegex(what: string, regex: string, bad: (what: string, fix: string) => void): void {
  const fix = 'Proxies use RE2: github.com/google/re2/wiki/Syntax.';
  const plain = regex.replace(/\\[^1-9kGZ]/g, '_').replace(/\[[^\]]*\]/g, '_');
  if (BEYOND_RE2.test(plain)) {
    bad(`${what} is compared with "${regex}", which RE2 does not know.`, fix);
    return;
  }
  const repeats = [...plain.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].flatMap(([, from, to]) => [Number(from), Number(to)]);
  if (repeats.some((count) => count > 1000)) {
    bad(`${what} is compared with "${regex}", which repeats more often than RE2 does (1000).`, fix);
    return;
  }
  try {
    new RegExp(regex.replace(/\(\?P</g, '(?<').replace(/\(\?[imsU-]+\)/g, ''));
  } catch {
    bad(`${what} is compared with "${regex}", which is no regular expression.`, fix);
  }
}
