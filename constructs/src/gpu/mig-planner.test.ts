import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { MigGeometry } from './mig-geometry';
import { MigModel } from './mig-model';
import { MigStrategy } from './mig-plan';
import { type MigNode, MigPlanner, type MigWorkload } from './mig-planner';

const one = (cards: number, model = MigModel.A100_80GB): MigNode[] => [{ name: 'gpu-1', model, cards }];

/** Nodes of some models, and workloads that name profiles of them or say what they need. */
const anyPool = fc
  .uniqueArray(fc.constantFrom(MigModel.A100_80GB, MigModel.A30, MigModel.H200), { minLength: 1, maxLength: 2 })
  .chain((models) =>
    fc.record({
      nodes: fc.tuple(
        ...models.map((model, at) =>
          fc.record({
            name: fc.constant(`gpu-${at}`),
            model: fc.constant(model),
            cards: fc.integer({ min: 0, max: 4 }),
          }),
        ),
      ) as fc.Arbitrary<MigNode[]>,
      workloads: fc
        .array(
          fc.record({
            wish: fc.oneof(
              fc
                .constantFrom(...models.flatMap((model) => MigGeometry.of(model).profiles))
                .map(({ name: profile }) => ({ profile })),
              fc.record({ gigabytes: fc.integer({ min: 1, max: 100 }), computeSlices: fc.integer({ min: 1, max: 7 }) }),
            ),
            instances: fc.integer({ min: 1, max: 4 }),
          }),
          { maxLength: 6 },
        )
        .map((list) => list.map(({ wish, instances }, at): MigWorkload => ({ name: `job-${at}`, ...wish, instances }))),
    }),
  );

describe('packing workloads onto cards', () => {
  it('shows which instance each workload has, and what is left', () => {
    const plan = MigPlanner.pack(one(2), [
      { name: 'train', profile: '3g.40gb', instances: 2 },
      { name: 'serve', gigabytes: 16, instances: 3 },
    ]);
    expect(plan.unplaced).toEqual([]);
    expect(plan.cards.map(({ mix }) => mix)).toEqual([{ '3g.40gb': 2 }, { '1g.20gb': 3 }]);
    expect(plan.cards[1]).toEqual({
      node: 'gpu-1',
      index: 1,
      model: MigModel.A100_80GB,
      mix: { '1g.20gb': 3 },
      assignments: [
        { workload: 'serve', profile: '1g.20gb', start: 2, size: 2 },
        { workload: 'serve', profile: '1g.20gb', start: 4, size: 2 },
        { workload: 'serve', profile: '1g.20gb', start: 6, size: 2 },
      ],
      freeSlices: 2,
    });
    expect(plan.waste).toEqual({ idleCards: 0, freeSlices: 2, strandedSlices: 0, surplusGigabytes: 12 });
  });

  it('does not sum slices: two 3g and one 1g are on two cards', () => {
    const plan = MigPlanner.pack(one(2), [
      { name: 'train', profile: '3g.40gb', instances: 2 },
      { name: 'notebook', profile: '1g.10gb' },
    ]);
    expect(plan.cards.map(({ mix }) => mix)).toEqual([{ '3g.40gb': 2 }, { '1g.10gb': 1 }]);
  });

  it('shows slices that no instance could have as stranded', () => {
    const plan = MigPlanner.pack(one(1), [{ name: 'serve', profile: '1g.10gb', instances: 7 }]);
    expect(plan.waste).toEqual({ idleCards: 0, freeSlices: 1, strandedSlices: 1, surplusGigabytes: 0 });
  });

  it('needs fewer cards than first fit where the large ones first is not the best', () => {
    // First fit puts both 3g on one card; beside two 2g the other has room for three of the four 1g.
    const plan = MigPlanner.pack(one(2), [
      { name: 'large', profile: '3g.40gb', instances: 2 },
      { name: 'middle', profile: '2g.20gb', instances: 2 },
      { name: 'small', profile: '1g.10gb', instances: 4 },
    ]);
    expect(plan.unplaced).toEqual([]);
  });

  it('says what has no place and why', () => {
    const plan = MigPlanner.pack(one(1, MigModel.A30), [
      { name: 'all', profile: '4g.24gb', instances: 2 },
      { name: 'huge', gigabytes: 40 },
    ]);
    expect(plan.unplaced).toEqual([
      { workload: 'all', instances: 1, reason: 'No card has room for it.' },
      {
        workload: 'huge',
        instances: 1,
        reason: 'No card has a profile for it: 40 GB and 1 compute slices in one instance. The cards are A30.',
      },
    ]);
  });

  it('takes the model on which an instance takes the least where there are several', () => {
    const nodes = [...one(1, MigModel.H200), { name: 'gpu-2', model: MigModel.A100_80GB, cards: 1 }];
    const plan = MigPlanner.pack(nodes, [{ name: 'serve', gigabytes: 10 }]);
    expect(plan.cards.map(({ mix }) => mix)).toEqual([{}, { '1g.10gb': 1 }]);
    expect(plan.waste).toMatchObject({ idleCards: 1, surplusGigabytes: 0 });
  });

  it('refuses names given twice and numbers that are none, all at once', () => {
    const run = (): unknown =>
      MigPlanner.pack(
        [...one(1.5), ...one(1)],
        [
          { name: 'a', instances: 0 },
          { name: 'a', profile: '1g.10gb', gigabytes: 10 },
        ],
      );
    expect(run).toThrow(/ORR2004[\s\S]*Two nodes are named "gpu-1"/);
    expect(run).toThrow(/ORR2004[\s\S]*Two workloads are named "a"/);
    expect(run).toThrow(/ORR2011[\s\S]*Node "gpu-1" has 1.5 cards/);
    expect(run).toThrow(/ORR2011[\s\S]*Workload "a" has instances: 0/);
    expect(run).toThrow(/ORR2012[\s\S]*names the profile 1g.10gb, and what it needs beside/);
  });

  it('places every card as its geometry allows, each instance once, and the same again', () => {
    fc.assert(
      fc.property(anyPool, ({ nodes, workloads }) => {
        const plan = MigPlanner.pack(nodes, workloads);
        for (const { model, mix, assignments, freeSlices } of plan.cards) {
          const geometry = MigGeometry.of(model);
          expect(geometry.place(mix)?.length).toBe(assignments.length);
          const taken = assignments.flatMap(({ start, size }) => Array.from({ length: size }, (_, at) => start + at));
          expect(new Set(taken).size).toBe(taken.length);
          expect(taken.length + freeSlices).toBe(geometry.memorySlices);
          for (const { workload, profile: name } of assignments) {
            const wanted = workloads.find((candidate) => candidate.name === workload);
            const profile = geometry.profile(name);
            expect(wanted?.profile ?? name).toBe(name);
            expect(profile?.gigabytes).toBeGreaterThanOrEqual(wanted?.gigabytes ?? 0);
            expect(profile?.computeSlices).toBeGreaterThanOrEqual(wanted?.computeSlices ?? 0);
          }
        }
        for (const { name, instances } of workloads) {
          const placed = plan.cards.flatMap(({ assignments }) =>
            assignments.filter(({ workload }) => workload === name),
          );
          const left = plan.unplaced.find(({ workload }) => workload === name)?.instances ?? 0;
          expect(placed.length + left).toBe(instances);
        }
        expect(plan.waste.strandedSlices).toBeLessThanOrEqual(plan.waste.freeSlices);
        expect(MigPlanner.pack(nodes, workloads)).toEqual(plan);
      }),
      { numRuns: 300 },
    );
  });

  it('accepts every maximal mix of a card on one card', () => {
    for (const geometry of MigGeometry.all()) {
      for (const mix of geometry.maximalMixes()) {
        const workloads = Object.entries(mix).map(([profile, instances]) => ({ name: profile, profile, instances }));
        const plan = MigPlanner.pack([{ name: 'gpu-1', model: geometry.model, cards: 2 }], workloads);
        expect(plan.cards.map((card) => card.mix)).toEqual([mix, {}]);
        expect(plan.waste.strandedSlices).toBe(plan.waste.freeSlices);
      }
    }
  });

  it('puts what was cut from full cards back onto as many cards', () => {
    const a100 = MigGeometry.of(MigModel.A100_80GB);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...a100.maximalMixes()), { minLength: 1, maxLength: 4 }), (mixes) => {
        const wanted = new Map<string, number>();
        for (const [profile, count] of mixes.flatMap((mix) => Object.entries(mix))) {
          wanted.set(profile, (wanted.get(profile) ?? 0) + count);
        }
        const workloads = [...wanted].map(([profile, instances]) => ({ name: profile, profile, instances }));
        const plan = MigPlanner.pack(one(mixes.length), workloads);
        expect(plan.unplaced).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

describe('what makes a plan so', () => {
  const plan = MigPlanner.pack(
    [
      { name: 'gpu-1', model: MigModel.A100_80GB, cards: 2 },
      { name: 'gpu-2', model: MigModel.A100_80GB, cards: 1 },
      { name: 'gpu-3', model: MigModel.A100_80GB, cards: 1 },
    ],
    [{ name: 'train', profile: '3g.40gb', instances: 3 }],
  );

  it('are labels of the nodes and configurations of the MIG manager; idle nodes have none', () => {
    const values = plan.operatorValues();
    const config = values.migManager.config;
    const { 'mig-configs': configs, version } = parse(config.data['config.yaml']);
    const label = plan.nodeLabels['gpu-1']?.['nvidia.com/mig.config'] ?? '';
    expect(plan.nodeLabels).toEqual({ 'gpu-1': { 'nvidia.com/mig.config': label } });
    expect(version).toBe('v1');
    expect(configs).toEqual({
      'all-disabled': [{ devices: 'all', 'mig-enabled': false }],
      [label]: [
        { devices: [0], 'mig-enabled': true, 'mig-devices': { '3g.40gb': 2 } },
        { devices: [1], 'mig-enabled': true, 'mig-devices': { '3g.40gb': 1 } },
      ],
    });
    expect(config).toMatchObject({ create: true, name: 'mig-layouts', default: 'all-disabled' });
  });

  it('give equal nodes one layout, whose name does not depend on other nodes', () => {
    const pair = [...one(1), { name: 'gpu-2', model: MigModel.A100_80GB, cards: 1 }];
    const both = MigPlanner.pack(pair, [{ name: 'all', profile: '7g.80gb', instances: 2 }]);
    const alone = MigPlanner.pack(one(1), [{ name: 'all', profile: '7g.80gb' }]);
    expect(both.nodeLabels['gpu-1']).toEqual(both.nodeLabels['gpu-2']);
    expect(alone.nodeLabels['gpu-1']).toEqual(both.nodeLabels['gpu-1']);
  });

  it('take the strategy "single" where instances are of one profile on all cards of the nodes in use', () => {
    expect(plan.strategy).toBe(MigStrategy.SINGLE);
    const two = MigPlanner.pack(one(1), [
      { name: 'a', profile: '3g.40gb' },
      { name: 'b', profile: '1g.10gb' },
    ]);
    expect(two.strategy).toBe(MigStrategy.MIXED);
    const withWhole = MigPlanner.pack(one(2), [{ name: 'a', profile: '3g.40gb' }]);
    expect(withWhole.operatorValues()).toMatchObject({ mig: { strategy: 'mixed' } });
  });
});
