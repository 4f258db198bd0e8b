import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findingsOf } from '../private/typed-object';
import type { CollectorConfig } from './collector-config';
import { checkCollectorConfig, checkProcessorOrder, withDefaultProcessors } from './private/collector-config-rules';

const problems = (config: CollectorConfig) => findingsOf((report) => checkCollectorConfig(config, report));
const what = (config: CollectorConfig) => problems(config).map(({ code, what: text }) => `${code}: ${text}`);

const OTLP: CollectorConfig = {
  receivers: { otlp: {} },
  processors: { batch: {} },
  exporters: { 'otlp/centre': {} },
  service: { pipelines: { traces: { receivers: ['otlp'], processors: ['batch'], exporters: ['otlp/centre'] } } },
};

const RECEIVERS = ['otlp', 'otlp/b', 'zipkin'];
const PROCESSORS = ['batch', 'memory_limiter', 'transform/a', 'attributes'];
const EXPORTERS = ['debug', 'otlp/centre', 'file'];
const CONNECTORS = ['forward', 'spanmetrics/x'];
const some = (names: readonly string[]) => fc.uniqueArray(fc.constantFrom(...names));
const pipeline = fc.record({
  receivers: some([...RECEIVERS, ...CONNECTORS]),
  processors: fc.array(fc.constantFrom(...PROCESSORS), { maxLength: 3 }),
  exporters: some([...EXPORTERS, ...CONNECTORS]),
});
const configs = fc
  .record({
    receivers: some(RECEIVERS),
    processors: some(PROCESSORS),
    exporters: some(EXPORTERS),
    connectors: some(CONNECTORS),
    pipelines: fc.dictionary(fc.constantFrom('traces', 'traces/b', 'metrics', 'logs/c'), pipeline),
  })
  .map(({ pipelines, ...kinds }): CollectorConfig => {
    const settings = Object.entries(kinds).map(([kind, names]) => [
      kind,
      Object.fromEntries(names.map((n) => [n, {}])),
    ]);
    return { ...Object.fromEntries(settings), service: { pipelines: { ...pipelines } } } as CollectorConfig;
  });

/** The rules as they are written down, by other means than the code that checks them. */
function starts(config: CollectorConfig): boolean {
  const { receivers, processors = {}, exporters, connectors = {}, service } = config;
  const pipelines = Object.entries(service.pipelines);
  const sources = new Set([...Object.keys(receivers), ...Object.keys(connectors)]);
  const sinks = new Set([...Object.keys(exporters), ...Object.keys(connectors)]);
  const all = pipelines.map(([, one]) => one);
  const everything = (names: readonly string[], taken: (one: (typeof all)[number]) => readonly string[]) =>
    names.every((name) => all.some((one) => taken(one).includes(name)));
  const reach = (from: string, seen: Set<string>): boolean => {
    const { exporters: out = [] } = service.pipelines[from] ?? {};
    return pipelines.some(([to, { receivers: into }]) => {
      if (!into.some((name) => out.includes(name) && Object.hasOwn(connectors, name))) return false;
      if (seen.has(to)) return true;
      return reach(to, new Set([...seen, to]));
    });
  };
  return (
    Object.keys(receivers).length > 0 &&
    Object.keys(exporters).length > 0 &&
    pipelines.length > 0 &&
    all.every((one) => one.receivers.length > 0 && one.exporters.length > 0) &&
    all.every((one) => one.receivers.every((name) => sources.has(name))) &&
    all.every((one) => one.exporters.every((name) => sinks.has(name))) &&
    all.every((one) => (one.processors ?? []).every((name) => Object.hasOwn(processors, name))) &&
    all.every((one) => new Set(one.processors).size === (one.processors ?? []).length) &&
    everything(Object.keys(receivers), (one) => one.receivers) &&
    everything(Object.keys(exporters), (one) => one.exporters) &&
    everything(Object.keys(processors), (one) => one.processors ?? []) &&
    everything(Object.keys(connectors), (one) => one.receivers) &&
    everything(Object.keys(connectors), (one) => one.exporters) &&
    pipelines.every(([name]) => !reach(name, new Set([name])))
  );
}

/** Takes out what is not used or not defined, so that most of it starts. */
function repaired(config: CollectorConfig): CollectorConfig {
  const { receivers, processors = {}, exporters, service } = config;
  const keep = (names: readonly string[], known: object) => names.filter((name) => Object.hasOwn(known, name));
  const pipelines = Object.entries(service.pipelines)
    .map(([name, one]) => {
      const parts = {
        receivers: keep(one.receivers, receivers),
        processors: [...new Set(keep(one.processors ?? [], processors))],
        exporters: keep(one.exporters, exporters),
      };
      return [name, parts] as const;
    })
    .filter(([, one]) => one.receivers.length > 0 && one.exporters.length > 0);
  const used = (kind: 'receivers' | 'processors' | 'exporters') =>
    Object.fromEntries(pipelines.flatMap(([, one]) => one[kind]).map((name) => [name, {}]));
  return {
    receivers: used('receivers'),
    processors: used('processors'),
    exporters: used('exporters'),
    service: { pipelines: Object.fromEntries(pipelines) },
  };
}

describe('the configuration of a collector', () => {
  it('is accepted if and only if the collector starts with it and uses all of it', () => {
    let right = 0;
    fc.assert(
      fc.property(configs, fc.boolean(), (config, repair) => {
        const tried = repair ? repaired(config) : config;
        expect(problems(tried).length === 0).toBe(starts(tried));
        if (starts(tried)) right += 1;
      }),
      { numRuns: 1000 },
    );
    expect(right).toBeGreaterThan(100);
  });

  it('has names of components as a collector reads them', () => {
    for (const name of ['otlp', 'otlp/2', 'Otlp_x/a/b', `a${'b'.repeat(62)}`, 'otlp/zürich-1'])
      expect(problems(receiving(name))).toEqual([]);
    for (const name of ['', '/a', 'otlp/', '2otlp', 'otlp-http', `a${'b'.repeat(63)}`, 'otlp/a b', 'otlp/a+b'])
      expect(what(receiving(name))).toEqual([
        `ORR2003: config.receivers has "${name}", which is no name of a component.`,
      ]);
  });

  it('says what is missing and what there is', () => {
    const { service } = OTLP;
    expect(problems({ ...OTLP, exporters: { 'otlp/center': {} } })).toEqual([
      {
        code: 'ORR2011',
        what: 'config.service.pipelines["traces"].exporters names "otlp/centre", which is not defined.',
        fix: 'Define it in config.exporters; there are: otlp/center.',
      },
      {
        code: 'ORR2011',
        what: 'config.exporters has "otlp/center", which nothing uses.',
        fix: 'Name it in a pipeline, or leave it out.',
      },
    ]);
    expect(what({ ...OTLP, extensions: { pprof: {} } })).toEqual([
      'ORR2011: config.extensions has "pprof", which nothing uses.',
    ]);
    expect(what({ ...OTLP, service: { ...service, extensions: ['pprof', 'pprof'] } })).toEqual([
      'ORR2011: config.service.extensions names "pprof", which is not defined.',
      'ORR2011: config.service.extensions names "pprof", which is not defined.',
      'ORR2004: config.service.extensions names "pprof" twice.',
    ]);
    expect(what({ ...OTLP, service: { pipelines: { spans: service.pipelines.traces as never } } })).toEqual([
      'ORR2003: config.service.pipelines["spans"] is of no signal.',
    ]);
    expect(what({ ...OTLP, receivers: {}, exporters: {} }).slice(0, 2)).toEqual([
      'ORR2011: config.receivers is empty.',
      'ORR2011: config.exporters is empty.',
    ]);
  });

  it('has connectors that lead from one pipeline to another, never in a circle', () => {
    const traces = { receivers: ['otlp'], exporters: ['spanmetrics'] };
    const joined = (more: object, connectors = { spanmetrics: {} }): CollectorConfig => ({
      receivers: { otlp: {} },
      connectors,
      exporters: { debug: {} },
      service: { pipelines: { traces, metrics: { receivers: ['spanmetrics'], exporters: ['debug'] }, ...more } },
    });
    expect(problems(joined({}))).toEqual([]);
    expect(what(joined({ metrics: { receivers: ['otlp'], exporters: ['debug'] } }))).toEqual([
      'ORR2011: config.connectors has "spanmetrics", which is the receiver of no pipeline.',
    ]);
    expect(what(joined({ metrics: { receivers: ['spanmetrics'], exporters: ['debug', 'spanmetrics'] } }))).toEqual([
      'ORR2012: Pipelines send to each other in a circle: metrics → metrics.',
    ]);
    expect(what({ ...joined({}), receivers: { otlp: {}, spanmetrics: {} } })[0]).toBe(
      'ORR2004: config.connectors has "spanmetrics", which is also the name of a receiver or exporter.',
    );
  });
});

describe('processors that every pipeline has', () => {
  it('are memory_limiter first and batch last, once each, and everything else stays as it is', () => {
    fc.assert(
      fc.property(configs, (config) => {
        const made = withDefaultProcessors(repaired(config));
        for (const [name, { processors = [] }] of Object.entries(made.service.pipelines)) {
          const before = repaired(config).service.pipelines[name]?.processors ?? [];
          expect(processors.filter((one) => before.includes(one))).toEqual(before);
          if (!before.includes('memory_limiter')) expect(processors[0]).toBe('memory_limiter');
          if (!before.includes('batch')) expect(processors.at(-1)).toBe('batch');
          expect(new Set(processors).size).toBe(processors.length);
        }
        if (starts(repaired(config))) expect(problems(made)).toEqual([]);
      }),
    );
  });

  it('are refused in other places', () => {
    const order = (...processors: string[]) =>
      findingsOf((report) =>
        checkProcessorOrder(
          { ...OTLP, service: { pipelines: { traces: { receivers: [], processors, exporters: [] } } } },
          report,
        ),
      ).map(({ what: text }) => text.replace(/^.*processors has | not.*$/g, ''));
    expect(order('memory_limiter', 'attributes', 'batch/small')).toEqual([]);
    expect(order('attributes', 'memory_limiter')).toEqual(['memory_limiter']);
    expect(order('batch', 'attributes')).toEqual(['batch']);
    expect(order('batch', 'memory_limiter/x')).toEqual(['memory_limiter', 'batch']);
  });
});

function receiving(name: string): CollectorConfig {
  const traces = { receivers: [name], exporters: ['debug'] };
  return { receivers: { [name]: {} }, exporters: { debug: {} }, service: { pipelines: { traces } } };
}
