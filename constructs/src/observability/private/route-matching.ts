import type { Matcher, Route } from './alertmanager-config';

/** Labels of an alert. One that is not there counts as empty. */
export interface AlertLabels {
  readonly [name: string]: string;
}

/** A regular expression as Alertmanager reads it: over the whole value. Undefined where only Go knows what it means. */
function wholeExpression(text: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${text})$`);
  } catch {
    return undefined;
  }
}

/** Whether a value satisfies a matcher; undefined where only Go can tell. */
function satisfies(value: string, { matchType, value: wanted }: Matcher): boolean | undefined {
  if (matchType === '=') return value === wanted;
  if (matchType === '!=') return value !== wanted;
  const found = wholeExpression(wanted)?.test(value);
  if (found === undefined) return undefined;
  return matchType === '=~' ? found : !found;
}

/**
 * Receivers that an alert reaches in a tree of routes (prometheus/alertmanager dispatch/route.go, Match): the deepest route that matches, of siblings the first, and the next ones where it
 * goes on.
 */
export function receiversOf(route: Route, labels: AlertLabels): string[] {
  if (!(route.matchers ?? []).every((matcher) => satisfies(labels[matcher.name] ?? '', matcher) === true)) return [];
  const found: string[] = [];
  for (const child of route.routes ?? []) {
    const below = receiversOf(child, labels);
    found.push(...below);
    if (below.length > 0 && child.continue !== true) break;
  }
  return found.length > 0 ? found : [route.receiver];
}

/** Whether every alert that satisfies some matchers satisfies this one as well. False where that cannot be told. */
export function implies(known: readonly Matcher[], matcher: Matcher): boolean {
  if (matcher.matchType === '=~' && matcher.value === '.*') return true;
  return known
    .filter(({ name }) => name === matcher.name)
    .some((one) => {
      if (one.matchType === matcher.matchType && one.value === matcher.value) return true;
      return valuesOf(one)?.every((value) => satisfies(value, matcher) === true) === true;
    });
}

/** Two matchers that no alert satisfies at once; undefined where there are none, or it cannot be told. */
export function contradiction(matchers: readonly Matcher[]): readonly [Matcher, Matcher] | undefined {
  for (const one of matchers) {
    const values = valuesOf(one);
    if (values === undefined) continue;
    for (const other of matchers) {
      if (other.name !== one.name || other === one) continue;
      if (values.every((value) => satisfies(value, other) === false)) return [one, other];
    }
  }
  return undefined;
}

/** All values that satisfy a matcher, where they are few: "page|critical" are two. */
function valuesOf({ matchType, value }: Matcher): readonly string[] | undefined {
  if (matchType === '=') return [value];
  if (matchType !== '=~' || /[.*+?^${}()[\]\\]/.test(value)) return undefined;
  return value.split('|');
}

/** 'severity="page"' */
export function matcherText({ name, matchType, value }: Matcher): string {
  return `${name}${matchType}${JSON.stringify(value)}`;
}
