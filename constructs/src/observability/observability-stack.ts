import { Construct } from 'constructs';
import type { Cluster } from '../cluster';
import { Placement } from '../placement';
import { checkedId } from '../private/construct-id';
import { placedClusters } from '../private/delivery';
import type { ComputedValues } from '../private/helm-rendering';
import { recordLocation } from '../private/location';
import { DNS_LABEL_RULE, isDnsLabel } from '../private/names';
import { namespaceObject } from '../private/namespace-object';
import { failHere, type Problem, problemAt } from '../private/problem';
import { type Entry, type Rendering, renderLate } from '../private/unit';
import type { Workspace } from '../workspace';
import type { Alerting } from './alerting';
import type { Dashboard } from './dashboard';
import type { LogCollection } from './log-collection';
import type { MetricStore } from './metric-store';
import { datasourceConfig } from './private/datasource-config';
import type { Datasource, MetricSource, StackContext, StackMetrics, StackPart } from './private/stack-context';
import { istiodValues } from './private/tracing/mesh-objects';
import { StackDashboards } from './stack-dashboards';
import type { Tracing } from './tracing';

export interface ObservabilityStackProps {
  /** The clusters that are observed. */
  readonly placement: Placement;
  /** The cluster with the stores of all clusters, and what people look at. @default - the only observed one */
  readonly centre?: Placement;
  /** Namespace of what the stack installs, the same in every cluster. @default "observability" */
  readonly namespaceName?: string;
  /** Whether the stack makes this namespace. @default true */
  readonly createNamespace?: boolean;
  /** Tenants that see their own logs, metrics and alerts only. @default - none */
  readonly workspaces?: Workspace[];
  /** Header by which requests are followed through mesh, logs and traces. @default "x-request-id" */
  readonly requestIdHeader?: string;
  /** Where metrics are scraped, kept and asked. @default - none are */
  readonly metrics?: MetricStore;
  /** How logs are collected and kept. @default - they are not */
  readonly logs?: LogCollection;
  /** Where traces and errors of front-ends go, and who calls whom. @default - there are none */
  readonly tracing?: Tracing;
  /** How alerts reach people. @default - they do not */
  readonly alerts?: Alerting;
  /** What Grafana shows. @default - what is added by addDashboard, for its sidecar */
  readonly dashboards?: StackDashboards;
}

/** What observes a platform: metrics, logs, traces, dashboards and alerts of many clusters, with their stores in one. */
export class ObservabilityStack extends Construct {
  /** Namespace of what the stack installs. */
  public readonly namespaceName: string;
  /** Header by which requests are followed, in lower case. */
  public readonly requestIdHeader: string;
  private readonly datasources: Datasource[] = [];
  private readonly sources = new Set<MetricSource>();
  private readonly stackValues: ComputedValues[] = [];
  private readonly dashboards: Dashboard[] = [];
  private readonly context: StackContext;
  private metricsView: StackMetrics | undefined;

  /**
   * @param scope the platform or a construct of it
   * @param id a DNS label; names of its releases begin with it
   */
  public constructor(
    scope: Construct,
    id: string,
    private readonly props: ObservabilityStackProps,
  ) {
    super(scope, checkedId(scope, id, isDnsLabel, DNS_LABEL_RULE));
    recordLocation(this);
    const { placement, centre = placement, namespaceName = 'observability' } = props;
    this.namespaceName = namespaceName;
    this.requestIdHeader = (props.requestIdHeader ?? 'x-request-id').toLowerCase();
    const metrics = () => this.metricsView;
    this.context = {
      scope: this,
      name: id,
      namespaceName,
      placement,
      centre,
      workspaces: props.workspaces ?? [],
      everywhere: Placement._anyOf(placement, centre),
      selectedBy: props.metrics?._selectedBy() ?? { 'observability.orrery.dev/stack': id },
      dashboardLabels: { grafana_dashboard: '1' },
      requestIdHeader: this.requestIdHeader,
      clusters: () => placedClusters(this, placement, []),
      centreCluster: () => this.centreCluster([]),
      addDatasource: (datasource) => this.datasources.push(datasource),
      datasources: () => this.datasources,
      addMetrics: (source) => this.sources.add(source),
      get metrics() {
        return metrics();
      },
      setMetrics: (view) => {
        this.metricsView = view;
      },
      addPrometheusStackValues: (values) => this.stackValues.push(values),
      prometheusStackValues: (cluster) => this.stackValues.map((values) => values(cluster)),
      scrapes: (source) => this.sources.has(source),
      addedDashboards: () => this.dashboards,
    };
    // First: other parts ask what it says.
    props.metrics?._join(this.context);
    props.logs?._join(this.context);
    props.tracing?._join(this.context);
    props.alerts?._join(this.context);
    props.dashboards?._join(this.context);
    renderLate(this, {
      clusters: (problems) => {
        const clusters = placedClusters(this, placement, problems);
        const centre = this.centreCluster(problems);
        return centre === undefined || clusters.includes(centre) ? clusters : [...clusters, centre];
      },
      validate: (problems) => this.validate(problems),
      render: (cluster) => this.render(cluster),
    });
  }

  /** Values of the chart `istiod` in a mesh whose proxies tell of requests (`tracing.throughMesh`), beside those of the mesh. */
  // biome-ignore lint/suspicious/noExplicitAny: the type of the values of a HelmRelease
  public istiodValues(): { [key: string]: any } {
    if (this.props.tracing?._plan().mesh === undefined) {
      const fix = 'Add throughMesh() to the tracing of the stack.';
      failHere(this, 'ORR2012', 'No mesh tells the stack of its requests.', { fix });
    }
    return istiodValues(this.context);
  }

  /** Labels by which the Prometheus of the stack finds monitors and rules: for those that are no part of an observed service. */
  public get selectedBy(): { [label: string]: string } {
    return { ...this.context.selectedBy };
  }

  /** The same for rules in the centre that see the series of all clusters. Only where something evaluates such rules (MetricStore.thanos). */
  public get selectedByRuler(): { [label: string]: string } {
    const rulerLabels = this.metricsView?.rulerLabels;
    if (rulerLabels === undefined)
      failHere(this, 'ORR2012', 'Nothing evaluates rules over all clusters.', {
        fix: 'Use MetricStore.thanos({ … }), or put the rules into each cluster, with selectedBy.',
      });
    return { ...this.context.selectedBy, ...rulerLabels };
  }

  /**
   * What is said of traces.
   * @internal
   */
  public _tracing(): Tracing | undefined {
    return this.props.tracing;
  }

  /** A dashboard beside those of the stack. */
  public addDashboard(dashboard: Dashboard): void {
    if (this.dashboards.length === 0 && this.props.dashboards === undefined)
      StackDashboards.forSidecar({ sets: [] })._join(this.context);
    this.dashboards.push(dashboard);
  }

  /**
   * What constructs that are observed know of the stack.
   * @internal
   */
  public _context(): StackContext {
    return this.context;
  }

  /**
   * Adds something to the stack.
   * @internal
   */
  public _attach(part: StackPart): void {
    part._join(this.context);
  }

  /**
   * Whether a scrape of the stack takes metrics of it.
   * @internal
   */
  public _scrapes(source: MetricSource): boolean {
    return this.sources.has(source);
  }

  private centreCluster(problems: Problem[]): Cluster | undefined {
    const { centre, placement } = this.props;
    const clusters = placedClusters(this, centre ?? placement, centre === undefined ? [] : problems);
    const [cluster] = clusters;
    if (clusters.length === 1 || (clusters.length === 0 && centre === undefined)) return cluster;
    const what = `The centre of the stack is ${clusters.length === 0 ? 'no cluster' : `${clusters.length} clusters: ${clusters.join(', ')}`}.`;
    const fix = "Say which one holds the stores of all clusters: centre: Placement.named('operations').";
    problems.push(problemAt(this, 'ORR2012', what, { fix }));
    return undefined;
  }

  private validate(problems: Problem[]): void {
    const { namespaceName, requestIdHeader } = { requestIdHeader: 'x-request-id', ...this.props };
    if (namespaceName !== undefined && !isDnsLabel(namespaceName)) {
      const fix = `Use ${DNS_LABEL_RULE}.`;
      problems.push(problemAt(this, 'ORR2003', `"${namespaceName}" is not a valid namespace.`, { fix }));
    }
    // Tokens of RFC 9110 section 5.6.2, without those that no log parser or proxy configuration takes unquoted.
    if (!/^[A-Za-z0-9][A-Za-z0-9-]*$/.test(requestIdHeader)) {
      const fix = 'Use letters, digits and "-", e.g. "x-request-id".';
      problems.push(problemAt(this, 'ORR2011', `"${requestIdHeader}" is not a header for request ids.`, { fix }));
    }
  }

  private render(cluster: Cluster): Rendering {
    const { createNamespace = true } = this.props;
    const labels = { 'app.kubernetes.io/part-of': this.node.id, 'app.kubernetes.io/managed-by': 'orrery' };
    const entries: Entry[] = [];
    const add = (kind: string, object: object) =>
      entries.push({ path: `${this.node.path}/${kind}`, owner: this, content: { type: 'object', object } });
    if (createNamespace) add('Namespace', namespaceObject(this.namespaceName, labels));
    if (cluster === this.context.centreCluster() && this.datasources.length > 0)
      add('ConfigMap', datasourceConfig(this.context, this.datasources, labels));
    return { entries };
  }
}
