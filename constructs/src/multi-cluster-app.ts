import { Construct, type IConstruct } from 'constructs';
import type { AppManifest } from './assembly-format';
import type { Cluster } from './cluster';
import type { DeliveryEngine } from './delivery-engine';
import { GlobalAddress, type GlobalAddressProps } from './global-address';
import { MultiClusterService } from './multi-cluster-service';
import type { ObservabilityStack } from './observability/observability-stack';
import type { ServiceObservation } from './observability/service-observation';
import type { Placement } from './placement';
import { Platform } from './platform';
import { checkedId } from './private/construct-id';
import { placedClusters, placedOn } from './private/delivery';
import { deliveredThrough } from './private/hub-delivery';
import { recordLocation } from './private/location';
import { DNS_LABEL_RULE, isDnsLabel } from './private/names';
import { namespaceObject } from './private/namespace-object';
import type { Placed } from './private/placement-rules';
import type { Problem } from './private/problem';
import { problemAt } from './private/problem';
import type { Entry, LateRendered, Rendering } from './private/unit';
import { renderLate } from './private/unit';
import { reportRefused } from './private/workspace-app-fit';
import { reportClustersOutside, reportNamespaceOutside } from './private/workspace-fit';
import { ReplicaDivision } from './replica-division';
import type { ServiceProps } from './service-props';
import type { Workspace } from './workspace';

export interface MultiClusterAppProps {
  /** The clusters, and the weights by which replicas are divided over them. */
  readonly placement: Placement;
  /** The tenant that the app belongs to: it is in one of its namespaces, and comes after it. @default - none */
  readonly workspace?: Workspace;
  /** Namespace of the app, the same in every cluster. @default - the first one of the workspace, without a workspace the id */
  readonly namespaceName?: string;
  /**
   * Whether the app makes its namespace, which then admits only pods that pass the "restricted" Pod Security Standard.
   * @default true, false in a workspace, which makes its namespaces itself
   */
  readonly createNamespace?: boolean;
  /** @default ReplicaDivision.WEBSTER */
  readonly replicaDivision?: ReplicaDivision;
  /**
   * Whether the app must never be on a cluster that the internet reaches: the check `sensitive-app` refuses one whose facts say so, and asks for the
   * fact where it is not declared. @default false
   */
  readonly sensitive?: boolean;
  /** How the objects reach the clusters. @default DeliveryEngine.direct() */
  readonly engine?: DeliveryEngine;
  /** Labels of every object of the app. @default - none */
  readonly labels?: { [key: string]: string };
}

/** An application over several clusters: services that become plain objects in each, with the final number of replicas. */
export class MultiClusterApp extends Construct {
  /** Namespace of the app. */
  public readonly namespaceName: string;
  /**
   * Whose hub brings the objects to the clusters; undefined where Orrery writes them.
   * @internal
   */
  public readonly _hubTitle: string | undefined;
  /**
   * The tenant that it belongs to.
   * @internal
   */
  public readonly _workspaceId: string | undefined;
  private readonly placement: Placement;
  private readonly members: MultiClusterService[] = [];
  private readonly addresses: GlobalAddress[] = [];
  private observation: { readonly stack: ObservabilityStack; readonly how: ServiceObservation } | undefined;

  /**
   * @param scope the platform or a construct of it
   * @param id a DNS label; name of the app and, by default, of its namespace
   */
  public constructor(scope: Construct, id: string, props: MultiClusterAppProps) {
    super(scope, checkedId(scope, id, isDnsLabel, DNS_LABEL_RULE));
    recordLocation(this);
    this.placement = props.placement;
    this._hubTitle = props.engine?._hub()?.title;
    this._workspaceId = props.workspace?.node.id;
    this.namespaceName = props.namespaceName ?? props.workspace?.namespaces[0] ?? id;
    // Its guards have to be there before what they guard.
    if (props.workspace !== undefined) this.node.addDependency(props.workspace);
    const direct: LateRendered = {
      clusters: (problems) => this.clusters(props, problems),
      validate: (problems) => this.validate(props, problems),
      render: (cluster, problems) => this.render(cluster, props, problems),
      declared: () => this.declared(props),
      finish: (problems) => {
        for (const service of this.members) service._finish(problems);
      },
    };
    renderLate(this, this.delivered(props, direct));
  }

  /** The services, in order of declaration. */
  public get services(): MultiClusterService[] {
    return [...this.members];
  }

  /**
   * Adds a service.
   * @param id a DNS label that starts with a letter; name of its objects
   */
  public addService(id: string, props: ServiceProps): MultiClusterService {
    const service = new MultiClusterService(this, id, props);
    this.members.push(service);
    if (this.observation !== undefined) service._observeAsAll(this.observation.stack, this.observation.how);
    return service;
  }

  /** Lets a stack observe all services, those added later, too: monitors, alerts and objectives. What a service says itself (`service.observe`) is over it. */
  public observe(stack: ObservabilityStack, how: ServiceObservation = {}): void {
    this.observation = { stack, how };
    for (const service of this.members) service._observeAsAll(stack, how);
  }

  /**
   * One name for a service in all clusters of the app.
   * @param host DNS name, e.g. "shop.example.com"
   */
  public exposeGlobally(host: string, props: GlobalAddressProps): GlobalAddress {
    const address = new GlobalAddress(this, host, props);
    this.addresses.push(address);
    return address;
  }

  /**
   * The clusters of its placement; none where that is wrong, which the app itself reports.
   * @internal
   */
  public _clusters(): readonly Cluster[] {
    return placedClusters(this, this.placement, []);
  }

  /**
   * Names by which users reach it.
   * @internal
   */
  public get _hosts(): string[] {
    return this.addresses.map(({ host }) => host);
  }

  private clusters(props: MultiClusterAppProps, problems: Problem[]): Cluster[] {
    const placed = placedOn(this, props.placement, problems);
    const clusters = [...placed.weights.keys()];
    this.place(placed, clusters, props, problems);
    return clusters;
  }

  private place(placed: Placed, all: readonly Cluster[], props: MultiClusterAppProps, problems: Problem[]): void {
    if (props.workspace !== undefined) reportClustersOutside(this, props.workspace, placed, problems);
    const division = props.replicaDivision ?? ReplicaDivision.WEBSTER;
    for (const service of this.members) service._place(placed, division, problems, all);
    for (const address of this.addresses) address._place(placed.weights, all, problems);
  }

  /** As it is, or through the hub of an engine. */
  private delivered(props: MultiClusterAppProps, direct: LateRendered): LateRendered {
    const engine = props.engine?._hub();
    if (engine === undefined) return direct;
    const { placement, createNamespace, sensitive } = props;
    const app = {
      construct: this,
      name: this.node.id,
      namespace: this.namespaceName,
      placement,
      labels: this.labels(props),
      createNamespace,
      sensitive: sensitive === true,
      place: (placed: Placed, all: readonly Cluster[], problems: Problem[]) => this.place(placed, all, props, problems),
      render: (cluster: Cluster, problems: Problem[]) => this.render(cluster, props, problems),
      totalOf: (owner: IConstruct) => this.members.find((service) => service === owner)?._declared()?.replicas,
    };
    return deliveredThrough(engine, app, direct);
  }

  private labels(props: MultiClusterAppProps): { readonly [key: string]: string } {
    return {
      ...props.labels,
      'app.kubernetes.io/part-of': this.node.id,
      'app.kubernetes.io/managed-by': 'orrery',
    };
  }

  private declared({ sensitive }: MultiClusterAppProps): AppManifest | undefined {
    const services = this.members.flatMap((service) => service._declared() ?? []);
    if (sensitive !== true && services.length === 0) return undefined;
    return {
      path: this.node.path,
      ...(sensitive === true ? { sensitive } : {}),
      ...(services.length === 0 ? {} : { services }),
    };
  }

  private validate({ workspace, createNamespace }: MultiClusterAppProps, problems: Problem[]): void {
    if (!isDnsLabel(this.namespaceName)) {
      problems.push(
        problemAt(this, 'ORR2003', `"${this.namespaceName}" is not a valid namespace.`, {
          fix: `Use ${DNS_LABEL_RULE}.`,
        }),
      );
    }
    if (!(this.node.root instanceof Platform)) {
      const fix = 'Make it in the platform; its placement says which clusters it goes to.';
      problems.push(problemAt(this, 'ORR2017', 'The app is inside a cluster.', { fix }));
    }
    if (workspace !== undefined) reportNamespaceOutside(this, workspace, this.namespaceName, createNamespace, problems);
    for (const service of this.members) service._validate(problems);
  }

  private render(cluster: Cluster, props: MultiClusterAppProps, problems: Problem[]): Rendering {
    const entries: Entry[] = [];
    const labels = this.labels(props);
    if (props.createNamespace ?? props.workspace === undefined) {
      const object = namespaceObject(this.namespaceName, {
        ...labels,
        'pod-security.kubernetes.io/enforce': 'restricted',
      });
      entries.push({ path: `${this.node.path}/Namespace`, owner: this, content: { type: 'object', object } });
    }
    const { sensitive = false } = props;
    const { workspace } = props;
    const inApp = { workspace, namespace: this.namespaceName, app: this.node.id, labels, sensitive };
    for (const service of this.members) {
      entries.push(...service._render(cluster, inApp, problems));
    }
    for (const address of this.addresses) entries.push(...address._render(cluster, inApp));
    if (props.workspace !== undefined) {
      reportRefused(this, props.workspace._granted(cluster, this.namespaceName), entries, problems);
    }
    return { entries };
  }
}
