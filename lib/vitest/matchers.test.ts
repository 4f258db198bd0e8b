import { ClusterSet, MultiClusterApp, Placement, Platform } from '@orrery/constructs';
import { Match, Template } from '@orrery/constructs/testing';
import { describe, expect, it } from 'vitest';
import './index.ts';

function template(): Template {
  const platform = new Platform({ id: 'shop' });
  new ClusterSet(platform, 'clusters').add('north');
  const app = new MultiClusterApp(platform, 'mall', { placement: Placement.everywhere() });
  app.addService('cart', { image: 'mall/cart:1.4.0', replicas: 3 });
  return Template.of(platform, 'north');
}

describe('the matchers for vitest', () => {
  it('ask for objects of a cluster', () => {
    const north = template();
    expect(north).toHaveObject('Deployment/mall/cart', { spec: { replicas: 3, paused: Match.absent() } });
    expect(north).not.toHaveObject('Deployment/mall/cart', { spec: { replicas: 4 } });
    expect(north).not.toHaveObject('Service/mall/cart');
    expect(north).toHaveObjectCount('Deployment', 1);
    expect(north).not.toHaveObjectCount('Deployment', 1, { spec: { replicas: 4 } });
  });

  it('say what is there instead', () => {
    const north = template();
    expect(() => expect(north).toHaveObject('Deployment/mall/cart', { spec: { replicas: 4 } })).toThrow(
      /spec\.replicas: expected 4, is 3/,
    );
    expect(() => expect(north).not.toHaveObject('Deployment/mall/cart')).toThrow(/north has Deployment\/mall\/cart/);
    expect(() => expect(north).toHaveObjectCount('Deployment', 2)).toThrow('north has 1 of Deployment, not 2');
    expect(() => expect(north).not.toHaveObjectCount('Deployment', 1)).toThrow('north has 1 of Deployment');
  });
});
