import { Construct } from 'constructs';
import { Cluster } from '../cluster';
import { ClusterSelection } from '../cluster-selection';
import type { ObservabilityStack } from '../observability/observability-stack';
import { Placement } from '../placement';
import { Platform } from '../platform';
import { PriorityClass } from '../priority-class';
import { checkedId } from '../private/construct-id';
import { clustersOf } from '../private/delivery';
import { recordLocation } from '../private/location';
import { DNS_LABEL_RULE, isDnsLabel } from '../private/names';
import { type Problem, problemAt } from '../private/problem';
import { renderLate } from '../private/unit';
import { GpuVendor } from './gpu-nodes';
import { GpuNotebook } from './gpu-notebook';
import { type GpuObservation, GpuPoolObservation } from './gpu-observation';
import type { GpuPoolProps } from './gpu-pool-props';
import { GpuService } from './gpu-service';
import type { GpuServiceProps } from './gpu-service-props';
import { GpuMode, GpuPlugin } from './gpu-sharing-props';
import { GpuTraining } from './gpu-training';
import type { GpuNotebookProps, GpuTrainingProps } from './gpu-workload-props';
import { MODES } from './private/gpu-modes';
import { GpuSoftwareReleases } from './private/gpu-software';
import { hamiResources } from './private/gpu-vendors';
import { poolFindings } from './private/pool-findings';
import { capacityOf, poolNodes } from './private/pool-nodes';
import { labelFindings, poolEntries, poolWarnings } from './private/pool-objects';
import { kindsOf, poolMode, vendorOfKind } from './private/pool-plan';
import { type PoolForPods, podSettings, requestFindings, selectorOf, tolerationsOf } from './private/pool-pods';
import { poolsIn, poolsOf, registerPool } from './private/pool-registry';
import { sumFindings } from './private/pool-sums';
import { tenantFindings } from './private/pool-tenants';
import type { GpuPoolView, PoolDemand } from './private/pool-view';

/** GPUs of nodes of several clusters that are given to pods in one way: whole, in turns, in shares, or cut in hardware. */
export class GpuPool extends Construct {
  /** Id of the pool: the name of its configuration on nodes. */
  public readonly poolName: string;
  private readonly props: GpuPoolProps;
  private readonly demands: PoolDemand[] = [];

  /**
   * @param scope the platform (with a placement), or a construct of it; or inside a cluster
   * @param id a DNS label, unique among the pools of a cluster
   */
  public constructor(scope: Construct, id: string, props: GpuPoolProps) {
    super(scope, checkedId(scope, id, isDnsLabel, DNS_LABEL_RULE));
    recordLocation(this);
    this.poolName = id;
    this.props = props;
    registerPool(Platform.of(this), this._view());
    GpuSoftwareReleases.ensure(Platform.of(this));
    for (const [name, value] of Object.entries(props.priorities ?? {})) {
      const placement = props.placement ?? Placement.on(Cluster.tryOf(this) ?? ClusterSelection.union());
      new PriorityClass(this, name, { placement, value });
    }
    renderLate(this, {
      clusters: (problems) => clustersOf(this, props.placement, problems),
      validate: (problems) => this.checkTenants(problems),
      render: (cluster, problems) => {
        return { entries: this.check(cluster, problems) ? poolEntries(this._view(), cluster) : [] };
      },
    });
  }

  /** How it is done, in every cluster. */
  public get mode(): GpuMode {
    return this._view().mode();
  }

  /** Labels that the nodes in a cluster must get, by the name of the node; where names are not known, by product and number of nodes. */
  public nodeLabels(cluster: Cluster): { [nodes: string]: { [label: string]: string } } {
    const groups = this._view().nodes(cluster);
    return Object.fromEntries(
      groups.flatMap(({ names, nodes, kind, labels }) =>
        (names ?? [`${nodes} × ${kind.product}`]).map((name) => [name, { ...labels }]),
      ),
    );
  }

  /** Work that ends on its cards: training, fine-tuning, batch inference. @param id name of the Job */
  public train(id: string, props: GpuTrainingProps): GpuTraining {
    return new GpuTraining(this, id, props);
  }

  /** A model, or something else, that answers on its cards. @param id name of the service */
  public serve(id: string, props: GpuServiceProps): GpuService {
    return new GpuService(this, id, props);
  }

  /** A notebook of one person on its cards. @param id name of the notebook */
  public notebook(id: string, props: GpuNotebookProps): GpuNotebook {
    return new GpuNotebook(this, id, props);
  }

  /** Lets a stack observe its cards: they are scraped, and somebody is told when they fail, are missing, too hot, nearly full or not used. */
  public observe(stack: ObservabilityStack, how: GpuObservation = {}): void {
    new GpuPoolObservation(this, stack, how);
  }

  /** What works in a cluster, and may surprise. */
  public warnings(cluster: Cluster): string[] {
    return poolWarnings(this._view().inCluster(cluster));
  }

  /**
   * What workloads, queues and dashboards ask it.
   * @internal
   */
  public _view(): GpuPoolView {
    const { props, poolName } = this;
    const clusters = () => clustersOf(this, props.placement, []);
    const vendors = () =>
      new Set(clusters().flatMap((cluster) => kindsOf(props, cluster).map((kind) => vendorOfKind(kind))));
    const vendor = () => {
      const [only, ...others] = vendors();
      return others.length === 0 ? only : undefined;
    };
    const mode = () => poolMode(props, vendor());
    const within = (cluster: Cluster): PoolForPods => {
      const others = poolsIn(Platform.of(this), cluster).filter((view) => view.construct !== this);
      return {
        name: poolName,
        props,
        mode: mode(),
        cluster,
        besideDevicePlugin: others.some((view) => MODES[view.mode()].plugin === GpuPlugin.NVIDIA_DEVICE_PLUGIN),
        besideHami: others.some((view) => view.mode() === GpuMode.HAMI && view.vendor() === GpuVendor.NVIDIA),
      };
    };
    return {
      name: poolName,
      construct: this,
      props,
      clusters,
      mode,
      inCluster: within,
      isolation: () => MODES[mode()].isolation,
      vendor,
      hamiResources: (kind) => (mode() === GpuMode.HAMI ? hamiResources(vendorOfKind(kind), kind.product) : undefined),
      findings: (request, cluster) => requestFindings(within(cluster), request),
      podSettings: (request, cluster) => podSettings(within(cluster), request),
      resourceNames: () => [
        ...new Set(
          clusters().flatMap((cluster) =>
            poolNodes(within(cluster)).flatMap(({ resources }) => Object.keys(resources)),
          ),
        ),
      ],
      nodeSelectors: (cluster) => kindsOf(props, cluster).map((kind) => selectorOf(within(cluster), kind)),
      addDemand: (demand) => this.demands.push(demand),
      demands: () => this.demands,
      tolerations: (cluster) => tolerationsOf(within(cluster), kindsOf(props, cluster)),
      nodes: (cluster) => poolNodes(within(cluster)),
      capacity: (cluster) => capacityOf(poolNodes(within(cluster))),
    };
  }

  /** Whether nothing is wrong with it in a cluster. */
  private check(cluster: Cluster, problems: Problem[]): boolean {
    const view = this._view();
    const own = view.inCluster(cluster);
    const others = this.earlier(poolsIn(Platform.of(this), cluster)).map((other) => other.inCluster(cluster));
    const findings = poolFindings(own, others);
    if (findings.length === 0) findings.push(...labelFindings(own), ...sumFindings(view, cluster));
    for (const { code, what, fix } of findings) {
      problems.push(problemAt(this, code, what, { fix, cluster: cluster.clusterName }));
    }
    return findings.length === 0;
  }

  private checkTenants(problems: Problem[]): void {
    for (const { code, what, fix } of tenantFindings(this._view(), this.earlier(poolsOf(Platform.of(this))))) {
      problems.push(problemAt(this, code, what, { fix }));
    }
  }

  /** Of two pools that are in each other's way the later one says it. */
  private earlier(pools: readonly GpuPoolView[]): GpuPoolView[] {
    return pools.slice(
      0,
      pools.findIndex(({ construct }) => construct === this),
    );
  }
}
