import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { AuditLevel, AuditPolicy, type AuditPolicyProps, type AuditRule, AuditStage } from './audit-policy';

const said = (props: AuditPolicyProps) =>
  AuditPolicy.of(props)
    ._findings()
    .map(({ what }) => what);
const ofRule = (rule: AuditRule) =>
  said({ rules: [{ level: AuditLevel.METADATA, resources: [{ group: '', resources: ['secrets'] }] }, rule] });

/** Level at which an API server writes a request down: the first rule that fits (k8s.io/apiserver pkg/audit/policy/checker.go). */
function levelOf(
  rules: readonly AuditRule[],
  request: { verb: string; resource: string; namespace: string; user: string },
): AuditLevel {
  const fits = (rule: AuditRule) =>
    rule.nonResourceUrls === undefined &&
    !('nonResourceURLs' in rule) &&
    (rule.users ?? [request.user]).includes(request.user) &&
    (rule.userGroups ?? ['people']).includes('people') &&
    (rule.verbs ?? [request.verb]).includes(request.verb) &&
    (rule.namespaces ?? [request.namespace]).includes(request.namespace) &&
    (rule.resources === undefined ||
      rule.resources.some(
        ({ group, resources = [] }) => group === '' && (resources.length === 0 || resources.includes(request.resource)),
      ));
  return rules.find(fits)?.level ?? AuditLevel.NONE;
}

describe('an audit policy', () => {
  it('is the file that an API server reads', () => {
    expect(
      parse(
        AuditPolicy.of({
          rules: [{ level: AuditLevel.NONE, nonResourceUrls: ['/healthz*'] }],
          omitStages: [AuditStage.PANIC],
        }).toYaml(),
      ),
    ).toEqual({
      apiVersion: 'audit.k8s.io/v1',
      kind: 'Policy',
      omitStages: ['Panic'],
      omitManagedFields: true,
      rules: [{ level: 'None', nonResourceURLs: ['/healthz*'] }],
    });
  });

  it('of changes has nothing that is refused, and no content of Secrets', () => {
    const policy = AuditPolicy.changes();
    expect(policy._findings()).toEqual([]);
    const { rules } = parse(policy.toYaml());
    const request = { verb: 'create', namespace: 'mall', user: 'alice' };
    expect(levelOf(rules, { ...request, resource: 'secrets' })).toBe('Metadata');
    expect(levelOf(rules, { ...request, resource: 'services' })).toBe('Request');
    expect(levelOf(rules, { ...request, resource: 'pods', verb: 'get' })).toBe('Metadata');
  });

  it.each<[AuditRule, string]>([
    [{ level: AuditLevel.NONE, nonResourceUrls: ['healthz'] }, 'Rule 2 of the audit policy has the path "healthz".'],
    [{ level: AuditLevel.NONE, nonResourceUrls: ['/a*b'] }, 'Rule 2 of the audit policy has the path "/a*b".'],
    [
      { level: AuditLevel.NONE, nonResourceUrls: ['/a'], namespaces: ['mall'] },
      'Rule 2 of the audit policy is about paths and about resources: an API server does not start with it.',
    ],
    [
      { level: AuditLevel.NONE, resources: [{ group: 'apps/v1' }] },
      'Rule 2 of the audit policy has the group "apps/v1".',
    ],
    [
      { level: AuditLevel.NONE, resources: [{ group: '', resourceNames: ['a'] }] },
      'Rule 2 of the audit policy names objects, and not of which resource.',
    ],
    [
      { level: AuditLevel.NONE, resources: [{ group: '', resources: ['a/b/c'] }] },
      'Rule 2 of the audit policy has the resource "a/b/c".',
    ],
  ])('is refused with %j', (rule, what) => expect(ofRule(rule)).toEqual([what]));

  it('that lets content of Secrets be written down is refused, whatever its rules', () => {
    const some = <T>(values: T[]) => fc.option(fc.subarray(values, { minLength: 1 }), { nil: undefined });
    const rule: fc.Arbitrary<AuditRule> = fc
      .record({
        level: fc.constantFrom(...Object.values(AuditLevel)),
        users: some(['alice', 'bob']),
        verbs: some(['get', 'create']),
        namespaces: some(['mall', 'pay']),
        resources: some([
          { group: '' },
          { group: '', resources: ['secrets'] },
          { group: '', resources: ['pods'] },
          { group: 'apps' },
        ]),
      })
      .map(
        (members) =>
          Object.fromEntries(
            Object.entries(members).filter(([, value]) => value !== undefined),
          ) as unknown as AuditRule,
      );
    const request = fc.record({
      verb: fc.constantFrom('get', 'create', 'delete'),
      namespace: fc.constantFrom('mall', 'pay', 'x'),
      user: fc.constantFrom('alice', 'bob', 'eve'),
      resource: fc.constant('secrets'),
    });
    fc.assert(
      fc.property(fc.array(rule, { minLength: 1, maxLength: 4 }), request, (rules, secret) => {
        const level = levelOf(rules, secret);
        if (level === AuditLevel.REQUEST || level === AuditLevel.REQUEST_RESPONSE)
          expect(said({ rules }).join()).toContain('writes down what is in Secrets');
      }),
    );
  });
});
