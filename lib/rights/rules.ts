import type { Right } from './right.ts';

/** A rule of a role, or of the answer to a SelfSubjectRulesReview (rbac/v1 PolicyRule, authorization/v1 ResourceRule). */
export interface ResourceRule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[] | undefined;
  readonly resources?: readonly string[] | undefined;
  /** Empty or absent: all names. */
  readonly resourceNames?: readonly string[] | undefined;
}

/**
 * Whether one of the rules grants a right. The rules of Kubernetes' own evaluator (pkg/apis/rbac/v1/evaluation_helpers.go): "*" stands for every verb, group or
 * resource; a rule with names grants nothing to requests that name no object.
 */
export function isGranted(right: Right, rules: readonly ResourceRule[]): boolean {
  return rules.some((rule) => grants(rule, right));
}

function grants({ verbs, apiGroups = [], resources = [], resourceNames = [] }: ResourceRule, right: Right): boolean {
  return (
    holds(verbs, right.verb) &&
    holds(apiGroups, right.group) &&
    holds(resources, right.resource) &&
    (resourceNames.length === 0 || (right.name !== undefined && resourceNames.includes(right.name)))
  );
}

function holds(granted: readonly string[], wanted: string): boolean {
  return granted.includes('*') || granted.includes(wanted);
}
