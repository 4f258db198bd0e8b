import { describe, expect, it } from 'vitest';
import type { Uncovered } from '../plan/plan.ts';
import { cluster, id, item, plan } from './example-plan.test-data.ts';
import { paint } from './paint.ts';
import { planMarkdown } from './plan-markdown.ts';
import { planText } from './plan-text.ts';

const change = item({ action: 'create', id: id('v1', 'ConfigMap', 'cart') });
const volumes: Uncovered = {
  path: 'mall',
  what: 'volume cart: each cluster has data of its own',
  clusters: ['prod-sh', 'prod-gz'],
};
const planned = (...uncovered: readonly Uncovered[]) => plan([cluster('prod-sh', [change])], { uncovered });
const text = (...uncovered: readonly Uncovered[]) => planText(planned(...uncovered), { paint: paint(false) });

describe('what a plan does not cover', () => {
  it('is a line for each, below the clusters', () => {
    expect(text(volumes, { ...volumes, path: 'mall/nightly', clusters: ['prod-sh'] })).toContain(
      [
        '  not covered',
        '    mall          volume cart: each cluster has data of its own (prod-sh and prod-gz)',
        '    mall/nightly  volume cart: each cluster has data of its own (prod-sh)',
        '',
      ].join('\n'),
    );
  });

  it('is folded in a pull request', () => {
    expect(planMarkdown(planned(volumes))).toContain(
      '<details><summary>Data that is not covered</summary>\n\n- `mall`: volume cart: each cluster has data of its own (prod-sh and prod-gz)\n\n</details>',
    );
  });

  it('is counted where there is much of it, and not there where there is none', () => {
    const many = Array.from({ length: 20 }, () => volumes);
    expect(text(...many)).toContain('    and 8 more\n');
    expect(planMarkdown(planned(...many))).toContain('- and 8 more');
    expect(text()).not.toContain('not covered');
    expect(planMarkdown(planned())).not.toContain('not covered');
  });

  it('has no control characters of somebody else', () => {
    expect(text({ ...volumes, what: 'a\u001b[31mb\nc' })).not.toContain('\u001b[31m');
  });
});
