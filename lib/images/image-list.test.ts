import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fields } from '../kubernetes/fields.ts';
import { idOf, type KubernetesObject } from '../kubernetes/object.ts';
import type { DesiredCluster } from '../render/desired-state.ts';
import { copiesOf, imageList, passesMirror } from './image-list.ts';

const MIRROR = 'mirror.example.com:5000';

function workload(kind: string, name: string, spec: Fields): KubernetesObject {
  const apiVersion = kind === 'Pod' ? 'v1' : 'apps/v1';
  return { apiVersion, kind, metadata: { name, namespace: 'shop' }, spec } as unknown as KubernetesObject;
}

const deployment = (name: string, ...images: string[]) =>
  workload('Deployment', name, { template: { spec: { containers: images.map((image) => ({ name: image, image })) } } });

function cluster(
  name: string,
  objects: readonly KubernetesObject[],
  facts: DesiredCluster['facts'] = {},
): DesiredCluster {
  const desired = objects.map((object) => ({
    id: idOf(object),
    object,
    sha256: '',
    path: 'x',
    unit: 'x',
    dependsOn: [],
  }));
  return { name, facts, objects: desired };
}

describe('images', () => {
  it('are those of all containers and of volumes, in pods and pod templates of any kind', () => {
    const pod = {
      initContainers: [{ image: 'a' }],
      containers: [{ image: 'b' }, { name: 'without one' }],
      ephemeralContainers: [{ image: 'c' }],
      volumes: [
        { name: 'v', image: { reference: 'd' } },
        { name: 'w', emptyDir: {} },
      ],
    };
    const objects = [
      workload('Pod', 'p', pod),
      workload('CronJob', 'j', { jobTemplate: { spec: { template: { spec: { containers: [{ image: 'e' }] } } } } }),
      workload('Rollout', 'r', { template: { spec: { containers: [{ image: 'f' }] } } }),
      workload('Prometheus', 'not known', { image: 'g' }),
    ];
    const listed = imageList([cluster('prod', objects)], new Map());
    expect(listed.map(({ image }) => image)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  });

  it('of one name stand together, whatever the mirrors of clusters call them', () => {
    const mirrored = new Map([['gz', [{ image: `${MIRROR}/mall/cart:1`, source: 'ghcr.io/mall/cart:1' }]]]);
    const clusters = [
      cluster('sh', [deployment('cart', 'ghcr.io/mall/cart:1')]),
      cluster('gz', [deployment('cart', `${MIRROR}/mall/cart:1`), deployment('kafka', 'docker.io/bitnami/kafka:3')], {
        registryMirror: MIRROR,
      }),
    ];
    const listed = imageList(clusters, mirrored);
    expect(listed).toEqual([
      {
        image: 'docker.io/bitnami/kafka:3',
        clusters: [
          {
            cluster: 'gz',
            image: 'docker.io/bitnami/kafka:3',
            mirror: `${MIRROR}/bitnami/kafka:3`,
            objects: ['Deployment/shop/kafka'],
          },
        ],
      },
      {
        image: 'ghcr.io/mall/cart:1',
        clusters: [
          { cluster: 'sh', image: 'ghcr.io/mall/cart:1', mirror: undefined, objects: ['Deployment/shop/cart'] },
          {
            cluster: 'gz',
            image: `${MIRROR}/mall/cart:1`,
            mirror: `${MIRROR}/mall/cart:1`,
            objects: ['Deployment/shop/cart'],
          },
        ],
      },
    ]);
    expect(listed.flatMap(({ clusters }) => clusters.map(passesMirror))).toEqual([true, false, false]);
  });

  it('make copies such that a mirror holds whatever its cluster names, for any images and mirrors', () => {
    const image = fc.constantFrom(
      'nginx',
      'mall/cart:1',
      'docker.io/mall/cart:1',
      'ghcr.io/a/b@sha256:00',
      `${MIRROR}/x:2`,
    );
    const clusters = fc.array(fc.record({ images: fc.array(image, { maxLength: 4 }), mirror: fc.boolean() }), {
      maxLength: 4,
    });
    fc.assert(
      fc.property(clusters, (drawn) => {
        const made = drawn.map(({ images, mirror }, at) =>
          cluster(`c${at}`, [deployment('d', ...images)], mirror ? { registryMirror: MIRROR } : {}),
        );
        const listed = imageList(made, new Map());
        const copies = copiesOf(listed);
        expect(copies.every(({ from, to }) => to.startsWith(`${MIRROR}/`) && !from.startsWith(MIRROR))).toBe(true);
        const held = new Set(copies.map(({ to }) => to));
        for (const { clusters: inClusters } of listed)
          for (const { mirror, image: named } of inClusters)
            expect(mirror === undefined || mirror === named || held.has(mirror)).toBe(true);
        const named = new Set(drawn.flatMap(({ images }) => images));
        expect(new Set(listed.map((one) => one.image))).toEqual(named);
        expect(new Set(copies.map(({ from, to }) => `${from} ${to}`)).size).toBe(copies.length);
      }),
    );
  });
});
