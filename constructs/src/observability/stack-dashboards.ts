import { Construct } from 'constructs';
import { GpuService } from '../gpu/gpu-service';
import { recordLocation } from '../private/location';
import { placeObjects } from '../private/placed-objects';
import type { Finding } from '../private/service-validation';
import type { Dashboard } from './dashboard';
import { DashboardSet } from './dashboard-set';
import { dashboardConfigMaps, grafanaDashboards } from './private/dashboard/dashboard-objects';
import { type Loading, loadDashboards } from './private/dashboard/loaded-dashboards';
import type { SeriesSource } from './private/metric-catalogue';
import { isThere, SHIPPED, type ShownStack, shippedDashboards } from './private/shipped/shipped-dashboards';
import { selectedByFindings } from './private/slo-findings';
import type { StackContext } from './private/stack-context';

/** Dashboards of a stack. */
export interface StackDashboardsProps {
  /** Which of those that stacks bring. @default - all that have something to show */
  readonly sets?: DashboardSet[];
  /** Others beside them. @default - none */
  readonly extra?: Dashboard[];
  /** Folder of Grafana for dashboards that say none. @default - the id of the stack */
  readonly folder?: string;
}

/** Which dashboards Grafana has in the centre of a stack, and how it gets them. */
export class StackDashboards {
  /** ConfigMaps, which the sidecar of Grafana reads. */
  public static forSidecar(props: StackDashboardsProps = {}): StackDashboards {
    return new StackDashboards(props, undefined);
  }

  /**
   * GrafanaDashboards (grafana.integreatly.org/v1beta1), for a Grafana of its operator.
   * @param instanceLabels labels of that Grafana
   */
  public static forGrafanaOperator(
    instanceLabels: { readonly [key: string]: string },
    props: StackDashboardsProps = {},
  ): StackDashboards {
    return new StackDashboards(props, instanceLabels);
  }

  private constructor(
    private readonly props: StackDashboardsProps,
    private readonly instanceLabels: { readonly [key: string]: string } | undefined,
  ) {}

  /** @internal */
  public _join(stack: StackContext): void {
    const construct = new Construct(stack.scope, 'dashboards');
    recordLocation(construct);
    const { folder = stack.name } = this.props;
    placeObjects(construct, {
      placement: stack.centre,
      namespace: stack.namespaceName,
      findings: () => [
        ...this.load(stack).findings,
        ...setFindings(this.props.sets ?? [], shown(stack)),
        ...(this.instanceLabels === undefined ? [] : instanceFindings(this.instanceLabels)),
      ],
      objects: () => {
        const { dashboards } = this.load(stack);
        const ours = { 'app.kubernetes.io/part-of': stack.name, 'app.kubernetes.io/managed-by': 'orrery' };
        const place = { name: `${stack.name}-dashboard`, namespace: stack.namespaceName, folder };
        return this.instanceLabels === undefined
          ? dashboardConfigMaps(dashboards, { ...place, labels: { ...ours, ...stack.dashboardLabels } })
          : grafanaDashboards(dashboards, { ...place, labels: ours }, this.instanceLabels);
      },
    });
  }

  private load(stack: StackContext): Loading {
    const { sets = Object.values(DashboardSet), extra = [] } = this.props;
    const datasources = stack.datasources();
    const byDefault = [...datasources].sort((a, b) => Number(b.isDefault ?? false) - Number(a.isDefault ?? false));
    const shipped = shippedDashboards(shown(stack), new Set(sets));
    return loadDashboards([...shipped, ...extra, ...stack.addedDashboards()], byDefault);
  }
}

function shown(stack: StackContext): ShownStack {
  return {
    name: stack.name,
    has: (source) => {
      if (source === 'rules') return stack.metrics !== undefined;
      return stack.scrapes(source) || (source === 'vllm' && scrapesModels(stack));
    },
    datasources: stack.datasources(),
    workspaces: stack.workspaces.map(({ node, namespaces }) => ({ name: node.id, namespaces })),
  };
}

/** Model servers of GPU pools bring their monitors themselves. */
function scrapesModels({ scope, selectedBy }: StackContext): boolean {
  const all = scope.node.root.node.findAll();
  return all.some((construct) => construct instanceof GpuService && construct._isScrapedBy(selectedBy));
}

function setFindings(sets: readonly DashboardSet[], stack: ShownStack): Finding[] {
  return sets.flatMap((set) => {
    const dashboards = SHIPPED.filter((shipped) => shipped.set === set);
    if (dashboards.some((shipped) => isThere(shipped, stack))) return [];
    const what = `The dashboards "${set}" show ${missing(dashboards.flatMap(({ anyOf }) => anyOf))}.`;
    return [{ code: 'ORR2013', what, fix: 'Leave the set out, or let the stack collect what it shows.' }];
  });
}

function missing(sources: readonly (SeriesSource | 'logs')[]): string {
  if (sources.includes('logs')) return 'logs, and the stack has no store of them';
  if (sources.includes('rules')) return 'what rules record, and the stack has no metrics';
  return `metrics of ${[...new Set(sources)].join(' or ')}, which no scrape of the stack takes`;
}

function instanceFindings(labels: { readonly [key: string]: string }): Finding[] {
  if (Object.keys(labels).length > 0) return selectedByFindings(labels);
  return [
    {
      code: 'ORR2013',
      what: 'The dashboards say no labels by which the operator finds their Grafana.',
      fix: "Give some of the Grafana, e.g. { dashboards: 'grafana' }.",
    },
  ];
}
