import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { normalise } from './normalise.ts';

const secret = (more: Record<string, unknown>): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 's' },
  ...more,
});

describe('normalising an object', () => {
  it('drops what the server sets, and nothing else', () => {
    const object = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: {
        name: 'cart',
        labels: { a: 'b' },
        uid: 'x',
        resourceVersion: '7',
        generation: 3,
        creationTimestamp: null,
        selfLink: '/x',
        managedFields: [],
        futureField: true,
      },
      spec: { status: 'stays', template: { metadata: { creationTimestamp: null } } },
      status: { replicas: 1 },
      futureSection: { stringData: 1 },
    } as unknown as KubernetesObject;
    const before = structuredClone(object);
    expect(normalise(object, {})).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'cart', labels: { a: 'b' }, futureField: true },
      spec: { status: 'stays', template: { metadata: { creationTimestamp: null } } },
      futureSection: { stringData: 1 },
    });
    expect(object).toEqual(before);
  });

  it('gives back the very object when nothing has to change', () => {
    const object = secret({ data: { a: 'YQ==' } });
    expect(normalise(object, {})).toBe(object);
  });

  it('merges stringData into data, where it wins, whatever the texts are', () => {
    const text = fc.string({ unit: 'grapheme' });
    const key = fc.oneof(fc.constantFrom('a', 'b', '__proto__', 'constructor'), fc.stringMatching(/^[a-z.]{1,5}$/));
    fc.assert(
      fc.property(
        fc.dictionary(key, text),
        fc.option(fc.dictionary(key, text), { nil: undefined }),
        (strings, plain) => {
          const data =
            plain &&
            Object.fromEntries(
              Object.entries(plain).map(([name, value]) => [name, Buffer.from(value).toString('base64')]),
            );
          const result = normalise(secret({ stringData: strings, ...(data === undefined ? {} : { data }) }), {});
          expect(Object.hasOwn(result, 'stringData')).toBe(false);
          const merged = new Map([...Object.entries(plain ?? {}), ...Object.entries(strings)]);
          const decoded = Object.entries(result.data as Record<string, string>).map(([name, value]) => [
            name,
            Buffer.from(value, 'base64').toString(),
          ]);
          expect(new Map(decoded as [string, string][])).toEqual(merged);
          expect(({} as { a?: unknown }).a).toBeUndefined();
        },
      ),
    );
  });

  it('reads null in stringData as the server does', () => {
    expect(normalise(secret({ stringData: null }), {})).toEqual(secret({}));
    expect(normalise(secret({ stringData: { a: null } }), {})).toEqual(secret({ data: { a: '' } }));
  });

  it('leaves stringData of other kinds alone', () => {
    const object: KubernetesObject = {
      apiVersion: 'example.com/v1',
      kind: 'Secret',
      metadata: { name: 's' },
      stringData: { a: 'b' },
    };
    expect(normalise(object, {})).toBe(object);
  });

  it('refuses stringData that holds no texts, without repeating the value', () => {
    for (const stringData of [{ pin: 123456 }, 'open-sesame', ['x']]) {
      const attempt = () => normalise(secret({ stringData }), { path: 'shop/s', cluster: 'c' });
      expect(attempt).toThrow(
        expect.objectContaining({
          code: 'ORR2202',
          where: expect.objectContaining({ path: 'shop/s', object: 'Secret/s' }),
        }),
      );
      expect(attempt).not.toThrow(/123456|open-sesame/);
    }
  });
});
