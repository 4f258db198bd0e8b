import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { MigGeometry } from './mig-geometry';
import { MigModel } from './mig-model';

/** NVIDIA/mig-parted deployments/systemd/config-default.yaml; it lies beside the checkout and is no part of it. */
const DATA = join(__dirname, '../../../../shared/data/gpu/mig-config-default.yaml');
const present = existsSync(DATA);
const required = process.env.CI === 'true';

interface ConfigEntry {
  readonly 'device-filter'?: string | readonly string[];
  readonly 'mig-enabled': boolean;
  readonly 'mig-devices'?: Readonly<Record<string, number>>;
}

const geometries = MigGeometry.all();
const a100 = MigGeometry.of(MigModel.A100_40GB);

/** A model, and any numbers of its profiles. */
const anyMix = fc.constantFrom(...geometries).chain((geometry) =>
  fc.record({
    geometry: fc.constant(geometry),
    mix: fc.dictionary(fc.constantFrom(...geometry.profiles.map(({ name }) => name)), fc.integer({ min: 0, max: 5 })),
  }),
);

describe('where the instances of a mix go', () => {
  it('refuses what has enough slices in sum and no room: two 3g and one 1g, four 2g', () => {
    expect(a100.place({ '3g.20gb': 2, '1g.5gb': 1 })).toBeUndefined();
    expect(a100.place({ '2g.10gb': 4 })).toBeUndefined();
    expect(a100.refusal({ '3g.20gb': 2, '1g.5gb': 1 })).toBe(
      '2 × 3g.20gb + 1 × 1g.5gb has no room on one A100-40GB. Nearest: 2 × 3g.20gb.',
    );
  });

  it('says where each instance begins and how many memory slices it has', () => {
    expect(a100.place({ '4g.20gb': 1, '3g.20gb': 1 })).toEqual([
      { profile: '4g.20gb', start: 0, size: 4 },
      { profile: '3g.20gb', start: 4, size: 4 },
    ]);
    expect(a100.place({})).toEqual([]);
  });

  it('gives one instance of a card the media extensions', () => {
    expect(a100.place({ '1g.5gb+me': 1, '1g.5gb': 6 })).toHaveLength(7);
    expect(a100.place({ '1g.5gb+me': 2 })).toBeUndefined();
    expect(MigGeometry.of(MigModel.A30).place({ '1g.6gb+me': 1, '2g.12gb+me': 1 })).toBeUndefined();
  });

  it('leaves no media engines to others where one instance has all', () => {
    const rtx = MigGeometry.of(MigModel.RTX_PRO_6000);
    expect(rtx.place({ '1g.24gb+me.all': 1, '1g.24gb-me': 3 })).toHaveLength(4);
    expect(rtx.place({ '1g.24gb+me.all': 1, '1g.24gb': 1 })).toBeUndefined();
    expect(rtx.place({ '2g.48gb+gfx': 1, '1g.24gb+gfx': 2 })).toHaveLength(3);
  });

  it('takes the names that other drivers give to a profile', () => {
    expect(MigGeometry.of(MigModel.A100_80GB).place({ '7g.79gb': 1 })).toEqual([
      { profile: '7g.80gb', start: 0, size: 8 },
    ]);
    expect(MigGeometry.of(MigModel.GB200).profile('3g.95gb')?.name).toBe('3g.93gb');
  });

  it('refuses profiles that the model does not have, and numbers that are none', () => {
    expect(a100.place({ '1g.18gb': 1 })).toBeUndefined();
    expect(a100.refusal({ '1g.18gb': 1 })).toContain('A100-40GB has no profile 1g.18gb. It has 1g.5gb,');
    expect(a100.refusal({ '1g.5gb': 0.5 })).toBe('0.5 instances of 1g.5gb are no number of instances.');
    expect(() => a100.maximalMixes(['9g.1gb'])).toThrow(/ORR2011[\s\S]*A100-40GB has no profile 9g.1gb/);
  });

  it('never lets instances overlap or begin where their profile may not, and places exactly the mix', () => {
    fc.assert(
      fc.property(anyMix, ({ geometry, mix }) => {
        const placed = geometry.place(mix);
        if (placed === undefined) return;
        const taken = placed.flatMap(({ start, size }) => Array.from({ length: size }, (_, at) => start + at));
        expect(new Set(taken).size).toBe(taken.length);
        expect(Math.max(-1, ...taken)).toBeLessThan(geometry.memorySlices);
        for (const { profile, start, size } of placed) {
          const { starts, memorySlices } = geometry.profile(profile) ?? { starts: [], memorySlices: 0 };
          expect(starts).toContain(start);
          expect(size).toBe(memorySlices);
        }
        for (const [name, count] of Object.entries(mix)) {
          expect(placed.filter(({ profile }) => profile === name)).toHaveLength(count);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('has room for every part of a mix that it has room for', () => {
    fc.assert(
      fc.property(anyMix, fc.nat(), ({ geometry, mix }, pick) => {
        const names = Object.keys(mix).filter((name) => (mix[name] ?? 0) > 0);
        const name = names[pick % Math.max(1, names.length)];
        if (name === undefined || geometry.place(mix) === undefined) return;
        expect(geometry.place({ ...mix, [name]: (mix[name] ?? 0) - 1 })).toBeDefined();
      }),
      { numRuns: 2_000 },
    );
  });

  it('agrees with trying every start of every instance', () => {
    fc.assert(
      fc.property(anyMix, ({ geometry, mix }) => {
        const instances = Object.entries(mix).flatMap(([name, count]) => Array.from({ length: count }, () => name));
        fc.pre(instances.length <= 8 && !instances.some((name) => /me/.test(name)));
        const tryAll = (left: readonly string[], taken: ReadonlySet<number>): boolean => {
          const [name, ...others] = left;
          if (name === undefined) return true;
          const { starts, memorySlices } = geometry.profile(name) ?? { starts: [], memorySlices: 0 };
          return starts.some((start) => {
            const slices = Array.from({ length: memorySlices }, (_, at) => start + at);
            return slices.every((slice) => !taken.has(slice)) && tryAll(others, new Set([...taken, ...slices]));
          });
        };
        expect(geometry.place(mix) !== undefined).toBe(tryAll(instances, new Set()));
      }),
      { numRuns: 300 },
    );
  });

  it('names as nearest a part of the mix that has room', () => {
    fc.assert(
      fc.property(anyMix, ({ geometry, mix }) => {
        const refusal = geometry.refusal(mix);
        expect(refusal === undefined).toBe(geometry.place(mix) !== undefined);
        if (refusal === undefined) return;
        const nearest = Object.fromEntries(
          [...(refusal.split('Nearest:')[1] ?? '').matchAll(/(\d+) × (\S+?)(?=[ .]?( \+|\.$))/g)].map(
            ([, count, name]) => [name ?? '', Number(count)],
          ),
        );
        expect(Object.keys(nearest).length).toBeGreaterThan(0);
        expect(geometry.place(nearest)).toBeDefined();
        for (const [name, count] of Object.entries(nearest)) expect(count).toBeLessThanOrEqual(mix[name] ?? 0);
      }),
    );
  });
});

describe('all mixes of a card', () => {
  const six = [MigModel.A100_40GB, MigModel.A100_80GB, MigModel.H100_80GB, MigModel.H200, MigModel.B200];

  it.each(six)('are 37, of which 12 are maximal, for the %s without double memory, and 77 and 28 with it', (model) => {
    const geometry = MigGeometry.of(model);
    const plain = geometry.profiles.filter(({ name }) => name.endsWith('gb')).map(({ name }) => name);
    const single = plain.filter((name) => name !== plain[1]);
    expect([geometry.feasibleMixes(single).length, geometry.maximalMixes(single).length]).toEqual([37, 12]);
    expect([geometry.feasibleMixes().length, geometry.maximalMixes().length]).toEqual([77, 28]);
  });

  it('are 9 of which 4 are maximal for the A30', () => {
    const a30 = MigGeometry.of(MigModel.A30);
    expect(a30.feasibleMixes()).toHaveLength(9);
    expect(a30.maximalMixes()).toEqual([
      { '1g.6gb': 4 },
      { '1g.6gb': 2, '2g.12gb': 1 },
      { '2g.12gb': 2 },
      { '4g.24gb': 1 },
    ]);
  });

  it('are, maximal and without double memory, the twelve of the A100', () => {
    const mixes = a100.maximalMixes(['1g.5gb', '2g.10gb', '3g.20gb', '4g.20gb', '7g.40gb']);
    const short = mixes.map((mix) =>
      Object.entries(mix)
        .map(([name, count]) => `${count}×${name.slice(0, 2)}`)
        .join(' '),
    );
    expect(short.sort()).toEqual(
      [
        ...['7×1g', '5×1g 1×2g', '3×1g 2×2g', '1×1g 3×2g', '4×1g 1×3g', '2×1g 1×2g 1×3g'],
        ...['2×2g 1×3g', '2×3g', '3×1g 1×4g', '1×1g 1×2g 1×4g', '1×3g 1×4g', '1×7g'],
      ].sort(),
    );
  });

  it('include every maximal one and every part of it, and no other', () => {
    for (const geometry of geometries) {
      const names = geometry.profiles.filter(({ name }) => name.endsWith('gb')).map(({ name }) => name);
      const parts = new Set<string>();
      for (const maximal of geometry.maximalMixes()) {
        expect(geometry.place(maximal)).toBeDefined();
        for (const name of names) {
          expect(geometry.place({ ...maximal, [name]: (maximal[name] ?? 0) + 1 })).toBeUndefined();
        }
        const walk = (at: number, counts: readonly number[]): void => {
          const name = names[at];
          if (name === undefined) {
            if (counts.some((count) => count > 0)) parts.add(counts.join());
            return;
          }
          for (let count = 0; count <= (maximal[name] ?? 0); count++) walk(at + 1, [...counts, count]);
        };
        walk(0, []);
      }
      const feasible = geometry.feasibleMixes().map((mix) => names.map((name) => mix[name] ?? 0).join());
      expect([...parts].sort()).toEqual(feasible.sort());
    }
  });
});

describe('models and their products', () => {
  it.each([
    ['NVIDIA-A100-SXM4-40GB', MigModel.A100_40GB],
    ['NVIDIA-A100-PCIE-40GB-SHARED', MigModel.A100_40GB],
    ['NVIDIA-A100-SXM4-40GB-MIG-1g.5gb', MigModel.A100_40GB],
    ['NVIDIA-A100-80GB-PCIe', MigModel.A100_80GB],
    ['NVIDIA-A800-SXM4-80GB', MigModel.A100_80GB],
    ['NVIDIA-A30', MigModel.A30],
    ['NVIDIA-H100-80GB-HBM3', MigModel.H100_80GB],
    ['NVIDIA-H100-PCIe', MigModel.H100_80GB],
    ['NVIDIA-H100-NVL', MigModel.H100_NVL],
    ['NVIDIA-H20', MigModel.H100_96GB],
    ['NVIDIA-GH200-480GB', MigModel.GH200_96GB],
    ['NVIDIA-GH200-144G-HBM3e', MigModel.GH200_144GB],
    ['NVIDIA-H200', MigModel.H200],
    ['NVIDIA-H200-NVL', MigModel.H200],
    ['NVIDIA-B200', MigModel.B200],
    ['NVIDIA-GB200', MigModel.GB200],
    ['NVIDIA-B300-SXM6-AC', MigModel.B300],
    ['NVIDIA-GB300', MigModel.GB300],
    ['NVIDIA-RTX-PRO-6000-Blackwell-Server-Edition', MigModel.RTX_PRO_6000],
    ['NVIDIA-L40S', undefined],
    ['Tesla-V100-SXM2-32GB', undefined],
    ['NVIDIA-H20-3e', undefined],
  ])('%s is %s', (product, model) => {
    expect(MigGeometry.ofProduct(product)?.model).toBe(model);
  });

  it('have no device id in common', () => {
    const ids = geometries.flatMap(({ deviceIds }) => deviceIds);
    expect(new Set(ids).size).toBe(ids.length);
    expect(geometries.map(({ model }) => model).sort()).toEqual(Object.values(MigModel).sort());
  });

  it('name the resource that pods ask for', () => {
    expect(a100.profile('1g.5gb+me')?.resourceName).toBe('nvidia.com/mig-1g.5gb.me');
    expect(a100.profile('3g.20gb')).toMatchObject({
      most: 2,
      usableMebibytes: 19968,
      multiprocessors: 42,
      starts: [0, 4],
    });
  });
});

describe.skipIf(!present && !required)(
  `the configurations of NVIDIA's mig-parted${present ? '' : ' (skipped: ../shared/data is not there)'}`,
  () => {
    const configs = present
      ? Object.entries(
          (parse(readFileSync(DATA, 'utf8')) as { 'mig-configs': Record<string, ConfigEntry[]> })['mig-configs'],
        )
      : [];
    const entries = configs.flatMap(([name, list]) =>
      list.map((entry) => ({ name, filter: [entry['device-filter'] ?? []].flat(), mix: entry['mig-devices'] ?? {} })),
    );

    it('are there', () => {
      expect(entries.length).toBeGreaterThan(80);
    });

    it('name no device that is not known', () => {
      const known = geometries.flatMap(({ deviceIds }) => deviceIds);
      const named = new Set(entries.flatMap(({ filter }) => filter));
      expect([...named].filter((id) => !known.includes(id))).toEqual([]);
      expect(known.filter((id) => !named.has(id))).toEqual([]);
    });

    it.each(entries.map((entry) => [`${entry.name} ${entry.filter[0] ?? ''}`, entry] as const))(
      '%s is what the table allows',
      (_, { filter, mix }) => {
        const names = Object.keys(mix);
        const meant = geometries.filter(({ deviceIds }) =>
          filter.length === 0 ? names.length > 0 : deviceIds.some((id) => filter.includes(id)),
        );
        const having = meant.filter((geometry) => names.every((name) => geometry.profile(name) !== undefined));
        // Without a filter a configuration is for the models that have its profiles; with one, for every model that it names.
        if (filter.length > 0) expect(having).toEqual(meant);
        if (names.length > 0) expect(having.length).toBeGreaterThan(0);
        for (const geometry of having) {
          expect(geometry.place(mix)).toBeDefined();
          const [name] = names;
          if (names.length === 1 && name !== undefined) expect(mix[name]).toBe(geometry.profile(name)?.most);
          else expect(geometry.maximalMixes(names)).toContainEqual(mix);
        }
      },
    );

    it('name every profile of every model', () => {
      const named = new Set(entries.flatMap(({ mix }) => Object.keys(mix)));
      const missing = geometries.flatMap(({ profiles }) =>
        profiles.map(({ name }) => name).filter((name) => !named.has(name)),
      );
      expect([...new Set(missing)]).toEqual([]);
    });
  },
);
