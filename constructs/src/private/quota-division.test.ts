import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { divideReplicas, ReplicaDivision } from '../replica-division';
import { divideUnits, divisible } from './quota-division';

/** The exact value of a quantity in thousandths, by another way than the code under test: only of the suffixes that are written. */
function thousandths(text: string): bigint {
  const [, digits = '', suffix = ''] = /^(\d+)([A-Za-z]*)$/.exec(text) as unknown as string[];
  const factors: Record<string, bigint> = { m: 1n, '': 1000n };
  for (const [i, letter] of [...'kMGTPE'].entries()) factors[letter] = 1000n ** BigInt(i + 2);
  for (const [i, letter] of [...'KMGTPE'].entries()) factors[`${letter}i`] = 1000n * 2n ** BigInt(10 * (i + 1));
  const factor = factors[suffix];
  if (factor === undefined) throw new Error(`what is "${text}"?`);
  return BigInt(digits) * factor;
}

const weights = fc
  .dictionary(fc.stringMatching(/^[a-z]{1,3}$/), fc.integer({ min: 0, max: 1000 }), {
    minKeys: 1,
    maxKeys: 12,
    noNullPrototype: true,
  })
  .map((given) => new Map(Object.entries(given)))
  .filter((map) => [...map.values()].some((weight) => weight > 0));
const methods = fc.constantFrom(...Object.values(ReplicaDivision));
const amounts = fc.oneof(
  fc.record({
    resource: fc.constantFrom('cpu', 'requests.cpu', 'limits.cpu'),
    text: fc.oneof(
      fc.integer({ min: 0, max: 1e6 }).map((n) => `${n}m`),
      fc.integer({ min: 0, max: 1e6 }).map(String),
    ),
  }),
  fc.record({
    resource: fc.constantFrom(
      'memory',
      'limits.memory',
      'requests.storage',
      'fast.storageclass.storage.k8s.io/requests.storage',
    ),
    text: fc
      .tuple(fc.integer({ min: 0, max: 5000 }), fc.constantFrom('', 'k', 'Ki', 'M', 'Mi', 'G', 'Gi', 'T', 'Ti'))
      .map(([n, suffix]) => `${n}${suffix}`),
  }),
  fc.record({
    resource: fc.constantFrom('pods', 'count/deployments.apps', 'requests.nvidia.com/gpu'),
    text: fc.integer({ min: 0, max: 1e6 }).map(String),
  }),
);

describe('a quota', () => {
  it('is divided into parts that sum up to exactly the whole, by every method', () => {
    fc.assert(
      fc.property(amounts, weights, methods, ({ resource, text }, shares, method) => {
        const whole = divisible(resource, text);
        if (whole === undefined) throw new Error(`${text} of ${resource} is not divisible`);
        const parts = [...divideUnits(whole.units, shares, method).values()].map(whole.write);
        expect(parts.map(thousandths).reduce((sum, part) => sum + part, 0n)).toBe(thousandths(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('is divided as replicas are, only faster', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3000 }), weights, methods, (total, shares, method) => {
        expect(divideUnits(total, shares, method)).toEqual(divideReplicas(total, shares, method));
      }),
      { numRuns: 1000 },
    );
  });

  it('takes nothing from any cluster when it is raised (Webster)', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e12 }),
        fc.integer({ min: 1, max: 1000 }),
        weights,
        (total, more, shares) => {
          const before = divideUnits(total, shares);
          for (const [name, part] of divideUnits(total + more, shares)) {
            expect(part).toBeGreaterThanOrEqual(before.get(name) ?? 0);
          }
        },
      ),
    );
  });

  it('of the largest platform is divided at once', () => {
    const shares = new Map(Array.from({ length: 500 }, (_, i) => [`c${i}`, i + 1]));
    const parts = divideUnits(2 ** 50, shares);
    expect([...parts.values()].reduce((sum, part) => sum + part, 0)).toBe(2 ** 50);
  });

  it('is written as the API server writes it', () => {
    const written = (resource: string, text: string, units?: number) => {
      const whole = divisible(resource, text);
      return whole?.write(units ?? whole.units);
    };
    expect(written('cpu', '1.5')).toBe('1500m');
    expect(written('cpu', '2000m')).toBe('2');
    expect(written('cpu', '0')).toBe('0');
    expect(written('memory', '800Gi')).toBe('800Gi');
    expect(written('memory', '0.5Gi')).toBe('512Mi');
    expect(written('memory', '800G')).toBe('800G');
    expect(written('memory', '1500k')).toBe('1500k');
    expect(written('memory', '1e3')).toBe('1k');
    expect(written('memory', '1Gi', 1)).toBe('1Mi');
    expect(written('requests.hugepages-2Mi', '6Mi', 2)).toBe('4Mi');
    expect(written('pods', '5k')).toBe('5000');
  });

  it('of something finer than what can be divided is none', () => {
    for (const [resource, text] of [
      ['cpu', '0.5m'],
      ['cpu', 'many'],
      ['cpu', '-1'],
      ['memory', '500m'],
      ['pods', '1.5'],
      ['requests.hugepages-2Mi', '3Mi'],
      ['memory', '1e999999999'],
      ['memory', '8Ei9'],
    ] as const)
      expect(divisible(resource, text), `${text} of ${resource}`).toBeUndefined();
  });
});
