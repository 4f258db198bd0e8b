import { describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../kubernetes/object.ts';
import type { DesiredObject } from '../render/desired-state.ts';
import { ordinalWarnings } from './ordinals.ts';
import type { ClusterPlan, PlanItem } from './plan.ts';

const id = { group: 'apps', kind: 'StatefulSet', namespace: 'mall', name: 'db' };
const path = 'mall/db/StatefulSet';

function set([first, last]: readonly [number, number]): KubernetesObject {
  const spec = { replicas: last - first + 1, ordinals: { start: first } };
  return { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'db', namespace: 'mall' }, spec };
}

/** Ordinals of a cluster's pods, before and after. */
interface Range {
  readonly before?: readonly [number, number];
  readonly after?: readonly [number, number];
}

function warned(given: Readonly<Record<string, Range>>, services = [{ path: 'mall/db', replicas: 6 }]) {
  const planned = Object.entries(given).map(([cluster, { before, after }]) => {
    const action = after === undefined ? 'delete' : before === undefined ? 'create' : 'update';
    const item: PlanItem = {
      id,
      path,
      action,
      apiVersion: 'apps/v1',
      reason: '',
      effect: '',
      changes: [],
      dangers: [],
      verified: 'dry-run',
    };
    const isSame = JSON.stringify(before) === JSON.stringify(after);
    const items = isSame ? [] : [item];
    const plan: ClusterPlan = { cluster, target: '', items, unchanged: 0, dryRuns: 0, warnings: [] };
    return { plan, liveOf: () => (before === undefined ? undefined : set(before)) };
  });
  const clusters = Object.entries(given).map(([name, { after }]) => ({
    name,
    facts: {},
    objects:
      after === undefined
        ? []
        : [{ id, object: set(after), sha256: '', path, unit: 'mall', dependsOn: [] } as DesiredObject],
  }));
  return Object.fromEntries(ordinalWarnings({ apps: [{ path: 'mall', services }], clusters }, planned));
}

describe('ordinals that move from one cluster to another', () => {
  it('are warned of where they start while they still run elsewhere', () => {
    expect(warned({ a: { before: [0, 2] }, b: { after: [0, 2] } })).toEqual({
      b: [
        'StatefulSet/mall/db starts pods db-0 to db-2, while a still runs what has this name there: apply a first (--cluster a), and move its data.',
      ],
    });
    const moved = warned({ a: { before: [0, 5], after: [0, 4] }, b: { before: [100, 105], after: [5, 9] } });
    expect(moved.b?.[0]).toContain('starts pod db-5, while a still runs');
    expect(warned({ a: { before: [0, 9], after: [0, 9] }, b: { before: [20, 21], after: [8, 21] } }).b?.[0]).toContain(
      'pods db-8 to db-9',
    );
  });

  it('are not, where ranges stay apart, nothing changes, or nothing is divided', () => {
    expect(warned({ a: { before: [0, 5], after: [0, 3] }, b: { before: [100, 105], after: [100, 109] } })).toEqual({});
    expect(warned({ a: { before: [0, 5], after: [0, 5] }, b: { before: [3, 8], after: [3, 8] } })).toEqual({});
    expect(warned({ a: { before: [0, 2] }, b: { after: [0, 2] } }, [])).toEqual({});
  });
});
