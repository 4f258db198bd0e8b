import { describe, expect, it } from 'vitest';
import { KindCatalogue, schemaOf } from '../checks/schema/known-kinds.ts';
import type { Json, JsonObject, KubernetesObject } from '../kubernetes/object.ts';
import { applyStrategicMerge } from './strategic-merge.ts';

const WIDGETS = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    names: { kind: 'Widget' },
    versions: [
      {
        name: 'v1',
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                properties: {
                  parts: {
                    type: 'array',
                    'x-kubernetes-list-type': 'map',
                    'x-kubernetes-list-map-keys': ['id'],
                    items: { type: 'object', properties: { id: { type: 'string' }, size: { type: 'integer' } } },
                  },
                  tags: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
                  steps: { type: 'array', items: { type: 'string' } },
                },
              },
            },
          },
        },
      },
    ],
  },
} as unknown as KubernetesObject;

const kinds = new KindCatalogue().of({ kubernetesVersion: '1.36' }, [WIDGETS]);

function patched(object: JsonObject, patch: JsonObject): JsonObject {
  const schema = schemaOf(kinds, object as unknown as KubernetesObject);
  expect(schema).toBeDefined();
  return applyStrategicMerge(object as Json, patch as Json, schema) as JsonObject;
}

const deployment = (pod: JsonObject): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'a' },
  spec: { template: { spec: pod } },
});
const podOf = (object: JsonObject) => ((object.spec as JsonObject).template as JsonObject).spec as JsonObject;
const widget = (spec: JsonObject): JsonObject => ({
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  metadata: { name: 'a' },
  spec,
});

describe('a strategic patch', () => {
  it('merges items of a list by their keys, adds others at the end, and leaves what it does not name', () => {
    const before = deployment({
      containers: [
        { name: 'app', image: 'app:1', env: [{ name: 'A', value: '1' }] },
        { name: 'side', image: 'side:1' },
      ],
    });
    const copy = structuredClone(before);
    const after = patched(
      before,
      deployment({
        containers: [
          { name: 'late', image: 'late:1' },
          { name: 'app', env: [{ name: 'B', value: '2' }], ports: [{ containerPort: 80 }] },
        ],
      }),
    );
    expect(podOf(after).containers).toEqual([
      {
        name: 'app',
        image: 'app:1',
        env: [
          { name: 'A', value: '1' },
          { name: 'B', value: '2' },
        ],
        ports: [{ containerPort: 80 }],
      },
      { name: 'side', image: 'side:1' },
      { name: 'late', image: 'late:1' },
    ]);
    expect(before).toEqual(copy);
  });

  it('tells ports apart as the server does: one without a protocol is that of TCP', () => {
    const ports = (list: Json) => deployment({ containers: [{ name: 'a', ports: list }] });
    const before = ports([
      { containerPort: 53, protocol: 'UDP' },
      { containerPort: 53, protocol: 'TCP' },
    ]);
    const after = patched(before, ports([{ containerPort: 53, name: 'dns' }]));
    expect(podOf(after).containers).toEqual([
      {
        name: 'a',
        ports: [
          { containerPort: 53, protocol: 'UDP' },
          { containerPort: 53, protocol: 'TCP', name: 'dns' },
        ],
      },
    ]);
  });

  it('deletes and replaces by directive, removes by null, replaces lists without keys', () => {
    const before = deployment({
      containers: [{ name: 'app', args: ['a', 'b'], env: [{ name: 'A' }] }, { name: 'side' }],
      nodeSelector: { a: '1', b: '2' },
      hostNetwork: true,
    });
    const after = patched(
      before,
      deployment({
        containers: [
          { name: 'side', $patch: 'delete' },
          { name: 'app', args: ['c'], env: [{ $patch: 'replace' }, { name: 'B' }] },
        ],
        nodeSelector: { $patch: 'replace', c: '3' },
        hostNetwork: null,
      }),
    );
    expect(podOf(after)).toEqual({
      containers: [{ name: 'app', args: ['c'], env: [{ name: 'B' }] }],
      nodeSelector: { c: '3' },
    });
  });

  it('goes by the schema of the definition for custom resources', () => {
    const after = patched(
      widget({ parts: [{ id: 'a', size: 1 }], tags: ['x'], steps: ['one'] }),
      widget({ parts: [{ id: 'a', size: 2 }, { id: 'b' }], tags: ['x', 'y'], steps: ['two'] }),
    );
    expect(after.spec).toEqual({ parts: [{ id: 'a', size: 2 }, { id: 'b' }], tags: ['x', 'y'], steps: ['two'] });
  });

  it.each([
    [
      'an item that is not there is deleted',
      [{ name: 'b', $patch: 'delete' }],
      /containers: there is no item with name "b" to delete/,
    ],
    ['an item has no key', [{ image: 'b' }], /containers: an item has no name/],
    [
      'a directive is unknown',
      [{ name: 'a', $retainKeys: ['x'] }],
      /containers: the directive "\$retainKeys" is not known here/,
    ],
  ])('is refused where %s', (_, containers, message) => {
    expect(() => patched(deployment({ containers: [{ name: 'a' }] }), deployment({ containers }))).toThrow(message);
  });

  it('never reaches a prototype', () => {
    const patch = JSON.parse('{"spec":{"__proto__":{"polluted":true}}}') as JsonObject;
    const after = applyStrategicMerge({ spec: {} }, patch, undefined) as JsonObject;
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect((after.spec as { polluted?: boolean }).polluted).toBeUndefined();
    expect(Object.keys(after.spec as object)).toEqual(['__proto__']);
  });
});
