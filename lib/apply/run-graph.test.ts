import { setImmediate as tick } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GraphBuilder, type Need, type OrderGraph, orderGraph } from './order-graph.ts';
import { type RunGraphOptions, runGraph, type VertexWork } from './run-graph.ts';

type Row = readonly [from: number, to: number, need?: Need, soft?: boolean];

function graphOf(objects: number, rows: readonly Row[]): OrderGraph {
  const builder = new GraphBuilder();
  for (let index = 0; index < objects; index++) builder.object(`o${index}`, index);
  for (const [from, to, need = 'ready', soft = false] of rows) builder.edge(from, to, need, 'explicit', soft);
  return orderGraph(builder.vertices, builder.edges);
}

/** Runs a graph and writes down what happened, in order. */
async function run(
  graph: OrderGraph,
  work: (index: number) => Partial<VertexWork>,
  options: Partial<RunGraphOptions> = {},
): Promise<string[]> {
  const log: string[] = [];
  const workOf = (index: number): VertexWork => {
    const given = work(index);
    return {
      lane: 'one',
      write: async () => {
        log.push(`write ${index}`);
        await tick();
        await given.write?.();
        log.push(`written ${index}`);
      },
      ready: async (dependants) => {
        await tick();
        await given.ready?.(dependants);
        log.push(`ready ${index}${dependants ? ' for others' : ''}`);
      },
      ...('keep' in given ? { write: undefined } : {}),
    };
  };
  await runGraph(graph, workOf, {
    concurrency: 4,
    wait: true,
    onFailed: (index, error) => log.push(`failed ${index}: ${(error as Error).message}`),
    onSkipped: (index, cause) => log.push(`skipped ${index}: ${cause ?? 'interrupted'}`),
    ...options,
  });
  return log;
}

const failing =
  (...indices: number[]) =>
  (index: number) =>
    indices.includes(index) ? { write: () => Promise.reject(new Error('no')) } : {};

describe('running a graph', () => {
  it('starts a dependant when what it needs is ready, or only written', async () => {
    const log = await run(
      graphOf(3, [
        [0, 1, 'ready'],
        [0, 2, 'written'],
      ]),
      () => ({}),
    );
    expect(log.indexOf('write 1')).toBeGreaterThan(log.indexOf('ready 0 for others'));
    expect(log.indexOf('write 2')).toBeLessThan(log.indexOf('ready 0 for others'));
  });

  it('skips what needs a failed object, names the first cause, and does everything else', async () => {
    const log = await run(
      graphOf(5, [
        [0, 1],
        [1, 2],
        [0, 3, 'ready', true],
      ]),
      failing(0),
    );
    expect(log.filter((line) => /^(failed|skipped)/.test(line))).toEqual([
      'failed 0: no',
      'skipped 1: o0',
      'skipped 2: o0',
    ]);
    expect(log).toContain('ready 3');
    expect(log).toContain('ready 4');
  });

  it('keeps dependants that only need the write when readiness fails', async () => {
    const log = await run(
      graphOf(3, [
        [0, 1, 'written'],
        [0, 2, 'ready'],
      ]),
      (index) => (index === 0 ? { ready: () => Promise.reject(new Error('sick')) } : {}),
    );
    expect(log).toContain('ready 1');
    expect(log).toContain('skipped 2: o0');
  });

  it('without waiting asks for readiness only where dependants could not be written before', async () => {
    const log = await run(
      graphOf(4, [
        [0, 1, 'ready'],
        [2, 3, 'established'],
      ]),
      () => ({}),
      { wait: false },
    );
    expect(log.filter((line) => line.startsWith('ready'))).toEqual(['ready 2 for others']);
    expect(log).toContain('written 1');
  });

  it('looks at an unchanged object only when something that is written waits for it', async () => {
    const keep = (index: number) => (index < 2 ? ({ keep: true } as Partial<VertexWork>) : {});
    const log = await run(graphOf(3, [[0, 2]]), keep);
    expect(log).toEqual(['ready 0 for others', 'write 2', 'written 2', 'ready 2']);
  });

  it('starts nothing new once it is interrupted, and finishes what was begun', async () => {
    const stop = new AbortController();
    const graph = graphOf(3, [[0, 2]]);
    const log = await run(graph, (index) => (index === 0 ? { write: async () => stop.abort() } : {}), {
      signal: stop.signal,
      concurrency: 1,
    });
    expect(log.filter((line) => !line.startsWith('ready'))).toEqual([
      'write 0',
      'written 0',
      'skipped 1: interrupted',
      'skipped 2: interrupted',
    ]);
  });

  it('ends for a chain of 20,000 unchanged objects', async () => {
    const rows = Array.from({ length: 19_999 }, (_, index): Row => [index, index + 1, 'written']);
    expect(await run(graphOf(20_000, rows), () => ({ keep: true }) as Partial<VertexWork>)).toEqual([]);
  });

  it('for all graphs: settles every object, in order, within its lane, and fails only what fails', async () => {
    const rows = fc.array(
      fc.tuple(fc.nat(14), fc.nat(14), fc.constantFrom<Need>('written', 'ready', 'gone'), fc.boolean()),
      { maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(
        rows,
        fc.uniqueArray(fc.nat(14), { maxLength: 4 }),
        fc.integer({ min: 1, max: 3 }),
        async (drawn, bad, concurrency) => {
          const edges = drawn.filter(([from, to]) => from < to);
          const log = await run(graphOf(15, edges), failing(...bad), { concurrency });
          const at = (line: string) => log.findIndex((one) => one === line || one.startsWith(`${line} `));
          /** What must be skipped: everything behind a hard edge from something failed or skipped. */
          const lost = new Set(bad);
          for (let index = 0; index < 15; index++) {
            if (edges.some(([from, to, , soft]) => to === index && !soft && lost.has(from))) lost.add(index);
          }
          for (let index = 0; index < 15; index++) {
            const skipped = log.some((line) => line.startsWith(`skipped ${index}:`));
            const failed = log.some((line) => line.startsWith(`failed ${index}:`));
            expect([index, skipped || failed]).toEqual([index, lost.has(index)]);
            expect(at(`ready ${index}`) >= 0).toBe(!lost.has(index));
          }
          for (const [from, to, need] of edges) {
            if (lost.has(from) || lost.has(to)) continue;
            expect(at(need === 'written' ? `written ${from}` : `ready ${from}`)).toBeLessThan(at(`write ${to}`));
          }
          let running = 0;
          for (const line of log) {
            if (line.startsWith('write ')) running++;
            if (line.startsWith('written ') || line.startsWith('failed ')) running--;
            expect(running).toBeLessThanOrEqual(concurrency);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
