import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClusterCondition } from './cluster-tally.ts';
import { GraphBuilder, orderGraph } from './order-graph.ts';
import type { WaveEvent } from './outcome.ts';
import { placesOf, type Wave, wavesOf } from './wave-order.ts';
import { runWaves, type WaveMember, type WaveRules } from './wave-run.ts';

const object = (cluster: string) => ({
  cluster,
  id: { group: '', kind: 'ConfigMap', namespace: 'a', name: 'a' },
  path: 'a',
  role: 'write' as const,
});

const desired = (needs: Readonly<Record<string, readonly string[]>>) => ({
  platform: { id: 'p' },
  assemblyDigest: '',
  holdsSecrets: false,
  clusters: Object.entries(needs).map(([name, others]) => ({
    name,
    facts: {},
    objects: [
      {
        id: object(name).id,
        object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } },
        sha256: '',
        path: 'a',
        unit: 'a',
        dependsOn: others.map((cluster) => ({ cluster, path: 'a' })),
      },
    ],
  })),
});

describe('the waves of an apply', () => {
  it('start clusters that others of their wave depend on first, and hold what the rollout does not name in the last one', () => {
    const rollout = {
      waves: [
        { name: 'one', clusters: ['a', 'b', 'c'] },
        { name: 'two', clusters: ['d'] },
      ],
    };
    const waves = wavesOf(rollout, ['left', 'a', 'c', 'b', 'd'], desired({ a: ['b'], b: ['c'], c: [] }), 2);
    expect(waves.map(({ clusters, maxParallel }) => [clusters, maxParallel])).toEqual([
      [['c', 'b', 'a'], 2],
      [['d', 'left'], 2],
    ]);
  });

  it('are one without a rollout, and survive clusters that wait for each other', () => {
    const [wave] = wavesOf(undefined, ['a', 'b'], desired({ a: ['b'], b: ['a'] }));
    expect(wave).toMatchObject({ clusters: ['b', 'a'], maxParallel: Number.POSITIVE_INFINITY });
  });

  it('give every object a place no earlier than its cluster, and than whatever it waits for', () => {
    const graphs = fc.record({
      clusters: fc.array(fc.nat(3), { minLength: 1, maxLength: 12 }),
      edges: fc.array(fc.tuple(fc.nat(11), fc.nat(11)), { maxLength: 30 }),
    });
    fc.assert(
      fc.property(graphs, ({ clusters, edges }) => {
        const builder = new GraphBuilder();
        const ordered = clusters.map((cluster) => object(`c${cluster}`));
        for (const index of ordered.keys()) builder.object('o', index);
        // From lower to higher: no circles.
        const kept = edges.filter(([from, to]) => from < to && to < ordered.length);
        for (const [from, to] of kept) builder.edge(from, to, 'ready', 'explicit');
        const graph = orderGraph(builder.vertices, builder.edges);
        const start = new Map([0, 1, 2, 3].map((at) => [`c${at}`, at]));
        const places = placesOf(graph, ordered, start);
        for (const [index, { cluster }] of ordered.entries()) {
          const own = start.get(cluster) ?? 0;
          const needed = kept.filter(([, to]) => to === index).map(([from]) => places[from] ?? 0);
          expect(places[index]).toBe(Math.max(own, ...needed));
        }
      }),
    );
  });
});

describe('going through the waves', () => {
  const conditions = fc.constantFrom<ClusterCondition>('well', 'well', 'well', 'failed', 'unreachable', 'waiting');
  const waves = fc.array(
    fc.record({ members: fc.array(conditions, { maxLength: 4 }), maxParallel: fc.constantFrom(1, 2, 9) }),
    { maxLength: 4 },
  );

  /** Runs waves of members that end in these conditions; tells what happened in order, and how many ran at once. */
  async function run(
    described: readonly { readonly members: readonly ClusterCondition[]; readonly maxParallel: number }[],
    rules: Partial<WaveRules>,
  ) {
    const events: WaveEvent[] = [];
    const log: string[] = [];
    const most = described.map(() => 0);
    const all: WaveMember[] = [];
    const made = described.map(({ members, maxParallel }, at): Wave => {
      let running = 0;
      const names = members.map((condition, index) => {
        const cluster = `w${at}c${index}`;
        let now: ClusterCondition = 'well';
        all.push({
          cluster,
          isFresh: true,
          get condition() {
            return now;
          },
          start: async () => {
            most[at] = Math.max(most[at] ?? 0, ++running);
            log.push(`start ${cluster}`);
            await Promise.resolve();
            running--;
            now = condition;
          },
          refuse: () => log.push(`refuse ${cluster}`),
          interrupt: () => log.push(`interrupt ${cluster}`),
          finish: async (proved) => {
            log.push(`finish ${cluster} ${proved}`);
          },
        });
        return cluster;
      });
      return { name: `w${at}`, clusters: names, maxParallel, soakMs: 0, gates: [] };
    });
    const outcomes = await runWaves(made, all, {
      stops: true,
      passesUnreachable: false,
      recheck: false,
      askGate: async () => ({ passed: true, detail: '' }),
      emit: (event) => events.push(event),
      signal: new AbortController().signal,
      ...rules,
    });
    return { outcomes, log, most, all };
  }

  it('starts or refuses every cluster once, never more than allowed at a time, and none after a wave that is not through', async () => {
    await fc.assert(
      fc.asyncProperty(waves, fc.boolean(), async (described, passesUnreachable) => {
        const { log, most, all } = await run(described, { passesUnreachable });
        const begun = log.filter((line) => /^(start|refuse)/.test(line));
        expect(begun.map((line) => line.split(' ')[1]).sort()).toEqual(all.map(({ cluster }) => cluster).sort());
        for (const [at, { maxParallel }] of described.entries()) expect(most[at]).toBeLessThanOrEqual(maxParallel);
        const bad = (condition: ClusterCondition) =>
          condition === 'failed' || condition === 'waiting' || (condition === 'unreachable' && !passesUnreachable);
        const stop = described.findIndex(({ members }) => members.some(bad));
        const started = log.filter((line) => line.startsWith('start')).map((line) => Number(line[7]));
        if (stop >= 0) expect(started.every((at) => at <= stop)).toBe(true);
        else expect(log.filter((line) => line.startsWith('refuse'))).toEqual([]);
        // What belongs to a wave that is not through is not proved.
        const proved = log.filter((line) => line.endsWith('true')).map((line) => Number(line[8]));
        if (stop >= 0) expect(proved.every((at) => at < stop)).toBe(true);
      }),
    );
  });

  it('without a rollout stops nothing', async () => {
    await fc.assert(
      fc.asyncProperty(waves, async (described) => {
        const { log } = await run(described, { stops: false });
        expect(log.filter((line) => /^refuse|false$/.test(line))).toEqual([]);
      }),
    );
  });

  it('asks gates in order, and none after one that did not pass', async () => {
    const asked: string[] = [];
    const gates = ['one', 'two', 'three'].map((name) => ({
      type: 'http' as const,
      name,
      timeoutMs: 1,
      url: 'http://a',
    }));
    const member: WaveMember = {
      cluster: 'a',
      isFresh: true,
      condition: 'well',
      start: () => Promise.resolve(),
      refuse: () => {},
      interrupt: () => {},
      finish: () => Promise.resolve(),
    };
    const wave = { name: 'w', clusters: ['a'], maxParallel: 1, soakMs: 0, gates };
    const [outcome] = await runWaves([wave], [member], {
      stops: true,
      passesUnreachable: false,
      recheck: false,
      askGate: async ({ name }) => {
        asked.push(name);
        return { passed: name === 'one', detail: 'because' };
      },
      emit: () => {},
      signal: new AbortController().signal,
    });
    expect(asked).toEqual(['one', 'two']);
    expect(outcome).toMatchObject({
      status: 'failed',
      problem: { what: 'wave "w" did not pass its gate "two": because.' },
    });
  });
});
