import { describe, expect, it } from 'vitest';
import { groupOf, type KubernetesObject } from '../kubernetes/object.ts';
import type { ControllerOwnedField, DesiredCluster, DesiredObject } from '../render/desired-state.ts';
import type { Action, ClusterPlan, FieldChange, PlanItem, Problem } from './plan.ts';
import { serviceMoves } from './service-moves.ts';

const OWNED: readonly ControllerOwnedField[] = [{ path: 'spec.replicas', managers: [] }];

const API_VERSIONS = {
  Deployment: 'apps/v1',
  StatefulSet: 'apps/v1',
  HorizontalPodAutoscaler: 'autoscaling/v2',
  ScaledObject: 'keda.sh/v1alpha1',
};

function object(kind: keyof typeof API_VERSIONS, spec: Record<string, unknown>): KubernetesObject {
  const apiVersion = API_VERSIONS[kind];
  return { apiVersion, kind, metadata: { name: 'cart', namespace: 'mall' }, spec } as KubernetesObject;
}

const replicas = (number: number) => object('Deployment', { replicas: number });
const scaler = (minReplicas: number) =>
  object('HorizontalPodAutoscaler', {
    minReplicas,
    maxReplicas: 9,
    scaleTargetRef: { kind: 'Deployment', name: 'cart' },
  });

const idOf = ({ apiVersion, kind }: KubernetesObject) => ({
  group: groupOf(apiVersion),
  kind,
  namespace: 'mall',
  name: 'cart',
});

/** What a cluster holds and shall hold; objects that differ get an item of this action. */
interface Given {
  readonly live?: readonly KubernetesObject[];
  readonly wanted?: readonly KubernetesObject[];
  readonly action?: Action;
  readonly controllerOwned?: readonly ControllerOwnedField[];
  readonly problem?: Problem;
  readonly isFolder?: boolean;
  readonly more?: readonly FieldChange[];
}

const FIELDS = ['replicas', 'minReplicas', 'minReplicaCount'];

function itemsOf({ live = [], wanted = [], action, more = [] }: Given): PlanItem[] {
  const kinds = new Set([...live, ...wanted].map(({ kind }) => kind));
  return [...kinds].flatMap((kind): PlanItem[] => {
    const [before, after] = [live.find((one) => one.kind === kind), wanted.find((one) => one.kind === kind)];
    const one = (after ?? before) as KubernetesObject;
    const changes: FieldChange[] = FIELDS.flatMap((field) => {
      const [old, now] = [before, after].map((each) => (each?.spec as Record<string, number> | undefined)?.[field]);
      return old === undefined || after === undefined || old === now
        ? []
        : [
            {
              path: `spec.${field}`,
              op: now === undefined ? 'remove' : 'replace',
              before: old,
              after: now,
              cause: 'intent',
            },
          ];
    });
    const all = [...changes, ...(kind === 'Deployment' ? more : [])];
    const usual =
      before === undefined ? 'create' : after === undefined ? 'delete' : all.length > 0 ? 'update' : undefined;
    if (usual === undefined) return [];
    const rest = { reason: '', effect: '', dangers: [], verified: 'dry-run', path: 'mall/cart/x' } as const;
    return [
      {
        ...rest,
        action: action ?? usual,
        id: idOf(one),
        apiVersion: one.apiVersion,
        changes: all,
        ...(after === undefined ? {} : { desired: after }),
      },
    ];
  });
}

function moves(
  given: Readonly<Record<string, Given>>,
  leftOut: Readonly<Record<string, readonly KubernetesObject[]>> = {},
) {
  const desiredOf = (
    name: string,
    wanted: readonly KubernetesObject[],
    owned?: Given['controllerOwned'],
  ): DesiredCluster => ({
    name,
    facts: {},
    objects: wanted.map(
      (one): DesiredObject => ({
        id: idOf(one),
        object: one,
        sha256: '',
        path: 'mall/cart/x',
        unit: 'mall',
        dependsOn: [],
        ...(owned === undefined || one.kind !== 'Deployment' ? {} : { controllerOwned: owned }),
      }),
    ),
  });
  const planned = Object.entries(given).map(([cluster, one]) => {
    const { live = [], problem, isFolder } = one;
    const items = problem === undefined ? itemsOf(one) : [];
    const plan: ClusterPlan = {
      cluster,
      target: '',
      items,
      unchanged: 0,
      dryRuns: 0,
      warnings: [],
      ...(problem === undefined ? {} : { problem }),
    };
    const liveOf = ({ kind }: { readonly kind: string }) => live.find((each) => each.kind === kind);
    return { plan, ...(problem === undefined && isFolder !== true ? { liveOf } : {}) };
  });
  const clusters = Object.entries(given).map(([name, { wanted = [], controllerOwned }]) =>
    desiredOf(name, wanted, controllerOwned),
  );
  const apps = [{ path: 'mall', services: [{ path: 'mall/cart', replicas: 12 }] }];
  const left = Object.entries(leftOut).map(([name, wanted]) => desiredOf(name, wanted));
  return serviceMoves({ apps, clusters }, planned, left);
}

/** "a 6→4": of the only move. */
const words = (found: ReturnType<typeof moves>) => {
  const say = ({ cluster, before, after }: { cluster: string; before?: number | undefined; after: number }) =>
    `${cluster} ${before ?? '?'}→${after}`;
  return found.flatMap(({ receivers, donors }) => [
    ...receivers.map((one) => `+${say(one)}`),
    ...donors.map((one) => `-${say(one)}`),
  ]);
};

const unchanged = (number: number): Given => ({ live: [replicas(number)], wanted: [replicas(number)] });
const updated = (before: number, after: number): Given => ({ live: [replicas(before)], wanted: [replicas(after)] });

describe('the moves of a plan', () => {
  it('are of services that run less somewhere while others get replicas or have some', () => {
    expect(words(moves({ a: updated(6, 4), b: updated(6, 4), c: { wanted: [replicas(4)] } }))).toEqual([
      '+c 0→4',
      '-a 6→4',
      '-b 6→4',
    ]);
    expect(words(moves({ a: updated(6, 4), b: unchanged(6) }))).toEqual(['+b 6→6', '-a 6→4']);
    expect(words(moves({ a: { live: [replicas(6)] }, b: updated(6, 12) }))).toEqual(['+b 6→12', '-a 6→0']);
    // Nothing to wait for, nothing that waits.
    expect(moves({ a: updated(6, 4), b: updated(6, 4) })).toEqual([]);
    expect(moves({ a: updated(4, 6), b: unchanged(4) })).toEqual([]);
    expect(moves({ a: updated(6, 4), b: { live: [replicas(0)], wanted: [replicas(0)] } })).toEqual([]);
  });

  it('write what else changes before, where the number is the program’s', () => {
    const image: FieldChange = {
      path: 'spec.template.spec.containers[name=cart].image',
      op: 'replace',
      cause: 'intent',
    };
    const [move] = moves({ a: { ...updated(6, 4), more: [image] }, b: unchanged(6) });
    expect(move?.donors).toMatchObject([{ writes: [{ id: idOf(replicas(1)), keeps: 6 }] }]);
    const [plain] = moves({ a: updated(6, 4), b: unchanged(6) });
    expect(plain?.donors[0]?.writes).toEqual([{ id: idOf(replicas(1)) }]);
  });

  it('are of minima where autoscalers decide, and know what an autoscaler takes from a fixed number', () => {
    const scaled = (before: number, after: number): Given => ({
      live: [object('Deployment', { replicas: 7 }), scaler(before)],
      wanted: [object('Deployment', { replicas: 7 }), scaler(after)],
      controllerOwned: OWNED,
    });
    const [move] = moves({ a: scaled(4, 2), b: scaled(4, 6) });
    expect(words(move === undefined ? [] : [move])).toEqual(['+b 4→6', '-a 4→2']);
    expect(move?.donors[0]?.writes).toEqual([{ id: idOf(scaler(1)) }]);
    expect(move?.receivers[0]?.workloads).toEqual([{ id: idOf(replicas(1)), fewest: 6, scaler: idOf(scaler(1)) }]);

    const toScaled: Given = {
      live: [replicas(6)],
      wanted: [object('Deployment', {}), scaler(2)],
      controllerOwned: OWNED,
      more: [{ path: 'metadata.labels.a', op: 'add', cause: 'intent' }],
    };
    const [changed] = moves({ a: toScaled, b: unchanged(6) });
    expect(words(changed === undefined ? [] : [changed])).toEqual(['+b 6→6', '-a 6→2']);
    expect(changed?.donors[0]?.writes.map(({ id }) => id.kind)).toContain('HorizontalPodAutoscaler');
    // Back to a number: what was kept is what the autoscaler kept, however many ran.
    expect(moves({ a: { live: [replicas(9), scaler(2)], wanted: [replicas(4)] }, b: unchanged(6) })).toEqual([]);
  });

  it('are of minima of KEDA, too, which are 0 where nothing is said', () => {
    const scaled = (minReplicaCount: number | undefined) => [
      object('Deployment', { replicas: 7 }),
      object('ScaledObject', { minReplicaCount, maxReplicaCount: 9, scaleTargetRef: { name: 'cart' } }),
    ];
    const given = (before: number | undefined, after: number | undefined): Given => ({
      live: scaled(before),
      wanted: scaled(after),
      controllerOwned: OWNED,
    });
    const [move] = moves({ a: given(4, 2), b: given(4, 6) });
    expect(words(move === undefined ? [] : [move])).toEqual(['+b 4→6', '-a 4→2']);
    expect(move?.donors[0]?.writes.map(({ id }) => id.kind)).toEqual(['ScaledObject']);
    expect(words(moves({ a: given(4, undefined), b: given(4, 6) }))).toEqual(['+b 4→6', '-a 4→0']);
  });

  it('are of StatefulSets, too, as long as no two clusters have pods of the same number, now or then', () => {
    const set = (replicas: number, start: number) => object('StatefulSet', { replicas, ordinals: { start } });
    const from = (start: number, before: number, after: number): Given => ({
      live: [set(before, start)],
      wanted: [set(after, start)],
    });
    const [move] = moves({ a: from(0, 6, 4), b: from(100, 6, 8) });
    expect(words(move === undefined ? [] : [move])).toEqual(['+b 6→8', '-a 6→4']);
    expect(move?.receivers[0]?.workloads).toEqual([{ id: idOf(set(0, 0)), fewest: 8 }]);
    expect(move?.donors[0]?.writes).toEqual([{ id: idOf(set(0, 0)) }]);
    // The range of b has moved to where a still runs its own.
    expect(moves({ a: from(0, 6, 4), b: { live: [set(6, 100)], wanted: [set(8, 4)] } })).toEqual([]);
    expect(moves({ a: { live: [set(6, 0)] }, b: { wanted: [set(6, 0)] } })).toEqual([]);
    const scaled: Given = {
      live: [set(6, 0), scaler(6)],
      wanted: [object('StatefulSet', { ordinals: { start: 0 } }), scaler(4)],
      controllerOwned: OWNED,
    };
    const target = { kind: 'StatefulSet', name: 'cart' };
    const ofSet = (given: Given): Given => ({
      ...given,
      live: (given.live ?? []).map((one) =>
        one.kind === 'StatefulSet'
          ? one
          : ({ ...one, spec: { ...(one.spec as object), scaleTargetRef: target } } as KubernetesObject),
      ),
      wanted: (given.wanted ?? []).map((one) =>
        one.kind === 'StatefulSet'
          ? one
          : ({ ...one, spec: { ...(one.spec as object), scaleTargetRef: target } } as KubernetesObject),
      ),
    });
    expect(words(moves({ a: ofSet(scaled), b: from(9, 6, 8) }))).toEqual(['+b 6→8', '-a 6→4']);
    // The autoscaler may make nine of them.
    expect(moves({ a: ofSet(scaled), b: from(8, 6, 8) })).toEqual([]);
  });

  it('wait for clusters that could not be read or are left out, and not for folders', () => {
    const problem: Problem = { code: 'ORR3004', what: 'it does not answer', where: {} };
    expect(words(moves({ a: updated(6, 4), b: { wanted: [replicas(8)], problem } }))).toEqual(['+b ?→8', '-a 6→4']);
    expect(words(moves({ a: updated(6, 4) }, { b: [replicas(8)] }))).toEqual(['+b ?→8', '-a 6→4']);
    expect(moves({ a: updated(6, 4), b: { wanted: [replicas(8)], isFolder: true } })).toEqual([]);
  });

  it('leave out what takes nothing away, and numbers that nobody can see', () => {
    expect(moves({ a: { live: [replicas(6)], action: 'orphan' }, b: unchanged(6) })).toEqual([]);
    expect(moves({ a: { ...updated(6, 4), action: 'blocked' }, b: unchanged(6) })).toEqual([]);
    expect(moves({ a: updated(6, 4), b: { ...unchanged(6), controllerOwned: OWNED } })).toEqual([]);
    expect(serviceMoves({ clusters: [] }, [])).toEqual([]);
  });
});
