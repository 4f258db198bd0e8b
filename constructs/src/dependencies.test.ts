import { type ApiObject, Chart } from 'cdk8s';
import { Construct, DependencyGroup } from 'constructs';
import { describe, expect, it } from 'vitest';
import { Cluster } from './cluster';
import { chart, config, order, waits } from './dependencies.test-support';
import { HelmRelease } from './helm-release';
import { Include } from './include';
import { MultiClusterApp } from './multi-cluster-app';
import { Placement } from './placement';
import { assemblyOf } from './synthesis.test-support';

const release = (scope: Construct, id: string, placement?: Placement) =>
  new HelmRelease(scope, id, {
    chart: 'gateway',
    repository: 'https://charts.example.com',
    version: '1.2.3',
    namespaceName: 'gateway',
    ...(placement === undefined ? {} : { placement }),
  });

describe('a dependency', () => {
  it('between charts is one of the units, and puts them in order', () => {
    const assembly = assemblyOf((platform) => {
      const cluster = new Cluster(platform, 'prod');
      const shop = chart(cluster, 'shop', 'one', 'two');
      shop.addDependency(chart(cluster, 'database', 'db'));
    });
    expect(order(assembly, 'prod')).toEqual(['database', 'shop']);
    expect(waits(assembly, 'prod', 'shop')).toEqual({ unit: [{ path: 'database' }], parts: {} });
    expect([...assembly.objects('prod').keys()]).toEqual(['database/db', 'shop/one', 'shop/two']);
  });

  it('between objects of a chart is one of the object, and puts them in order', () => {
    const assembly = assemblyOf((platform) => {
      const shop = new Chart(new Cluster(platform, 'prod'), 'shop');
      const first = config(shop, 'first');
      config(shop, 'other');
      first.addDependency(config(shop, 'needed'));
    });
    expect(waits(assembly, 'prod', 'shop')).toEqual({ unit: [], parts: { 'shop/first': ['shop/needed'] } });
    expect([...assembly.objects('prod').keys()]).toEqual(['shop/needed', 'shop/first', 'shop/other']);
  });

  it('of an object on a chart names the subtree, not every object in it', () => {
    const assembly = assemblyOf((platform) => {
      const cluster = new Cluster(platform, 'prod');
      const shop = chart(cluster, 'shop', 'one', 'two');
      (shop.node.findChild('two') as ApiObject).addDependency(chart(cluster, 'database', 'a', 'b', 'c'));
    });
    expect(waits(assembly, 'prod', 'shop')).toEqual({ unit: [], parts: { 'shop/two': ['database'] } });
    expect(order(assembly, 'prod')).toEqual(['database', 'shop']);
  });

  it('of a construct inside a chart holds for every object in it', () => {
    const assembly = assemblyOf((platform) => {
      const shop = new Chart(new Cluster(platform, 'prod'), 'shop');
      const group = new Construct(shop, 'group');
      config(group, 'one');
      config(new Construct(group, 'deep'), 'two');
      config(shop, 'outside');
      group.node.addDependency(config(shop, 'needed'));
    });
    expect(waits(assembly, 'prod', 'shop')).toEqual({
      unit: [],
      parts: { 'shop/group/one': ['shop/needed'], 'shop/group/deep/two': ['shop/needed'] },
    });
  });

  it('of a group of charts holds for every chart in it, and names a group as one', () => {
    const assembly = assemblyOf((platform) => {
      const cluster = new Cluster(platform, 'prod');
      const [front, back] = [new Construct(cluster, 'front'), new Construct(cluster, 'back')];
      for (const id of ['a', 'b', 'c']) {
        chart(front, id, 'one');
        chart(back, id, 'one');
      }
      front.node.addDependency(back);
    });
    expect(order(assembly, 'prod')).toEqual(['back/a', 'back/b', 'back/c', 'front/a', 'front/b', 'front/c']);
    for (const id of ['a', 'b', 'c'])
      expect(waits(assembly, 'prod', `front/${id}`)).toEqual({ unit: [{ path: 'back' }], parts: {} });
  });

  it('on a part of itself holds for everything else', () => {
    const assembly = assemblyOf((platform) => {
      const cluster = new Cluster(platform, 'prod');
      const shop = chart(cluster, 'shop', 'one', 'two');
      shop.addDependency(shop.node.findChild('two'));
      const outer = chart(cluster, 'outer', 'own');
      outer.addDependency(chart(outer, 'inner', 'part'));
    });
    expect(waits(assembly, 'prod', 'shop')).toEqual({ unit: [], parts: { 'shop/one': ['shop/two'] } });
    expect([...assembly.objects('prod').keys()]).toEqual(['shop/two', 'shop/one', 'outer/inner/part', 'outer/own']);
    expect(waits(assembly, 'prod', 'outer')).toEqual({ unit: [{ path: 'outer/inner' }], parts: {} });
    expect(waits(assembly, 'prod', 'outer/inner')).toEqual({ unit: [], parts: {} });
  });

  it('between services of an app is one of their objects', () => {
    const assembly = assemblyOf((platform) => {
      for (const name of ['a', 'b']) new Cluster(platform, name);
      const app = new MultiClusterApp(platform, 'mall', { placement: Placement.everywhere() });
      const cart = app.addService('cart', { image: 'cart:1' });
      cart.node.addDependency(app.addService('database', { image: 'db:1' }));
    });
    for (const cluster of ['a', 'b']) {
      expect(waits(assembly, cluster, 'mall')).toEqual({
        unit: [],
        parts: { 'mall/cart/ServiceAccount': ['mall/database'], 'mall/cart/Deployment': ['mall/database'] },
      });
      expect([...assembly.objects(cluster).keys()]).toEqual([
        'mall/Namespace',
        'mall/database/ServiceAccount',
        'mall/database/Deployment',
        'mall/cart/ServiceAccount',
        'mall/cart/Deployment',
      ]);
    }
  });

  it('between services of two apps in both directions is no circle, because their objects are none', () => {
    const assembly = assemblyOf((platform) => {
      new Cluster(platform, 'prod');
      const [a, b] = ['a', 'b'].map(
        (id) => new MultiClusterApp(platform, id, { placement: Placement.everywhere() }),
      ) as [MultiClusterApp, MultiClusterApp];
      const [a1, a2] = [a.addService('one', { image: 'x:1' }), a.addService('two', { image: 'x:1' })];
      const [b1, b2] = [b.addService('one', { image: 'x:1' }), b.addService('two', { image: 'x:1' })];
      a1.node.addDependency(b1);
      b2.node.addDependency(a2);
    });
    expect(new Set(order(assembly, 'prod'))).toEqual(new Set(['a', 'b']));
  });

  it('between an app, a Helm release, an included file and a chart is one of their units', () => {
    const assembly = assemblyOf((platform) => {
      const cluster = new Cluster(platform, 'prod');
      const app = new MultiClusterApp(platform, 'mall', { placement: Placement.everywhere() });
      app.addService('cart', { image: 'cart:1' });
      const gateway = release(platform, 'gateway', Placement.everywhere());
      const file = new Include(platform, 'file', { file: 'README.md', placement: Placement.everywhere() });
      const base = chart(cluster, 'base', 'one');
      app.node.addDependency(gateway, file);
      gateway.node.addDependency(base);
    });
    expect(order(assembly, 'prod')).toEqual(['base', 'gateway', 'file', 'mall']);
    expect(waits(assembly, 'prod', 'mall')).toEqual({ unit: [{ path: 'gateway' }, { path: 'file' }], parts: {} });
    expect(waits(assembly, 'prod', 'gateway')).toEqual({ unit: [{ path: 'base' }], parts: {} });
  });

  it('of a release inside a chart is its own', () => {
    const assembly = assemblyOf((platform) => {
      const shop = chart(new Cluster(platform, 'prod'), 'shop', 'one');
      release(shop, 'gateway').node.addDependency(shop.node.findChild('one'));
    });
    expect(waits(assembly, 'prod', 'shop')).toEqual({ unit: [], parts: { 'shop/gateway': ['shop/one'] } });
  });

  it('holds in every cluster that both are in', () => {
    const assembly = assemblyOf((platform) => {
      for (const name of ['a', 'b', 'c']) new Cluster(platform, name);
      const app = new MultiClusterApp(platform, 'mall', { placement: Placement.named('a', 'b') });
      app.addService('cart', { image: 'cart:1' });
      app.node.addDependency(release(platform, 'gateway', Placement.named('b', 'c')));
    });
    expect(waits(assembly, 'a', 'mall')).toEqual({ unit: [], parts: {} });
    expect(waits(assembly, 'b', 'mall')).toEqual({ unit: [{ path: 'gateway' }], parts: {} });
  });

  it('on a chart of each cluster, made in a loop, holds in its cluster only', () => {
    const assembly = assemblyOf((platform) => {
      const app = new MultiClusterApp(platform, 'mall', { placement: Placement.everywhere() });
      app.addService('cart', { image: 'cart:1' });
      for (const name of ['a', 'b']) app.node.addDependency(chart(new Cluster(platform, name), 'database', 'db'));
    });
    for (const name of ['a', 'b'])
      expect(waits(assembly, name, 'mall')).toEqual({ unit: [{ path: 'database' }], parts: {} });
  });

  it('between clusters is an order between them', () => {
    const assembly = assemblyOf((platform) => {
      const [a, b] = [new Cluster(platform, 'a'), new Cluster(platform, 'b')];
      const hub = chart(b, 'hub', 'one', 'two');
      const agent = chart(a, 'agent', 'one', 'two');
      agent.addDependency(hub);
      (agent.node.findChild('one') as ApiObject).addDependency(hub.node.findChild('two'));
    });
    expect(waits(assembly, 'a', 'agent')).toEqual({
      unit: [
        { cluster: 'b', path: 'hub' },
        { cluster: 'b', path: 'hub/two' },
      ],
      parts: {},
    });
  });

  it('on a whole cluster names everything in it', () => {
    const assembly = assemblyOf((platform) => {
      const [a, b] = [new Cluster(platform, 'a'), new Cluster(platform, 'b')];
      chart(chart(b, 'hub', 'one'), 'inner', 'two');
      chart(b, 'other', 'one');
      chart(a, 'agent', 'one');
      a.node.addDependency(b);
    });
    expect(waits(assembly, 'a', 'agent')).toEqual({
      unit: [
        { cluster: 'b', path: 'hub' },
        { cluster: 'b', path: 'other' },
      ],
      parts: {},
    });
  });

  it('on a group of things counts for each of them, and on nothing for none', () => {
    const assembly = assemblyOf((platform) => {
      const cluster = new Cluster(platform, 'prod');
      const shop = chart(cluster, 'shop', 'one');
      shop.node.addDependency(
        new DependencyGroup(chart(cluster, 'a', 'x'), chart(cluster, 'b', 'x')),
        new Construct(cluster, 'empty'),
      );
    });
    expect(waits(assembly, 'prod', 'shop')).toEqual({ unit: [{ path: 'a' }, { path: 'b' }], parts: {} });
  });

  it('leaves the order of declaration where it says nothing', () => {
    const assembly = assemblyOf((platform) => {
      const cluster = new Cluster(platform, 'prod');
      const charts = ['e', 'd', 'c', 'b', 'a'].map((id) => chart(cluster, id, 'z', 'y'));
      (charts[1] as Chart).addDependency(charts[4] as Chart);
    });
    expect(order(assembly, 'prod')).toEqual(['e', 'a', 'd', 'c', 'b']);
    expect([...assembly.objects('prod').keys()].slice(0, 2)).toEqual(['e/z', 'e/y']);
  });
});
