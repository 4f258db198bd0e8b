import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { nearestWord } from '../../lib/config/nearest.ts';

/** Defaults, schemas and dependencies of third-party charts (../shared/data/chart-values/SOURCES.md); they lie beside the checkout and are no part of it. */
const DATA = path.join(import.meta.dirname, '../../../shared/data/chart-values');

/** Without the charts' values such tests are skipped, except where everything must be tested. */
export const areChartValuesMissing = !existsSync(DATA) && process.env.CI !== 'true';

/** Said in the titles of tests that are skipped. */
export const chartValuesSkipped = areChartValuesMissing ? ' (skipped: ../shared/data is not there)' : '';

/**
 * Fails unless every key of some values exists in the defaults or the schema of a chart, or of the sub-chart that it is for, or lies under a default that is an empty
 * map, an empty list or null. What the schema forbids by `additionalProperties: false` is none of them.
 * @param chart folder below chart-values
 */
export function judgeValues(chart: string, values: object): void {
  const unknown = unknownValues(chart, values);
  if (unknown.length > 0) throw new Error(unknown.join('\n'));
}

/** The same for all Helm releases of an assembly; their versions must be those whose values lie there. @returns names of the charts */
export function judgeReleases(folder: string): string[] {
  const releases = releasesOf(folder);
  const findings = releases.flatMap(({ releaseName, chart: { name, version }, values = {} }) => {
    if (name === undefined || version === undefined) return [];
    const folderOfChart = folderOf(name);
    if (folderOfChart === undefined) return [`${releaseName}: there are no values of a chart "${name}"`];
    const stored = storedVersions().get(folderOfChart);
    const wrong =
      stored === undefined || stored === withoutV(version)
        ? []
        : [`${releaseName}: ${name} is of version ${version}, and the values are those of ${stored}`];
    return [...wrong, ...unknownValues(folderOfChart, values)];
  });
  if (findings.length > 0) throw new Error([...new Set(findings)].join('\n'));
  return [...new Set(releases.flatMap(({ chart }) => chart.name ?? []))].sort();
}

/** Releases of charts in an assembly, of all clusters. */
export function releasesOf(folder: string): readonly Release[] {
  const { clusters } = JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8')) as Manifest;
  return clusters.flatMap(({ units }) => units.flatMap(({ helmReleases = [] }) => helmReleases));
}

interface Release {
  readonly releaseName: string;
  readonly chart: { readonly name?: string; readonly version?: string };
  readonly values?: object;
}

interface Manifest {
  readonly clusters: readonly {
    readonly units: readonly {
      readonly helmReleases?: readonly Release[];
    }[];
  }[];
}

/** What is wrong, a line each: the chart, the path, and the nearest key. */
function unknownValues(chart: string, values: object): string[] {
  return unknownBelow(values, knownOf(chart), '').map(({ at, key, siblings }) => {
    const nearest = nearestWord(key, siblings);
    const known = siblings.length === 0 ? 'nothing is known there' : `there is ${[...new Set(siblings)].join(', ')}`;
    return `${chart}: no value is called "${at}"; ${nearest === undefined ? known : `the nearest is "${nearest}"`}`;
  });
}

/** One place in which a key may be known: beside a default, or in a schema. */
type Known =
  | { readonly type: 'default'; readonly value: unknown }
  | { readonly type: 'schema'; readonly node: Schema; readonly root: Schema };

type Schema = { readonly [key: string]: unknown };

/** What a place says of a key: where to look on, any key is taken below, nothing, or that there must be none. */
type Answer = readonly Known[] | 'free' | 'unknown' | 'forbidden';

interface Unknown {
  readonly at: string;
  readonly key: string;
  readonly siblings: readonly string[];
}

function unknownBelow(value: unknown, known: readonly Known[], at: string): Unknown[] {
  if (Array.isArray(value)) {
    const inner = step(known, itemsOf);
    return inner === 'free' ? [] : value.flatMap((item, index) => unknownBelow(item, inner ?? [], `${at}[${index}]`));
  }
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([key, member]) => {
    const path = at === '' ? key : `${at}.${key}`;
    const inner = step(known, (one) => memberOf(one, key));
    if (inner === 'free') return [];
    if (inner === undefined) return [{ at: path, key, siblings: known.flatMap(keysOf) }];
    return unknownBelow(member, inner, path);
  });
}

/** What all places say together; undefined: none of them knows it, or one forbids it. */
function step(known: readonly Known[], ask: (one: Known) => Answer): readonly Known[] | 'free' | undefined {
  const answers = known.map(ask);
  if (answers.includes('forbidden')) return undefined;
  if (answers.includes('free')) return 'free';
  const inner = answers.filter((answer) => typeof answer !== 'string');
  return inner.length === 0 ? undefined : inner.flat();
}

function memberOf(known: Known, key: string): Answer {
  if (known.type === 'default') {
    const { value } = known;
    if (isEmpty(value)) return 'free';
    return isMap(value) && Object.hasOwn(value, key) ? [{ type: 'default', value: value[key] }] : 'unknown';
  }
  const { root } = known;
  return ofSchemas(known, (node) => {
    const properties = isMap(node.properties) ? node.properties : {};
    if (Object.hasOwn(properties, key)) return answerOf(properties[key], root);
    const patterns = isMap(node.patternProperties) ? Object.entries(node.patternProperties) : [];
    const matching = patterns.find(([pattern]) => new RegExp(pattern, 'u').test(key));
    if (matching !== undefined) return answerOf(matching[1], root);
    if (node.additionalProperties === false) return 'forbidden';
    if (node.additionalProperties === true) return 'free';
    if (isMap(node.additionalProperties)) return answerOf(node.additionalProperties, root);
    const isObject = [node.type].flat().includes('object');
    return isObject && node.properties === undefined ? 'free' : 'unknown';
  });
}

function itemsOf(known: Known): Answer {
  if (known.type === 'default') {
    const { value } = known;
    if (isEmpty(value)) return 'free';
    if (!Array.isArray(value)) return 'unknown';
    // A list replaces the chart's own: what its items may have is what the default ones have.
    return value.map((item) => ({ type: 'default', value: item }));
  }
  return ofSchemas(known, (node) => (node.items === undefined ? 'unknown' : answerOf(node.items, known.root)));
}

function answerOf(node: unknown, root: Schema): Answer {
  return isMap(node) ? [{ type: 'schema', node, root }] : node === false ? 'forbidden' : 'free';
}

/** Asks a schema, and the schemas that it is composed of. */
function ofSchemas({ node, root }: Known & { type: 'schema' }, ask: (node: Schema) => Answer): Answer {
  const parts: unknown[] = ['allOf', 'anyOf', 'oneOf'].flatMap((word) => (Array.isArray(node[word]) ? node[word] : []));
  if (typeof node.$ref === 'string') {
    // Elsewhere: a schema of Kubernetes, say, that is not there.
    if (!node.$ref.startsWith('#')) return 'free';
    parts.push(atPointer(root, node.$ref));
  }
  const inner = parts.filter(isMap).map((part) => ofSchemas({ type: 'schema', node: part, root }, ask));
  const own = ask(node);
  if (own === 'forbidden') return own;
  const answers = [own, ...inner];
  const found = answers.filter((answer) => typeof answer !== 'string');
  if (found.length > 0) return found.flat();
  return answers.includes('free') ? 'free' : inner.length > 0 && inner.includes('forbidden') ? 'forbidden' : 'unknown';
}

function atPointer(root: Schema, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((node, part) => (isMap(node) ? node[part] : undefined), root);
}

/** Keys that a place names. */
function keysOf(known: Known): string[] {
  if (known.type === 'default') return isMap(known.value) ? Object.keys(known.value) : [];
  const named: string[] = [];
  ofSchemas(known, (node) => {
    if (isMap(node.properties)) named.push(...Object.keys(node.properties));
    return 'unknown';
  });
  return named;
}

const KNOWN = new Map<string, readonly Known[]>();

function knownOf(chart: string): readonly Known[] {
  const cached = KNOWN.get(chart);
  if (cached !== undefined) return cached;
  const folder = path.join(DATA, chart);
  if (!existsSync(folder)) throw new Error(`There are no values of a chart "${chart}".`);
  const read = (name: string): unknown => parse(readFileSync(path.join(folder, name), 'utf8')) ?? {};
  const values = read('values.yaml') as { readonly [key: string]: unknown };
  // Istio's charts keep their defaults under one key; users set what is below it at the top.
  const defaults = isMap(values._internal_defaults_do_not_set) ? values._internal_defaults_do_not_set : values;
  const { dependencies = [] } = read('Chart.yaml') as { readonly dependencies?: readonly Dependency[] };
  const subCharts = dependencies.flatMap(({ name, alias = name }) =>
    [name, alias].some((one) => existsSync(path.join(DATA, one))) ? [[alias, name] as const] : [],
  );
  const known: Known[] = [{ type: 'default', value: defaults }];
  if (existsSync(path.join(folder, 'values.schema.json'))) {
    const root = JSON.parse(readFileSync(path.join(folder, 'values.schema.json'), 'utf8')) as Schema;
    known.push({ type: 'schema', node: root, root });
  }
  for (const [alias, name] of subCharts)
    for (const one of knownOf(existsSync(path.join(DATA, name)) ? name : alias)) known.push(under(alias, one));
  KNOWN.set(chart, known);
  return known;
}

interface Dependency {
  readonly name: string;
  readonly alias?: string;
}

/** What is known of a sub-chart, under its key in the values of the chart around it. */
function under(key: string, known: Known): Known {
  if (known.type === 'default') return { type: 'default', value: { [key]: known.value } };
  const node = { properties: { [key]: known.node } };
  return { type: 'schema', node, root: known.root };
}

function folderOf(chartName: string): string | undefined {
  return readdirSync(DATA, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .find((name) => name === chartName || nameIn(name) === chartName);
}

function nameIn(folder: string): string | undefined {
  return /^name: *"?([^"\s]+)/m.exec(readFileSync(path.join(DATA, folder, 'Chart.yaml'), 'utf8'))?.[1];
}

/** Chart to the version whose values lie there; those of which no release is said are left out. */
function storedVersions(): Map<string, string> {
  const rows = readFileSync(path.join(DATA, 'SOURCES.md'), 'utf8').matchAll(/^\| ([a-z0-9-]+) \| ([^|]+) \|/gm);
  return new Map(
    [...rows].flatMap(([, chart = '', text = '']) => {
      const said = /^(?:.*\(placeholder; release )?v?(\d+\.\d+\.\d+)\)?$/.exec(text.trim())?.[1];
      return said === undefined ? [] : [[chart, said] as const];
    }),
  );
}

function withoutV(version: string): string {
  return version.replace(/^v/, '');
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || (typeof value === 'object' && Object.keys(value).length === 0);
}

function isMap(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
