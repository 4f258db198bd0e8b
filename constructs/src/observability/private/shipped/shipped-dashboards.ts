import { sha256 } from '../../../private/canonical';
import { Dashboard } from '../../dashboard';
import { DashboardLink } from '../../dashboard-link';
import type { DashboardSet } from '../../dashboard-set';
import type { SeriesSource } from '../metric-catalogue';
import type { Datasource } from '../stack-context';
import { CLUSTER } from './cluster';
import { COST } from './cost';
import { FLEET } from './fleet';
import { GPU } from './gpu';
import { LOGS } from './logs';
import { OBJECTIVES } from './objectives';
import { PIPELINE } from './pipeline';
import { POD } from './pod';
import { RELEASE } from './release';
import { SERVICE } from './service';
import {
  available,
  availableRows,
  type ShippedDashboard,
  type ShippedView,
  type ShownWorkspace,
} from './shipped-dashboard';
import { WORKSPACE } from './workspace';

/** All dashboards that stacks bring, in the order in which one leads to the next. */
export const SHIPPED: readonly ShippedDashboard[] = [
  FLEET,
  CLUSTER,
  WORKSPACE,
  SERVICE,
  POD,
  GPU,
  PIPELINE,
  RELEASE,
  COST,
  OBJECTIVES,
  LOGS,
];

/** What there is to be shown. */
export interface ShownStack {
  /** Of the stack. */
  readonly name: string;
  has(source: SeriesSource): boolean;
  readonly datasources: readonly Datasource[];
  readonly workspaces: readonly ShownWorkspace[];
}

/** The dashboards of these sets whose sources are there. */
export function shippedDashboards(stack: ShownStack, sets: ReadonlySet<DashboardSet>): Dashboard[] {
  const logs = storeOfLogs(stack.datasources);
  const there = SHIPPED.filter((shipped) => sets.has(shipped.set) && isThere(shipped, stack));
  const view: ShippedView = {
    has: stack.has,
    logs,
    workspaces: stack.workspaces,
    wayTo: (key, title, variables) =>
      there.some((shipped) => shipped.key === key)
        ? [
            DashboardLink.dashboard({
              title,
              uid: uidOf(stack.name, key),
              ...(variables === undefined ? {} : { variables }),
            }),
          ]
        : [],
  };
  return there.map((shipped) => {
    const { variables, top, rows, annotations = [], links = [], timeRange } = shipped.content(view);
    return Dashboard.of({
      uid: uidOf(stack.name, shipped.key),
      title: shipped.title,
      description: shipped.description,
      tags: [stack.name],
      variables: [...variables],
      panels: available(top, view),
      rows: availableRows(rows, view),
      annotations: annotations
        .filter(({ needs }) => needs.every(view.has))
        .map(({ needs: _, ...annotation }) => annotation),
      links: [...links],
      ...(timeRange === undefined ? {} : { timeRange }),
    });
  });
}

/** Whether there is anything to show in it. */
export function isThere({ anyOf }: ShippedDashboard, { has, datasources }: ShownStack): boolean {
  return anyOf === 'logs' ? storeOfLogs(datasources) !== undefined : anyOf.some(has);
}

const LOG_STORES: ReadonlySet<Datasource['type']> = new Set(['loki', 'elasticsearch', 'grafana-opensearch-datasource']);

function storeOfLogs(datasources: readonly Datasource[]): Datasource | undefined {
  return datasources.find(({ type }) => LOG_STORES.has(type));
}

/** At most 40 characters: names of stacks may have 63. */
function uidOf(stack: string, key: string): string {
  return `${stack.length <= 28 ? stack : `${stack.slice(0, 19)}-${sha256(stack).slice(0, 8)}`}-${key}`;
}
