// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the environment look like that
import { Buffer } from 'node:buffer';
import { writeYaml } from '@orrery/constructs/yaml';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Fields, object, state } from './desired-state.test-data.ts';
import { COMMON_SETTINGS, RULE_TYPES, type SettingType } from './elastalert/rule-settings.ts';
import { runChecks } from './run-checks.ts';

const FILES = { kind: 'ConfigMap', mountPath: '/opt/elastalert/rules' };

/** A Deployment of elastalert2 as its chart makes it, and its rules. */
function found(rules: Readonly<Record<string, string>>, { kind, mountPath } = FILES): string[] {
  const items = Object.keys(rules).map((key) => ({ key, path: `${key}.yaml` }));
  const source =
    kind === 'Secret' ? { secret: { secretName: 'rules', items } } : { configMap: { name: 'rules', items } };
  const deployment = object('apps/v1', 'Deployment', 'elastalert2', {
    spec: {
      template: {
        spec: {
          volumes: [
            { name: 'rules', ...source },
            {
              name: 'config',
              configMap: { name: 'config', items: [{ key: 'elastalert_config', path: 'config.yaml' }] },
            },
          ],
          containers: [
            {
              name: 'elastalert',
              image: 'jertel/elastalert2:2.31.0',
              volumeMounts: [
                { name: 'config', mountPath: '/opt/elastalert/config.yaml', subPath: 'config.yaml' },
                { name: 'rules', mountPath },
              ],
            },
          ],
        },
      },
    },
  });
  const config = object('v1', 'ConfigMap', 'config', {
    data: { elastalert_config: `---\nrules_folder: ${FILES.mountPath}\nrun_every:\n  minutes: 1\n` },
  });
  const data = Object.fromEntries(
    Object.entries(rules).map(([key, text]) => [key, kind === 'Secret' ? Buffer.from(text).toString('base64') : text]),
  );
  const objects = [deployment, config, object('v1', kind, 'rules', { data })];
  return runChecks(state({ alpha: objects }), [])
    .findings.filter(({ check }) => check === 'log-alert')
    .map(({ severity, id, field, what, fix }) => `${severity} ${id.kind} ${field}: ${what} ${fix}`);
}

const RULE: Fields = { name: 'a', type: 'any', index: 'app-logs-*', alert: 'debug' };
const ofRule = (rule: Fields) =>
  found({ a: writeYaml(rule) }).map((text) => text.replace(/^(\w+) ConfigMap data\["a"\]: Line \d+: /, '$1: '));

/** Rules that elastalert2 takes, one of each type. */
const RULES: Readonly<Record<string, Fields>> = {
  any: {},
  blacklist: { compare_key: 'user', blacklist: ['root'] },
  whitelist: { compare_key: ['user'], whitelist: ['app'], ignore_null: true },
  change: { query_key: 'user', compare_key: 'country', ignore_null: true, timeframe: { days: 1 } },
  frequency: { num_events: 50, timeframe: { minutes: 5 }, query_key: ['service', 'path'], attach_related: true },
  spike: { spike_height: 2.5, spike_type: 'up', timeframe: { hours: 1 }, threshold_ref: 10 },
  spike_aggregation: {
    spike_height: 2,
    spike_type: 'both',
    timeframe: { hours: 1 },
    metric_agg_type: 'avg',
    metric_agg_key: 'took',
  },
  flatline: { threshold: 1, timeframe: { minutes: 15 }, use_count_query: true },
  new_term: { fields: ['user', ['user', 'country']], terms_window_size: { days: 30 } },
  cardinality: { cardinality_field: 'user', max_cardinality: 100, timeframe: { hours: 1 } },
  metric_aggregation: {
    metric_agg_key: 'took',
    metric_agg_type: 'percentiles',
    percentile_range: 95,
    max_threshold: 0.5,
  },
  percentage_match: { match_bucket_filter: [{ term: { status: 500 } }], max_percentage: 5, min_denominator: 100 },
};

describe('rules of elastalert2', () => {
  it('load, whatever their type', () => {
    expect(Object.keys(RULES).sort()).toEqual([...RULE_TYPES.keys()].sort());
    for (const [type, settings] of Object.entries(RULES))
      expect(ofRule({ ...RULE, ...settings, type }), type).toEqual([]);
    const more = { aggregation: { schedule: '0 * * * *' }, realert: { minutes: 5 }, filter: [{ query: 'a' }] };
    const labels = { alertmanager_hosts: ['http://a:9093'], alertmanager_labels: { a: 'b', c: { field: 'host' } } };
    expect(ofRule({ ...RULE, ...more, ...labels, alert: ['alertmanager', { slack: { slack_timeout: 5 } }] })).toEqual(
      [],
    );
    expect(ofRule({ ...RULE, type: 'mine.Rule', alert: ['mine.Alerter'], team: 'shop' })).toEqual([]);
  });

  it('are refused without any one of what their type needs', () => {
    const all = Object.entries(RULES).flatMap(([type, settings]) =>
      ['type', 'index', 'alert', ...(RULE_TYPES.get(type)?.required ?? [])].map((name) => ({ type, settings, name })),
    );
    for (const { type, settings, name } of all) {
      const whole: Fields = { ...RULE, ...settings, type };
      const rest = Object.fromEntries(Object.entries(whole).filter(([key]) => key !== name));
      expect(ofRule(rest)[0], `${type} without ${name}`).toMatch(new RegExp(`has no ${name}\\.`));
      expect(ofRule({ ...rest, import: 'base.config' }), `${type} that imports`).toEqual([]);
    }
  });

  it.each([
    [{ type: 'freqency' }, 'error: There is no such type of rule. Did you mean frequency?'],
    [{ type: 7 }, /^error: The type is not a text/],
    [
      { type: 'cardinality', cardinality_field: 'a', timeframe: { hours: 1 } },
      /^error: A rule of type cardinality has no limit/,
    ],
    [
      { type: 'frequency', num_event: 5, timeframe: { minutes: 1 } },
      'error: A rule of type frequency has no num_events. Did you mean it by num_event?',
    ],
    [{ realert: { minute: 5 } }, 'error: realert has minute, which is no unit of time. Did you mean minutes?'],
    [{ realert: { schedule: '* * * * *' } }, /^error: realert has schedule, which is no unit/],
    [{ realert: '5m' }, 'error: realert is not a time. Write it like "minutes: 5".'],
    [{ alertmanager_labels: {} }, /^error: alertmanager_labels is not a map with at least one member/],
    [{ alertmanager_labels: { a: 1 } }, /^error: alertmanager_labels.a is neither/],
    [
      { relaert: { minutes: 5 } },
      'warning: elastalert2 knows no setting relaert, and takes it without a word. Did you mean realert?',
    ],
    [{ alert: ['slak'] }, 'warning: alert names an alerter that is not known. Did you mean slack?'],
  ])('are found with %j', (settings, what) => {
    const texts = ofRule({ ...RULE, ...settings });
    expect(texts).toContainEqual(typeof what === 'string' ? what : expect.stringMatching(what));
  });

  it('are found with any value of another type, wherever it is', () => {
    const wrong = (type: SettingType): unknown[] => {
      if (typeof type === 'object') return 'words' in type ? ['none of them', 1] : [1.5, type.from - 1, 'a'];
      const values: Readonly<Record<string, unknown[]>> = {
        text: [1, true, ['a'], { a: 'b' }],
        flag: ['yes', 1, []],
        integer: ['1', 1.5, true],
        number: ['1', false],
        map: ['a', []],
        list: ['a', {}],
        texts: ['a', [1], {}],
        oneOrMoreTexts: [1, [1], {}],
        fieldsOrPairs: ['a', [1]],
        time: ['5m', { minutes: '5' }, { minute: 5 }],
        times: ['5m', { schedule: 5 }],
        labels: ['a', {}, { a: { field: 1 } }],
        flagOrText: [1, []],
      };
      return values[type] ?? [];
    };
    const all = [...RULE_TYPES].flatMap(([type, { settings }]) =>
      [...settings, ...(type === 'any' ? COMMON_SETTINGS : [])].flatMap(([name, of]) =>
        wrong(of).map((value) => ({ ...RULE, ...RULES[type], type, [name]: value, named: name })),
      ),
    );
    expect(all.length).toBeGreaterThan(800);
    fc.assert(
      fc.property(fc.constantFrom(...all), ({ named, ...rule }) => {
        const errors = ofRule(rule).filter((text) => text.startsWith('error'));
        expect(errors.join('\n')).toContain(named);
      }),
      { numRuns: 300 },
    );
  });

  it('may refer to variables of the environment, import and include', () => {
    expect(ofRule({ ...RULE, es_port: '${ES_PORT}', use_ssl: '$SSL', type: '$TYPE' })).toEqual([]);
    expect(found({ a: 'type: any\nfilter: !include filter.yaml\n' })).toEqual([]);
  });

  it('are found with the file, the line and no value, also in Secrets', () => {
    const text =
      'name: a\ntype: frequency\nindex: logs\nalert: debug\ntimeframe:\n  minutes: 5\nnum_events: "hidden"\n';
    expect(found({ a: text }, { ...FILES, kind: 'Secret' })).toEqual([
      'error Secret data["a"]: Line 7: num_events is not a whole number. Write a whole number.',
    ]);
    expect(found({ a: 'hidden: [' }, { ...FILES, kind: 'Secret' }).join()).not.toContain('hidden');
  });

  it('have names of their own, and files of their own', () => {
    const rule = writeYaml(RULE);
    expect(found({ a: rule, b: rule })).toEqual([
      'error ConfigMap data["b"]: Line 1: The rule of a has the same name. Give each rule a name of its own.',
    ]);
    expect(found({ a: `${rule}---\n${rule}` })).toEqual([
      'error ConfigMap data["a"]: Line 1: The file has several documents. Put each rule into a file of its own.',
    ]);
    expect(found({ a: '' })).toEqual([
      'error ConfigMap data["a"]: Line 1: The rule is empty. Write one, or leave the file out.',
    ]);
  });

  it('are only what is in the folder of rules', () => {
    expect(found({ a: 'user: me\npassword: x\n' }, { ...FILES, mountPath: '/opt/smtp' })).toEqual([]);
    expect(found({ a: 'user: me\n' }, { ...FILES, mountPath: '/opt/elastalert/rules/shop' })).toHaveLength(3);
  });

  it('of any shape are looked at without failing', () => {
    const near = fc.constantFrom('type', 'alert', 'timeframe', 'realert', 'filter', 'alertmanager_labels', 'name');
    const value = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom('frequency', 'any'));
    fc.assert(
      fc.property(fc.dictionary(near, value), (rule) => {
        for (const text of found({ a: JSON.stringify(rule) })) expect(text).toMatch(/^(error|warning) ConfigMap/);
      }),
      { numRuns: 50 },
    );
  });
});
