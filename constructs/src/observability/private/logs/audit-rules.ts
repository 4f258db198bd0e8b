import { present } from '../../../private/present-members';
import type { Finding } from '../../../private/service-validation';
import type { AuditPolicyProps, AuditResources, AuditRule } from '../../audit-policy';

/** The policy as an API server reads it (k8s.io/apiserver pkg/apis/audit/v1/types.go). */
export function auditObject({
  rules,
  omitStages = ['RequestReceived' as never],
  omitManagedFields = true,
}: AuditPolicyProps): object {
  return {
    apiVersion: 'audit.k8s.io/v1',
    kind: 'Policy',
    omitStages,
    omitManagedFields,
    rules: rules.map(({ nonResourceUrls, resources, ...rule }) =>
      present({
        ...rule,
        resources: resources?.map((one) => present(one)),
        nonResourceURLs: nonResourceUrls,
      }),
    ),
  };
}

/** What an API server refuses (k8s.io/apiserver pkg/apis/audit/validation/validation.go), which then does not start; and what would write secrets down. */
export function auditFindings({ rules }: AuditPolicyProps): Finding[] {
  const bad = (what: string, fix: string): Finding => ({ code: 'ORR2011', what, fix });
  return [
    ...(rules.length === 0
      ? [bad('The audit policy has no rules: nothing is written down.', 'Write rules, or use AuditPolicy.changes().')]
      : []),
    ...rules.flatMap((rule, at) => ruleFindings(rule, `Rule ${at + 1} of the audit policy`)),
    ...secretFindings(rules),
  ];
}

function ruleFindings(rule: AuditRule, name: string): Finding[] {
  const { resources = [], namespaces = [], nonResourceUrls = [] } = rule;
  const bad = (what: string, fix: string): Finding => ({ code: 'ORR2011', what: `${name} ${what}`, fix });
  return [
    ...(nonResourceUrls.length > 0 && (resources.length > 0 || namespaces.length > 0)
      ? [
          {
            code: 'ORR2012' as const,
            what: `${name} is about paths and about resources: an API server does not start with it.`,
            fix: 'Make two rules of it.',
          },
        ]
      : []),
    ...nonResourceUrls.flatMap((url) =>
      url === '*' || (url.startsWith('/') && !url.slice(0, -1).includes('*'))
        ? []
        : [bad(`has the path ${JSON.stringify(url)}.`, 'Begin with "/", with "*" at the end at most.')],
    ),
    ...resources.flatMap(({ group, resources: names = [], resourceNames = [] }) => [
      ...(group === '' || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(group)
        ? []
        : [
            bad(
              `has the group ${JSON.stringify(group)}.`,
              'Write it without version, e.g. "apps"; "" is the core group.',
            ),
          ]),
      ...(resourceNames.length > 0 && names.length === 0
        ? [bad('names objects, and not of which resource.', 'Set resources.')]
        : []),
      ...names
        .filter((resource) => resource === '' || resource.split('/').length > 2)
        .map((resource) =>
          bad(`has the resource ${JSON.stringify(resource)}.`, 'Write "pods", "pods/log" or "pods/*".'),
        ),
    ]),
  ];
}

/** Whatever may hold values of Secrets: rules that write content of it down before one that leaves it out for everybody. */
function secretFindings(rules: readonly AuditRule[]): Finding[] {
  const decided = rules.findIndex(
    ({ level, resources, users, userGroups, verbs, namespaces, nonResourceUrls }) =>
      !writesContent(level) &&
      nonResourceUrls === undefined &&
      [users, userGroups, verbs, namespaces].every((one) => one === undefined || one.length === 0) &&
      (resources === undefined || resources.some((one) => coversSecrets(one, false))),
  );
  return rules.flatMap(({ level, resources = [], nonResourceUrls = [] }, at) => {
    if (!writesContent(level) || nonResourceUrls.length > 0 || (decided >= 0 && at > decided)) return [];
    if (resources.length > 0 && !resources.some((one) => coversSecrets(one, true))) return [];
    return [
      {
        code: 'ORR2012' as const,
        what: `Rule ${at + 1} of the audit policy writes down what is in Secrets.`,
        fix: "Put a rule before it: { level: AuditLevel.METADATA, resources: [{ group: '', resources: ['secrets'] }] }.",
      },
    ];
  });
}

function writesContent(level: string): boolean {
  return level === 'Request' || level === 'RequestResponse';
}

/** @param anyName whether it is enough that it covers some of them */
function coversSecrets({ group, resources = [], resourceNames = [] }: AuditResources, anyName: boolean): boolean {
  if (group !== '') return false;
  if (!anyName && resourceNames.length > 0) return false;
  return resources.length === 0 || resources.includes('secrets') || resources.includes('*');
}
