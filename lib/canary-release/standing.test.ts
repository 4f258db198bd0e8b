import type { ReleaseInClusterManifest } from '@orrery/constructs/assembly-format';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, sha256 } from '../kubernetes/canonical.ts';
import { idOf, type KubernetesObject } from '../kubernetes/object.ts';
import type { DesiredCanary, DesiredCluster } from '../render/desired-state.ts';
import { placeStages, templatesIn } from './place-stage.ts';
import { afterAction, type ReleaseAction } from './release-action.ts';
import { decodeRecord, encodeRecord, type ReleaseRecord } from './release-record.ts';
import { Misfit, standingOf } from './standing.ts';

const stable: KubernetesObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'cart', namespace: 'shop', annotations: { 'orrery.dev/restart-on-change': 'true' } },
  spec: { replicas: 2, template: pods('2') },
};
const settings: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings', namespace: 'shop' },
  data: { a: 'b' },
} as unknown as KubernetesObject;
const route: KubernetesObject = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: 'cart', namespace: 'shop' },
  spec: { hosts: ['cart'], http: [] },
};

function pods(version: string) {
  const containers = [{ name: 'cart', image: `cart:${version}`, envFrom: [{ configMapRef: { name: 'settings' } }] }];
  return { spec: { containers } };
}

const states: ReleaseInClusterManifest = {
  before: { fields: [{ object: 'cart', field: 'spec.template', value: pods('1') }], absent: ['route'] },
  stages: [
    { name: 'begin', fields: [{ object: 'cart', field: 'spec.template', value: pods('1') }] },
    {
      name: 'weight-5',
      fields: [
        { object: 'cart', field: 'spec.template', value: pods('1') },
        { object: 'route', field: 'spec.http', value: [{ weight: 5 }] },
      ],
    },
    { name: 'end', absent: ['route'] },
  ],
  abort: [{ fields: [{ object: 'cart', field: 'spec.template', value: pods('1') }], absent: ['route'] }],
};
const canary: DesiredCanary = { name: 'cart-2', path: 'cart-2', backend: 'istio', revision: 'b'.repeat(64), states };
const cluster: DesiredCluster = {
  name: 'north',
  facts: {},
  canaries: [canary],
  objects: [stable, settings, route].map((object, at) => ({
    id: idOf(object),
    object,
    sha256: sha256(canonicalJson(object)),
    path: ['cart', 'settings', 'route'][at] ?? '',
    unit: 'shop',
    dependsOn: [],
  })),
};

function record(more: Partial<ReleaseRecord> = {}): ReleaseRecord {
  return {
    platform: 'shop',
    clusterUid: 'u',
    release: 'cart-2',
    revision: canary.revision,
    status: 'progressing',
    stage: 'weight-5',
    by: 'mina',
    begunAt: '2027-01-01T00:00:00.000Z',
    updatedAt: '2027-01-01T00:00:00.000Z',
    ...more,
  };
}

describe('where a release stands', () => {
  it.each<[string, ReleaseRecord | undefined, object]>([
    ['without a record it has not begun', undefined, { phase: 'not-begun', state: states.before }],
    ['with the record of another revision it has not begun', record({ revision: 'c' }), { phase: 'not-begun' }],
    ['at the stage of its record', record(), { phase: 'progressing', at: 1 }],
    ['paused there', record({ status: 'paused' }), { phase: 'paused', at: 1 }],
    ['on its way back', record({ status: 'aborting', abortStep: 0 }), { phase: 'aborting', step: 0 }],
    ['on its way back, of fewer steps than there were', record({ status: 'aborting', abortStep: 7 }), { step: 0 }],
    ['back', record({ status: 'aborted' }), { phase: 'aborted', state: states.abort[0] }],
    ['through, whatever the last stage was called', record({ status: 'through', stage: 'x' }), { phase: 'through' }],
  ])('%s', (_, stored, expected) => {
    expect(standingOf(cluster, canary, stored)).toMatchObject(expected);
  });

  it('is refused where the stage is gone from the program', () => {
    const found = standingOf(cluster, canary, record({ stage: 'weight-10' }));
    expect(found).toBeInstanceOf(Misfit);
    expect(found).toMatchObject({ what: expect.stringContaining('"weight-10"') });
  });

  it('is refused where another revision would begin by taking back what the last one brought, and not where the service has it', () => {
    const ended = templatesIn(cluster, states, states.stages[2] ?? {});
    const other = record({ revision: 'c', status: 'through', promoted: ended });
    expect(standingOf(cluster, canary, other)).toBeInstanceOf(Misfit);
    const before = templatesIn(cluster, states, states.before);
    expect(standingOf(cluster, canary, { ...other, promoted: before })).toMatchObject({ phase: 'not-begun' });
  });
});

describe('a stage in the desired state', () => {
  it('sets fields, leaves out what is absent, and touches nothing else', () => {
    const placed = placeStages(cluster, [states.before]);
    expect(placed.objects.map(({ path }) => path)).toEqual(['cart', 'settings']);
    expect(JSON.stringify(placed.objects[0]?.object.spec)).toContain('cart:1');
    expect(JSON.stringify(cluster.objects[0]?.object.spec)).toContain('cart:2');
    expect(placed.unplaced).toBe(cluster);
  });

  it('gives pods of any stage the digest of what they read', () => {
    const digest = (at: number) => {
      const placed = placeStages(cluster, [states.stages[at] ?? {}]).objects[0]?.object.spec as {
        template: { metadata: { annotations: Record<string, string> } };
      };
      return placed.template.metadata.annotations['orrery.dev/config-sha256'];
    };
    expect(digest(0)).toMatch(/^[0-9a-f]{64}$/);
    expect(digest(2)).toBe(digest(0));
  });

  it('is the same from wherever it is placed', () => {
    const all = [states.before, ...states.stages, ...states.abort];
    fc.assert(
      fc.property(fc.constantFrom(...all), fc.constantFrom(...all), (from, to) => {
        expect(placeStages(placeStages(cluster, [from]), [to]).objects).toEqual(placeStages(cluster, [to]).objects);
      }),
    );
  });
});

describe('what people say to a release', () => {
  const said = (action: ReleaseAction, stored: ReleaseRecord | undefined) =>
    afterAction(cluster, canary, stored, action, 'mina');

  it.each<[ReleaseAction, ReleaseRecord | undefined, object | undefined]>([
    ['promote', record({ heldSince: '2027-01-01T00:01:00.000Z' }), { status: 'progressing', approved: true }],
    ['promote', record({ status: 'paused', reason: 'why' }), { status: 'progressing', approved: true }],
    ['promote-full', record(), { skipsHolds: true }],
    ['promote', record({ status: 'through' }), undefined],
    ['abort', record(), { status: 'aborting', abortStep: 0, reason: 'aborted by mina' }],
    ['abort', record({ status: 'through' }), { status: 'aborting' }],
    ['abort', record({ stage: 'gone' }), { status: 'aborting' }],
    ['abort', record({ status: 'aborted' }), undefined],
    ['abort', undefined, undefined],
    ['pause', record(), { status: 'paused', stage: 'weight-5' }],
    ['pause', record({ status: 'aborting', abortStep: 0 }), undefined],
    ['resume', record({ status: 'paused' }), { status: 'progressing', stage: 'weight-5' }],
    ['resume', record({ status: 'aborted' }), { status: 'progressing', stage: 'begin' }],
    ['resume', record(), undefined],
  ])('%s', (action, stored, expected) => {
    const told = said(action, stored);
    if (expected === undefined) expect(told).toBeUndefined();
    else expect(told?.record).toMatchObject(expected);
  });

  it('begins the hold anew where a pause ends', () => {
    const held = record({ status: 'paused', heldSince: '2027-01-01T00:01:00.000Z', reason: 'why' });
    expect(said('resume', held)?.record).not.toHaveProperty('heldSince');
    expect(said('resume', held)?.record).not.toHaveProperty('reason');
  });
});

describe('a record', () => {
  it('reads back as it was written, and what is none is said', () => {
    const full = record({ heldSince: '2027-01-01T00:01:00.000Z', promoted: { cart: 'd' }, approved: true });
    expect(decodeRecord(encodeRecord(full))).toEqual(full);
    expect(decodeRecord('')).toMatch('no record');
    expect(decodeRecord(Buffer.from('{}').toString('base64'))).toMatch('no record');
    expect(decodeRecord(encodeRecord({ ...full, status: 'x' as 'paused' }))).toMatch('damaged');
    expect(decodeRecord(encodeRecord({ ...full, heldSince: 'soon' }))).toMatch('damaged');
  });

  it('is never taken for one, whatever bytes a Secret holds', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.base64String(),
          fc.json().map((text) => Buffer.from(text).toString('base64')),
        ),
        (data) => {
          expect(typeof decodeRecord(data)).toBe('string');
        },
      ),
    );
  });
});
