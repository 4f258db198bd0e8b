import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GpuNeeds } from '../gpu-needs';
import { GpuVendor } from '../gpu-nodes';
import { type HamiDevice, hamiDevice } from './hami-devices';
import { hamiAmounts, hamiFindings, hamiGrant, hamiLimits } from './hami-request';

/** A card of every vendor, and every chip of those that have resources for each. */
const CARDS: readonly (readonly [GpuVendor, string])[] = [
  [GpuVendor.NVIDIA, 'NVIDIA-A100-SXM4-80GB'],
  ...['910A', '910B2', '910B3', '910B4', '910B4-1', '910C', '310P'].map(
    (chip) => [GpuVendor.ASCEND, `Ascend${chip}`] as const,
  ),
  [GpuVendor.CAMBRICON, 'MLU370-X8'],
  [GpuVendor.HYGON, 'DCU-K100_AI'],
  [GpuVendor.METAX, 'C500'],
  [GpuVendor.ILUVATAR, 'BI-V150'],
  [GpuVendor.MTHREADS, 'MTT-S4000'],
  [GpuVendor.ENFLAME, 'GCU-S60'],
  [GpuVendor.KUNLUNXIN, 'Kunlun-P800'],
  [GpuVendor.AMD, 'AMD-Instinct-MI300X'],
  [GpuVendor.BIREN, 'Biren-BR104'],
];

/** Mostly what passes, with mistakes among it. */
const needs: fc.Arbitrary<GpuNeeds> = fc
  .tuple(
    fc.oneof<fc.Arbitrary<GpuNeeds>[]>(
      fc.constant({}),
      fc.record({ memoryMebibytes: fc.integer({ min: -1, max: 120_000 }) }),
      fc.record({ memoryMebibytes: fc.integer({ min: 0, max: 96 }).map((blocks) => blocks * 256) }),
      fc.record({ memoryMebibytes: fc.double({ noNaN: true, min: 0, max: 1000 }) }),
      fc.record({ memoryGibibytes: fc.oneof(fc.integer({ min: 0, max: 50 }), fc.constant(0.5)) }),
      fc.record({ memoryPercentage: fc.integer({ min: -5, max: 120 }) }),
    ),
    fc.oneof(fc.constant({}), fc.record({ cards: fc.integer({ min: -1, max: 20 }) })),
    fc.oneof(
      fc.constant({}),
      fc.record({ corePercentage: fc.oneof(fc.integer({ min: -5, max: 120 }), fc.constant(6.25), fc.constant(50)) }),
    ),
    fc.oneof(
      { weight: 5, arbitrary: fc.constant({}) },
      { weight: 1, arbitrary: fc.record({ priority: fc.integer({ min: -1, max: 2 }) }) },
    ),
  )
  .map((parts) => Object.assign({}, ...parts));
const card = fc.constantFrom(...CARDS).map(([vendor, product]) => hamiDevice(vendor, product));

/** MiB that a limit stands for. */
function mebibytesOf(device: HamiDevice, limit: number | string): number {
  return typeof limit === 'string' ? Number(limit.replace(/Mi$/, '')) : limit * (device.memory?.unit ?? Number.NaN);
}

function found(device: HamiDevice, request: GpuNeeds, facts = {}): string[] {
  return hamiFindings(device, request, facts).map(({ what, fix }) => `${what} ${fix}`);
}

describe('a share of a card', () => {
  it('is never over the card, for whatever passes', () => {
    fc.assert(
      fc.property(card, needs, fc.integer({ min: 1, max: 100_000 }), (device, request, cardMebibytes) => {
        const facts = { cardMebibytes, cardsPerNode: 16 };
        fc.pre(hamiFindings(device, request, facts).length === 0);
        const limits = hamiLimits(device, request);
        const granted = hamiGrant(device, request, facts);
        const memory = device.memory === undefined ? undefined : limits[device.memory.resource];
        if (memory !== undefined) expect(mebibytesOf(device, memory)).toBeLessThanOrEqual(cardMebibytes);
        expect(Number(limits[device.memoryPercentage ?? ''] ?? 0)).toBeLessThanOrEqual(100);
        expect(Number(limits[device.cores?.resource ?? ''] ?? 0)).toBeLessThanOrEqual(device.cores?.whole ?? 0);
        expect(granted.cards).toBeLessThanOrEqual(16);
      }),
      { numRuns: 1000, maxSkipsPerRun: 100 },
    );
  });

  it('loses no unit: what is asked for is what was said, in whole numbers, and what is given is no less', () => {
    fc.assert(
      fc.property(card, needs, (device, request) => {
        fc.pre(hamiFindings(device, request, {}).length === 0);
        const limits = hamiLimits(device, request);
        const wanted = request.memoryMebibytes ?? (request.memoryGibibytes ?? Number.NaN) * 1024;
        for (const value of Object.values(limits)) expect(String(value)).toMatch(/^\d+(Mi)?$/);
        expect(limits[device.count]).toBe(request.cards ?? 1);
        if (!Number.isNaN(wanted)) {
          expect(mebibytesOf(device, limits[device.memory?.resource ?? ''] ?? '')).toBe(wanted);
          expect(hamiGrant(device, request, {}).mebibytes).toBeGreaterThanOrEqual(wanted);
        }
        const { corePercentage, memoryPercentage } = request;
        if (corePercentage !== undefined) {
          const { resource, whole } = device.cores as NonNullable<HamiDevice['cores']>;
          expect((Number(limits[resource]) * 100) / whole).toBe(corePercentage);
        }
        if (memoryPercentage !== undefined) expect(limits[device.memoryPercentage ?? '']).toBe(memoryPercentage);
      }),
      { numRuns: 1000, maxSkipsPerRun: 100 },
    );
  });

  it('that is refused is refused with something that passes where a number is named', () => {
    fc.assert(
      fc.property(card, fc.integer({ min: 1, max: 60_000 }), (device, memoryMebibytes) => {
        const [first, ...others] = hamiFindings(device, { memoryMebibytes }, {});
        fc.pre(first !== undefined && others.length === 0 && device.memory !== undefined);
        const nearest = /Use (\d+)/.exec(first?.fix ?? '')?.[1];
        expect(nearest).toBeDefined();
        expect(found(device, { memoryMebibytes: Number(nearest) })).toEqual([]);
      }),
      { numRuns: 500, maxSkipsPerRun: 500 },
    );
  });
});

describe('a chip of Ascend', () => {
  it.each([
    ['Ascend910A', 2000, 2184, 'vir02'],
    ['Ascend910A', 17_477, 32_768, 'a whole card'],
    ['Ascend910B2', 8193, 16_384, 'vir06_1c_16g'],
    ['Ascend910B3', 1, 16_384, 'vir05_1c_16g'],
    ['Ascend910B4', 9000, 16_384, 'vir10_3c_16g'],
    ['Ascend310P', 3073, 6144, 'vir02'],
    ['Ascend310P', 12_289, 21_527, 'a whole card'],
  ])('%s gives for %i MiB the next template', (product, memoryMebibytes, mebibytes, template) => {
    const device = hamiDevice(GpuVendor.ASCEND, product);
    expect(hamiGrant(device, { memoryMebibytes }, {})).toMatchObject({
      mebibytes,
      rounded: `${memoryMebibytes} MiB become ${mebibytes}, ${template}.`,
    });
  });

  it('is named alike however its product is written', () => {
    const counts = ['Ascend910B2', '910B2', 'ascend-910b2', 'Huawei Ascend910B2'].map(
      (product) => hamiDevice(GpuVendor.ASCEND, product).count,
    );
    expect(new Set(counts)).toEqual(new Set(['huawei.com/Ascend910B2']));
    expect(hamiDevice(GpuVendor.ASCEND, '310P3').count).toBe('huawei.com/Ascend310P');
  });

  it('gives exactly what is said where a library keeps the share', () => {
    const device = hamiDevice(GpuVendor.ASCEND, 'Ascend910B3');
    expect(hamiGrant(device, { memoryMebibytes: 28_672, corePercentage: 40 }, {})).toEqual({
      cards: 1,
      mebibytes: 28_672,
      corePercentage: 40,
    });
  });

  it('910C comes in pairs', () => {
    const device = hamiDevice(GpuVendor.ASCEND, 'Ascend910C');
    expect(hamiGrant(device, {}, {}).cards).toBe(2);
    expect(found(device, {}, { cardsPerNode: 1 })).toEqual([
      'A pod asks for 2 cards, and a node has 1. Use 1 or fewer, and more pods.',
    ]);
    expect(found(device, { cards: 3 })).toEqual(['Ascend910C is given out in pairs, and `cards` is 3. Use 2 or 4.']);
    expect(found(device, { cards: 4 })).toEqual([]);
  });

  it('has parts of one card only', () => {
    const device = hamiDevice(GpuVendor.ASCEND, 'Ascend910B3');
    expect(found(device, { cards: 2, memoryMebibytes: 16_384 })).toEqual([
      'Ascend910B3 gives a part of one card only, and the pod asks for a part of 2. Use one card, or leave out memory and compute: cards are whole then.',
    ]);
    expect(found(device, { cards: 2, memoryMebibytes: 65_536 })).toEqual([]);
    expect(found(device, { memoryMebibytes: 65_537 })).toEqual([
      'A share of 65537 MiB is more than the 65536 MiB that a card gives. Use 65536 or less.',
    ]);
  });
});

describe('what HAMi would take for something else', () => {
  const of = (vendor: GpuVendor, product = '') => hamiDevice(vendor, product);
  it.each<[string, HamiDevice, GpuNeeds, string]>([
    [
      'memory twice',
      of(GpuVendor.NVIDIA),
      { memoryMebibytes: 3000, memoryPercentage: 30 },
      'A share has memory in MiB or GiB and `memoryPercentage`. Leave out one of the two.',
    ],
    [
      'a percentage above 100',
      of(GpuVendor.NVIDIA),
      { memoryPercentage: 101 },
      '`memoryPercentage` is 101. Use a whole number from 1 to 100.',
    ],
    [
      'bytes',
      of(GpuVendor.NVIDIA),
      { memoryMebibytes: 2 ** 32 },
      '`memoryMebibytes` is 4294967296. Use a whole number of MiB: 8192 for 8 GiB.',
    ],
    [
      'memory between two blocks',
      of(GpuVendor.CAMBRICON),
      { memoryMebibytes: 1000 },
      'Cambricon counts memory in blocks of 256 MiB, and 1000 MiB are no multiple of it. Use 768 or 1024.',
    ],
    [
      'memory that is none of the sizes',
      of(GpuVendor.MTHREADS),
      { memoryMebibytes: 5120 },
      'Moore Threads gives 1024, 2048, 4096, 8192, 16384, 32768, 49152 MiB, and not 5120. Use 8192.',
    ],
    [
      'compute between two units',
      of(GpuVendor.MTHREADS),
      { corePercentage: 10 },
      '`corePercentage` is 10. Use a multiple of 6.25 from 6.25 to 100.',
    ],
    [
      'a part of a card that has none',
      of(GpuVendor.ENFLAME),
      { memoryMebibytes: 1024 },
      'Of Enflame a pod has whole cards. Leave out the memory.',
    ],
    [
      'a priority that there is not',
      of(GpuVendor.NVIDIA),
      { priority: 2 },
      '`priority` is 2. Use 0, which goes first, or 1.',
    ],
    [
      'a priority of other vendors',
      of(GpuVendor.HYGON),
      { priority: 0 },
      'Tasks on cards of Hygon have no `priority`. Leave it out.',
    ],
  ])('is refused: %s', (_, device, request, expected) => {
    expect(found(device, request)).toEqual([expected]);
  });
});

describe('what a container takes of a node', () => {
  it.each<[string, HamiDevice, GpuNeeds, { readonly [resource: string]: number }]>([
    [
      'its share of each of its cards',
      hamiDevice(GpuVendor.NVIDIA, ''),
      { cards: 2, memoryMebibytes: 3000, corePercentage: 30 },
      { 'nvidia.com/gpu': 2, 'nvidia.com/gpumem': 6000, 'nvidia.com/gpucores': 60 },
    ],
    [
      'a part of the memory in MiB',
      hamiDevice(GpuVendor.NVIDIA, ''),
      { memoryPercentage: 50 },
      { 'nvidia.com/gpu': 1, 'nvidia.com/gpumem': 20_480, 'nvidia.com/gpucores': 0 },
    ],
    [
      'all of a card of which it says nothing',
      hamiDevice(GpuVendor.NVIDIA, ''),
      {},
      { 'nvidia.com/gpu': 1, 'nvidia.com/gpumem': 40_960, 'nvidia.com/gpucores': 100 },
    ],
    [
      'all of the compute, where a vendor gives it with every share',
      hamiDevice(GpuVendor.METAX, ''),
      { memoryGibibytes: 4 },
      { 'metax-tech.com/sgpu': 1, 'metax-tech.com/vmemory': 4, 'metax-tech.com/vcore': 100 },
    ],
    [
      'the template, and not the wish',
      hamiDevice(GpuVendor.ASCEND, 'Ascend910B4'),
      { memoryMebibytes: 2000 },
      { 'huawei.com/Ascend910B4': 1, 'huawei.com/Ascend910B4-memory': 8192, 'huawei.com/Ascend910B4-core': 0 },
    ],
  ])('is %s', (_, device, request, expected) => {
    expect(hamiAmounts(device, request, { cardMebibytes: 40_960 })).toEqual(expected);
  });

  it('is never less than its limits say, times its cards', () => {
    fc.assert(
      fc.property(card, needs, (device, request) => {
        const facts = { cardMebibytes: 98_304, cardsPerNode: 20 };
        fc.pre(hamiFindings(device, request, facts).length === 0);
        const amounts = hamiAmounts(device, request, facts);
        const { [device.count]: count, ...limits } = hamiLimits(device, request);
        for (const [resource, limit] of Object.entries(limits)) {
          if (resource === device.priority) continue;
          if (resource === device.memoryPercentage) continue;
          const units = typeof limit === 'string' ? mebibytesOf(device, limit) / 1024 : limit;
          expect(amounts[resource]).toBeGreaterThanOrEqual(Math.floor(units) * Number(count));
        }
      }),
      { numRuns: 1000, maxSkipsPerRun: 100 },
    );
  });
});
