import { describe, expect, it } from 'vitest';
import { definition } from '../../test/sample-objects.ts';
import type { JsonObject, KubernetesObject } from '../kubernetes/object.ts';
import { loadCelEngine } from './cel/cel-engine.ts';
import { identifier } from './cel/cel-values.ts';
import { hasRuledObjects } from './cel/ruled-objects.ts';
import { type Fields, object, state } from './desired-state.test-data.ts';
import { runChecks } from './run-checks.ts';

const celEngine = await loadCelEngine();

/** A definition of Widget with these properties of spec, and these rules of it. */
function widgets(
  properties: JsonObject,
  rules: readonly (string | JsonObject)[],
  more: JsonObject = {},
): KubernetesObject {
  const validations = rules.map((rule) => (typeof rule === 'string' ? { rule } : rule));
  return definition('example.com', 'Widget', properties, { 'x-kubernetes-validations': validations, ...more });
}

const widget = (spec: Fields) => object('example.com/v1', 'Widget', 'one', { spec });

/** "field: what" of the rules that a Widget breaks. */
function broken(crd: KubernetesObject, spec: Fields): string[] {
  return runChecks(state({ alpha: [crd, widget(spec)] }), [], { celEngine })
    .findings.filter(({ check }) => check === 'cel-rule')
    .map(({ severity, field, what }) => `${severity} ${field}: ${what}`);
}

const integer = { type: 'integer' };
const string = { type: 'string' };
const names = { type: 'array', items: string };
const parts = {
  type: 'array',
  items: { type: 'object', properties: { name: string, size: { ...integer, default: 1 } } },
};

describe('the check of rules in definitions', () => {
  it.each<[string, JsonObject, string, Fields, Fields]>([
    ['numbers', { min: integer, max: integer }, 'self.min <= self.max', { min: 1, max: 2 }, { min: 3, max: 2 }],
    ['fractions', { share: { type: 'number' } }, 'self.share < 0.5', { share: 0.25 }, { share: 1 }],
    [
      'whole numbers in a field for fractions',
      { share: { type: 'number' } },
      'self.share == 2.0',
      { share: 2 },
      { share: 3 },
    ],
    ['what is there', { a: string, b: string }, '!(has(self.a) && has(self.b))', { a: '' }, { a: '', b: '' }],
    [
      'ports by number or name',
      { port: { 'x-kubernetes-int-or-string': true } },
      'self.port != 0',
      { port: 'http' },
      { port: 0 },
    ],
    ['items', { names }, 'self.names.all(n, n.startsWith("a"))', { names: ['ab'] }, { names: ['ab', 'b'] }],
    ['sizes in characters', { name: string }, 'size(self.name) <= 2', { name: '日本' }, { name: '日本語' }],
    [
      'maps',
      { tags: { type: 'object', additionalProperties: string } },
      '!("x" in self.tags)',
      { tags: { y: '' } },
      { tags: { x: '' } },
    ],
    ['defaults', { a: { ...integer, default: 5 } }, 'self.a > 4', {}, { a: 4 }],
    ['defaults inside', { parts }, 'self.parts.all(p, p.size == 1)', { parts: [{}] }, { parts: [{ size: 2 }] }],
    ['patterns', { name: string }, 'self.name.matches("^[a-z]+$")', { name: 'ab' }, { name: 'A' }],
    [
      'names that are no identifiers',
      { 'a-b': integer, namespace: integer },
      'self.a__dash__b == self.__namespace__',
      { 'a-b': 1, namespace: 1 },
      { 'a-b': 1, namespace: 2 },
    ],
    ['members of items', { parts }, 'has(self.parts[0].name)', { parts: [{ name: 'a' }] }, { parts: [{}] }],
    [
      'members of what was filtered, inside another test',
      { parts },
      'has(self.parts.filter(p, has(p.name))[0].size) && has(self.parts[1].name)',
      { parts: [{ name: 'a' }, { name: 'b' }] },
      { parts: [{ name: 'a' }, {}] },
    ],
    ['parts of texts', { a: string }, 'self.a.find("^[^@]+") == "al2"', { a: 'al2@latest' }, { a: 'al2023@latest' }],
    ['addresses', { a: string }, '!isIP(self.a)', { a: 'example.com' }, { a: '2001:db8::1' }],
    ['networks', { a: string }, 'cidr(self.a).containsIP("10.1.2.3")', { a: '10.0.0.0/8' }, { a: '10.0.0.0/16' }],
    ['URLs', { a: string }, 'url(self.a).getScheme() in ["https"]', { a: 'HTTPS://x/' }, { a: 'http://x/' }],
    ['quantities', { a: string }, 'quantity(self.a).isLessThan(quantity("1Gi"))', { a: '1G' }, { a: '1.5Gi' }],
    ['formats', { a: string }, '!format.dns1123Label().validate(self.a).hasValue()', { a: 'a-b' }, { a: 'a.b' }],
    ['sorted lists', { names }, 'self.names.isSorted()', { names: ['a', 'b'] }, { names: ['b', 'a'] }],
    ['sets', { names }, 'sets.contains(["a", "b"], self.names)', { names: ['b', 'b'] }, { names: ['c'] }],
    ['values of a list of words', { mode: string }, 'self.mode in ["On", "Off"]', { mode: 'On' }, { mode: 'on' }],
  ])('judges %s', (_, properties, rule, right, wrong) => {
    const crd = widgets(properties, [{ rule, message: 'no' }]);
    expect(broken(crd, right)).toEqual([]);
    expect(broken(crd, wrong)).toEqual(['error spec: Its definition refuses it: no']);
  });

  it('says which rule, where there is no message, and which field, where the rule names one', () => {
    const rules = [{ rule: 'self.a ==\n  1' }, { rule: 'self.a > 0', message: 'be\nmore', fieldPath: '.a' }];
    expect(broken(widgets({ a: integer }, rules), { a: 0 })).toEqual([
      'error spec: It breaks the rule self.a == 1 of its definition.',
      'error spec.a: Its definition refuses it: be more',
    ]);
  });

  it('finds rules in items, in values of maps and at the root, and says where', () => {
    const rule = (text: string) => ({ 'x-kubernetes-validations': [{ rule: text, message: text }] });
    const listed = { ...parts, items: { ...parts.items, ...rule('self.size < 3') } };
    const keyed = { ...listed, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] };
    const mapped = { type: 'object', additionalProperties: { ...integer, ...rule('self > 0') } };
    const crd = widgets({ listed, keyed, mapped }, []);
    const items = [{ name: 'a' }, { name: 'b', size: 3 }];
    expect(broken(crd, { listed: items, keyed: items, mapped: { 'x.y': 0, z: 1 } })).toEqual([
      'error spec.listed[1]: Its definition refuses it: self.size < 3',
      'error spec.keyed[name=b]: Its definition refuses it: self.size < 3',
      'error spec.mapped["x.y"]: Its definition refuses it: self > 0',
    ]);
    const { spec } = widgets({}, []) as unknown as { spec: { versions: { schema: { openAPIV3Schema: object } }[] } };
    Object.assign(spec.versions[0]?.schema.openAPIV3Schema ?? {}, rule('self.metadata.name != "one"'));
    expect(broken({ ...widgets({}, []), spec }, {})).toEqual([
      'error undefined: Its definition refuses it: self.metadata.name != "one"',
    ]);
  });

  it.each<[string, JsonObject, string, Fields, Fields?]>([
    ['compares with the former object', { a: integer }, 'self.a == oldSelf.a', { a: 1 }],
    ['uses a function that is not known', { a: string }, 'semver(self.a).major() == 0', { a: '1.0.0' }],
    ['parses what versions of the server see differently', { a: string }, 'isURL(self.a)', { a: 'http://a@[b/' }],
    [
      'calls a function with what it refuses',
      { a: string },
      'quantity(self.a).isGreaterThan(quantity("1"))',
      { a: 'x' },
    ],
    ['lower-cases letters that are not plain', { a: string }, 'self.a.lowerAscii() == self.a', { a: 'É' }],
    ['sums up nothing', { n: { type: 'array', items: integer } }, 'self.n.sum() > 0', { n: [] }],
    ['asks for members of a list', { names }, 'has(self.names[0].a)', { names: ['x'] }],
    ['compares the messages of a format', { a: string }, 'format.uuid().validate(self.a).value() == []', { a: 'x' }],
    ['fails to evaluate', { a: integer }, 'self.a > 0', {}],
    [
      'is about a time',
      { at: { ...string, format: 'date-time' } },
      'self.at < timestamp("2020-01-01T00:00:00Z")',
      { at: '2021-01-01T00:00:00Z' },
    ],
    [
      'is about times in a list',
      { at: { type: 'array', items: { ...string, format: 'date-time' } } },
      '"x" in self.at',
      { at: ['2021-01-01T00:00:00Z'] },
    ],
    ['is about what may be null', { a: { ...string, nullable: true } }, '!has(self.a)', { a: null }],
    [
      'compares lists whose order does not count',
      { a: { ...names, 'x-kubernetes-list-type': 'set' }, b: names },
      'self.a == self.b',
      { a: ['x'], b: ['y'] },
    ],
    [
      'looks for one among them',
      { a: { type: 'array', items: { ...names, 'x-kubernetes-list-type': 'set' } }, b: names },
      'self.a.exists(one, one == self.b) || self.b in self.a',
      { a: [['x']], b: ['y'] },
    ],
    ['matches what only Go knows', { a: string }, 'self.a.matches("(?i)^x$")', { a: 'y' }],
    ['matches letters that dialects see differently', { a: string }, 'self.a.matches("^.$")', { a: '\u{1f600}x' }],
    ['has a pattern from elsewhere', { a: string, b: string }, 'self.a.matches(self.b)', { a: 'x', b: 'y' }],
    ['relies on a schema that the object does not follow', { a: integer, b: string }, 'self.a > 0', { a: 0, b: 1 }],
    ['cannot be read', { a: string }, 'self.a ==', { a: 'x' }],
  ])('says nothing of a rule that %s', (_, properties, rule, spec) => {
    expect(broken(widgets(properties, [rule]), spec)).toEqual([]);
  });

  it('compares lists in their order, and members of unordered ones', () => {
    const keyed = { ...parts, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] };
    const crd = widgets({ keyed, names }, [
      'self.keyed.all(a, self.keyed.exists_one(b, a.size == b.size))',
      'self.names == ["a", "b"]',
    ]);
    const right = { keyed: [{ name: 'a' }, { name: 'b', size: 2 }], names: ['a', 'b'] };
    expect(broken(crd, right)).toEqual([]);
    expect(broken(crd, { keyed: [{ name: 'a' }, { name: 'b' }], names: ['b', 'a'] })).toHaveLength(2);
  });

  it('does not keep anybody busy', () => {
    const crd = widgets({ names }, ['self.names.all(a, self.names.all(b, self.names.all(c, a != "z")))']);
    expect(broken(crd, { names: ['z'] })).toHaveLength(1);
    expect(broken(crd, { names: Array.from({ length: 500 }, () => 'z') })).toEqual([]);
  });

  it('needs its library only where an object has rules', () => {
    const ruled = widgets({ a: integer }, ['self.a > 0']);
    expect(hasRuledObjects(state({ alpha: [ruled, widget({})] }), [])).toBe(true);
    expect(hasRuledObjects(state({ alpha: [widget({})] }), [ruled])).toBe(true);
    expect(hasRuledObjects(state({ alpha: [ruled], beta: [widget({})] }), [])).toBe(false);
    expect(hasRuledObjects(state({ alpha: [widgets({ a: integer }, []), widget({})] }), [])).toBe(false);
    expect(hasRuledObjects(state({ alpha: [widgets({ a: integer }, ['oldSelf == self']), widget({})] }), [])).toBe(
      false,
    );
  });
});

describe('names of properties in rules', () => {
  it.each([
    ['plain', 'plain'],
    ['a.b-c/d', 'a__dot__b__dash__c__slash__d'],
    ['a__b', 'a__underscores__b'],
    ['namespace', '__namespace__'],
    ['in', '__in__'],
  ])('%s is %s', (name, expected) => {
    expect(identifier(name)).toBe(expected);
  });
});
