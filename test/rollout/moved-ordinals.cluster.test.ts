import type { ServiceProps } from '@orrery/constructs';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { record } from '../../lib/kubernetes/fields.ts';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';
import { paint } from '../../lib/report/paint.ts';
import { planText } from '../../lib/report/plan-text.ts';
import { outcomeOf } from '../applied-platform.ts';
import { ReadyTotal, type Run, runShop, type Shop } from './moved-shop.ts';
import { StagedPlatform, statuses } from './staged-platform.ts';

const CLUSTERS = ['alpha', 'beta', 'gamma'] as const;

let platform: StagedPlatform;

const text = ({ made }: Run) => planText(made.plan, { paint: paint(false) });

async function list(cluster: string, path: string): Promise<KubernetesObject[]> {
  const { client } = await platform.open(cluster);
  const { body } = await client.request({ method: 'GET', path });
  return (body as { readonly items: KubernetesObject[] }).items;
}

/** Names and uids of what is there and is not about to go. */
async function present(cluster: string, kind: 'pods' | 'persistentvolumeclaims'): Promise<Map<string, string>> {
  const all = await list(cluster, `/api/v1/namespaces/${platform.namespace('mall')}/${kind}`);
  const staying = all.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  return new Map(staying.map(({ metadata }) => [metadata.name ?? '', metadata.uid ?? '']));
}

const names = async (cluster: string, kind: 'pods' | 'persistentvolumeclaims' = 'pods') =>
  [...(await present(cluster, kind)).keys()].sort();

const numbered = (prefix: string, first: number, count: number) =>
  Array.from({ length: count }, (_, at) => `${prefix}-${first + at}`).sort();

describe.skipIf(inject('rig') === 'missing')('a stateful service on three clusters', () => {
  beforeEach(async () => {
    platform = await StagedPlatform.start('ordinals');
  });
  afterEach(() => platform.end());

  it('has the pods of its ranges, keeps each in its cluster with its claims while shares move, and the plan is empty afterwards', async () => {
    const cart: Partial<ServiceProps> = {
      replicas: 6,
      volumes: [{ name: 'data', mountPath: '/data', size: '1Gi' }],
      stateful: {
        ordinals: {
          alpha: { first: 0, last: 99 },
          beta: { first: 100, last: 199 },
          gamma: { first: 200, last: 299 },
        },
      },
    };
    const shop = (...clusters: string[]): Shop => ({
      weights: Object.fromEntries(clusters.map((name) => [name, 1])),
      facts: { storageClasses: { general: 'disk' } },
      cart,
    });
    const first = await runShop(platform, shop('alpha', 'beta'));
    expect(statuses(first, 'alpha', 'beta')).toEqual(['done', 'done']);
    const before = await present('alpha', 'pods');
    expect([...before.keys()].sort()).toEqual(numbered('cart', 0, 3));
    expect(await names('beta')).toEqual(numbered('cart', 100, 3));
    expect(await names('beta', 'persistentvolumeclaims')).toEqual(numbered('data-cart', 100, 3));
    expect((await runShop(platform, shop('alpha', 'beta'))).made.plan.changes).toBe(false);

    const total = new ReadyTotal(platform, CLUSTERS);
    const moved = await runShop(platform, shop('alpha', 'beta', 'gamma')).finally(() => total.stop());
    expect(text(moved)).toContain(`  replicas of mall/cart move
    1. gamma 0 → 2
    2. when ready in gamma: alpha 3 → 2, beta 3 → 2
`);
    expect(statuses(moved, ...CLUSTERS)).toEqual(['done', 'done', 'done']);
    expect(total.fewest).toBe(6);
    expect(await names('gamma')).toEqual(numbered('cart', 200, 2));
    // The lowest stay, the very same pods; the claim of the highest stays without its pod.
    const after = await present('alpha', 'pods');
    expect([...after].sort()).toEqual([...before].sort().slice(0, 2));
    expect(await names('alpha', 'persistentvolumeclaims')).toEqual(numbered('data-cart', 0, 3));
  });

  it('updates only pods above the partition of its range, and tells where ordinals are given to another cluster', async () => {
    const range = (first: number) => ({ first, last: first + 9 });
    const shop = (image: string, alpha: number, beta: number): Shop => ({
      weights: { alpha: 1, beta: 1 },
      cart: {
        replicas: 6,
        image,
        stateful: { partition: 2, ordinals: { alpha: range(alpha), beta: range(beta) } },
      },
    });
    await runShop(platform, shop('mall/cart:1', 10, 20));
    const updated = await runShop(platform, shop('mall/cart:2', 10, 20));
    expect(statuses(updated, 'alpha', 'beta')).toEqual(['done', 'done']);
    const pods = await list('beta', `/api/v1/namespaces/${platform.namespace('mall')}/pods`);
    const images = pods.map(({ metadata, spec }) => {
      const [container] = record(spec).containers as { readonly image: string }[];
      return `${metadata.name} ${container?.image}`;
    });
    expect(images.sort()).toEqual(['cart-20 mall/cart:1', 'cart-21 mall/cart:1', 'cart-22 mall/cart:2']);

    const swapped = await runShop(platform, shop('mall/cart:2', 30, 10), {}, {}, () => {});
    expect(text(swapped)).toContain('pods are numbered from 10 instead of 20');
    expect(text(swapped)).toContain('starts pods cart-10 to cart-12, while alpha still runs what has this name there');
    expect(outcomeOf(swapped, 'beta').status).toBe('done');
    // Pods outside the new range do not count for the StatefulSet: it is done before they are gone.
    await expect.poll(() => names('beta'), { timeout: 20_000 }).toEqual(numbered('cart', 10, 3));
  });
});
