import { list, record } from '../kubernetes/fields.ts';
import type { DesiredState } from '../render/desired-state.ts';
import type { ClusterCheck, Found, Severity } from './check.ts';
import {
  askedDatasources,
  dashboardsIn,
  type FoundDashboard,
  mayHoldDashboards,
  panelGroups,
  panelName,
  promqlQueries,
  variableName,
} from './dashboards/dashboard-model.ts';
import { readGrafanaPromql } from './dashboards/grafana-promql.ts';
import { isBuiltIn, provisionedDatasources } from './dashboards/provisioned-datasources.ts';
import type { PromqlReader } from './promql/promql-reader.ts';

/** Dashboards that Grafana does not load, or loads and shows errors in: neither the API server nor the sidecar tells anybody. */
export const dashboards: ClusterCheck = {
  looksAt: 'cluster',
  id: 'dashboard',
  title: 'dashboards of Grafana that are not loaded, or whose panels show errors',
  run: (cluster) => {
    const found = cluster.objects.flatMap(dashboardsIn);
    if (found.length === 0) return [];
    const datasources = provisionedDatasources(cluster.objects);
    return [
      ...found.flatMap((dashboard) => [
        ...contentFindings(dashboard),
        ...queryFindings(dashboard, cluster.promqlReader),
        ...datasourceFindings(dashboard, datasources),
        ...overlapFindings(dashboard),
      ]),
      ...clashes(found),
    ];
  },
};

/** Whether some cluster shall hold dashboards. */
export function hasDashboards({ clusters }: DesiredState): boolean {
  return clusters.some(({ objects }) => objects.some(mayHoldDashboards));
}

type Fields = Readonly<Record<string, unknown>>;

/** The values of a ConfigMap together (kubernetes/kubernetes pkg/apis/core/validation/validation.go, ValidateConfigMap). */
const MOST_BYTES = 1024 * 1024;

function contentFindings(dashboard: FoundDashboard): Found[] {
  const { model, bytes = 0 } = dashboard;
  if (bytes > MOST_BYTES) {
    const fix = 'Put each dashboard into a ConfigMap of its own, or make several dashboards of it.';
    return [wrong(dashboard, `The ConfigMap has ${(bytes / MOST_BYTES).toFixed(1)} MiB; it holds 1 MiB.`, fix)];
  }
  if (model === undefined)
    return [wrong(dashboard, 'It is no JSON of a dashboard.', 'Export it from Grafana as JSON.')];
  if (model.panels === undefined && model.rows === undefined && typeof model.spec === 'object')
    return [
      wrong(
        dashboard,
        'It is a resource of Grafana’s schema v2, which neither sidecar nor provisioning loads.',
        'Export it in the classic model.',
      ),
    ];
  const inputs = list(model.__inputs).map(({ name }) => String(name));
  return inputs
    .filter((name) => !dashboard.inputs.includes(name))
    .map((name) =>
      wrong(
        dashboard,
        `It was exported to be shared and asks for ${name}, which nobody fills in.`,
        'Export it without "for sharing externally", or choose the data source by a variable.',
      ),
    );
}

function queryFindings(dashboard: FoundDashboard, read: PromqlReader | undefined): Found[] {
  if (read === undefined || dashboard.model === undefined) return [];
  return promqlQueries(dashboard.model).flatMap(({ where, expression }) => {
    const mistake = readGrafanaPromql(expression, read);
    if (mistake === undefined) return [];
    const what = `The query of ${where} is wrong at ${mistake.at}: ${mistake.what}.`;
    return mistake.byVersion
      ? [wrong(dashboard, what, 'Use the name that your Prometheus has.', 'warning')]
      : [wrong(dashboard, what, 'Correct the PromQL.')];
  });
}

function datasourceFindings(dashboard: FoundDashboard, known: ReadonlySet<string> | undefined): Found[] {
  const { model } = dashboard;
  if (model === undefined) return [];
  const variables = list(record(model.templating).list).map(({ name }) => name);
  const inputs = list(model.__inputs).map(({ name }) => name);
  return askedDatasources(model).flatMap(({ where, uid }) => {
    const name = variableName(uid);
    if (name !== undefined) {
      if (variables.includes(name) || inputs.includes(name)) return [];
      const what = `${capital(where)} asks the data source of the variable ${name}, which the dashboard does not have.`;
      return [wrong(dashboard, what, 'Add a variable of type datasource, or name a data source.')];
    }
    if (known === undefined || known.has(uid) || isBuiltIn(uid)) return [];
    const what = `${capital(where)} asks the data source "${uid}", which the program does not give to Grafana.`;
    return [wrong(dashboard, what, `Known are ${[...known].join(', ')}.`, 'warning')];
  });
}

function overlapFindings(dashboard: FoundDashboard): Found[] {
  if (dashboard.model === undefined) return [];
  return panelGroups(dashboard.model).flatMap((panels) => {
    const placed = panels.flatMap((panel) => {
      const position = positionOf(panel);
      return position === undefined ? [] : [{ panel, position }];
    });
    return placed.flatMap(({ panel, position }, at) => {
      const other = placed.slice(at + 1).find((one) => overlap(position, one.position));
      if (other === undefined) return [];
      const what = `${capital(panelName(panel))} stands where ${panelName(other.panel)} stands.`;
      return [wrong(dashboard, what, 'Give it a gridPos of its own.', 'warning')];
    });
  });
}

interface Position {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

function positionOf(panel: Fields): Position | undefined {
  const { x, y, w, h } = record(panel.gridPos);
  return [x, y, w, h].every((value) => typeof value === 'number') ? ({ x, y, w, h } as Position) : undefined;
}

function overlap(a: Position, b: Position): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

/** Two of one uid, and two files of one name: the sidecar writes all of them into one folder. */
function clashes(found: readonly FoundDashboard[]): Found[] {
  return found.flatMap((dashboard, at) => {
    const uid = dashboard.model?.uid;
    const before = found.slice(0, at).filter(({ loader }) => loader === dashboard.loader);
    const same = before.find((other) => typeof uid === 'string' && uid !== '' && other.model?.uid === uid);
    if (same !== undefined) {
      const what = `Its uid "${String(uid)}" is also that of ${nameOf(same)}: Grafana loads one of them, and not always the same.`;
      return [wrong(dashboard, what, 'Give it a uid of its own.')];
    }
    const sameFile = before.find(({ file }) => file !== undefined && file === dashboard.file);
    if (sameFile === undefined) return [];
    const what = `The sidecar writes it over ${nameOf(sameFile)}: both are the file ${String(dashboard.file)}.`;
    return [wrong(dashboard, what, 'Give it a key of its own, e.g. with its uid.', 'warning')];
  });
}

function nameOf({ object: { id } }: FoundDashboard): string {
  return `${id.kind} ${id.namespace === '' ? '' : `${id.namespace}/`}${id.name}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function wrong({ object, field }: FoundDashboard, what: string, fix: string, severity: Severity = 'error'): Found {
  return { object, severity, field, what, fix };
}
