import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idKey, type ObjectId } from '../kubernetes/object.ts';
import { manifestPaths } from './manifest-path.ts';

const id = (kind: string, name: string, namespace = '', group = ''): ObjectId => ({ group, kind, namespace, name });
const pathOf = (one: ObjectId, ...others: ObjectId[]) => manifestPaths([one, ...others]).get(idKey(one));

describe('the file of an object', () => {
  it('says namespace, kind and name', () => {
    expect(pathOf(id('Deployment', 'cart', 'shop', 'apps'))).toBe('shop/deployment-cart.yaml');
    expect(pathOf(id('ConfigMap', 'kube-root-ca.crt', 'shop'))).toBe('shop/configmap-kube-root-ca.crt.yaml');
    expect(pathOf(id('Namespace', 'shop'))).toBe('_cluster/namespace-shop.yaml');
  });

  it('carries the group where the kind alone may mean two things', () => {
    const group = 'networking.istio.io';
    expect(pathOf(id('VirtualService', 'cart', 'shop', group))).toBe(
      'shop/virtualservice.networking.istio.io-cart.yaml',
    );
    expect(pathOf(id('Service', 'cart', 'shop', 'serving.knative.dev'))).toBe(
      'shop/service.serving.knative.dev-cart.yaml',
    );
    expect(pathOf(id('Service', 'cart', 'shop'))).toBe('shop/service-cart.yaml');
  });

  it('keeps names apart that some file systems would mix up or refuse', () => {
    const upper = pathOf(id('ClusterRole', 'View'));
    expect(upper).toMatch(/^_cluster\/clusterrole-view~[0-9a-f]{10}\.yaml$/);
    expect(pathOf(id('ClusterRole', 'view'))).toBe('_cluster/clusterrole-view.yaml');
    expect(pathOf(id('ClusterRole', 'system:node'))).toMatch(/^_cluster\/clusterrole-system_node~/);
    expect(pathOf(id('ConfigMap', 'a', 'con'))).toMatch(/^con~[0-9a-f]{10}\//);
  });

  it('is the same whatever other objects there are, unless two would meet', () => {
    const [a, b] = [id('X', 'b.io-c', 'shop', 'a.io'), id('X', 'c', 'shop', 'a.io-b.io')];
    expect(pathOf(a)).toBe(pathOf(b));
    expect(pathOf(a, b)).not.toBe(pathOf(b, a));
    expect(pathOf(a, id('Y', 'b', 'shop', 'a.io'))).toBe(pathOf(a));
  });

  const name = fc.oneof(
    fc.stringMatching(/^[a-z0-9]([a-z0-9.-]{0,10}[a-z0-9])?$/),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 300 }),
    fc.constantFrom(
      '..',
      '.',
      '../../etc/passwd',
      'a/../b',
      '.git',
      'CON',
      'a\0b',
      'é',
      'e\u0301',
      '~',
      'x'.repeat(253),
    ),
  );
  const ids = fc.uniqueArray(
    fc.record({
      group: fc.constantFrom('', 'apps', 'a.io', 'a-b.io', 'A.io'),
      kind: fc.constantFrom('ConfigMap', 'Deployment', 'X', 'Xy', 'xY'),
      namespace: fc.oneof(fc.constant(''), name),
      name,
    }),
    { selector: idKey, maxLength: 12 },
  );

  it('is another one for another object on any file system, and lies inside the folder', () => {
    fc.assert(
      fc.property(ids, (all) => {
        const files = [...manifestPaths(all).values()];
        expect(new Set(files.map((file) => file.normalize('NFC').toLowerCase())).size).toBe(all.length);
        for (const file of files) {
          expect(file).toMatch(/^[a-z0-9_~.-]+\/[a-z0-9_~.-]+\.yaml$/);
          expect(path.posix.normalize(file)).toBe(file);
          for (const part of file.split('/')) {
            expect(part.length).toBeLessThan(230);
            expect(part).not.toMatch(/^[.-]/);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});
