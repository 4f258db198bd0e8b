import { list, record } from '../../kubernetes/fields.ts';
import type { CheckedObject } from '../check.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A dashboard of Grafana in an object. */
export interface FoundDashboard {
  readonly object: CheckedObject;
  /** Field of the object that holds it: `data["cart.json"]`. */
  readonly field: string;
  /** Which Grafana gets it: those that all sidecars see are one. */
  readonly loader: string;
  /** Name of the file that a sidecar makes of it, with its folder; absent where none does. */
  readonly file?: string;
  /** Bytes of all values of the object, where it is a ConfigMap. */
  readonly bytes?: number;
  /** Inputs that the object fills. */
  readonly inputs: readonly string[];
  /** undefined: it is no JSON of a dashboard. */
  readonly model: Fields | undefined;
}

/** Whether Grafana may get dashboards from an object. */
export function mayHoldDashboards({ id, object }: Pick<CheckedObject['desired'], 'id' | 'object'>): boolean {
  if (id.kind === 'GrafanaDashboard') return id.group === 'grafana.integreatly.org';
  const labels = record(record((object as unknown as Fields).metadata).labels);
  return id.kind === 'ConfigMap' && id.group === '' && Object.hasOwn(labels, 'grafana_dashboard');
}

/** Dashboards that Grafana gets from an object: ConfigMaps for its sidecar (by the label that its chart and kube-prometheus-stack look for), GrafanaDashboards for its operator. */
export function dashboardsIn(object: CheckedObject): FoundDashboard[] {
  if (!mayHoldDashboards(object.desired)) return [];
  const content = object.desired.object as unknown as Fields;
  if (object.id.kind === 'GrafanaDashboard') {
    const spec = record(content.spec);
    if (typeof spec.json !== 'string') return [];
    const inputs = list(spec.datasources).map(({ inputName }) => String(inputName));
    const loader = JSON.stringify(spec.instanceSelector);
    return [{ object, field: 'spec.json', loader, inputs, model: parsed(spec.json) }];
  }
  const { annotations } = record(content.metadata);
  const data = record(content.data);
  const bytes = Object.values(data).reduce<number>((sum, value) => sum + Buffer.byteLength(String(value)), 0);
  const folder = record(annotations).grafana_folder;
  return Object.entries(data).flatMap(([key, text]) =>
    key.endsWith('.json') && typeof text === 'string'
      ? [
          {
            object,
            field: `data["${key}"]`,
            loader: 'sidecar',
            file: typeof folder === 'string' ? `${folder}/${key}` : key,
            bytes,
            inputs: [],
            model: parsed(text),
          },
        ]
      : [],
  );
}

function parsed(text: string): Fields | undefined {
  try {
    const model: unknown = JSON.parse(text);
    return typeof model === 'object' && model !== null && !Array.isArray(model) ? (model as Fields) : undefined;
  } catch {
    return undefined;
  }
}

/** Panels one below the other: those that are shown, and those in each closed row. */
export function panelGroups(model: Fields): (readonly Fields[])[] {
  const shown = list(model.panels);
  // Before schema version 16 all panels were in rows.
  const rows = [...shown, ...list(model.rows)];
  return [shown, ...rows.map((row) => list(row.panels)).filter((panels) => panels.length > 0)];
}

/** A query in PromQL, and where it stands. */
export interface PromqlQuery {
  /** `panel "Requests"`, `variable "pod"`, `annotation "Deployed"`. */
  readonly where: string;
  readonly expression: string;
}

/** Every query that a data source of Prometheus surely gets. */
export function promqlQueries(model: Fields): PromqlQuery[] {
  const variables = list(record(model.templating).list);
  const isPrometheus = (...candidates: readonly unknown[]) => {
    const source = candidates.find((candidate) => candidate !== undefined && candidate !== null);
    return typeOf(source, variables) === 'prometheus';
  };
  const query = (where: string, expression: unknown): PromqlQuery[] =>
    typeof expression === 'string' && expression !== '' ? [{ where, expression }] : [];
  return [
    ...variables.flatMap((variable) => {
      if (variable.type !== 'query' || !isPrometheus(variable.datasource)) return [];
      const said = typeof variable.query === 'string' ? variable.query : record(variable.query).query;
      return query(`variable "${String(variable.name)}"`, promqlOfVariable(said));
    }),
    ...list(record(model.annotations).list).flatMap(({ name, datasource, expr }) =>
      isPrometheus(datasource) ? query(`annotation "${String(name)}"`, expr) : [],
    ),
    ...panelGroups(model)
      .flat()
      .flatMap((panel) =>
        list(panel.targets).flatMap((target) =>
          target.hide !== true && isPrometheus(target.datasource, panel.datasource)
            ? query(panelName(panel), target.expr)
            : [],
        ),
      ),
  ];
}

export function panelName({ title, id }: Fields): string {
  return typeof title === 'string' && title !== '' ? `panel "${title}"` : `panel ${String(id)}`;
}

/** What of a variable's query is PromQL (grafana/grafana packages/grafana-prometheus/src/metric_find_query.ts). */
function promqlOfVariable(query: unknown): string | undefined {
  if (typeof query !== 'string') return undefined;
  const text = query.trim();
  if (/^(label_names\(.*\)|metrics\(.*\))$/s.test(text)) return undefined;
  const values = /^label_values\((?:(.+),\s*)?([a-zA-Z_$][\w{}:]*)\)$/s.exec(text);
  if (values !== null) return values[1];
  return /^query_result\((.+)\)$/s.exec(text)?.[1] ?? text;
}

/** The type of a data source: said, or that of the variable with which it is chosen. */
function typeOf(source: unknown, variables: readonly Fields[]): unknown {
  const { type, uid } = record(source);
  if (typeof type === 'string' && type !== 'datasource') return type;
  const name = variableName(typeof source === 'string' ? source : uid);
  return variables.find((variable) => variable.type === 'datasource' && variable.name === name)?.query;
}

/** "ds" of "$ds" and "${ds}". */
export function variableName(text: unknown): string | undefined {
  return typeof text === 'string' ? /^\$\{?(\w+)(?::\w+)?\}?$/.exec(text)?.[1] : undefined;
}

/** uids of data sources that queries ask, and where. */
export function askedDatasources(model: Fields): { readonly where: string; readonly uid: string }[] {
  return panelGroups(model)
    .flat()
    .flatMap((panel) => {
      const where = panelName(panel);
      const sources = [panel.datasource, ...list(panel.targets).map(({ datasource }) => datasource)];
      return [...new Set(sources.map((source) => record(source).uid))].flatMap((uid) =>
        typeof uid === 'string' && uid !== '' ? [{ where, uid }] : [],
      );
    });
}
