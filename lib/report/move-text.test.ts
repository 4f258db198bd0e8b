import { describe, expect, it } from 'vitest';
import type { ServiceMove } from '../plan/plan.ts';
import { applyEventText } from './apply-text.ts';
import { cartChange, cluster, id, plan } from './example-plan.test-data.ts';
import { paint } from './paint.ts';
import { planMarkdown } from './plan-markdown.ts';
import { planText } from './plan-text.ts';

const deployment = id('apps/v1', 'Deployment', 'cart');
const cart: ServiceMove = {
  service: 'mall/cart',
  receivers: [
    { cluster: 'prod-bj', before: 0, after: 4, workloads: [{ id: deployment, fewest: 4 }] },
    { cluster: 'edge', before: 2, after: 2, workloads: [{ id: deployment, fewest: 2 }] },
    { cluster: 'dark', after: 3, workloads: [{ id: deployment, fewest: 3 }] },
  ],
  donors: [
    { cluster: 'prod-sh', before: 8, after: 5, writes: [{ id: deployment, keeps: 8 }] },
    { cluster: 'prod-gz', before: 4, after: 3, writes: [{ id: deployment }] },
  ],
};
const kept: ServiceMove = {
  service: 'mall/pay',
  receivers: [{ cluster: 'edge', before: 2, after: 2, workloads: [{ id: deployment, fewest: 2 }] }],
  donors: [{ cluster: 'prod-sh', before: 8, after: 0, writes: [{ id: deployment }] }],
};
const planned = plan([cluster('prod-sh', [cartChange])], { moves: [cart, kept] });

describe('replicas that move', () => {
  it('are two steps in the plan, one where nothing grows, and say what does not wait', () => {
    expect(planText(planned, { paint: paint(false) })).toContain(`  replicas of mall/cart move
    1. prod-bj 0 → 4, dark ? → 3
    2. when ready in prod-bj, edge and dark: prod-sh 8 → 5, prod-gz 4 → 3   other changes of these workloads do not wait
  replicas of mall/pay move
    1. when ready in edge: prod-sh 8 → 0
`);
  });

  it('are a table in a pull request', () => {
    expect(planMarkdown(planned)).toContain(`**Replicas move**

| Service | First | Then ready in | Then |
|---|---|---|---|
| \`mall/cart\` | \`prod-bj 0 → 4\`, \`dark ? → 3\` | \`prod-bj\`, \`edge\`, \`dark\` | \`prod-sh 8 → 5\`, \`prod-gz 4 → 3\` ¹ |
| \`mall/pay\` | – | \`edge\` | \`prod-sh 8 → 0\` |

<sub>¹ other changes of these workloads do not wait.</sub>`);
    expect(planMarkdown(plan([cluster('prod-sh', [cartChange])]))).not.toContain('Replicas move');
  });

  it('are counted where the clusters are many', () => {
    const [receiver] = cart.receivers;
    if (receiver === undefined) throw new Error('no receiver');
    const many = Array.from({ length: 20 }, (_, at) => ({ ...receiver, cluster: `c${at}` }));
    const text = planText(plan([cluster('a', [cartChange])], { moves: [{ ...cart, receivers: many }] }), {
      paint: paint(false),
    });
    expect(text).toContain('c7 0 → 4 and 12 more\n');
  });

  it('are told as it happens', () => {
    const options = { paint: paint(false), clusterWidth: 7 };
    const held = { type: 'replicas-held', service: 'mall/cart', donors: ['a', 'b'], receivers: ['c'] } as const;
    expect(applyEventText(held, options)).toBe('mall/cart: no replica goes in a and b until it is ready in c');
    expect(applyEventText({ type: 'replicas-released', service: 'mall/cart' }, options)).toBe(
      'mall/cart: ready, its replicas go where they shall be fewer',
    );
  });
});
