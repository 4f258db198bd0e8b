import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idKey, type KubernetesObject, type ObjectId } from '../kubernetes/object.ts';
import type { ClusterPlan, PlanItem } from '../plan/plan.ts';
import { serviceMoves } from '../plan/service-moves.ts';
import type { DesiredObject } from '../render/desired-state.ts';
import { type OrderedObject, orderOf } from './order.ts';
import { orderedObjects } from './ordered-objects.ts';
import { runGraph } from './run-graph.ts';
import { ClusterShares } from './share-ready.ts';
import { placesOf } from './wave-order.ts';

const SERVICES = ['mall/cart', 'mall/pay'];

const idOf = (service: string): ObjectId => ({
  group: 'apps',
  kind: 'Deployment',
  namespace: 'mall',
  name: service.slice(5),
});

const workload = (service: string, replicas: number): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: idOf(service).name, namespace: 'mall' },
  spec: { replicas },
});

/** What a service has in a cluster and shall have; undefined: no Deployment. */
interface Share {
  readonly before: number | undefined;
  readonly after: number | undefined;
  /** Something else changes, too. */
  readonly changes: boolean;
  /** It never gets ready when it is written. */
  readonly fails: boolean;
}

type Clusters = readonly { readonly wave: number; readonly shares: readonly Share[] }[];

const nameOf = (at: number) => `c${at}`;

function itemOf(service: string, { before, after, changes }: Share): PlanItem | undefined {
  const item = { id: idOf(service), apiVersion: 'apps/v1', path: `${service}/deployment`, reason: '', effect: '' };
  const rest = { dangers: [], verified: 'dry-run' } as const;
  if (after === undefined)
    return before === undefined ? undefined : { ...item, ...rest, action: 'delete', changes: [] };
  if (before === undefined)
    return { ...item, ...rest, action: 'create', changes: [], desired: workload(service, after) };
  const all = [
    ...(before === after ? [] : [{ path: 'spec.replicas', op: 'replace', before, after, cause: 'intent' } as const]),
    ...(changes ? [{ path: 'spec.paused', op: 'add', after: false, cause: 'intent' } as const] : []),
  ];
  const precondition = { uid: 'u', resourceVersion: '1' };
  if (all.length === 0) return undefined;
  return { ...item, ...rest, action: 'update', precondition, changes: all, desired: workload(service, after) };
}

function planned(clusters: Clusters) {
  return clusters.map(({ shares }, at) => {
    const items = SERVICES.flatMap((service, index) => itemOf(service, shares[index] as Share) ?? []);
    const plan: ClusterPlan = { cluster: nameOf(at), target: '', items, unchanged: 0, dryRuns: 0, warnings: [] };
    const liveOf = (id: ObjectId) => {
      const index = SERVICES.findIndex((service) => idOf(service).name === id.name);
      const before = shares[index]?.before;
      return before === undefined ? undefined : workload(SERVICES[index] ?? '', before);
    };
    return { plan, liveOf };
  });
}

/** What the program wants in each cluster. */
function wanted(clusters: Clusters) {
  return clusters.map(({ shares }, at) => ({
    name: nameOf(at),
    facts: {},
    objects: SERVICES.flatMap((service, index): DesiredObject[] => {
      const after = shares[index]?.after;
      const path = `${service}/deployment`;
      return after === undefined
        ? []
        : [{ id: idOf(service), object: workload(service, after), sha256: '', path, unit: 'mall', dependsOn: [] }];
    }),
  }));
}

/** Objects as an apply orders them, with what each does to its share. */
function orderedOf(clusters: Clusters) {
  const desired = wanted(clusters);
  const plans = planned(clusters);
  const apps = [{ path: 'mall', services: SERVICES.map((path) => ({ path, replicas: 1 })) }];
  const moves = serviceMoves({ apps, clusters: desired }, plans);
  const objects = clusters.flatMap(({ shares: all }, at) => {
    const shares = new ClusterShares(nameOf(at), moves);
    const ordered = orderedObjects({
      plan: (plans[at] as (typeof plans)[number]).plan,
      desired: new Map((desired[at] as (typeof desired)[number]).objects.map((one) => [idKey(one.id), one])),
      releases: new Map(),
      shares,
      isPart: false,
    });
    return ordered.map((object) => {
      const service = SERVICES.findIndex((path) => idOf(path).name === object.id.name);
      const own = all[service] as Share;
      const keeps = object.isLate === true ? undefined : shares.late(object.id)?.keeps;
      return { ...object, service, share: own, writes: object.role === 'keep' ? undefined : (keeps ?? own.after ?? 0) };
    });
  });
  return { moves, objects };
}

const share = fc.record({
  before: fc.option(fc.nat(6), { nil: undefined }),
  after: fc.option(fc.nat(6), { nil: undefined }),
  changes: fc.boolean(),
  fails: fc.integer({ min: 0, max: 9 }).map((number) => number === 0),
});
const platforms: fc.Arbitrary<Clusters> = fc.array(fc.record({ wave: fc.nat(2), shares: fc.tuple(share, share) }), {
  minLength: 1,
  maxLength: 5,
});

describe('replicas that move between clusters', () => {
  it('are never fewer, in any order in which things get ready or fail, than before or after, whichever is less', async () => {
    await fc.assert(
      fc.asyncProperty(platforms, fc.boolean(), fc.scheduler(), async (clusters, wait, scheduler) => {
        const { moves, objects } = orderedOf(clusters);
        const graph = orderOf(objects, { moves, waveOf: (cluster) => clusters[Number(cluster.slice(1))]?.wave ?? 0 });
        const ready = SERVICES.map((_, service) => clusters.map(({ shares }) => shares[service]?.before ?? 0));
        const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
        const least = SERVICES.map((_, service) =>
          Math.min(sum(ready[service] as number[]), sum(clusters.map(({ shares }) => shares[service]?.after ?? 0))),
        );
        // What moves alone: where all clusters get fewer nothing waits for anything.
        const set = (service: number, at: number, number: number) => {
          (ready[service] as number[])[at] = number;
          expect(sum(ready[service] as number[])).toBeGreaterThanOrEqual(least[service] as number);
        };
        const broken: unknown[] = [];
        const noticing = async (task: () => void) => {
          try {
            task();
          } catch (error) {
            broken.push(error);
          }
        };
        const run = runGraph(
          graph,
          (index) => {
            const { cluster, service, writes, share: own } = objects[index] as (typeof objects)[number];
            const at = Number(cluster.slice(1));
            if (writes === undefined) return { lane: cluster };
            return {
              lane: cluster,
              write: async () => {
                await scheduler.schedule(Promise.resolve());
                // The worst: what goes is gone at once.
                if (writes < (ready[service]?.[at] ?? 0)) await noticing(() => set(service, at, writes));
              },
              ready: async () => {
                await scheduler.schedule(Promise.resolve());
                if (writes <= (ready[service]?.[at] ?? 0)) return;
                if (own.fails) throw new Error('not ready');
                await noticing(() => set(service, at, writes));
              },
            };
          },
          { concurrency: 4, wait, onFailed: () => {}, onSkipped: () => {} },
        );
        await scheduler.waitFor(run);
        expect(broken).toEqual([]);
        // And all of it is done where nothing failed.
        const shouldEnd = clusters.every(({ shares }) => shares.every(({ fails }) => !fails)) && wait;
        if (shouldEnd)
          expect(ready).toEqual(
            SERVICES.map((_, service) => clusters.map(({ shares }) => shares[service]?.after ?? 0)),
          );
      }),
      { numRuns: 500 },
    );
  });

  it('go in the order of the waves, each at the turn of the last cluster that it waits for, and what else changes at its own', () => {
    fc.assert(
      fc.property(platforms, (clusters) => {
        const { moves, objects } = orderedOf(clusters);
        const waveOf = (cluster: string) => clusters[Number(cluster.slice(1))]?.wave ?? 0;
        const graph = orderOf(objects, { moves, waveOf });
        expect(graph.dropped).toEqual([]);
        const starts = [...clusters.keys()].map(nameOf).sort((a, b) => waveOf(a) - waveOf(b));
        const places = placesOf(graph, objects, new Map(starts.map((cluster, place) => [cluster, place])));
        for (const [index, { cluster, id, isLate, role }] of objects.entries()) {
          const own = starts.indexOf(cluster);
          if (role === 'write' && isLate !== true) expect(places[index]).toBe(own);
          const move = moves.find(({ donors }) =>
            donors.some(
              (donor) => donor.cluster === cluster && donor.writes.some((late) => idKey(late.id) === idKey(id)),
            ),
          );
          if (move === undefined || (isLate !== true && role !== 'delete')) continue;
          const last = Math.max(...move.receivers.map((receiver) => starts.indexOf(receiver.cluster)));
          expect(places[index]).toBeGreaterThanOrEqual(Math.max(own, last));
        }
      }),
    );
  });
});

describe('a cluster that a service leaves', () => {
  it('keeps all that is to be deleted there until the service is ready elsewhere', async () => {
    const configuration = { group: '', kind: 'ConfigMap', namespace: 'mall', name: 'cart' };
    const objects: OrderedObject[] = [
      { cluster: 'c0', id: idOf('mall/cart'), path: 'mall/cart/deployment', role: 'delete' },
      { cluster: 'c0', id: configuration, path: 'mall/configuration', role: 'delete' },
      { cluster: 'c1', id: idOf('mall/cart'), path: 'mall/cart/deployment', role: 'write' },
      { cluster: 'c2', id: configuration, path: 'other', role: 'delete' },
    ];
    const id = idOf('mall/cart');
    const moves = [
      {
        service: 'mall/cart',
        receivers: [{ cluster: 'c1', before: 0, after: 4, workloads: [{ id, fewest: 4 }] }],
        donors: [{ cluster: 'c0', before: 4, after: 0, writes: [{ id }] }],
      },
    ];
    const graph = orderOf(objects, { moves, waveOf: () => 0 });
    const written: number[] = [];
    const skipped: number[] = [];
    const work = (index: number) => ({
      lane: '',
      write: async () => void written.push(index),
      ready: async () => {
        if (index === 2) throw new Error('not ready');
      },
    });
    await runGraph(graph, work, {
      concurrency: 4,
      wait: true,
      onFailed: () => {},
      onSkipped: (index) => skipped.push(index),
    });
    expect(written.sort()).toEqual([2, 3]);
    expect(skipped.sort()).toEqual([0, 1]);
  });
});
