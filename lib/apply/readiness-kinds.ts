import { groupOf, type KubernetesObject } from '../kubernetes/object.ts';
import type { Readiness } from './readiness.ts';
import { ruleOf } from './readiness-cases.ts';
import { DELIVERY } from './readiness-delivery.ts';
import { INFRASTRUCTURE } from './readiness-infrastructure.ts';

type Rule = ReturnType<typeof ruleOf>;

/**
 * When custom resources of well-known operators are ready, as data: the kinds that the conventions do not fit, because they have no condition Ready, mean something else by it, or can be paused.
 * Sources: the documentation of the operators and the health checks of Argo CD (resource_customizations); where we say otherwise on purpose, test/readiness.test.ts says why.
 */
const RULES = new Map<string, Rule>();
const PATTERNS: { readonly suffix: string; readonly kind: string; readonly rule: Rule }[] = [];
for (const [kinds, cases] of [...DELIVERY, ...INFRASTRUCTURE]) {
  const rule = ruleOf(cases);
  for (const name of kinds) {
    if (!name.startsWith('*')) RULES.set(name, rule);
    else {
      const [group = '', kind = ''] = name.split('/');
      PATTERNS.push({ suffix: group.slice(1), kind, rule });
    }
  }
}

/** What the table says of an object; undefined: it does not have its kind. */
export function byTable(object: KubernetesObject, now: number): Readiness | undefined {
  const group = groupOf(object.apiVersion);
  const rule =
    RULES.get(`${group}/${object.kind}`) ??
    PATTERNS.find(({ suffix, kind }) => group.endsWith(suffix) && (kind === '*' || kind === object.kind))?.rule;
  return rule?.(object, now);
}
