import { describe, expect, it } from 'vitest';
import type { JsonObject, KubernetesObject } from '../kubernetes/object.ts';
import { dropsValues, lacksMembers } from './dropped-values.ts';
import { FieldSetCache } from './field-set.ts';

const service = (spec: object): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'a' },
  spec,
});
const drops = (applied: object, stored: object, fields: JsonObject) =>
  dropsValues(service(applied), service(stored), { 'f:spec': fields }, new FieldSetCache());

describe('a value that was applied and is not in the answer, although its field is ours', () => {
  it('is dropped by the server', () => {
    expect(drops({ policy: 'Cluster' }, {}, { 'f:policy': {} })).toBe(true);
    expect(drops({ policy: 'Cluster' }, { policy: 'Local' }, { 'f:policy': {} })).toBe(false);
  });

  it('does not count when it is empty', () => {
    for (const policy of ['', 0, false, null, [], {}, [{ name: '' }]]) {
      expect(drops({ policy }, {}, { 'f:policy': {} })).toBe(false);
    }
  });

  it('counts when it is empty in a custom resource, whoever owns it, apart from null, which the server prunes', () => {
    const widget = (spec: object): KubernetesObject => ({
      ...service(spec),
      apiVersion: 'example.com/v1',
      kind: 'Widget',
    });
    const dropsCustom = (applied: object) => dropsValues(widget(applied), widget({}), {}, new FieldSetCache());
    for (const list of ['', 0, false, [], {}]) expect(dropsCustom({ list })).toBe(true);
    expect(dropsCustom({ list: null })).toBe(false);
    expect(dropsCustom({})).toBe(false);
  });

  it('counts when it is empty in an item of a keyed list of a custom resource', () => {
    const widget = (...parts: object[]): KubernetesObject => ({
      ...service({ parts }),
      apiVersion: 'example.com/v1',
      kind: 'Widget',
    });
    const fields = { 'f:spec': { 'f:parts': { 'k:{"name":"a"}': { '.': {}, 'f:name': {} } } } };
    const lacks = (stored: KubernetesObject, owned: JsonObject = fields) =>
      lacksMembers(widget({ name: 'a', tags: [] }), stored, owned, new FieldSetCache());
    expect(lacks(widget({ name: 'b' }, { name: 'a' }))).toBe(true);
    expect(lacks(widget({ name: 'b' }, { name: 'a', tags: [] }))).toBe(false);
    // A list that is applied as a whole is stored as a whole.
    expect(lacks(widget({ name: 'a' }), { 'f:spec': { 'f:parts': {} } })).toBe(false);
  });

  it('does not count when the field is not ours', () => {
    expect(drops({ policy: 'Cluster' }, {}, {})).toBe(false);
  });

  it('is found in items of keyed lists, whatever their order', () => {
    const ports = [
      { port: 1, name: 'a' },
      { port: 2, name: 'b' },
    ];
    const fields = { 'f:ports': { 'k:{"port":1}': { 'f:name': {} }, 'k:{"port":2}': { 'f:name': {} } } };
    expect(drops({ ports }, { ports: ports.toReversed() }, fields)).toBe(false);
    expect(drops({ ports }, { ports: [{ port: 2 }, { port: 1, name: 'a' }] }, fields)).toBe(true);
    expect(drops({ ports }, { ports: [{ port: 1, name: 'a' }] }, fields)).toBe(true);
  });

  it('is the key of a list item, when it is empty', () => {
    const fields = { 'f:secrets': { 'k:{"name":""}': {}, 'k:{"name":"a"}': {} } };
    expect(drops({ secrets: [{ name: 'a' }, { name: '' }] }, { secrets: [{ name: 'a' }, {}] }, fields)).toBe(true);
    expect(drops({ secrets: [{ name: '' }] }, { secrets: [{}] }, fields)).toBe(true);
    expect(drops({ secrets: [{ name: 'a' }] }, { secrets: [{ name: 'a' }] }, fields)).toBe(false);
  });

  it('counts like a time that the server puts into a list that is applied as a whole', () => {
    const fields = { 'f:taints': {} };
    const timeAdded = '2026-11-21T08:42:31Z';
    expect(drops({ taints: [{ key: 'a' }] }, { taints: [{ key: 'a', timeAdded }] }, fields)).toBe(true);
    expect(drops({ taints: [{ key: 'a', timeAdded }] }, { taints: [{ key: 'a', timeAdded }] }, fields)).toBe(false);
    expect(drops({ taints: [{ key: 'a' }] }, { taints: [{ key: 'a', effect: 'NoSchedule' }] }, fields)).toBe(false);
  });
});
