import type { Matcher } from './private/alertmanager-config';

/** What alerts a route, inhibition or silence is about: a label and what it is. A label that an alert lacks counts as empty. */
export class AlertMatcher {
  /** The label is this. */
  public static label(name: string, value: string): AlertMatcher {
    return new AlertMatcher({ name, matchType: '=', value });
  }

  /** The label is something else, or there is none. */
  public static notLabel(name: string, value: string): AlertMatcher {
    return new AlertMatcher({ name, matchType: '!=', value });
  }

  /** The whole label matches a regular expression of Go (RE2). */
  public static matches(name: string, expression: string): AlertMatcher {
    return new AlertMatcher({ name, matchType: '=~', value: expression });
  }

  /** The whole label does not match a regular expression of Go (RE2). */
  public static matchesNot(name: string, expression: string): AlertMatcher {
    return new AlertMatcher({ name, matchType: '!~', value: expression });
  }

  /** The label is one of some. */
  public static oneOf(name: string, values: string[]): AlertMatcher {
    return AlertMatcher.matches(name, values.map((value) => value.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'));
  }

  /** Severity of an alert. */
  public static severity(...severities: string[]): AlertMatcher {
    const [only = '', ...more] = severities;
    return more.length === 0 ? AlertMatcher.label('severity', only) : AlertMatcher.oneOf('severity', severities);
  }

  private constructor(private readonly matcher: Matcher) {}

  /** @internal */
  public _matcher(): Matcher {
    return this.matcher;
  }
}
