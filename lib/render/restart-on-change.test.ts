import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clusterWithKeyedContent, withKeyedContent } from '../diff/keyed-content.ts';
import { canonicalJson, sha256 } from '../kubernetes/canonical.ts';
import { record } from '../kubernetes/fields.ts';
import { idOf, type KubernetesObject } from '../kubernetes/object.ts';
import type { DesiredObject } from './desired-state.ts';
import { withContentDigests } from './restart-on-change.ts';

const KEY = Buffer.alloc(32, 7);
const ASKING = { 'orrery.dev/restart-on-change': 'true' };

function desired(object: KubernetesObject): DesiredObject {
  return { id: idOf(object), object, sha256: sha256(canonicalJson(object)), path: 'app', unit: 'app', dependsOn: [] };
}

function configMap(name: string, data: object, namespace = 'shop'): KubernetesObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data };
}

function secret(name: string, data: object): KubernetesObject {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: 'shop' }, data };
}

function workload(pod: object, kind = 'Deployment', apiVersion = 'apps/v1'): KubernetesObject {
  const template = { metadata: { annotations: { kept: 'yes' } }, spec: { containers: [], ...pod } };
  return { apiVersion, kind, metadata: { name: 'cart', namespace: 'shop', annotations: ASKING }, spec: { template } };
}

const reading = (...names: string[]) =>
  workload({ containers: [{ envFrom: names.map((name) => ({ configMapRef: { name } })) }] });

function rendered(...objects: KubernetesObject[]) {
  return withContentDigests(objects.map(desired), 'prod');
}

function annotationsOf(object: KubernetesObject | undefined): Record<string, unknown> {
  return record(record(record(record(object?.spec).template).metadata).annotations);
}

/** Annotations of the pods of the first object, as they come into a cluster with this key. */
function podAnnotations(objects: readonly KubernetesObject[], key = KEY): Record<string, unknown> {
  const [first] = rendered(...objects).objects;
  return annotationsOf(first && withKeyedContent(first, key).object);
}

const data = fc.dictionary(fc.stringMatching(/^[a-z.]{1,6}$/), fc.string({ unit: 'binary' }), { maxKeys: 5 });

describe('pods that restart when what they read changes', () => {
  it('have the same annotations for the same content, whatever the order of keys and of objects', () => {
    fc.assert(
      fc.property(data, data, (one, two) => {
        const turned = (map: object) => Object.fromEntries(Object.entries(map).reverse());
        const deployment = workload({
          containers: [{ envFrom: [{ configMapRef: { name: 'one' } }, { secretRef: { name: 'two' } }] }],
        });
        const annotations = podAnnotations([deployment, configMap('one', one), secret('two', two)]);
        expect(podAnnotations([deployment, secret('two', turned(two)), configMap('one', turned(one))])).toEqual(
          annotations,
        );
      }),
    );
  });

  it('have others as soon as one byte of a ConfigMap or Secret is another, and never others for the one that did not change', () => {
    fc.assert(
      fc.property(data, data, fc.boolean(), (before, after, isSecret) => {
        fc.pre(canonicalJson(before) !== canonicalJson(after));
        const deployment = workload({
          containers: [{ envFrom: [{ configMapRef: { name: 'one' } }, { secretRef: { name: 'two' } }] }],
        });
        const annotations = (one: object, two: object) =>
          podAnnotations([deployment, configMap('one', one), secret('two', two)]);
        const [first, second] = isSecret
          ? [annotations({}, before), annotations({}, after)]
          : [annotations(before, {}), annotations(after, {})];
        const [changing, staying] = ['orrery.dev/config-sha256', 'orrery.dev/secrets-hmac'].toSorted((a) =>
          a.includes('secrets') === isSecret ? -1 : 1,
        ) as [string, string];
        expect(first[changing]).not.toBe(second[changing]);
        expect(first[staying]).toBe(second[staying]);
        expect(first[staying]).toMatch(/^[0-9a-f]{64}$/);
      }),
    );
  });

  it.each<[string, object]>([
    [
      'a variable',
      { containers: [{ env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'one', key: 'a' } } }] }] },
    ],
    ['variables of an init container', { initContainers: [{ envFrom: [{ configMapRef: { name: 'one' } }] }] }],
    ['a volume', { volumes: [{ name: 'v', configMap: { name: 'one' } }] }],
    ['a projected volume', { volumes: [{ name: 'v', projected: { sources: [{ configMap: { name: 'one' } }] } }] }],
  ])('see what they read through %s', (_, pod) => {
    const with1 = podAnnotations([workload(pod), configMap('one', { a: '1' })]);
    const with2 = podAnnotations([workload(pod), configMap('one', { a: '2' })]);
    expect(with1).toMatchObject({ kept: 'yes', 'orrery.dev/config-sha256': expect.any(String) });
    expect(with2).not.toEqual(with1);
  });

  it.each<[string, object]>([
    ['a variable', { containers: [{ env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'one', key: 'a' } } }] }] }],
    ['variables', { containers: [{ envFrom: [{ secretRef: { name: 'one' } }] }] }],
    ['a volume', { volumes: [{ name: 'v', secret: { secretName: 'one' } }] }],
    ['a projected volume', { volumes: [{ name: 'v', projected: { sources: [{ secret: { name: 'one' } }] } }] }],
  ])('see the Secret that they read through %s', (_, pod) => {
    const with1 = podAnnotations([workload(pod), secret('one', { a: 'MQ==' })]);
    expect(with1).toMatchObject({ 'orrery.dev/secrets-hmac': expect.any(String) });
    expect(podAnnotations([workload(pod), secret('one', { a: 'Mg==' })])).not.toEqual(with1);
  });

  it('restart neither for labels of a ConfigMap nor for one of another namespace nor for one that they do not read', () => {
    const { metadata, ...one } = configMap('one', { a: '1' });
    const annotations = podAnnotations([reading('one'), { ...one, metadata }]);
    const others = [configMap('one', { a: '2' }, 'elsewhere'), configMap('two', { a: '2' })];
    const labelled = { ...one, metadata: { ...metadata, labels: { a: 'b' } } };
    expect(podAnnotations([reading('one'), ...others, labelled as KubernetesObject])).toEqual(annotations);
  });

  it('count what other units give to a default namespace', () => {
    const { metadata, ...one } = configMap('one', { a: '1' });
    const included = {
      ...desired({ ...one, metadata: { name: 'one' } } as KubernetesObject),
      defaultNamespace: 'shop',
    };
    const [first] = withContentDigests([desired(reading('one')), included], 'prod').objects;
    expect(annotationsOf(first?.object)).toEqual(
      podAnnotations([reading('one'), { ...one, metadata } as KubernetesObject]),
    );
  });

  it('show of Secrets neither a plain digest nor one that another cluster shares', () => {
    const pod = workload({ containers: [{ envFrom: [{ secretRef: { name: 'pin' } }] }] });
    const [first] = rendered(pod, secret('pin', { pin: 'MTIzNA==' })).objects;
    const plain = first?.secretContent as string;
    expect(plain).toMatch(/^[0-9a-f]{64}$/);
    const complete = first && withKeyedContent(first, KEY);
    expect(complete).not.toHaveProperty('secretContent');
    expect(complete?.sha256).toBe(sha256(canonicalJson(complete?.object)));
    expect(JSON.stringify([first?.object, complete?.object])).not.toContain(plain);
    expect(annotationsOf(complete?.object)).not.toEqual(
      podAnnotations([pod, secret('pin', { pin: 'MTIzNA==' })], Buffer.alloc(32, 8)),
    );
  });

  it('leave every object as it is that does not ask, and a cluster without such wishes altogether', () => {
    const { metadata, ...rest } = reading('one');
    const silent = [
      {
        ...rest,
        metadata: { name: 'cart', namespace: 'shop', annotations: { 'orrery.dev/restart-on-change': 'false' } },
      },
      configMap('one', { a: '1' }),
    ].map((object) => desired(object as KubernetesObject));
    expect(withContentDigests(silent, 'prod').objects).toBe(silent);
    const cluster = { name: 'prod', facts: {}, objects: silent };
    expect(clusterWithKeyedContent(cluster, KEY)).toBe(cluster);
  });

  it('are told where the wish comes to nothing', () => {
    expect(rendered(reading('one')).notes).toEqual([
      'Deployment/shop/cart on prod is to restart when its configuration changes, but it reads no ConfigMap or Secret of the program.',
    ]);
    const job = { ...reading('one'), kind: 'Job', apiVersion: 'batch/v1' };
    const { notes, objects } = rendered(job, configMap('one', { a: '1' }));
    expect(notes).toEqual([
      'Job/shop/cart on prod is to restart when its configuration changes, but it has no pods that could be replaced.',
    ]);
    expect(objects[0]?.object).toEqual(job);
  });
});
