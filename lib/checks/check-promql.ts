import { list, record } from '../kubernetes/fields.ts';
import type { CheckedObject, Found, ObjectCheck } from './check.ts';
import { isPrometheusRule } from './promql/prometheus-rules.ts';
import type { PromqlReader } from './promql/promql-reader.ts';
import { isTemplatedQuery, templatedQueries, withStandIns } from './promql/templated-queries.ts';

/**
 * Rules of Prometheus as it reads them (prometheus/prometheus model/rulefmt/rulefmt.go). The operator's webhook refuses an object with one that is wrong; where it is not
 * installed, Prometheus keeps what it had, and no rule of any object changes any more.
 */
export const promql: ObjectCheck = {
  looksAt: 'object',
  id: 'promql',
  title: 'rules of Prometheus that it cannot load, and queries of canaries that it cannot answer',
  run: (object, { promqlReader }) => {
    if (promqlReader === undefined) return [];
    if (isTemplatedQuery(object.id)) return templateFindings(object, promqlReader);
    if (!isPrometheusRule(object.id)) return [];
    const groups = list(record(object.desired.object.spec).groups);
    return [
      ...groupNames(object, groups),
      ...groups.flatMap((group, at) => [
        ...durations(object, group, ['interval', 'query_offset'], `spec.groups[${at}]`),
        ...list(group.rules).flatMap((rule, ruleAt) =>
          ruleFindings(object, rule, `spec.groups[${at}].rules[${ruleAt}]`, promqlReader),
        ),
      ]),
    ];
  },
};

/** Queries with placeholders: where one stands for more than a text or a duration, the mistake may be in what it stands for. */
function templateFindings(object: CheckedObject, read: PromqlReader): Found[] {
  return templatedQueries(object.desired.object).flatMap(({ path, query, title }): Found[] => {
    const readable = withStandIns(query);
    const mistake = readable === undefined ? undefined : read(readable.query);
    if (readable === undefined || mistake === undefined) return [];
    const what = `The query of ${title} is wrong at ${mistake.at}: ${mistake.what}.`;
    const severity = readable.isOpen || mistake.byVersion ? 'warning' : 'error';
    return [{ ...wrong(object, path, what, 'Correct the PromQL: without an answer no canary is judged.'), severity }];
  });
}

type Fields = Readonly<Record<string, unknown>>;

function groupNames(object: CheckedObject, groups: readonly Fields[]): Found[] {
  const names = groups.map(({ name }) => name);
  return names.flatMap((name, at) => {
    const field = `spec.groups[${at}].name`;
    if (typeof name !== 'string' || name === '') return [wrong(object, field, 'The group has no name.', 'Name it.')];
    if (names.indexOf(name) === at) return [];
    return [wrong(object, field, `A group before it has the name ${name}, too.`, 'Use another name, or one group.')];
  });
}

function ruleFindings(object: CheckedObject, rule: Fields, path: string, read: PromqlReader): Found[] {
  const { record: series, alert } = rule;
  const found = [
    ...nameFindings(object, rule, path),
    ...expressionFindings(object, rule, path, read),
    ...durations(object, rule, ['for', 'keep_firing_for'], path),
    ...['labels', 'annotations'].flatMap((field) => labelNames(object, rule, field, path)),
  ];
  if (typeof series !== 'string' || series === '' || alert !== undefined) return found;
  const ofAlerts = ['for', 'keep_firing_for', 'annotations'].filter((field) => rule[field] !== undefined);
  return [
    ...found,
    ...ofAlerts.map((field) =>
      wrong(
        object,
        `${path}.${field}`,
        `The rule records ${series} and has ${field}.`,
        'Only alerts have it: leave it out.',
      ),
    ),
  ];
}

function nameFindings(object: CheckedObject, { record: series, alert }: Fields, path: string): Found[] {
  const [records, alerts] = [isSaid(series), isSaid(alert)];
  if (records === alerts) {
    const what = records ? 'The rule has both record and alert.' : 'The rule has neither record nor alert.';
    return [wrong(object, path, what, 'Use exactly one of them.')];
  }
  if (!records || /^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(String(series))) return [];
  return [
    {
      ...wrong(object, `${path}.record`, `"${String(series)}" is no name of a series before Prometheus 3.`, ''),
      severity: 'warning',
      fix: 'Use letters, digits, "_" and ":".',
    },
  ];
}

function isSaid(name: unknown): boolean {
  return name !== undefined && name !== null && name !== '';
}

function expressionFindings(object: CheckedObject, rule: Fields, path: string, read: PromqlReader): Found[] {
  const { expr } = rule;
  if (typeof expr !== 'string' && typeof expr !== 'number')
    return [wrong(object, `${path}.expr`, `${titleOf(rule)} has no expression.`, 'Set expr.')];
  const mistake = read(String(expr));
  if (mistake === undefined) return [];
  const what = `The expression of ${titleOf(rule)} is wrong at ${mistake.at}: ${mistake.what}.`;
  if (mistake.byVersion)
    return [{ ...wrong(object, `${path}.expr`, what, 'Use the name that your Prometheus has.'), severity: 'warning' }];
  return [
    wrong(object, `${path}.expr`, what, 'Correct the PromQL; what is meant for another engine (LogQL) is waived.'),
  ];
}

function titleOf({ record: series, alert }: Fields): string {
  if (isSaid(alert)) return `alert ${String(alert)}`;
  return isSaid(series) ? `record ${String(series)}` : 'a rule';
}

/** prometheus/common model/time.go */
const DURATION = /^(?=\d)(0|(\d+y)?(\d+w)?(\d+d)?(\d+h)?(\d+m)?(\d+s)?(\d+ms)?)$/;

function durations(object: CheckedObject, fields: Fields, names: readonly string[], path: string): Found[] {
  return names.flatMap((name) => {
    const value = fields[name];
    if (value === undefined || value === '' || DURATION.test(String(value))) return [];
    const fix = 'Write it like "5m" or "1h30m", units from the largest to the smallest.';
    return [wrong(object, `${path}.${name}`, `${JSON.stringify(value)} is no duration of Prometheus.`, fix)];
  });
}

function labelNames(object: CheckedObject, rule: Fields, field: string, path: string): Found[] {
  return Object.keys(record(rule[field])).flatMap((name) =>
    /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) && name !== '__name__'
      ? []
      : [wrong(object, `${path}.${field}`, `"${name}" is no name of a label.`, 'Use letters, digits and "_".')],
  );
}

function wrong(object: CheckedObject, field: string, what: string, fix: string): Found {
  return { object, severity: 'error', field, what, fix };
}
