import type { JsonPatch } from 'cdk8s';
import { Construct } from 'constructs';
import type { AppServiceManifest } from './assembly-format';
import type { CanaryRelease } from './canary/canary-release';
import type { ServiceAs } from './canary/private/release-in-cluster';
import type { Cluster } from './cluster';
import { ClusterSelection, type IClusterSelection } from './cluster-selection';
import type { ControllerOwnedField } from './controller-owned-fields';
import type { Exposure } from './exposure';
import type { GlobalAddress } from './global-address';
import type { MultiClusterApp } from './multi-cluster-app';
import type { ObservabilityStack } from './observability/observability-stack';
import { ObservedIn } from './observability/private/observed-in';
import { ServiceCalls } from './observability/private/service-calls';
import type { StackMetrics } from './observability/private/stack-context';
import { TracedService } from './observability/private/tracing/traced-service';
import type { ServiceObjective, ServiceObservation } from './observability/service-observation';
import type { TracedLanguage } from './observability/traced-language';
import { Platform } from './platform';
import { carriedAdditions } from './private/carried-additions';
import { checkedId } from './private/construct-id';
import { withSite } from './private/controller-owned';
import { renderExposure } from './private/exposure-rendering';
import type { ExposureRules } from './private/exposure-rules';
import { exposureProblems } from './private/exposure-validation';
import type { HostTraffic } from './private/istio-host';
import { CallSite, recordLocation } from './private/location';
import { isServiceName, SERVICE_NAME_RULE } from './private/names';
import {
  applyPatches,
  declareOwned,
  type ObjectPatch,
  type OwnedFields,
  reportIdlePatches,
} from './private/object-patch';
import { type OrdinalRanges, ordinalRanges } from './private/ordinal-ranges';
import { Overrides } from './private/overrides';
import { reportUnfit } from './private/placement-fit';
import type { Placed } from './private/placement-rules';
import { failHere, type Problem, problemAt } from './private/problem';
import { declaredBounds, scalingIn } from './private/scaling-rendering';
import { serviceExport } from './private/service-export';
import { canarySelectorOf, renderService, selectorOf } from './private/service-rendering';
import { divideOverClusters, type Shares } from './private/service-replicas';
import { portsOf, type ServiceSettings, settingsIn } from './private/service-settings';
import { type DeclaredResilience, renderTraffic, validateResilience } from './private/service-traffic';
import { validateService } from './private/service-validation';
import type { Entry } from './private/unit';
import type { ReplicaDivision } from './replica-division';
import type { ResilienceProps } from './resilience';
import type { ServiceOverride, ServiceProps } from './service-props';
import type { Workspace } from './workspace';

/** Which object of a service a patch is for. */
export interface PatchTarget {
  /** "Deployment", "StatefulSet", "Service", "ConfigMap", … */
  readonly kind: string;
  /** Needed only where the service has several of the kind. @default - the only one */
  readonly name?: string;
}

/** A service of a `MultiClusterApp`: a Deployment or StatefulSet and what belongs to it, in every cluster of the app. */
export class MultiClusterService extends Construct {
  /** Name of the service and of its objects. */
  public readonly serviceName: string;
  private readonly props: ServiceProps;
  private readonly overrides: Overrides<ServiceOverride>;
  private readonly patches: Overrides<ObjectPatch>;
  private readonly owned: Overrides<OwnedFields>;
  private readonly exposures: Overrides<Exposure>;
  private readonly traffic: ((cluster: Cluster, problems: Problem[]) => HostTraffic | undefined)[] = [];
  private resilient: DeclaredResilience | undefined;
  private readonly releases: CanaryRelease[] = [];
  private readonly observed: ObservedIn;
  private readonly traced: TracedService;
  private readonly called: ServiceCalls;
  private readonly addresses: GlobalAddress[] = [];
  private isExported = false;
  private weights: ReadonlyMap<Cluster, number> = new Map();
  private shares: Shares = new Map();
  private ordinals: OrdinalRanges = new Map();
  /** Those of clusters without overrides, since the last validation. */
  private settings: ServiceSettings | undefined;
  /** What those clusters get alike; undefined where there is one. */
  private alike: Map<string, unknown> | undefined;

  /** Use `MultiClusterApp.addService`. */
  public constructor(scope: Construct, id: string, props: ServiceProps) {
    super(scope, checkedId(scope, id, isServiceName, SERVICE_NAME_RULE));
    recordLocation(this);
    this.serviceName = id;
    this.props = props;
    this.overrides = new Overrides(this);
    this.patches = new Overrides(this);
    this.owned = new Overrides(this);
    this.exposures = new Overrides(this);
    this.observed = new ObservedIn(this);
    this.traced = new TracedService(this);
    this.called = new ServiceCalls(this);
  }

  /** Other settings in some clusters. Later overrides win. */
  public overrideIn(where: IClusterSelection, settings: ServiceOverride): void {
    this.overrides.add(where, settings);
  }

  /**
   * Changes an object of the service in some clusters by JSON patch (RFC 6902), after everything else. Fields unknown to Orrery are kept. A
   * patch that does not apply, or changes nothing in any of the clusters, is an error at synth.
   */
  public patchIn(where: IClusterSelection, target: PatchTarget, ...operations: JsonPatch[]): void {
    this.patches.add(where, { target, operations, effect: { applied: false, changed: false } });
  }

  /**
   * Declares fields of an object of the service that a controller owns in some clusters. What autoscaling decides needs no declaration. A path that
   * matches nothing in the object is an error at synth, unless it is `onlyLive`.
   */
  public controllerOwnsIn(where: IClusterSelection, target: PatchTarget, ...fields: ControllerOwnedField[]): void {
    this.owned.add(where, { target, fields: withSite(fields) });
  }

  /** Lets the service be reached from outside its clusters; the facts of each say what that takes there. */
  public expose(exposure: Exposure): void {
    this.exposeIn(
      ClusterSelection._lazy(() => Platform.of(this).clusters),
      exposure,
    );
  }

  /** The same in some clusters only. */
  public exposeIn(where: IClusterSelection, exposure: Exposure): void {
    this.exposures.add(where, exposure);
  }

  /** Lets a stack observe the service: its pods are scraped, and somebody is told when it is down, fails, is slow or has no room left. */
  public observe(stack: ObservabilityStack, how: ServiceObservation = {}): void {
    this.observed.by(stack, how);
  }

  /** Lets a stack take traces of the service: its program is made to tell of its requests, in the clusters that the stack observes. */
  public trace(stack: ObservabilityStack, by: TracedLanguage): void {
    this.traced.by(stack, by);
  }

  /** Says that the service calls another one. It changes no object of either; a `ServiceMap` tells of it. */
  public calls(service: MultiClusterService): void {
    this.called.add(service);
  }

  /** Says that the service calls something that is no service of the platform, e.g. "api.bank.example.com". */
  public callsHost(host: string): void {
    this.called.addHost(host);
  }

  /**
   * The metrics of the stack that observes it; undefined where there are none.
   * @internal
   */
  public _metrics(): StackMetrics | undefined {
    return this.observed.stack?._context().metrics;
  }

  /**
   * What a map of services tells of it.
   * @internal
   */
  public _described(namespace: string) {
    const { all: calls, hosts } = this.called;
    return { calls, hosts, tracedBy: this.traced.language, ...this.observed.described(namespace) };
  }

  /**
   * How good the service shall be: alerts by how fast its errors burn the error budget. A stack has to observe it.
   * @param id a DNS label, unique for the service, e.g. "availability"
   */
  public slo(id: string, objective: ServiceObjective): void {
    this.observed.objective(id, objective);
  }

  /**
   * What the app says of all its services; what this one says itself is over it.
   * @internal
   */
  public _observeAsAll(stack: ObservabilityStack, how: ServiceObservation): void {
    this.observed.asAll(stack, how);
  }

  /**
   * Makes the service known to the other clusters of its cluster set, by a ServiceExport of the Multi-Cluster Services API: their pods reach all of its pods as
   * `clusterSetHost`. Something in the clusters has to implement it (Submariner, Cilium, a cloud's controller, …).
   */
  public exportToClusterSet(): void {
    this.isExported = true;
  }

  /** Name of the service in all clusters of its cluster set, once it is exported. */
  public get clusterSetHost(): string {
    return `${this.serviceName}.${(this.node.scope as MultiClusterApp).namespaceName}.svc.clusterset.local`;
  }

  /**
   * The clusters of the app with their weights; 1 for those of another group where an engine places group by group.
   * @internal
   */
  public _weights(): ReadonlyMap<Cluster, number> {
    return this.weights;
  }

  /** @internal */
  public _addAddress(address: GlobalAddress): void {
    this.addresses.push(address);
  }

  /** @internal */
  public _exposures(cluster: Cluster): ExposureRules[] {
    return this.exposures.for(cluster).map(({ value }) => value._rules);
  }

  /**
   * Timeouts, retries, bounds of connections, circuit breaking and rate limits, held by the mesh or the gateway of each cluster. Declared once; differences
   * between clusters by `patchIn`.
   */
  public resilience(props: ResilienceProps): void {
    if (this.resilient !== undefined) {
      const fix = 'Say everything in one call.';
      failHere(this, 'ORR2004', 'The resilience of the service is declared twice.', { fix });
    }
    this.resilient = { props, site: new CallSite() };
  }

  /**
   * What another feature says of the requests to the service in the mesh of a cluster: the objects of its host are made once, from everything that is said.
   * @internal
   */
  public _addTraffic(saidIn: (cluster: Cluster, problems: Problem[]) => HostTraffic | undefined): void {
    this.traffic.push(saidIn);
  }

  /** @internal */
  public _addRelease(release: CanaryRelease): void {
    this.releases.push(release);
  }

  /**
   * Releases of the service that concern a cluster.
   * @internal
   */
  public _releasesIn(cluster: Cluster): CanaryRelease[] {
    return this.releases.filter((release) => release._covers(cluster));
  }

  /**
   * @param clusters all clusters of the app
   * @internal
   */
  public _place(placed: Placed, division: ReplicaDivision, problems: Problem[], clusters: readonly Cluster[]): void {
    this.overrides.validate('override', clusters, problems);
    this.patches.validate('patch', clusters, problems);
    this.owned.validate('declaration of controller-owned fields', clusters, problems);
    this.exposures.validate('exposure', clusters, problems);
    reportUnfit(this, this.props, placed, problems);
    this.ordinals = ordinalRanges(this, this.props, placed, problems);
    this.weights = new Map(clusters.map((cluster) => [cluster, placed.weights.get(cluster) ?? 1]));
    this.shares = divideOverClusters(this.props, placed, division);
    this.alike = clusters.length > 1 ? new Map() : undefined;
  }

  /**
   * The totals that the program declares; undefined where it declares numbers per cluster.
   * @internal
   */
  public _declared(): AppServiceManifest | undefined {
    const { replicas, autoscaling, survive } = this.props;
    const total = replicas === undefined ? autoscaling && declaredBounds(autoscaling) : { replicas };
    if (total === undefined) return undefined;
    return { path: this.node.path, ...total, ...(survive === undefined ? {} : { survive }) };
  }

  /** @internal */
  public _validate(problems: Problem[]): void {
    this.settings = settingsIn(this.props, []);
    validateService(this, this.props, this.settings, this.overrides.all, problems);
    for (const { value, site } of this.exposures.all) {
      for (const { code, what, fix } of exposureProblems(this.serviceName, value._rules, this.settings)) {
        problems.push(problemAt(this, code, what, { fix, source: site.source }));
      }
    }
    if (this.resilient !== undefined) validateResilience(this, this.resilient, this.settings, problems);
    this.observed.validate(this.settings, problems);
    this.traced.validate(problems);
    this.called.validate(problems);
  }

  /** @internal */
  public _render(cluster: Cluster, app: AppOfService, problems: Problem[]): Entry[] {
    const render = (as: ServiceAs) => this.renderAs(cluster, app, as, problems);
    const [release] = this._releasesIn(cluster);
    const watch = [
      ...this.observed.render(cluster, () => {
        const settings = this.settingsFor(cluster, {});
        const scaling = scalingIn(this.props, this.shares.get(cluster), settings);
        return { ...app, settings, scaling, isReleased: release !== undefined };
      }),
      ...this.traced.render(cluster, app),
    ];
    if (release === undefined) return [...render({}), ...watch];
    const settings = this.settingsFor(cluster, {});
    const named = { name: this.serviceName, app: app.app };
    const service = {
      name: this.serviceName,
      namespace: app.namespace,
      selector: selectorOf(named),
      canarySelector: canarySelectorOf(named),
      ports: portsOf(settings),
      settings,
      exposures: this._exposures(cluster).map(({ type }) => type),
      resilience: this.resilient?.props,
      hub: (this.node.scope as MultiClusterApp)._hubTitle,
      render,
    };
    return [...release._render(cluster, service, problems), ...watch];
  }

  private settingsFor(cluster: Cluster, { changes }: ServiceAs): ServiceSettings {
    const said = this.overrides.for(cluster).map((override) => override.value);
    const declared = [...this.traced.settings(cluster), ...said];
    const overrides = changes === undefined ? declared : [...declared, changes];
    return overrides.length === 0 && this.settings ? this.settings : settingsIn(this.props, overrides);
  }

  /** As the program says, or as a release asks for. */
  private renderAs(cluster: Cluster, { sensitive, ...app }: AppOfService, as: ServiceAs, problems: Problem[]): Entry[] {
    const settings = this.settingsFor(cluster, as);
    const service = {
      construct: this,
      name: this.serviceName,
      props: this.props,
      cluster,
      share: this.shares.get(cluster),
      ordinals: this.ordinals.get(cluster),
      alike: settings === this.settings ? this.alike : undefined,
      ...app,
    };
    const objects = renderService(service, settings, problems);
    const exposures = this.renderExposures(cluster, { sensitive, ...app }, settings, as, problems);
    const said = this.traffic.flatMap((saidIn) => saidIn(cluster, problems) ?? []);
    if (as.said !== undefined) said.push(as.said);
    const split = as.traffic?.mesh === undefined ? undefined : { ...as.traffic.mesh, split: as.traffic.split };
    if (this.resilient !== undefined || said.length > 0 || split !== undefined)
      objects.push(...renderTraffic(service, settings, { declared: this.resilient, said, exposures, split }, problems));
    objects.push(...exposures);
    if (this.isExported) objects.push(...serviceExport(service, settings, problems));
    const patched = applyPatches(this, cluster, objects, this.patches.for(cluster), problems);
    return declareOwned(this, cluster, patched, this.owned.for(cluster), problems);
  }

  private renderExposures(
    cluster: Cluster,
    app: AppOfService,
    settings: ServiceSettings,
    { traffic }: ServiceAs,
    problems: Problem[],
  ): Entry[] {
    return this.exposures.for(cluster).flatMap(({ value, site }) => {
      const { objects, findings } = renderExposure({
        rules: value._rules,
        cluster,
        name: this.serviceName,
        namespace: app.namespace,
        selector: selectorOf({ name: this.serviceName, app: app.app }),
        labels: { ...app.labels, ...selectorOf({ name: this.serviceName, app: app.app }) },
        settings,
        sensitive: app.sensitive,
        global: carriedAdditions(this, this.addresses, { cluster, exposure: value._rules }, problems),
        ...(traffic === undefined ? {} : { traffic }),
      });
      const details = { cluster: cluster.clusterName, source: site.source };
      problems.push(...findings.map(({ code, what, fix }) => problemAt(this, code, what, { ...details, fix })));
      return objects.map(({ path, object }): Entry => {
        return { path: `${this.node.path}/${path}`, owner: this, content: { type: 'object', object } };
      });
    });
  }

  /** @internal */
  public _finish(problems: Problem[]): void {
    reportIdlePatches(this, this.patches.all, problems);
  }
}

interface AppOfService {
  readonly workspace: Workspace | undefined;
  readonly namespace: string;
  /** Id of the app. */
  readonly app: string;
  readonly labels: { readonly [key: string]: string };
  readonly sensitive: boolean;
}
