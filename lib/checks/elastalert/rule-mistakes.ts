import { nearestWord } from '../../config/nearest.ts';
import { record } from '../../kubernetes/fields.ts';
import { COMMON_SETTINGS, RULE_TYPES, type SettingType } from './rule-settings.ts';

/** What is wrong with a rule. No values are said: rules may be in Secrets. */
export interface RuleMistake {
  /** Of the rule: ["timeframe", "hour"]. */
  readonly path: readonly string[];
  readonly severity: 'error' | 'warning';
  readonly what: string;
  readonly fix: string;
}

/** elastalert2 refuses it, and does not start. @param rule as its file has it */
export function ruleMistakes(rule: unknown): RuleMistake[] {
  if (typeof rule !== 'object' || rule === null || Array.isArray(rule))
    return [error([], 'The rule is not a map of settings.', 'Write "type: …", "index: …", "alert: …" and so on.')];
  const settings = record(rule);
  return [...typeMistakes(settings), ...settingMistakes(settings), ...alertMistakes(settings.alert)];
}

function typeMistakes(rule: Readonly<Record<string, unknown>>): RuleMistake[] {
  const found = missing(rule, ['type', 'index', 'alert']);
  const { type } = rule;
  if (type === undefined || isExpanded(type)) return found;
  if (typeof type !== 'string') return [...found, error(['type'], 'The type is not a text.', TYPES)];
  // A type of one's own is a class of Python in a module.
  if (type.includes('.')) return found;
  const known = RULE_TYPES.get(type);
  if (known === undefined) {
    const meant = nearestWord(type, [...RULE_TYPES.keys()]);
    const fix = meant === undefined ? TYPES : `Did you mean ${meant}?`;
    return [...found, error(['type'], 'There is no such type of rule.', fix)];
  }
  return [...found, ...missing(rule, known.required, type), ...togetherMistakes(type, rule)];
}

const TYPES = `Types are ${[...RULE_TYPES.keys()].join(', ')}; one of your own has its module in front of it: "module.Class".`;

/** What a rule has to have. What an imported file has is not known. */
function missing(rule: Readonly<Record<string, unknown>>, names: readonly string[], type?: string): RuleMistake[] {
  if (rule.import !== undefined) return [];
  return names
    .filter((name) => rule[name] === undefined)
    .map((name) => {
      const of = type === undefined ? 'The rule' : `A rule of type ${type}`;
      const meant = nearestWord(
        name,
        Object.keys(rule).filter((key) => typeOf(key, rule.type) === undefined),
      );
      return error([], `${of} has no ${name}.`, meant === undefined ? `Set ${name}.` : `Did you mean it by ${meant}?`);
    });
}

/** What the schema does not say and the rule's class demands (elastalert/ruletypes.py). */
function togetherMistakes(type: string, rule: Readonly<Record<string, unknown>>): RuleMistake[] {
  if (rule.import !== undefined) return [];
  const either = (of: string, ...names: string[]): RuleMistake[] =>
    names.some((name) => rule[name] !== undefined)
      ? []
      : [error([], `A rule of type ${type} has ${of}.`, `Set ${names.join(' or ')}.`)];
  switch (type) {
    case 'cardinality':
      return either('no limit', 'max_cardinality', 'min_cardinality');
    case 'metric_aggregation':
      return either('no threshold', 'max_threshold', 'min_threshold');
    case 'percentage_match':
      return either('no limit', 'max_percentage', 'min_percentage');
    case 'new_term':
      return either('no fields to watch', 'fields', 'query_key');
    default:
      return [];
  }
}

function typeOf(name: string, type: unknown): SettingType | undefined {
  const own = typeof type === 'string' ? RULE_TYPES.get(type)?.settings.get(name) : undefined;
  return own ?? COMMON_SETTINGS.get(name);
}

function settingMistakes(rule: Readonly<Record<string, unknown>>): RuleMistake[] {
  const own = typeof rule.type === 'string' ? RULE_TYPES.get(rule.type) : undefined;
  return Object.entries(rule).flatMap(([name, value]) => {
    const types = [own?.settings.get(name), COMMON_SETTINGS.get(name)].filter((type) => type !== undefined);
    if (types.length === 0) return misspelt(name, own?.settings ?? new Map());
    return types.flatMap((type) => valueMistakes([name], value, type)).slice(0, 1);
  });
}

/** Settings that are nowhere are taken without a word: those that are written almost like one that is known. */
function misspelt(name: string, own: ReadonlyMap<string, SettingType>): RuleMistake[] {
  // One of another type has no effect, and is no slip of the pen.
  if (TAKEN_AS_WELL.has(name) || [...RULE_TYPES.values()].some(({ settings }) => settings.has(name))) return [];
  const meant = nearestWord(name, [...own.keys(), ...COMMON_SETTINGS.keys(), ...TAKEN_AS_WELL]);
  if (meant === undefined) return [];
  return [
    {
      path: [name],
      severity: 'warning',
      what: `elastalert2 knows no setting ${name}, and takes it without a word.`,
      fix: `Did you mean ${meant}?`,
    },
  ];
}

/** Read by elastalert2 and not in its schema (docs/source/ruletypes.rst, alerts.rst). */
const TAKEN_AS_WELL: ReadonlySet<string> = new Set(
  `type alert alert_subject alert_subject_args alert_subject_truncate alerts description is_enabled timestamp_type timestamp_format timestamp_format_expr timestamp_to_datetime_format_expr
  doc_type run_every jinja_root_name jinja_template_path query_timezone limit_execution aggregation_key aggregation_alert_time_compared_with_timestamp_field aggregate_by_match_time
  metric_agg_key metric_agg_script match_bucket_filter ignore_null compare_key disable_rules_on_error set_realert_with_query scroll_keepalive ca_certs client_cert client_key boto_profile
  aws_region profile es_send_get_body_as es_url_prefix es_conn_timeout es_api_key http_post_payload http_post_static_payload http_post_headers http_post_all_values http_post2_payload
  http_post2_raw_fields http_post2_headers http_post2_all_values statsd_host statsd_port forget_keys skip_invalid custom_field field include_match_in_root include_rule_params_in_matches
  first_match_only`.split(/\s+/),
);

function valueMistakes(path: string[], value: unknown, type: SettingType): RuleMistake[] {
  const name = path.join('.');
  const wrong = (is: string) => [error(path, `${name} is not ${is}.`, `Write ${is}.`)];
  if (isExpanded(value)) return [];
  if (typeof type === 'object') {
    if ('words' in type)
      return typeof value === 'string' && type.words.includes(value) ? [] : wrong(`one of ${type.words.join(', ')}`);
    const inside = isInteger(value) && value >= type.from && value <= type.to;
    return inside
      ? []
      : wrong(
          type.to === Number.MAX_SAFE_INTEGER
            ? `a whole number from ${type.from}`
            : `a whole number from ${type.from} to ${type.to}`,
        );
  }
  switch (type) {
    case 'text':
      return typeof value === 'string' ? [] : wrong('a text (in quotes where it looks like something else)');
    case 'flag':
      return typeof value === 'boolean' ? [] : wrong('true or false');
    case 'integer':
      return isInteger(value) ? [] : wrong('a whole number');
    case 'number':
      return typeof value === 'number' ? [] : wrong('a number');
    case 'map':
      return isMap(value) ? [] : wrong('a map');
    case 'list':
      return Array.isArray(value) ? [] : wrong('a list');
    case 'texts':
      return isTexts(value) ? [] : wrong('a list of texts');
    case 'oneOrMoreTexts':
      return typeof value === 'string' || isTexts(value) ? [] : wrong('a text or a list of texts');
    case 'fieldsOrPairs':
      return Array.isArray(value) && value.every((one) => typeof one === 'string' || Array.isArray(one))
        ? []
        : wrong('a list of fields, or of lists of them');
    case 'flagOrText':
      return typeof value === 'boolean' || typeof value === 'string' ? [] : wrong('true, false or the path of a file');
    case 'labels':
      return labelMistakes(path, value);
    case 'time':
    case 'times':
      return timeMistakes(path, value, type === 'times');
  }
}

const UNITS = ['weeks', 'days', 'hours', 'minutes', 'seconds', 'milliseconds'];

function timeMistakes(path: string[], value: unknown, scheduled: boolean): RuleMistake[] {
  const name = path.join('.');
  if (!isMap(value)) return [error(path, `${name} is not a time.`, 'Write it like "minutes: 5".')];
  return Object.entries(value).flatMap(([unit, amount]) => {
    if (scheduled && unit === 'schedule')
      return typeof amount === 'string' ? [] : [error([...path, unit], `${name}.schedule is not a text.`, 'Use cron.')];
    if (!UNITS.includes(unit)) {
      const meant = nearestWord(unit, UNITS);
      const fix = meant === undefined ? `Units are ${UNITS.join(', ')}.` : `Did you mean ${meant}?`;
      return [error([...path, unit], `${name} has ${unit}, which is no unit of time.`, fix)];
    }
    return typeof amount === 'number' || isExpanded(amount)
      ? []
      : [error([...path, unit], `${name}.${unit} is not a number.`, 'Write a number.')];
  });
}

/** Texts, or fields of what was found. */
function labelMistakes(path: string[], value: unknown): RuleMistake[] {
  const name = path.join('.');
  if (!isMap(value) || Object.keys(value).length === 0)
    return [
      error(path, `${name} is not a map with at least one member.`, 'Write "label: text" or "label: {field: …}".'),
    ];
  return Object.entries(value).flatMap(([key, one]) => {
    if (typeof one === 'string') return [];
    const { field, ...more } = record(one);
    if (isMap(one) && typeof field === 'string' && field !== '' && Object.keys(more).length === 0) return [];
    return [error([...path, key], `${name}.${key} is neither a text nor {field: …}.`, 'Write one of them.')];
  });
}

/** Who is told: a name, names, or names with their settings. */
function alertMistakes(alert: unknown): RuleMistake[] {
  const names = [alert].flat().flatMap((one) => (isMap(one) ? Object.keys(one) : [one]));
  return names.flatMap((name): RuleMistake[] => {
    if (name === undefined || isExpanded(name)) return [];
    if (typeof name !== 'string')
      return [error(['alert'], 'alert names something that is not a text.', 'Name alerters.')];
    if (name.includes('.') || ALERTERS.has(name)) return [];
    const meant = nearestWord(name, [...ALERTERS]);
    return [
      {
        path: ['alert'],
        severity: 'warning',
        what: 'alert names an alerter that is not known.',
        fix:
          meant === undefined ? 'Correct it; one of your own has its module in front of it.' : `Did you mean ${meant}?`,
      },
    ];
  });
}

/** elastalert/loaders.py, alerts_mapping. */
const ALERTERS: ReadonlySet<string> = new Set(
  `alerta alertmanager chatwork command datadog debug dingtalk discord email exotel flashduty gelf gitter googlechat hivealerter indexer iris jira lark linenotify matrixhookshot mattermost
  ms_power_automate ms_teams opsgenie pagerduty pagertree post post2 rocketchat servicenow ses slack smseagle sns stomp telegram tencent_sms twilio victorops webex_webhook workwechat yzj zabbix`.split(
    /\s+/,
  ),
);

/** References to variables of the environment are replaced before YAML is read (elastalert/yaml.py): what they stand for is not known. */
function isExpanded(value: unknown): boolean {
  return typeof value === 'string' && /\$(?:\w+|\{[^}]*\})/.test(value);
}

/** As JSON Schema counts: 5.0 is one, too. */
function isInteger(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value);
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function error(path: string[], what: string, fix: string): RuleMistake {
  return { path, severity: 'error', what, fix };
}
