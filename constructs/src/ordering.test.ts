import { type ApiObject, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cluster } from './cluster';
import { chart, config, order, waits } from './dependencies.test-support';
import { MultiClusterApp } from './multi-cluster-app';
import { Placement } from './placement';
import type { Platform } from './platform';
import { NeedsGraph } from './private/ordering';
import { assemblyOf, codesOf, problemsOfProgram } from './synthesis.test-support';

describe('a circle', () => {
  it('of charts is refused with its path', () => {
    const problems = problemsOfProgram((platform) => {
      const cluster = new Cluster(platform, 'prod');
      const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((id) => chart(cluster, id, 'one')) as [Chart, Chart, Chart, Chart];
      d.addDependency(a);
      a.addDependency(b);
      b.addDependency(c);
      c.addDependency(a);
    });
    expect(codesOf(problems)).toEqual(['ORR2008']);
    expect(problems[0]?.what).toMatch(
      /^Constructs wait for each other: a → b → c → a\.\na depends on b \(.*:\d+\)\nb depends on c .*\nc depends on a .*$/,
    );
  });

  it('through parts of charts is refused with the parts', () => {
    const problems = problemsOfProgram((platform) => {
      const cluster = new Cluster(platform, 'prod');
      const [a, b] = [chart(cluster, 'a', 'x', 'y'), chart(cluster, 'b', 'x')];
      a.node.findChild('x').node.addDependency(b);
      b.addDependency(a.node.findChild('x'));
    });
    expect(codesOf(problems)).toEqual(['ORR2008']);
    expect(problems[0]?.what).toContain('a/x → b → a/x');
  });

  it('of services is refused once, not per cluster', () => {
    const problems = problemsOfProgram((platform) => {
      for (const name of ['p', 'q']) new Cluster(platform, name);
      const app = new MultiClusterApp(platform, 'mall', { placement: Placement.everywhere() });
      const [cart, shop] = [app.addService('cart', { image: 'x:1' }), app.addService('shop', { image: 'x:1' })];
      cart.node.addDependency(shop);
      shop.node.addDependency(cart);
    });
    expect(codesOf(problems)).toEqual(['ORR2008']);
    expect(problems[0]?.what).toContain('mall/cart → mall/shop → mall/cart');
  });

  it('within a chart that depends on its own part is refused', () => {
    const problems = problemsOfProgram((platform) => {
      const shop = chart(new Cluster(platform, 'prod'), 'shop', 'one', 'two');
      shop.addDependency(shop.node.findChild('two'));
      shop.node.findChild('two').node.addDependency(shop.node.findChild('one'));
    });
    expect(codesOf(problems)).toEqual(['ORR2008']);
    expect(problems[0]?.what).toMatch(/shop\/two depends on shop\/one/);
  });

  it('of clusters is refused, although no two objects wait for each other', () => {
    const problems = problemsOfProgram((platform) => {
      const [a, b] = [new Cluster(platform, 'a'), new Cluster(platform, 'b')];
      chart(a, 'one', 'x').addDependency(chart(b, 'one', 'x'));
      chart(b, 'two', 'x').addDependency(chart(a, 'two', 'x'));
    });
    expect(codesOf(problems)).toEqual(['ORR2008']);
    expect(problems[0]?.what).toMatch(
      /^Clusters wait for each other: a → b → a\.\none depends on one; two depends on two\.$/,
    );
  });

  it('with what contains the construct is refused', () => {
    const build = (target: (shop: Chart, platform: Platform) => Construct) =>
      problemsOfProgram((platform) => {
        const shop = chart(new Cluster(platform, 'prod'), 'shop', 'one');
        shop.node.findChild('one').node.addDependency(target(shop, platform));
      });
    expect(build((shop) => shop)[0]).toMatchObject({
      code: 'ORR2008',
      what: 'shop/one depends on shop, which contains it.',
    });
    expect(build((shop) => shop.node.root as Construct)[0]).toMatchObject({
      code: 'ORR2008',
      what: 'shop/one depends on cluster prod, which contains it.',
    });
    expect(build((_, platform) => platform)[0]).toMatchObject({
      code: 'ORR2008',
      what: 'shop/one depends on the whole platform.',
    });
  });

  it('with itself alone is nothing', () => {
    const assembly = assemblyOf((platform) => {
      const shop = chart(new Cluster(platform, 'prod'), 'shop', 'one');
      shop.addDependency(shop);
    });
    expect(waits(assembly, 'prod', 'shop')).toEqual({ unit: [], parts: {} });
  });
});

describe('ordering', { timeout: 30_000 }, () => {
  it('manages layers on which cdk8s takes forever: 1,000 dependent charts, 60 layers of two', () => {
    const assembly = assemblyOf((platform) => {
      const chain = new Cluster(platform, 'chain');
      let last: Chart | undefined;
      for (let i = 0; i < 1000; i++) {
        const next = chart(chain, `c${999 - i}`, 'one', 'two');
        if (last !== undefined) last.addDependency(next);
        last = next;
      }
      const layers = new Chart(new Cluster(platform, 'layers'), 'layers');
      let below: ApiObject[] = [];
      for (let i = 0; i < 60; i++) {
        const layer = [config(layers, `a${i}`), config(layers, `b${i}`)];
        for (const object of layer) object.addDependency(...below);
        below = layer;
      }
    });
    expect(order(assembly, 'chain')).toEqual(Array.from({ length: 1000 }, (_, i) => `c${i}`));
    expect(assembly.objects('layers').size).toBe(120);
  });

  it('has no depth limit', () => {
    const graph = new NeedsGraph();
    for (let i = 0; i < 200_000; i++) graph.addVertex();
    for (let i = 0; i < 199_999; i++) graph.addNeed(i, i + 1);
    const result = graph.order() as { order: number[] };
    expect([result.order[0], result.order.at(-1), result.order.length]).toEqual([199_999, 0, 200_000]);
  });

  it('puts everything after what it needs, or names a real circle', () => {
    const graphs = fc
      .integer({ min: 1, max: 12 })
      .chain((size) =>
        fc.tuple(fc.constant(size), fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 24 })),
      );
    fc.assert(
      fc.property(graphs, ([size, needs]) => {
        const graph = new NeedsGraph();
        for (let i = 0; i < size; i++) graph.addVertex();
        for (const [a, b] of needs) graph.addNeed(a, b);
        const result = graph.order();
        if ('circle' in result) {
          for (const [i, vertex] of result.circle.entries()) {
            const next = result.circle[(i + 1) % result.circle.length];
            expect(needs.some(([a, b]) => a === vertex && b === next)).toBe(true);
          }
        } else {
          const rank = new Map(result.order.map((vertex, i) => [vertex, i]));
          expect(rank.size).toBe(size);
          for (const [a, b] of needs) expect(rank.get(b) as number).toBeLessThan(rank.get(a) as number);
        }
        expect(new Set(graph.orderTolerant()).size).toBe(size);
      }),
      { numRuns: 500 },
    );
  });
});
