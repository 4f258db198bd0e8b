import { describe, expect, it } from 'vitest';
import { SecretMask } from '../diff/secret-mask.ts';
import { describeId } from '../kubernetes/object.ts';
import { changesOf, hooksOf, objectsOf, secretsOf } from './release-objects.ts';

const document = (source: string, text: string) => `---\n# Source: shop/templates/${source}\n${text}\n`;
const config = (name: string, value: string, annotations = '{}') =>
  document(
    'c.yaml',
    `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name}, annotations: ${annotations} }\ndata: { a: ${value} }`,
  );
const secret = (value: string) =>
  document('s.yaml', `apiVersion: v1\nkind: Secret\nmetadata: { name: login }\nstringData: { password: ${value} }`);
const read = (manifest: string) => objectsOf(manifest, 'mall', () => undefined);
const key = new Uint8Array(32).fill(7);

async function compared(before: string, after: string) {
  const [old, next] = await Promise.all([read(before), read(after)]);
  return changesOf(old, next, new SecretMask(key, () => secretsOf(old, next)));
}

describe('what helm does to the objects of a release', () => {
  it('is told object by object: made, changed field by field, gone, kept', async () => {
    const keep = '{ helm.sh/resource-policy: keep }';
    const before = config('same', 'x') + config('changed', 'x') + config('gone', 'x') + config('kept', 'x', keep);
    const after = config('new', 'x') + config('same', 'x') + config('changed', 'y');
    const changes = await compared(before, after);
    expect(
      changes.map(({ id, effect, changes: fields }) => [effect, describeId(id), fields.map(({ path }) => path)]),
    ).toEqual([
      ['create', 'ConfigMap/mall/new', []],
      ['update', 'ConfigMap/mall/changed', ['data.a']],
      ['delete', 'ConfigMap/mall/gone', []],
      ['stay', 'ConfigMap/mall/kept', []],
    ]);
  });

  it('says no value of a Secret, wherever else it stands', async () => {
    const text = JSON.stringify(
      await compared(
        secret('correct-horse') + config('copy', 'correct-horse'),
        secret('battery-staple') + config('copy', 'battery-staple'),
      ),
    );
    expect(text).toContain('stringData.password');
    expect(text).not.toMatch(/correct-horse|battery-staple/);
  });

  it('gives namespaces only to what has one', async () => {
    const role = document(
      'r.yaml',
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: { name: all, namespace: x }',
    );
    const other = document('o.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, namespace: other }');
    const odd = document('k.yaml', 'apiVersion: example.com/v1\nkind: Thing\nmetadata: { name: a }');
    const objects = await objectsOf(role + other + odd, 'mall', ({ kind }) => (kind === 'Thing' ? false : undefined));
    expect([...objects.keys()]).toEqual([
      'rbac.authorization.k8s.io|ClusterRole||all',
      '|ConfigMap|other|a',
      'example.com|Thing||a',
    ]);
  });

  it('tells the hooks of the step, and no others', () => {
    const hooks = [
      { kind: 'Job', name: 'before', events: ['pre-install', 'pre-upgrade'] },
      { kind: 'Job', name: 'after', events: ['post-upgrade'] },
      { kind: 'Pod', name: 'try', events: ['test'] },
      { kind: 'Job', name: 'clean', events: ['pre-delete'] },
    ];
    const names = (step: 'install' | 'upgrade' | 'delete') =>
      hooksOf({ manifest: '', hooks }, step, 'mall').map(({ id }) => id.name);
    expect([names('install'), names('upgrade'), names('delete')]).toEqual([['before'], ['before', 'after'], ['clean']]);
  });
});
