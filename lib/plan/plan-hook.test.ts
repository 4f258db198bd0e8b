import { describe, expect, it } from 'vitest';
import type { InventoryEntry } from '../inventory/inventory.ts';
import { idKey, type ObjectId } from '../kubernetes/object.ts';
import type { ObjectVerdict } from './object-verdict.ts';
import { releasePhases } from './plan-hook.ts';
import type { ClusterReading } from './read-cluster.ts';

const id = (name: string, kind = 'ConfigMap', group = ''): ObjectId => ({ group, kind, namespace: 'shop', name });
const entry = (name: string, more: Partial<InventoryEntry> = {}): InventoryEntry => ({
  id: id(name),
  apiVersion: 'v1',
  path: 'mall/shop',
  uid: `uid-${name}`,
  desired: 'before',
  ...more,
});

/** A reading of which only what decides about phases is there. */
function reading(entries: readonly InventoryEntry[], going: readonly string[] = []) {
  const known = ({ name }: ObjectId) => ({
    state: 'found',
    object: { metadata: { name, ...(going.includes(name) ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}) } },
  });
  return {
    context: { inventory: { entries: new Map(entries.map((one) => [idKey(one.id), one])) }, reader: { known } },
    resolved: { objects: new Map() },
    removals: [],
  } as unknown as Pick<ClusterReading, 'context' | 'resolved' | 'removals'>;
}

const verdict = (name: string, action: 'create' | 'update' | 'adopt', desiredDigest: string) =>
  ({
    unchanged: false,
    item: { id: id(name), path: 'mall/shop', action, desiredDigest },
    warnings: [],
  }) as unknown as ObjectVerdict;

describe('the phase of a release', () => {
  it('is an install until something of it is there, or is taken over', () => {
    expect(releasePhases(reading([]), []).installed).toEqual(new Set());
    expect(releasePhases(reading([entry('a', { uid: undefined })]), []).installed).toEqual(new Set());
    expect(releasePhases(reading([entry('a')]), []).installed).toEqual(new Set(['mall/shop']));
    expect(releasePhases(reading([]), [verdict('a', 'adopt', 'x')]).installed).toEqual(new Set(['mall/shop']));
  });

  it('is a change where the program wants something else than last time, not where the cluster was changed', () => {
    const known = reading([entry('a')]);
    expect(releasePhases(known, [verdict('a', 'update', 'after')]).changed).toEqual(new Set(['mall/shop']));
    expect(releasePhases(known, [verdict('b', 'create', 'new')]).changed).toEqual(new Set(['mall/shop']));
    for (const action of ['update', 'create'] as const)
      expect(releasePhases(known, [verdict('a', action, 'before')]).changed).toEqual(new Set());
    expect(releasePhases(known, [{ unchanged: true, dryRun: false }]).changed).toEqual(new Set());
  });

  it('is a change where something of it goes, once', () => {
    const gone = { entry: entry('old'), resource: undefined };
    const changed = (given: ReturnType<typeof reading>, late?: true) =>
      releasePhases({ ...given, removals: [{ ...gone, late }] }, []).changed;
    expect(changed(reading([]))).toEqual(new Set(['mall/shop']));
    expect(changed(reading([], ['old']))).toEqual(new Set());
    expect(changed(reading([]), true)).toEqual(new Set());
  });
});
