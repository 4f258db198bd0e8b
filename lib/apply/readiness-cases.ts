import { list, record } from '../kubernetes/fields.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import {
  type Condition,
  conditions,
  conditionsOf,
  explain,
  READY as IS_READY,
  notObserved,
  statusOf,
} from './conditions.ts';
import type { Readiness, ReadinessRule } from './readiness.ts';

/**
 * A case of a kind: what an object is that passes all tests. 'running' is waiting for something that ends some day.
 *
 * A test is one of
 * - `Ready`, `Ready=False`, `Ready=False|Unknown`, `Ready=False:Failed|Error`: there is such a condition, with one of these states, with one of these reasons;
 * - `any status.parents Accepted=False`: a member of a list has such a condition;
 * - `status.phase`: the field is there, and neither null, "" nor an empty list;
 * - `status.phase=Running|Healthy`, `spec.paused=true`: it has one of these values;
 * - `status.replicas<spec.replicas`, also with `>`, `>=`, `==` and `!=`: it compares so with another field or a number; a field that is not there is 0;
 * and its opposite with `!` in front. A key with dots stands in brackets: `metadata.annotations[example.com/key]`.
 */
export type ReadinessCase = readonly [status: Readiness['status'] | 'running', ...tests: readonly string[]];

export type ReadinessCases = readonly ReadinessCase[];

/** Kinds that are judged alike, as "group/Kind"; "*" for any kind of a group, "*.example.com" for any group below. The first row that names a kind counts. */
export type KindCases = readonly [kinds: readonly string[], cases: ReadinessCases];

/** One condition says it all. */
export function byCondition(type: string): ReadinessCases {
  return [
    ['failed', `${type}=False`],
    ['ready', `${type}=True`],
  ];
}

export const READY = byCondition('Ready');

/** The rule that says what the first case says whose tests all pass; an object that no case fits is on its way. */
export function ruleOf(cases: ReadinessCases): ReadinessRule {
  // Of so many kinds few are ever seen.
  let parsed: readonly { readonly status: ReadinessCase[0]; readonly tests: readonly Test[] }[] | undefined;
  return (object) => {
    const unobserved = notObserved(object);
    if (unobserved !== undefined) return unobserved;
    parsed ??= cases.map(([status, ...tests]) => ({ status, tests: tests.map(parseTest) }));
    const found = parsed.find(({ tests }) => tests.every((test) => test.passes(object)));
    if (found === undefined) return { status: 'waiting', reason: 'its controller has not reported yet' };
    const { status, tests } = found;
    if (status === 'ready') return IS_READY;
    const words = tests.flatMap((test) => test.words(object) ?? []);
    const reason = words[0] ?? text(statusOf(object).message) ?? 'not ready yet';
    return status === 'running' ? { status: 'waiting', reason, running: true } : { status, reason };
  };
}

interface Test {
  readonly passes: (object: KubernetesObject) => boolean;
  /** What it saw, for people. */
  readonly words: (object: KubernetesObject) => string | undefined;
}

function parseTest(source: string): Test {
  if (source.startsWith('!')) {
    const test = parseTest(source.slice(1));
    return { passes: (object) => !test.passes(object), words: () => undefined };
  }
  const [, members, ofMember = ''] = /^any (\S+) (.*)$/.exec(source) ?? [];
  if (members !== undefined) {
    const path = pathOf(members);
    return conditionTest(ofMember, (object) => list(at(object, path)).flatMap((member) => conditionsOf(member)));
  }
  return /^(spec|status|metadata)\./.test(source) ? fieldTest(source) : conditionTest(source, conditions);
}

function conditionTest(source: string, among: (object: KubernetesObject) => readonly Condition[]): Test {
  const [, wanted = '', states, reasons] = /^([^=:]+)(?:=([^:]+))?(?::(.+))?$/.exec(source) ?? [];
  const isOne = (values: string | undefined, value = '') => values === undefined || values.split('|').includes(value);
  const find = (object: KubernetesObject): Condition | undefined =>
    among(object).find(({ type, status, reason, observedGeneration = Number.POSITIVE_INFINITY }) => {
      const isStale = observedGeneration < (object.metadata.generation ?? 0);
      return type === wanted && !isStale && isOne(states, status) && isOne(reasons, reason);
    });
  return {
    passes: (object) => find(object) !== undefined,
    words: (object) => {
      const found = find(object);
      return found === undefined ? undefined : explain(found);
    },
  };
}

function fieldTest(source: string): Test {
  const [, left = '', operator, right = ''] = /^(.*?)(?:(>=|==|!=|[<>=])(.*))?$/.exec(source) ?? [];
  const path = pathOf(left);
  const words = (object: KubernetesObject) => {
    const value = at(object, path);
    if (typeof value === 'object' || value === undefined) return text(statusOf(object).message);
    return text(statusOf(object).message) ?? `${left} is ${String(value)}`;
  };
  if (operator === undefined) return { passes: (object) => isThere(at(object, path)), words };
  if (operator === '=') {
    const values = right.split('|');
    return { passes: (object) => values.includes(String(at(object, path))), words };
  }
  const other = /^(spec|status|metadata)\./.test(right) ? pathOf(right) : undefined;
  return {
    passes: (object) => compares(at(object, path), operator, other === undefined ? right : at(object, other)),
    words: () => undefined,
  };
}

function compares(a: unknown, operator: string, b: unknown): boolean {
  if (operator === '==') return String(a ?? 0) === String(b ?? 0);
  if (operator === '!=') return String(a ?? 0) !== String(b ?? 0);
  const [left, right] = [Number(a ?? 0), Number(b ?? 0)];
  return operator === '<' ? left < right : operator === '>' ? left > right : left >= right;
}

function pathOf(text: string): string[] {
  return [...text.matchAll(/\[([^\]]+)\]|[^.[\]]+/g)].map(([part, bracketed]) => bracketed ?? part);
}

function at(object: KubernetesObject, path: readonly string[]): unknown {
  return path.reduce((value: unknown, key) => record(value)[key], object);
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
