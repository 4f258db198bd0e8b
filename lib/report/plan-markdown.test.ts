import { Parser } from 'commonmark';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canaryCreate, cartChange, cluster, everyAction, id, item, plan, replace } from './example-plan.test-data.ts';
import { planMarkdown } from './plan-markdown.ts';

const LIMIT = 65_536;

function manyChanges(number: number, size: number) {
  return Array.from({ length: number }, (_, index) =>
    item({
      action: 'update',
      id: id('v1', 'ConfigMap', `settings-${index}`),
      changes: [
        replace('data.text', 'old', `${index} ${'x'.repeat(size)}`),
        replace('data.more', 'a', 'y'.repeat(300)),
      ],
    }),
  );
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

/** What a reader makes of the page: the HTML in it, and the types of its nodes. */
function read(markdown: string): { readonly html: string; readonly types: readonly string[] } {
  let html = '';
  const types: string[] = [];
  const walker = new Parser().parse(markdown).walker();
  for (let step = walker.next(); step !== null; step = walker.next()) {
    if (!step.entering) continue;
    types.push(step.node.type);
    if (step.node.type.startsWith('html')) html += step.node.literal ?? '';
  }
  return { html, types };
}

/** What is opened is closed, every row of the table has the same cells, no line is a command of a CI. */
function expectWellFormed(markdown: string): void {
  const { html } = read(markdown);
  for (const tag of ['details', 'summary', 'code', 'sub', 'div'])
    expect(count(html, `<${tag}>`)).toBe(count(html, `</${tag}>`));
  const rows = markdown.split('\n').filter((line) => line.startsWith('|'));
  const pipes = rows.map((row) => row.replaceAll('\\|', '').split('|').length);
  expect(new Set(pipes).size).toBe(1);
  expect(markdown).not.toMatch(/^\s*::/m);
}

describe('a plan as Markdown', () => {
  it('begins with a verdict in one line', () => {
    const first = (markdown: string): string => markdown.split('\n')[0] ?? '';
    expect(first(planMarkdown(plan([cluster('a', []), cluster('b', [])])))).toBe(
      '### ✅ Online shop: no changes · 2 clusters · 120 objects unchanged',
    );
    expect(first(planMarkdown(plan([cluster('a', [cartChange, canaryCreate]), cluster('b', [])])))).toBe(
      '### 🔷 Online shop: 1 new, 1 changed in 1 of 2 clusters',
    );
    expect(first(planMarkdown(plan([cluster('a', everyAction)])))).toContain('### ❌');
    expect(first(planMarkdown(plan([cluster('a', everyAction)])))).toContain('**1 problem**');
  });

  it('never promises "no changes" when something could not be planned', () => {
    const blocked = everyAction.filter(({ action }) => action === 'blocked');
    const down = cluster('ops', [], { unchanged: 0, problem: { code: 'ORR3004', what: 'no route', where: {} } });
    for (const clusters of [[cluster('a', blocked)], [cluster('a', []), down]]) {
      const markdown = planMarkdown(plan(clusters));
      expect(markdown).not.toContain('no changes');
      expect(markdown).toContain('nothing to write');
      expect(markdown).toContain('**1 problem**');
    }
  });

  it('has a row per cluster and only the columns that say something', () => {
    const markdown = planMarkdown(plan([cluster('prod-sh', [canaryCreate, cartChange]), cluster('ops', [])]));
    expect(markdown).toContain('| Cluster | New | Changed | Unchanged | Pods restart |');
    expect(markdown).toContain('| `prod-sh` | 1 | 1 | 60 | 1 |');
    expect(markdown).toContain('| `ops` | · | · | 60 | · |');
  });

  it('says problems and dangers before the table and the details', () => {
    const markdown = planMarkdown(plan([cluster('prod-sh', everyAction)]));
    const at = (part: string): number => markdown.indexOf(part);
    expect(at('**In the way**')).toBeGreaterThan(0);
    expect(at('**In the way**')).toBeLessThan(at('**Look at these first**'));
    expect(at('**Look at these first**')).toBeLessThan(at('| Cluster |'));
    expect(at('| Cluster |')).toBeLessThan(at('<details>'));
    expect(markdown).toContain('ORR4001');
  });

  it('marks a cluster that could not be read in its row', () => {
    const down = cluster('ops', [], {
      unchanged: 0,
      problem: { code: 'ORR3004', what: 'connect ECONNREFUSED', where: {}, fix: 'Check it.' },
    });
    expect(planMarkdown(plan([cluster('prod-sh', [cartChange]), down]))).toContain('| `ops` | ? | ? | ❌ ORR3004 |');
  });

  it('says of each object where the program makes it', () => {
    const markdown = planMarkdown(plan([cluster('a', [{ ...canaryCreate, source: 'src/<main>.ts:31' }])]));
    expect(markdown).toContain(' · src/&lt;main&gt;.ts:31</summary>');
  });

  it('shows the same change in several clusters once', () => {
    const markdown = planMarkdown(
      plan([cluster('prod-sh', [cartChange]), cluster('prod-gz', [cartChange]), cluster('ops', [])]),
    );
    expect(count(markdown, '<details>')).toBe(1);
    expect(markdown).toContain(
      '<code>Deployment/mall/cart</code> changed, same in 2 of 3 clusters: <code>prod-sh</code>, <code>prod-gz</code> · restarts pods</summary>',
    );
    expect(markdown).toContain(
      '- spec.template.spec.containers[name=cart].image: mall/cart:4.12.0\n+ spec.template.spec.containers[name=cart].image: mall/cart:4.13.0',
    );
  });

  it('names the command that applies it, and only when there is something to apply', () => {
    const options = { planId: '7f3a', applyCommand: 'orrery apply plan.json' };
    expect(planMarkdown(plan([cluster('a', [cartChange])]), options)).toContain('plan `7f3a` · assembly');
    expect(planMarkdown(plan([cluster('a', [cartChange])]), options)).toContain(
      'apply it with `orrery apply plan.json`',
    );
    expect(planMarkdown(plan([cluster('a', [])]), options)).not.toContain('apply it with');
  });

  it('stays under the limit of a comment, whatever the number and size of changes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 300 }),
        fc.integer({ min: 0, max: 500 }),
        fc.integer({ min: 6_000, max: LIMIT }),
        (number, size, limit) => {
          const markdown = planMarkdown(plan([cluster('prod-sh', [...manyChanges(number, size), ...everyAction])]), {
            limit,
          });
          expect(markdown.length).toBeLessThanOrEqual(limit);
          expectWellFormed(markdown);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('never cuts the summary, drops the largest details first, and says what it left out', () => {
    const big = item({
      action: 'create',
      id: id('v1', 'ConfigMap', 'big'),
      desired: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'big' }, data: { text: 'z'.repeat(80_000) } },
    });
    const markdown = planMarkdown(plan([cluster('prod-sh', [big, ...everyAction])]));
    expect(markdown.length).toBeLessThanOrEqual(LIMIT);
    expect(markdown).toContain('<div>+ <code>ConfigMap/mall/big</code> new');
    expect(markdown).not.toContain('zzz');
    expect(markdown).toContain('mall/cart:4.13.0');
    expect(markdown).toContain('Left out for size: the fields of 1 change. `orrery diff` shows everything.');
    const summary = planMarkdown(plan([cluster('prod-sh', [big, ...everyAction])]), { limit: 10 });
    expect(summary).toContain('PersistentVolumeClaim/mall/old-data');
    expect(summary).toContain('| `prod-sh` |');
    expect(summary).toContain(`Left out for size: ${everyAction.length} changes altogether`);
  });

  it('lets nothing from outside break the page, mention people or start a command of the CI', () => {
    const evil = fc.constantFrom(
      '</details>',
      '<script>',
      '| a | b |',
      '`',
      '```\n</details>',
      '::error::x',
      '@team',
      '#1',
      '\u001b[31m',
      '\n\n# Title',
      '[x](http://y)',
      '&lt;',
    );
    const text = fc.array(evil, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, text, (a, b) => {
        const hostile = item({
          action: 'update',
          id: id('v1', a, b, a),
          reason: a,
          changes: [replace(a, b, a, { cause: 'drift', by: b, at: a })],
          dangers: [{ kind: 'adopt', text: b }],
          problem: { code: 'ORR4003', what: a, where: { path: b, source: a }, fix: b },
        });
        const markdown = planMarkdown(
          plan(
            [
              cluster(a, [hostile], { warnings: [b] }),
              cluster('x', [], { problem: { code: 'ORR3004', what: b, where: {} } }),
            ],
            { platform: { id: 'x', displayName: a } },
          ),
        );
        expectWellFormed(markdown);
        const { html, types } = read(markdown);
        expect(types.filter((type) => ['heading', 'link', 'image'].includes(type))).toEqual(['heading']);
        const tags = new Set(html.match(/<\/?[a-z]+/g));
        expect([...tags].filter((tag) => !/^<\/?(details|summary|code|div|sub|br)$/.test(tag))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
