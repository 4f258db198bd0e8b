import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Right } from './right.ts';
import { isGranted, type ResourceRule } from './rules.ts';

const VERBS = ['get', 'patch', 'create'];
const GROUPS = ['', 'apps', 'batch'];
const RESOURCES = ['pods', 'deployments', 'jobs'];
const NAMES = ['one', 'two'];

/** Some of a list, "*" perhaps among them. */
const some = (all: readonly string[]) => fc.subarray([...all, '*']);
const rule: fc.Arbitrary<ResourceRule> = fc.record(
  {
    verbs: some(VERBS),
    apiGroups: some(GROUPS),
    resources: some(RESOURCES),
    resourceNames: fc.subarray([...NAMES, '*']),
  },
  { requiredKeys: ['verbs'] },
);
const right: fc.Arbitrary<Right> = fc.record({
  verb: fc.constantFrom(...VERBS),
  group: fc.constantFrom(...GROUPS),
  resource: fc.constantFrom(...RESOURCES),
  namespace: fc.constant('shop'),
  name: fc.constantFrom(undefined, ...NAMES),
});

/** Everything that rules grant, written out: one line per request. */
function written(rules: readonly ResourceRule[]): Set<string> {
  const all = (listed: readonly string[] = [], universe: readonly string[]) =>
    listed.includes('*') ? universe : listed;
  const lines = new Set<string>();
  // A name is never a wildcard.
  for (const { verbs, apiGroups, resources, resourceNames = [] } of rules)
    for (const verb of all(verbs, VERBS))
      for (const group of all(apiGroups, GROUPS))
        for (const resource of all(resources, RESOURCES))
          for (const name of resourceNames.length > 0 ? resourceNames : [undefined, ...NAMES])
            lines.add(JSON.stringify([verb, group, resource, name]));
  return lines;
}

describe('rules of roles', () => {
  it('grant exactly what they say when it is written out, for any rules and any request', () => {
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 4 }), right, (rules, wanted) => {
        const { verb, group, resource, name } = wanted;
        expect(isGranted(wanted, rules)).toBe(written(rules).has(JSON.stringify([verb, group, resource, name])));
      }),
      { numRuns: 2_000 },
    );
  });
});
