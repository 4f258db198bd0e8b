import { describe, expect, it } from 'vitest';
import type { Json, JsonObject, KubernetesObject } from '../kubernetes/object.ts';
import { FieldSetCache } from './field-set.ts';
import { doubtAboutSets, type FieldSetDoubt, type ServerFacts } from './field-set-proof.ts';

const MANAGER = 'orrery.mall';
const QUIET: ServerFacts = { mutates: false, onlyVersion: true };

interface Case {
  /** What is wanted beside identity. */
  readonly wanted: JsonObject;
  /** The live object beside identity; default: as wanted. */
  readonly live?: JsonObject;
  /** Our set below the root, beside the label's. */
  readonly fields: JsonObject;
  readonly facts?: ServerFacts;
  readonly type?: { readonly apiVersion: string; readonly kind: string };
  readonly metadata?: JsonObject;
  readonly managers?: readonly JsonObject[];
}

function doubt({
  wanted,
  live = wanted,
  fields,
  facts = QUIET,
  metadata = {},
  ...more
}: Case): FieldSetDoubt | undefined {
  const { type = { apiVersion: 'v1', kind: 'ConfigMap' } } = more;
  const identity = { name: 'x', namespace: 'n', labels: { 'orrery.dev/platform': 'mall' } };
  const fieldsV1 = { 'f:metadata': { 'f:labels': { 'f:orrery.dev/platform': {} } }, ...fields };
  const own = { manager: MANAGER, operation: 'Apply', apiVersion: type.apiVersion, fieldsV1 };
  const managedFields = (more.managers ?? [own]) as KubernetesObject['metadata']['managedFields'] & Json[];
  const object = (content: JsonObject, meta: object) =>
    ({ ...type, ...content, metadata: { ...identity, ...meta } }) as unknown as KubernetesObject;
  const found = object(live, { uid: 'u', resourceVersion: '5', generation: 1, managedFields, ...metadata });
  return doubtAboutSets(found, object(wanted, {}), MANAGER, facts, new FieldSetCache());
}

const DATA: Case = { wanted: { data: { a: '1', b: '2' } }, fields: { 'f:data': { 'f:a': {}, 'f:b': {} } } };
const container = (more: JsonObject = {}) => ({ name: 'c', image: 'i', ...more });
const CONTAINER_FIELDS = { '.': {}, 'f:name': {}, 'f:image': {} };
const LIST: Case = {
  type: { apiVersion: 'v1', kind: 'Pod' },
  wanted: { spec: { containers: [container(), container({ name: 'd' })] } },
  fields: {
    'f:spec': { 'f:containers': { 'k:{"name":"c"}': CONTAINER_FIELDS, 'k:{"name":"d"}': CONTAINER_FIELDS } },
  },
};

describe('the proof of "unchanged" from sets of fields', () => {
  it('holds when our set is that of the wanted object and every value is there, whatever others and the server put beside', () => {
    expect(doubt(DATA)).toBeUndefined();
    expect(doubt({ ...DATA, live: { data: { a: '1', b: '2', theirs: '3' }, immutable: false } })).toBeUndefined();
    expect(doubt(LIST)).toBeUndefined();
    const items = [container({ name: 'theirs' }), container({ pull: 'Always' }), container({ name: 'd' })];
    expect(doubt({ ...LIST, live: { spec: { containers: items, restartPolicy: 'Always' } } })).toBeUndefined();
  });

  it.each<[string, FieldSetDoubt, Case]>([
    ['a value differs', 'other values', { ...DATA, live: { data: { a: '1', b: '3' } } }],
    ['a value is gone', 'other values', { ...DATA, live: { data: { a: '1' } } }],
    ['the program wants more', 'another set of fields', { ...DATA, wanted: { data: { a: '1', b: '2', c: '3' } } }],
    ['the program wants less', 'another set of fields', { ...DATA, wanted: { data: { a: '1' } }, live: DATA.wanted }],
    ['a field changed hands', 'another set of fields', { ...DATA, fields: { 'f:data': { 'f:a': {} } } }],
    ['it is being deleted', 'being deleted', { ...DATA, metadata: { deletionTimestamp: 'now' } }],
    ['our entry is gone', 'our apply entry is gone', { ...DATA, managers: [] }],
    ['a policy may mutate it', 'admission may change it', { ...DATA, facts: { ...QUIET, mutates: true } }],
    ['another version is served', 'several versions are served', { ...DATA, facts: { ...QUIET, onlyVersion: false } }],
    ['a status is wanted', 'not normalised', { ...DATA, wanted: { ...DATA.wanted, status: { a: 1 } } }],
    ['a null is wanted', 'another set of fields', { ...DATA, wanted: { data: { a: '1', b: null } } }],
    [
      'stringData is wanted',
      'not normalised',
      {
        type: { apiVersion: 'v1', kind: 'Secret' },
        wanted: { stringData: { a: '1' } },
        fields: { 'f:stringData': { 'f:a': {} } },
      },
    ],
    [
      'items stand in another order',
      'another order',
      { ...LIST, live: { spec: { containers: [container({ name: 'd' }), container()] } } },
    ],
    [
      'an item of ours is there twice',
      'other values',
      { ...LIST, live: { spec: { containers: [container(), container({ name: 'd' }), container()] } } },
    ],
    [
      'a duplicate is wanted',
      'another set of fields',
      { ...LIST, wanted: { spec: { containers: [container(), container(), container({ name: 'd' })] } } },
    ],
    [
      'a key is left to the server',
      'another set of fields',
      {
        type: { apiVersion: 'v1', kind: 'Service' },
        wanted: { spec: { ports: [{ port: 80 }] } },
        live: { spec: { ports: [{ port: 80, protocol: 'TCP' }] } },
        fields: { 'f:spec': { 'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:port': {} } } } },
      },
    ],
    [
      'the server completes an atomic list',
      'other values',
      {
        wanted: { rules: [{ host: 'a' }] },
        live: { rules: [{ host: 'a', pathType: 'Prefix' }] },
        fields: { 'f:rules': {} },
      },
    ],
    [
      'a quantity is spelt otherwise',
      'other values',
      { wanted: { cpu: '1000m' }, live: { cpu: '1' }, fields: { 'f:cpu': {} } },
    ],
    ['an integer is larger than a double holds', 'other values', { wanted: { big: 2 ** 53 }, fields: { 'f:big': {} } }],
    [
      'an empty structure was filled',
      'other values',
      { wanted: { emptyDir: {} }, live: { emptyDir: { medium: 'Memory' } }, fields: { 'f:emptyDir': {} } },
    ],
    [
      'a custom resource has more than is wanted',
      'completed by the server',
      {
        type: { apiVersion: 'example.com/v1', kind: 'Widget' },
        wanted: { spec: { size: 1 } },
        live: { spec: { size: 1, color: 'red' } },
        fields: { 'f:spec': { 'f:size': {} } },
      },
    ],
  ])('is a doubt when %s', (_, expected, one) => {
    expect(doubt(one)).toBe(expected);
  });
});
