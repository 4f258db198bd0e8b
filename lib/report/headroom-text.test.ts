import { describe, expect, it } from 'vitest';
import type { Plan, ServiceHeadroom } from '../plan/plan.ts';
import { cartChange, cluster, plan } from './example-plan.test-data.ts';
import { paint } from './paint.ts';
import { planMarkdown } from './plan-markdown.ts';
import { planText } from './plan-text.ts';

const exactly = (number: number) => ({ fewest: number, most: number });
const cart: ServiceHeadroom = {
  app: 'mall',
  service: 'mall/cart',
  needed: exactly(6),
  without: [
    { cluster: 'prod-sh', left: exactly(6) },
    { cluster: 'prod-gz', left: exactly(8) },
  ],
};
const search: ServiceHeadroom = {
  app: 'mall',
  service: 'mall/search',
  needed: { fewest: 2, most: 9 },
  without: [
    { cluster: 'prod-gz', left: { fewest: 2, most: 8 } },
    { cluster: 'edge', left: { fewest: 2, most: 9 } },
  ],
};
const planned = (...headroom: readonly ServiceHeadroom[]): Plan =>
  plan([cluster('prod-sh', [cartChange])], { headroom });
const text = (...headroom: readonly ServiceHeadroom[]) =>
  planText(planned(...headroom), { paint: paint(false) })
    .split('\n')
    .filter((line) => /headroom|^ {4}mall/.test(line));

describe('the headroom of a plan', () => {
  it('is a line per service with what each loss leaves, and marks what is too little', () => {
    expect(text(cart, search)).toEqual([
      '  headroom       declared  without prod-sh  without prod-gz  without edge',
      '    mall/cart           6                6                8             –',
      '    mall/search    2 to 9                –         ✖ 2 to 8        2 to 9',
    ]);
  });

  it('keeps services of an app together', () => {
    const other = { ...cart, app: 'bank', service: 'bank/ledger' };
    expect(planText(planned(cart, other, search), { paint: paint(false) })).toMatch(
      /mall\/cart .*\n {4}mall\/search .*\n {4}bank\/ledger /,
    );
  });

  it('is not there where no service shall survive, and not in a line that says that nothing changes', () => {
    expect(text()).toEqual([]);
    expect(planText(plan([cluster('a', [])], { headroom: [cart] }), { paint: paint(false) })).toMatch(
      /^no changes.*\n$/,
    );
  });

  it('is folded in a pull request where all is well, and open where it is not', () => {
    expect(planMarkdown(planned(cart))).toContain(
      [
        '<details><summary>Every loss of one cluster can be borne</summary>',
        '',
        '| Service | Declared | Without `prod-sh` | Without `prod-gz` |',
        '|---|--:|--:|--:|',
        '| `mall/cart` | 6 | 6 | 8 |',
        '',
        '</details>',
      ].join('\n'),
    );
    const open = planMarkdown(planned(cart, search));
    expect(open).toContain('**What is left when a cluster is lost**\n\n| Service |');
    expect(open).toContain('| `mall/search` | 2 to 9 | – | ❌ **2 to 8** | 2 to 9 |');
    expect(planMarkdown(plan([cluster('a', [])]))).not.toContain('Declared');
  });

  it('leaves room for the changes where there are many services, those in danger first', () => {
    const many = Array.from({ length: 100 }, (_, at) => ({ ...cart, service: `mall/s${at}` }));
    const fine = planMarkdown(planned(...many));
    expect(fine.match(/^\| `mall\//gm)).toHaveLength(40);
    expect(fine).toContain('<sub>60 more services: `orrery plan` shows all.</sub>');
    const short = planMarkdown(planned(...many, search));
    expect(short.match(/^\| `mall\//gm)).toEqual(['| `mall/']);
    expect(short).toContain('| `mall/search` |');
    expect(short).toContain('100 more services');
  });
});
