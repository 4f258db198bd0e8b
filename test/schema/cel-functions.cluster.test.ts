import { afterAll, describe, expect, inject, it } from 'vitest';
import { loadCelEngine } from '../../lib/checks/cel/cel-engine.ts';
import { ruledPlace } from '../../lib/checks/cel/cel-rules.ts';
import { celObject } from '../../lib/checks/cel/cel-values.ts';
import type { KubeTarget } from '../../lib/cluster/target.ts';
import type { JsonObject, KubernetesObject } from '../../lib/kubernetes/object.ts';
import { AppliedPlatform } from '../applied-platform.ts';
import { storedVersion } from '../differential/definitions.ts';
import { Random } from '../differential/random.ts';
import { definition } from '../sample-objects.ts';
import { inParallel } from './corpus-server.ts';

/** Random objects. With `ORRERY_SCHEMA_SEED=…`, others. */
const COUNT = Number(process.env.ORRERY_CEL_COUNT ?? 30) * 8;
const SEED = process.env.ORRERY_SCHEMA_SEED ?? 'cel';

const VALUES: Readonly<Record<string, readonly string[]>> = {
  ip: '10.0.0.1 127.0.0.1 0.0.0.0 169.254.1.1 224.0.0.1 255.255.255.255 ::1 :: fe80::1 ff02::1 2001:db8::ff ::ffff:1.2.3.4 ::1.2.3.4 1.2.3 01.2.3.4 1.2.3.4.5 1:2 fe80::1%eth0 1::2::3 ::FFFF'.split(
    ' ',
  ),
  cidr: '10.0.0.0/8 10.1.2.3/16 0.0.0.0/0 10.0.0.0/33 10.0.0.0/08 ::/0 2001:db8::/32 fe80::/10 ::1/128 ::1/129 10.0.0.0/ /8 1.2.3.4/-1 127.0.0.0/8'.split(
    ' ',
  ),
  url: 'https://example.com https://example.com:8080/a/b?c=d HTTP://Example.com/ /path//x //host/x example.com localhost:8080 mailto:a@b https:// https://a:b:c/ https://h:x/ https://h:/ http://h/%zz http://h/%41 ://x http://a%20b/ http://a_b/ https://user@host/ http://[::1]/ * ? /?q http:/x http:x 1http://x http://h/a?b?c file:///x oci://r/x http://h/<a>'.split(
    ' ',
  ),
  quantity:
    '1 1.5 500m 1Gi 1.5Gi 2k 1e3 1E3 1E -1 +1 .5 5. . 1Ki 1ki 1K 1M 100n 1u 0 -0 1e-3 0.1m 1G 1073741824 1e20 1Zi --1 1m1 1.2.3 1n 0.000000001 1_0'.split(
      ' ',
    ),
  name: 'a a-b a- -a A a.b a..b a.b. example.com example.com/name Example.com/name a/b/c a_b a/ /a 1a a1 10 10.20 name-10/example.com sub.example.com/x xx-yy 0123456789abcdef0123456789abcdef 123e4567-e89b-12d3-a456-426614174000 123E4567-e89b12d3-a456-426614174000'.split(
    ' ',
  ),
  text: [
    '',
    'ab',
    'a',
    'é',
    'É',
    'aÉb',
    'a b',
    ' a ',
    'a,b',
    'ab10cd20',
    'a/b',
    'A/B',
    'b',
    'ba',
    '日本',
    'a\tb',
    'x'.repeat(64),
    '😀a',
  ],
};

const GUARDED = (test: string, rule: string) => `${test} ? ${rule} : true`;
const ipRules = ['family() == 4', 'isLoopback()', 'isUnspecified()', 'isLinkLocalUnicast()', 'isLinkLocalMulticast()'];
const urlRules = [
  'getScheme() in ["http", "https"]',
  'getScheme() == ""',
  'getHost() == "example.com"',
  'getHostname() == "example.com"',
  'getHostname() == "h"',
  'getPort() == "8080"',
  'getPort() == ""',
  'getEscapedPath() == ""',
  'getEscapedPath().startsWith("/a")',
];
const twoQuantities = 'isQuantity(self.s) && isQuantity(self.t)';
const formats =
  'dns1123Label dns1123Subdomain dns1035Label qualifiedName dns1123LabelPrefix dns1123SubdomainPrefix dns1035LabelPrefix labelValue uuid'.split(
    ' ',
  );
const RULES = [
  ...['isIP', 'isCIDR', 'isURL', 'isQuantity'].flatMap((name) => [`${name}(self.s)`, `self.l.all(x, !${name}(x))`]),
  ...ipRules.map((rule) => GUARDED('isIP(self.s)', `ip(self.s).${rule}`)),
  ...urlRules.map((rule) => GUARDED('isURL(self.s)', `url(self.s).${rule}`)),
  'ip(self.s).family() == 6',
  'url(self.s).getHost() != "h"',
  GUARDED('isIP(self.s) && isIP(self.t)', 'ip(self.s) == ip(self.t)'),
  GUARDED('isCIDR(self.s)', 'cidr(self.s).prefixLength() > 8'),
  GUARDED('isIP(self.s)', 'cidr("10.0.0.0/8").containsIP(self.s)'),
  GUARDED('isIP(self.s)', 'cidr("::/12").containsIP(ip(self.s))'),
  GUARDED('isCIDR(self.s)', 'cidr("::/12").containsCIDR(self.s)'),
  GUARDED('isCIDR(self.s)', 'cidr("10.0.0.0/12").containsCIDR(cidr(self.s))'),
  GUARDED('isCIDR(self.s)', 'cidr(self.s).ip().family() == 4'),
  GUARDED(twoQuantities, 'quantity(self.s).isGreaterThan(quantity(self.t))'),
  GUARDED(twoQuantities, 'quantity(self.s).isLessThan(quantity(self.t))'),
  GUARDED(twoQuantities, 'quantity(self.s).compareTo(quantity(self.t)) == 0'),
  GUARDED(twoQuantities, 'quantity(self.s) == quantity(self.t)'),
  GUARDED(twoQuantities, 'quantity(self.s).add(quantity(self.t)).isGreaterThan(quantity("0"))'),
  GUARDED(twoQuantities, 'quantity(self.s).sub(quantity(self.t)).isLessThan(quantity("1"))'),
  GUARDED('isQuantity(self.s)', 'quantity(self.s).add(self.i).isGreaterThan(quantity("1500m"))'),
  GUARDED('isQuantity(self.s)', 'quantity(self.s).sub(2).isLessThan(quantity("0"))'),
  ...formats.map((name) => `!format.${name}().validate(self.s).hasValue()`),
  'format.named("dns1123Label").hasValue() && !format.named("labelValue").value().validate(self.t).hasValue()',
  'self.s.find("[0-9]+") == "10"',
  'self.s.find("^([^/]+)").endsWith("example.com")',
  'self.s.find("a|ab") != ""',
  'self.s.findAll("[a-z]+").size() > 1',
  'self.s.findAll("[0-9]+") == ["10", "20"]',
  'self.s.findAll("[a-z]", 2).size() == 2',
  'self.s.findAll("[a-z]", -1) == self.l',
  'self.l.isSorted()',
  'self.n.isSorted()',
  'self.d.isSorted()',
  'self.n.sum() > 3',
  'self.d.sum() < 2.5',
  'self.n.min() == self.i',
  'self.n.max() >= self.i',
  'self.d.max() == 2.0',
  'self.l.min() == self.s',
  'self.l.max() == self.t',
  'self.n.indexOf(self.i) == 1',
  'self.n.lastIndexOf(self.i) == self.n.indexOf(self.i)',
  'self.l.lastIndexOf(self.s) >= 0',
  'self.l.indexOf(self.s) == -1',
  'sets.contains(self.l, [self.s])',
  'sets.contains(self.n, [self.i, 2])',
  'sets.intersects(self.l, [self.s, self.t])',
  'sets.equivalent(self.l, ["a", "b"]) || sets.equivalent(self.l, [self.s])',
  'sets.equivalent(self.n, [1, 2])',
  'has(self.parts[0].name)',
  'self.parts.all(p, has(p.name) || p.size > 1)',
  'self.parts.size() > 1 ? has(self.parts[1].name) && has(self.parts.filter(p, has(p.name))[0].name) : true',
  'self.s.lowerAscii() == self.s',
  'self.s.upperAscii() == self.s',
  'self.s.substring(1).startsWith("0")',
  'self.s.substring(0, 1) == "a"',
  'self.s.indexOf("a") == 1',
  'self.s.lastIndexOf("b") > 0',
  'self.s.split("/")[0] == "a"',
  'self.s.split(",").size() == 2',
  'self.s.trim() == "a"',
  'self.l.join(",") == "a,b"',
  'size(self.s) < 3',
  'self.?parts[0].?name.orValue("x") == "x"',
  'self.s.contains("b") && self.s.startsWith("a")',
];

const text = { type: 'string', maxLength: 70 };
const listOf = (items: JsonObject): JsonObject => ({ type: 'array', items, maxItems: 5 });
const PROPERTIES: JsonObject = {
  s: text,
  t: text,
  i: { type: 'integer' },
  l: listOf(text),
  n: listOf({ type: 'integer' }),
  d: listOf({ type: 'number' }),
  parts: listOf({ type: 'object', properties: { name: text, size: { type: 'integer', default: 1 } } }),
};

describe.skipIf(inject('rig') === 'missing')('functions of Kubernetes in rules, beside an API server', () => {
  const platform = new AppliedPlatform('celfunctions');
  const crd = definition(`${platform.id}.example.com`, 'Widget', PROPERTIES, {
    required: Object.keys(PROPERTIES),
    'x-kubernetes-validations': RULES.map((rule, at) => ({ rule, message: `[rule ${at}]` })),
  });
  let target: KubeTarget;
  afterAll(async () => {
    await target.client.request({ method: 'DELETE', path: `${DEFINITIONS}/${crd.metadata.name}` });
    await platform.cleanUp(['beta']);
  });

  it('say what the server says, wherever they say something', { timeout: 120_000 }, async () => {
    target = await platform.open('beta');
    const written = await target.client.request({ method: 'POST', path: DEFINITIONS, body: crd });
    expect((written.body as { message?: string }).message).toBeUndefined();
    const judged = await judge(target, crd);
    const never = RULES.filter((_, at) => !judged.decided.has(`${at} true`) || !judged.decided.has(`${at} false`));
    process.stdout.write(
      `${RULES.length} rules over ${COUNT} objects: ${judged.both} decided as by the server, ${judged.unsaid} left to it\n`,
    );
    expect(judged.wrong).toEqual([]);
    // Every rule is fulfilled by some object and broken by another; a rule that nothing breaks tests nothing.
    expect(never).toEqual([]);
    expect(judged.both).toBeGreaterThan(judged.unsaid * 3);
  });
});

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

async function judge(target: KubeTarget, crd: KubernetesObject) {
  const engine = await loadCelEngine();
  const schema = storedVersion(crd).schema.openAPIV3Schema as JsonObject;
  const rules = ruledPlace(schema)?.properties.find(([name]) => name === 'spec')?.[1].rules ?? [];
  const wrong: string[] = [];
  const decided = new Set<string>();
  const tally = { both: 0, unsaid: 0 };
  const objects = Array.from({ length: COUNT }, (_, n) => objectOf(crd, n, new Random(`${SEED}/functions/${n}`)));
  await inParallel(objects, async (object) => {
    const self = celObject(schema, object as unknown as JsonObject);
    const spec = self instanceof Map ? self.get('spec') : undefined;
    const refusal = await created(target, crd, object);
    rules.forEach((rule, at) => {
      const own = spec === undefined ? undefined : engine(rule, spec);
      if (own === undefined) tally.unsaid++;
      else {
        tally.both++;
        decided.add(`${at} ${own}`);
        if (own === refusal.includes(`[rule ${at}]`))
          wrong.push(`${rule.rule}: ${own} here | ${JSON.stringify(object.spec)} | ${refusal}`);
      }
    });
  });
  return { ...tally, wrong, decided };
}

/** One value after the other, beside others that are mostly of its kind. */
function objectOf(crd: KubernetesObject, n: number, random: Random): KubernetesObject {
  const names = Object.keys(VALUES);
  const all = names.flatMap((name) => (VALUES[name] ?? []).map((value) => ({ name, value })));
  const { name: kind, value: s } = all[n % all.length] as (typeof all)[number];
  const value = () => random.pick(VALUES[random.chance(0.8) ? kind : random.pick(names)] as readonly string[]);
  const list = <T>(make: () => T): T[] => Array.from({ length: random.below(4) }, make);
  const { group } = crd.spec as { group: string };
  return {
    apiVersion: `${group}/v1`,
    kind: 'Widget',
    metadata: { name: 'one', namespace: 'default' },
    spec: {
      s,
      t: value(),
      i: random.below(4),
      l: list(() => (random.chance(0.5) ? random.pick(['a', 'b', 'a,b']) : value())),
      n: list(() => random.below(4)),
      d: list(() => random.below(6) / 2),
      parts: list(() => ({ ...(random.chance(0.5) ? { name: value() } : {}), size: random.below(3) })),
    },
  };
}

async function created(target: KubeTarget, crd: KubernetesObject, body: KubernetesObject): Promise<string> {
  const { group, names } = crd.spec as { group: string; names: { plural: string } };
  const path = `/apis/${group}/v1/namespaces/default/${names.plural}`;
  for (let attempt = 1; ; attempt++) {
    const answer = await target.client.request({ method: 'POST', path, query: { dryRun: 'All' }, body });
    if (answer.status < 300) return '';
    if (answer.status !== 404 || attempt === 200) return (answer.body as { message?: string }).message ?? 'refused';
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
