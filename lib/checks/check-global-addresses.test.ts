import type { ClusterFactsManifest } from '@orrery/constructs/assembly-format';
import { describe, expect, it } from 'vitest';
import type { DesiredState } from '../render/desired-state.ts';
import { type Fields, object, state } from './desired-state.test-data.ts';
import { runChecks } from './run-checks.ts';

function found(desired: DesiredState): string[] {
  return runChecks(desired, [])
    .findings.filter(({ check }) => check === 'global-address')
    .map(({ severity, clusters, field, what }) => `${severity} ${clusters.join()} ${field}: ${what}`);
}

const gslb = (strategy: Fields, more: Fields = {}) =>
  object('k8gb.io/v1beta1', 'Gslb', 'shop', { spec: { strategy, ...more } });
const taggedState = (
  objects: Parameters<typeof state>[0],
  tags: Record<string, ClusterFactsManifest>,
): DesiredState => {
  const plain = state(objects);
  return { ...plain, clusters: plain.clusters.map((one) => ({ ...one, facts: tags[one.name] ?? {} })) };
};

describe('the check of addresses over several clusters', () => {
  it('says nothing of copies that are the same, and of different addresses', () => {
    const one = gslb({ type: 'roundRobin', weight: { a: 2, b: 1 } });
    const reordered = gslb({ weight: { b: 1, a: 2 }, type: 'roundRobin' });
    expect(found(state({ a: [one], b: [reordered], c: [] }))).toEqual([]);
    const other = object('k8gb.io/v1beta1', 'Gslb', 'blog', { spec: { strategy: { type: 'geoip' } } });
    expect(found(state({ a: [one], b: [other] }))).toEqual([]);
  });

  it('names the cluster whose copy is another one, and what differs', () => {
    const objects = {
      a: [gslb({ type: 'roundRobin' })],
      b: [gslb({ type: 'roundRobin' })],
      c: [gslb({ type: 'geoip' }, { resourceRef: { kind: 'Ingress' } })],
    };
    expect(found(state(objects))).toEqual([
      'error c spec.strategy: Each cluster answers by its own copy, and this one is not the same as that of cluster a: strategy, resourceRef.',
    ]);
  });

  it('knows the tags of clusters where all of them say theirs', () => {
    const failover = gslb({ type: 'failover', primaryGeoTag: 'gz' });
    const objects = { a: [failover], b: [failover] };
    expect(found(taggedState(objects, { a: { geoTag: 'gz' }, b: { region: 'sh' } }))).toEqual([]);
    expect(found(taggedState(objects, { a: { region: 'sh' } }))).toEqual([]);
    expect(found(taggedState(objects, { a: { region: 'gz', geoTag: 'bj' }, b: { region: 'sh' } }))).toEqual([
      'error a spec.strategy.primaryGeoTag: It fails over to "gz", and the clusters that have it are: bj, sh.',
    ]);
  });
});
