import { describe, expect, it } from 'vitest';
import { ArgoCdDelivery } from '../argo-cd-delivery';
import type { Cluster } from '../cluster';
import { ClusterSet } from '../cluster-set';
import { DeliveryEngine } from '../delivery-engine';
import { MultiClusterApp } from '../multi-cluster-app';
import { Placement } from '../placement';
import type { Platform } from '../platform';
import { problemsOfProgram } from '../synthesis.test-support';
import { released } from './canary.test-support';
import { CanaryFailure } from './canary-backend';
import { CanaryRelease } from './canary-release';
import { CanaryStep } from './canary-step';

const ISTIO = { apiVersions: ['networking.istio.io/v1'] };
const image = 'mall/cart:4.13.0';
const steps = [CanaryStep.weight(5)];

const through = (
  engine: (hub: Cluster) => DeliveryEngine | undefined,
  more: (platform: Platform, hub: Cluster) => void,
) =>
  problemsOfProgram((platform) => {
    const clusters = new ClusterSet(platform, 'clusters');
    clusters.add('prod', ISTIO);
    const hub = clusters.add('ops');
    const brought = engine(hub);
    const mall = new MultiClusterApp(platform, 'mall', {
      placement: Placement.named('prod'),
      ...(brought === undefined ? {} : { engine: brought }),
    });
    const service = mall.addService('cart', { image: 'mall/cart:4.12.0', port: 8080 });
    new CanaryRelease(platform, 'cart-4-13', { service, image, steps });
    more(platform, hub);
  }).map(({ code, what }) => `${code} ${what}`);

describe('a canary release and who brings it to its clusters', { timeout: 30_000 }, () => {
  it('is refused where a hub brings the app, and Orrery would have to write to each cluster', () => {
    const engines = {
      Karmada: (hub: Cluster) => DeliveryEngine.karmada({ hub }),
      'Open Cluster Management': (hub: Cluster) => DeliveryEngine.openClusterManagement({ hub }),
      Fleet: (hub: Cluster) => DeliveryEngine.fleet({ hub }),
    };
    for (const [title, engine] of Object.entries(engines)) {
      const [first] = through(engine, () => undefined);
      expect(first, title).toMatch(/^ORR2012 .* brings the objects of the service to its clusters/);
    }
  });

  it('is refused where Argo CD brings everything', () => {
    const found = through(
      () => undefined,
      (platform, hub) => new ArgoCdDelivery(platform, 'git', { hub, repository: 'https://git.example.com/p.git' }),
    );
    expect(found).toEqual([
      'ORR2012 Argo CD brings everything to cluster "prod", and Orrery has to write to it at each stage of "cart-4-13".',
    ]);
  });

  it('goes first where it is told, and has nothing to do with clusters that it is not for', () => {
    const three = { clusters: { sh: ISTIO, gz: ISTIO, bj: {} } };
    const first = released(
      (clusters) => ({
        image,
        steps,
        firstOn: 'gz',
        clusters: clusters.named('sh', 'gz'),
        onFailure: CanaryFailure.PAUSE,
      }),
      three,
    );
    expect(first.release.waves).toEqual([['gz'], ['sh']]);
    expect(first.release.onFailure).toBe('pause');
    expect(Object.keys(first.release.clusters)).toEqual(['sh', 'gz']);
    expect([...first.assembly.objects('bj').keys()].filter((path) => path.startsWith('cart-4-13'))).toEqual([]);
    const waves = released((clusters) => ({ image, steps, waves: [clusters.named('gz')] }), {
      clusters: { sh: ISTIO, gz: ISTIO },
    });
    expect(waves.release.waves).toEqual([['gz'], ['sh']]);
    expect(released({ image, steps }).release.waves).toEqual([['prod']]);
  });

  it('is another release when something else is released, and the same one with other steps', () => {
    const revision = (props: Parameters<typeof released>[0]) => released(props).release.revision;
    const usual = revision({ image, steps });
    expect(revision({ image, steps: [CanaryStep.weight(50), CanaryStep.approve()] })).toBe(usual);
    expect(revision({ image: 'mall/cart:4.14.0', steps })).not.toBe(usual);
    expect(revision({ image, changes: { env: { BETA: 'yes' } }, steps })).not.toBe(usual);
  });

  it('changes no pods where there are none, until the service has its version', () => {
    const empty = released({ image, steps }, { clusters: { prod: ISTIO, far: ISTIO }, service: { replicas: 1 } });
    const [without] = ['prod', 'far'].filter(
      (name) => empty.assembly.object(name, 'mall/cart/Deployment').spec.replicas === 0,
    ) as [string];
    expect(empty.stages(without)).toEqual(empty.stages(without === 'far' ? 'prod' : 'far'));
    for (const stage of empty.stages(without))
      expect([...empty.at(stage, without).keys()]).toEqual([...empty.before(without).keys()]);
    const imageAt = (stage: string) =>
      empty.at(stage, without).get('mall/cart/Deployment')?.spec.template.spec.containers[0].image;
    expect(imageAt('weight-100')).toBe('mall/cart:4.12.0');
    expect(imageAt('promote')).toBe(image);
  });
});
