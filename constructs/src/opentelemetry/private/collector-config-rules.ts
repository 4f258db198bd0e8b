import { saidTwice } from '../../private/said-twice';
import type { ReportFinding } from '../../private/typed-object';
import type { CollectorConfig, CollectorPipeline } from '../collector-config';

const SIGNALS = ['traces', 'metrics', 'logs', 'profiles'];

/** Settings of the processors that every pipeline has unless somebody says otherwise. */
const DEFAULT_PROCESSORS = {
  memory_limiter: { check_interval: '1s', limit_percentage: 80, spike_limit_percentage: 25 },
  batch: {},
} as const;

/** "batch" of "batch/small". */
export function typeOfComponent(name: string): string {
  return name.split('/', 1)[0] as string;
}

/**
 * What is wrong with a configuration: what a collector would not start with (open-telemetry/opentelemetry-collector otelcol/config.go and service/pipelines/config.go: Validate; component/identifiable.go
 * and component/config.go: names; service/internal/graph: connectors, cycles), and components that nothing uses, which it leaves out without a word.
 */
export function checkCollectorConfig(config: CollectorConfig, report: ReportFinding): void {
  const { receivers, exporters, processors = {}, connectors = {}, extensions = {} } = config;
  if (Object.keys(receivers).length === 0)
    report('ORR2011', 'config.receivers is empty.', 'Define at least one receiver.');
  if (Object.keys(exporters).length === 0)
    report('ORR2011', 'config.exporters is empty.', 'Define at least one exporter.');
  checkNames({ receivers, exporters, processors, connectors, extensions }, report);
  for (const name of Object.keys(connectors)) {
    if (!Object.hasOwn(receivers, name) && !Object.hasOwn(exporters, name)) continue;
    const what = `config.connectors has "${name}", which is also the name of a receiver or exporter.`;
    report('ORR2004', what, `Call it "${name}/connector".`);
  }
  checkPipelines(config, report);
  checkUse(config, report);
  checkConnectors(config, report);
}

function checkNames(kinds: { readonly [kind: string]: object }, report: ReportFinding): void {
  for (const [kind, components] of Object.entries(kinds)) {
    for (const name of Object.keys(components)) {
      if (isComponentName(name)) continue;
      const fix = 'Write "type" or "type/name"; a type starts with a letter, then letters, digits and "_".';
      report('ORR2003', `config.${kind} has "${name}", which is no name of a component.`, fix);
    }
  }
}

/** A type of at most 63 characters, and after "/" a name of 1 to 1024 characters without white space or control characters around and in it. */
function isComponentName(name: string): boolean {
  const [type, ...rest] = name.split('/');
  if (!/^[a-zA-Z][0-9a-zA-Z_]{0,62}$/.test(type as string)) return false;
  return rest.length === 0 || /^[^\p{Z}\p{C}\p{S}]{1,1024}$/u.test(rest.join('/'));
}

function checkPipelines({ service: { pipelines }, ...defined }: CollectorConfig, report: ReportFinding): void {
  if (Object.keys(pipelines).length === 0)
    report('ORR2011', 'config.service.pipelines is empty.', 'Define at least one pipeline.');
  for (const [name, pipeline] of Object.entries(pipelines)) {
    const at = `config.service.pipelines["${name}"]`;
    if (!isComponentName(name) || !SIGNALS.includes(typeOfComponent(name)))
      report(
        'ORR2003',
        `${at} is of no signal.`,
        `Begin with ${SIGNALS.join(', ')}, and tell several apart by "/name".`,
      );
    checkReferences(at, pipeline, defined, report);
  }
}

function checkReferences(
  at: string,
  { receivers, processors = [], exporters }: CollectorPipeline,
  defined: Omit<CollectorConfig, 'service'>,
  report: ReportFinding,
): void {
  const { connectors = {} } = defined;
  const ends = { receivers: [receivers, defined.receivers], exporters: [exporters, defined.exporters] } as const;
  for (const [kind, [names, known]] of Object.entries(ends)) {
    if (names.length === 0) report('ORR2011', `${at}.${kind} is empty.`, `Name at least one of config.${kind}.`);
    for (const name of names) {
      if (Object.hasOwn(known, name) || Object.hasOwn(connectors, name)) continue;
      report(
        'ORR2011',
        `${at}.${kind} names "${name}", which is not defined.`,
        knownNames(kind, { ...known, ...connectors }),
      );
    }
  }
  for (const name of processors) {
    if (Object.hasOwn(defined.processors ?? {}, name)) continue;
    const what = `${at}.processors names "${name}", which is not defined.`;
    report('ORR2011', what, knownNames('processors', defined.processors ?? {}));
  }
  for (const name of saidTwice(processors))
    report('ORR2004', `${at}.processors names "${name}" twice.`, 'Name each processor once in a pipeline.');
}

function knownNames(kind: string, known: object): string {
  const names = Object.keys(known);
  return names.length === 0
    ? `Define it in config.${kind}.`
    : `Define it in config.${kind}; there are: ${names.join(', ')}.`;
}

/** Which components nothing uses. A collector does not even make them. */
function checkUse(config: CollectorConfig, report: ReportFinding): void {
  const { service } = config;
  const pipelines = Object.values(service.pipelines);
  const used = {
    receivers: new Set(pipelines.flatMap(({ receivers }) => receivers)),
    processors: new Set(pipelines.flatMap(({ processors = [] }) => processors)),
    exporters: new Set(pipelines.flatMap(({ exporters }) => exporters)),
    extensions: new Set(service.extensions ?? []),
  };
  for (const [kind, names] of Object.entries(used) as [keyof typeof used, Set<string>][]) {
    for (const name of Object.keys(config[kind] ?? {})) {
      if (names.has(name)) continue;
      const where = kind === 'extensions' ? 'config.service.extensions' : 'a pipeline';
      report('ORR2011', `config.${kind} has "${name}", which nothing uses.`, `Name it in ${where}, or leave it out.`);
    }
  }
  for (const name of service.extensions ?? []) {
    if (Object.hasOwn(config.extensions ?? {}, name)) continue;
    const what = `config.service.extensions names "${name}", which is not defined.`;
    report('ORR2011', what, knownNames('extensions', config.extensions ?? {}));
  }
  for (const name of saidTwice(service.extensions ?? []))
    report('ORR2004', `config.service.extensions names "${name}" twice.`, 'Name each extension once.');
}

/** A connector ends at least one pipeline and begins at least one, and what it sends never comes back to it. */
function checkConnectors({ connectors = {}, service: { pipelines } }: CollectorConfig, report: ReportFinding): void {
  const ends = (name: string) => Object.keys(pipelines).filter((one) => pipelines[one]?.exporters.includes(name));
  const begins = (name: string) => Object.keys(pipelines).filter((one) => pipelines[one]?.receivers.includes(name));
  const next = new Map<string, string[]>(Object.keys(pipelines).map((name) => [name, []]));
  for (const name of Object.keys(connectors)) {
    const [from, to] = [ends(name), begins(name)];
    for (const one of from) next.get(one)?.push(...to);
    if (from.length > 0 && to.length > 0) continue;
    const missing = from.length > 0 ? 'receiver' : to.length > 0 ? 'exporter' : 'receiver or exporter';
    const what = `config.connectors has "${name}", which is the ${missing} of no pipeline.`;
    report('ORR2011', what, 'A connector is the exporter of one pipeline and the receiver of another.');
  }
  const circle = circleOf(next);
  if (circle !== undefined)
    report('ORR2012', `Pipelines send to each other in a circle: ${circle.join(' → ')}.`, 'Break it.');
}

function circleOf(next: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>();
  const follow = (name: string, way: readonly string[]): string[] | undefined => {
    if (way.includes(name)) return [...way.slice(way.indexOf(name)), name];
    if (done.has(name)) return undefined;
    for (const one of next.get(name) ?? []) {
      const found = follow(one, [...way, name]);
      if (found !== undefined) return found;
    }
    done.add(name);
    return undefined;
  };
  for (const name of next.keys()) {
    const found = follow(name, []);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * The same with `memory_limiter` first and `batch` last in every pipeline that has none of their type: a collector that is full refuses data before anything is done with it, and what is sent is sent
 * in few requests (open-telemetry/opentelemetry-collector processor/README.md, recommended processors).
 */
export function withDefaultProcessors(config: CollectorConfig): CollectorConfig {
  const has = (names: readonly string[], type: string) => names.some((name) => typeOfComponent(name) === type);
  const added = new Set<keyof typeof DEFAULT_PROCESSORS>();
  const pipelines = Object.entries(config.service.pipelines).map(([name, pipeline]): [string, CollectorPipeline] => {
    const { processors = [] } = pipeline;
    const first = has(processors, 'memory_limiter') ? [] : (['memory_limiter'] as const);
    const last = has(processors, 'batch') ? [] : (['batch'] as const);
    for (const one of [...first, ...last]) added.add(one);
    return [name, { ...pipeline, processors: [...first, ...processors, ...last] }];
  });
  const defaults = Object.fromEntries([...added].map((name) => [name, DEFAULT_PROCESSORS[name]]));
  const processors = { ...defaults, ...config.processors };
  return { ...config, processors, service: { ...config.service, pipelines: Object.fromEntries(pipelines) } };
}

/** Where `memory_limiter` is not first, or `batch` not last. */
export function checkProcessorOrder({ service: { pipelines } }: CollectorConfig, report: ReportFinding): void {
  for (const [name, { processors = [] }] of Object.entries(pipelines)) {
    const at = `config.service.pipelines["${name}"].processors`;
    const types = processors.map(typeOfComponent);
    const fix = 'Move it there, or leave it out: it is added. defaultProcessors: false takes any order.';
    if (types.lastIndexOf('memory_limiter') > 0)
      report('ORR2012', `${at} has memory_limiter not first: it would refuse data after work was done on it.`, fix);
    const batch = types.indexOf('batch');
    if (batch >= 0 && batch < types.length - 1)
      report('ORR2012', `${at} has batch not last: what comes after it would see other data than what is sent.`, fix);
  }
}
