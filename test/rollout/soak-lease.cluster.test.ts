import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { leaseName, readLease } from '../../lib/apply/lease-record.ts';
import type { ApplyEvent } from '../../lib/apply/outcome.ts';
import { type Applied, outcomeOf } from '../applied-platform.ts';
import { configMap, namespace } from '../sample-objects.ts';
import { StagedPlatform, wavesIn } from './staged-platform.ts';

/** Waves take longer than a lease: it has to be renewed all the time, in the clusters that are through and in those that wait. */

let platform: StagedPlatform;

beforeEach(async () => {
  platform = await StagedPlatform.start('soak');
});
afterEach(() => platform.end());

const LEASE_SECONDS = 3;

describe.skipIf(inject('rig') === 'missing')('a rollout that soaks longer than its leases last', () => {
  it('keeps the leases of all its clusters: another apply is refused meanwhile, and the next wave follows', async () => {
    const ns = platform.namespace();
    const objects = [namespace(ns), configMap(ns, 'a')];
    const rollout = {
      waves: [
        { name: 'canary', clusters: ['alpha'], soakMs: LEASE_SECONDS * 3_000 },
        { name: 'rest', clusters: ['beta'] },
      ],
    };
    let soakBegan = 0;
    let renewals: string[] = [];
    const others: Promise<Applied>[] = [];
    const onEvent = (event: ApplyEvent) => {
      if (event.type === 'wave-soaking') {
        soakBegan = platform.writes.length;
        for (const cluster of ['alpha', 'beta'])
          others.push(platform.apply({ [cluster]: [namespace(ns), configMap(ns, 'other')] }));
      }
      if (event.type === 'wave-started' && event.wave === 'rest') renewals = platform.writes.slice(soakBegan);
    };
    const program = { alpha: objects, beta: objects };
    const applied = await platform.roll(program, rollout, { leaseSeconds: LEASE_SECONDS, onEvent });
    expect(wavesIn(applied)).toEqual(['done alpha', 'done beta']);

    const [alpha, beta] = (await Promise.all(others)) as [Applied, Applied];
    for (const [other, cluster] of [
      [alpha, 'alpha'],
      [beta, 'beta'],
    ] as const) {
      const { written, problem } = outcomeOf(other, cluster);
      expect([cluster, written, problem?.code]).toEqual([cluster, 0, 'ORR5004']);
      // As often as a lease needs in a time three times as long.
      const sent = renewals.filter((write) => write.startsWith(`${cluster} PUT`) && write.includes('/leases/'));
      expect(sent.length).toBeGreaterThanOrEqual(3);
      const lease = await readLease(await platform.open(cluster), leaseName(platform.id));
      // Nobody took it over.
      expect(lease?.spec).toMatchObject({ leaseTransitions: 0 });
      expect(await platform.pending(program, cluster)).toEqual([]);
    }
  });
});
