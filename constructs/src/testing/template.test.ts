import * as fs from 'node:fs';
import { ApiObject, Chart } from 'cdk8s';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { ClusterSet } from '../cluster-set';
import { HelmRelease } from '../helm-release';
import { MultiClusterApp } from '../multi-cluster-app';
import { Placement } from '../placement';
import { Platform } from '../platform';
import { temporaryFolder } from '../synthesis.test-support';
import { Match } from './match';
import { Template } from './template';

function shop(): Platform {
  const platform = new Platform({ id: 'shop', outdir: '/nowhere/that/can/be/written' });
  const clusters = new ClusterSet(platform, 'clusters');
  const north = clusters.add('north');
  clusters.add('south');
  const app = new MultiClusterApp(platform, 'mall', { placement: Placement.everywhere() });
  app.addService('cart', { image: 'mall/cart:1.4.0', replicas: 3 }); // 2 and 1
  new HelmRelease(platform, 'cache', {
    placement: Placement.named('south'),
    chart: 'redis',
    repository: 'https://charts.example.com',
    version: '1.0.0',
    namespaceName: 'cache',
    values: { replicas: 2 },
  });
  const chart = new Chart(north, 'node-tools');
  new ApiObject(chart, 'class', {
    apiVersion: 'node.k8s.io/v1',
    kind: 'RuntimeClass',
    metadata: { name: 'gvisor' },
    handler: 'runsc',
  } as never);
  return platform;
}

describe('the template of a cluster', () => {
  let north: Template;
  let south: Template;
  beforeAll(() => {
    const templates = Template.all(shop());
    north = templates.get('north') as Template;
    south = templates.get('south') as Template;
  });

  it('has the objects of its cluster by their names', () => {
    expect(north.object('Deployment/mall/cart').spec.replicas).toBe(2);
    expect(north.object('RuntimeClass/gvisor').handler).toBe('runsc');
    south.hasNoObject('RuntimeClass/gvisor');
    north.hasObject('Deployment/mall/cart', {
      spec: { template: { spec: { containers: [{ image: Match.stringMatching(/:1\.4\.0$/) }] } } },
    });
  });

  it('names path, values and the construct where an object is not as expected', () => {
    expect(() => north.hasObject('Deployment/mall/cart', { spec: { replicas: 4, paused: true } })).toThrow(
      /^Deployment\/mall\/cart of north \(made by mall\/cart\/Deployment, .*template\.test\.ts:\d+\) is not as expected:\n {2}spec\.replicas: expected 4, is 2\n {2}spec\.paused: expected true, is nothing$/,
    );
  });

  it('says what there is where an object is missing', () => {
    expect(() => north.object('Deployment/mall/card')).toThrow(
      'north has no Deployment/mall/card. It has Deployment/mall/cart.',
    );
    expect(() => south.hasObject('Ingress/mall/cart')).toThrow(
      'south has no Ingress/mall/cart. It has no Ingress, but Deployment, Namespace, ServiceAccount.',
    );
    expect(() => north.hasNoObject('Namespace/mall')).toThrow(/north has Namespace\/mall, made by mall\/Namespace/);
  });

  it('counts objects, all or those that are like one', () => {
    north.objectCountIs('Deployment', 1);
    north.objectCountIs('Deployment', 0, { spec: { replicas: 5 } });
    expect(() => north.objectCountIs('Deployment', 2)).toThrow(
      'north has 1 of Deployment, not 2: Deployment/mall/cart.',
    );
    expect(north.objects('Deployment', { metadata: { namespace: 'mall' } })).toHaveLength(1);
    expect(north.objects().length).toBeGreaterThan(south.objects().length);
  });

  it('has releases with their values, unrendered', () => {
    expect(north.helmReleases()).toEqual([]);
    expect(south.helmReleases()).toMatchObject([{ releaseName: 'cache', values: { replicas: 2 } }]);
  });
});

describe('a program under test', () => {
  it('leaves no file behind, and its output folder alone', () => {
    const folder = temporaryFolder();
    // os.tmpdir() looks there: no other test does.
    vi.stubEnv('TMPDIR', folder);
    try {
      Template.of(shop(), 'north');
    } finally {
      vi.unstubAllEnvs();
    }
    expect(fs.readdirSync(folder)).toEqual([]);
    expect(fs.existsSync('/nowhere')).toBe(false);
  });

  it('is refused as by synth, and its problems can be looked at', () => {
    const platform = new Platform({ id: 'shop' });
    expect(Template.problems(platform)).toMatchObject([{ code: 'ORR2002', what: 'The platform has no clusters.' }]);
    expect(() => Template.all(platform)).toThrow(/ORR2002/);
    expect(Template.problems(shop())).toEqual([]);
  });

  it('has the clusters it declares, and no other', () => {
    expect(() => Template.of(shop(), 'nrth')).toThrow('There is no cluster "nrth". The platform has north, south.');
  });
});
