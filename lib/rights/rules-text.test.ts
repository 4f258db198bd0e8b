import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Right } from './right.ts';
import { isGranted, type ResourceRule } from './rules.ts';
import { rightsText, rulesText } from './rules-text.ts';

const right: fc.Arbitrary<Right> = fc.record({
  verb: fc.constantFrom('get', 'patch', 'create'),
  group: fc.constantFrom('', 'apps', 'on', 'x.example.com'),
  resource: fc.constantFrom('pods', 'deployments'),
  namespace: fc.constantFrom('', 'shop', 'mall'),
  name: fc.option(fc.constantFrom('one', '1e3', 'a:b', 'x, y', 'null'), { nil: undefined }),
});

/** The rules under "ClusterRole:" and "Role in a, b:", by namespace; '' for the first. */
function rulesOf(text: string): Map<string, ResourceRule[]> {
  const found = new Map<string, ResourceRule[]>();
  for (const part of text.split(/^(?=\S)/m)) {
    const [head = ''] = part.split('\n');
    const rules = parse(part.slice(head.length + 1)) as ResourceRule[];
    const places = head === 'ClusterRole:' ? [''] : head.replace(/^Role in (.*):$/, '$1').split(', ');
    for (const place of places) found.set(place, [...(found.get(place) ?? []), ...rules]);
  }
  return found;
}

describe('the text of missing rights', () => {
  it('is YAML of rules that grant each of them where it is missing, and nothing to anybody else', () => {
    fc.assert(
      fc.property(fc.array(right, { minLength: 1, maxLength: 8 }), fc.array(right), (rights, others) => {
        const rules = rulesOf(rulesText(rights));
        for (const one of rights) expect(isGranted(one, rules.get(one.namespace) ?? [])).toBe(true);
        const asked = (one: Right) =>
          rights.some(
            ({ verb, group, resource, namespace, name }) =>
              verb === one.verb &&
              group === one.group &&
              resource === one.resource &&
              namespace === one.namespace &&
              (name === undefined || name === one.name),
          );
        for (const one of others) expect(isGranted(one, rules.get(one.namespace) ?? [])).toBe(asked(one));
      }),
    );
  });

  it('names verbs of one kind and place together', () => {
    const base = { group: 'apps', resource: 'deployments', namespace: 'shop' };
    const rights = [
      { ...base, verb: 'create' },
      { ...base, verb: 'patch' },
      { verb: 'patch', group: '', resource: 'namespaces', namespace: '', name: 'shop' },
    ];
    expect(rightsText(rights)).toBe('create, patch deployments.apps in shop; patch namespaces shop');
    expect(rulesText(rights)).toBe(
      [
        'ClusterRole:',
        '  - { apiGroups: [""], resources: [namespaces], resourceNames: [shop], verbs: [patch] }',
        'Role in shop:',
        '  - { apiGroups: [apps], resources: [deployments], verbs: [create, patch] }',
      ].join('\n'),
    );
  });
});
