import type { CanaryReleaseManifest, JsonValue, ReleaseInClusterManifest } from '../../assembly-format';
import type { Cluster } from '../../cluster';
import { canonicalJson, sha256 } from '../../private/canonical';
import { milliseconds } from '../../private/gate-settings';
import { collectProblems, type Problem, type ProblemCode, problemAt } from '../../private/problem';
import { isHttp } from '../../private/resilience-validation';
import type { NamedPort, ServiceSettings } from '../../private/service-settings';
import type { Entry } from '../../private/unit';
import type { ResilienceProps } from '../../resilience';
import type { ServiceOverride } from '../../service-props';
import { CanaryFailure } from '../canary-backend';
import type { CanaryRelease, CanaryReleaseProps } from '../canary-release';
import type { CanaryBackendRules } from './backend';
import { BACKENDS, backendIn, backendNamed, backendsWith } from './backends';
import { type CanaryNames, copyOf } from './canary-objects';
import { CANARY_FEATURES, featuresOf } from './features';
import { podStickiness } from './pod-stickiness';
import { analysisManifest } from './queries';
import type { ReleaseInCluster, ServiceAs } from './release-in-cluster';
import { releaseFindings } from './release-validation';
import { serviceFindings } from './service-fit';
import { LANE_LABEL, ruledRequests, type Split, type StickyVersion } from './split';
import { type Always, plannedRelease, type StageHold } from './stages';
import { statesOf, type World } from './states';
import { wavesOf } from './waves';

/** A service as its release sees it, in one cluster. */
export interface ReleasedService {
  readonly name: string;
  readonly namespace: string;
  readonly selector: { readonly [key: string]: string };
  readonly canarySelector: { readonly [key: string]: string };
  readonly ports: readonly NamedPort[];
  readonly settings: ServiceSettings;
  /** What its exposures become: "Ingress", "HTTPRoute", "LoadBalancer". */
  readonly exposures: readonly string[];
  readonly resilience: ResilienceProps | undefined;
  /** Whose hub brings its objects to the cluster; undefined where Orrery writes them. */
  readonly hub: string | undefined;
  render(as: ServiceAs): World;
}

/** The release of a service of an app. */
export class ServiceRelease {
  private readonly states = new Map<Cluster, ReleaseInClusterManifest>();
  private readonly templates = new Map<string, string>();
  private isNew = false;

  public constructor(
    private readonly construct: CanaryRelease,
    private readonly props: CanaryReleaseProps,
  ) {}

  public covers(cluster: Cluster): boolean {
    const { clusters } = this.props;
    return clusters === undefined || (collectProblems([], () => clusters.selectedClusters) ?? []).includes(cluster);
  }

  /** What is wrong in every cluster. */
  public validate(problems: Problem[]): void {
    const { construct, props } = this;
    this.states.clear();
    this.templates.clear();
    this.isNew = false;
    if (props.clusters !== undefined) collectProblems(problems, () => props.clusters?.selectedClusters);
    for (const { code, what, fix } of releaseFindings(props)) problems.push(problemAt(construct, code, what, { fix }));
  }

  private checkFeatures(rules: CanaryBackendRules, problems: Problem[]): void {
    for (const [feature, where] of featuresOf(this.traits())) {
      if (rules.can.has(feature)) continue;
      const what = `${where} asks for ${CANARY_FEATURES[feature]}, which ${rules.title} cannot do.`;
      const fix = `It can be done by: ${backendsWith(feature)}.`;
      problems.push(problemAt(this.construct, 'ORR2012', what, { fix }));
    }
  }

  private traits() {
    const { stickiness } = this.props;
    const dye = this.props.dye?._rules;
    return {
      steps: this.props.steps.map((step) => step._rules),
      stickyVersion: stickiness?.version !== undefined,
      stickyPod: stickiness?.pod !== undefined,
      dyed: dye?.header !== undefined,
      lane: dye?.lane !== undefined,
    };
  }

  private rulesFor(clusters: readonly Cluster[]): CanaryBackendRules | undefined {
    return this.props.backend === undefined ? backendIn(clusters) : backendNamed(this.props.backend);
  }

  /** The objects of the service and its canary, as they are before the end. */
  public render(cluster: Cluster, service: ReleasedService, problems: Problem[]): Entry[] {
    const { construct, props } = this;
    const report = (code: ProblemCode, what: string, fix: string) =>
      problems.push(problemAt(construct, code, what, { fix, cluster: cluster.clusterName }));
    const all = [...props.service._weights().keys()].filter((one) => this.covers(one));
    const rules = this.rulesFor(all);
    if (rules === undefined) {
      const versions = BACKENDS.map(({ apiVersion }) => `"${apiVersion}"`).join(' or ');
      report(
        'ORR2013',
        `A canary release needs something that divides requests, and cluster "${cluster}" declares nothing.`,
        `Add ${versions} to the cluster's apiVersions, or set backend.`,
      );
      return [...service.render({})];
    }
    const findings = serviceFindings(service, props, rules);
    for (const { code, what, fix } of findings) report(code, what, fix);
    // What follows would only repeat in other words what is wrong already.
    if (findings.length > 0 || releaseFindings(props).length > 0) return [...service.render({})];
    const [first, other] = props.service._releasesIn(cluster);
    if (other !== undefined && first === construct) {
      const what = `Both "${first.node.path}" and "${other.node.path}" release the service in cluster "${cluster}".`;
      report('ORR2012', what, 'Release one after the other: remove the one that is through.');
    }
    const release = this.inCluster(cluster, service);
    rules.check?.(release, cluster, problems);
    const { entries, manifest } = statesOf(rules.worlds(release, problems));
    this.states.set(cluster, manifest);
    this.remember(cluster, release);
    return entries;
  }

  private inCluster(cluster: Cluster, service: ReleasedService): ReleaseInCluster {
    const { construct, props } = this;
    const { name, namespace, selector, canarySelector } = service;
    const names: CanaryNames = {
      stable: name,
      canary: `${name}-canary`,
      namespace,
      stableSelector: selector,
      canarySelector,
    };
    const steps = props.steps.map((step) => step._rules);
    const dye = props.dye?._rules;
    return {
      construct,
      cluster,
      names,
      steps,
      ports: service.ports.filter(isHttp),
      planned: plannedRelease(steps, this.always()),
      changes: this.changes(),
      said: podStickiness(props.stickiness?.pod),
      labels: dye?.lane === undefined ? {} : { [LANE_LABEL]: dye.lane },
      inMesh: props.meshCallers === true,
      service: (as) => service.render(as),
      hold: (hold, split) => this.hold(hold, split, cluster, names),
    };
  }

  private changes(): ServiceOverride {
    const { image, changes } = this.props;
    return { ...changes, ...(image === undefined ? {} : { image }) };
  }

  private always(): Always {
    const sticky = this.sticky();
    const { header, edge, lane } = this.props.dye?._rules ?? {};
    const dye = {
      ...(header === undefined ? {} : { header }),
      ...(edge === undefined ? {} : { edge }),
      ...(lane === undefined ? {} : { lane }),
    };
    return { ...(sticky === undefined ? {} : { sticky }), ...(this.props.dye === undefined ? {} : { dye }) };
  }

  /** The cookie holds what the release is, so that clients of one before are divided anew. */
  private sticky(): StickyVersion | undefined {
    const version = this.props.stickiness?.version;
    if (version === undefined) return undefined;
    const value = sha256(canonicalJson(JSON.parse(JSON.stringify(this.changes())) as JsonValue)).slice(0, 10);
    return {
      cookie: version.cookie ?? `canary-${this.construct.node.id}`,
      value,
      maxAgeSeconds: Math.floor((milliseconds(version.maxAge ?? '1h') ?? 0) / 1000),
    };
  }

  private hold(hold: StageHold, split: Split | undefined, { clusterName }: Cluster, names: CanaryNames) {
    if (hold.type === 'approve')
      return { type: 'approve' as const, ...(hold.message === undefined ? {} : { message: hold.message }) };
    if (hold.type === 'pause')
      return hold.duration === undefined
        ? { type: 'approve' as const }
        : { type: 'pause' as const, ms: milliseconds(hold.duration) ?? 0 };
    const { prometheus = '', prometheusPerCluster = {} } = this.props;
    const url = Object.hasOwn(prometheusPerCluster, clusterName)
      ? (prometheusPerCluster[clusterName] as string)
      : prometheus;
    const { canary, stable, namespace } = names;
    return analysisManifest(hold.analysis, url, {
      canary,
      stable,
      namespace,
      cluster: clusterName,
      labels: { destination_service_namespace: namespace, destination_service_name: canary },
      byReceiver: split !== undefined && split.weight === 0 && ruledRequests(split, 'inside').length === 0,
    });
  }

  /** What is released in a cluster, and whether it is new there. */
  private remember({ clusterName }: Cluster, { service, changes, names }: ReleaseInCluster): void {
    const templateOf = (world: World) =>
      canonicalJson(
        world.flatMap(({ content }): JsonValue[] => {
          if (content.type !== 'object') return [];
          const { kind, metadata, spec } = copyOf(content.object);
          return kind === 'Deployment' && metadata.name === names.stable ? [spec.template as JsonValue] : [];
        }),
      );
    const released = templateOf(service({ changes }));
    if (released !== templateOf(service({}))) this.isNew = true;
    this.templates.set(clusterName, released);
  }

  /** What the assembly says of it; undefined where it is wrong. Called when all clusters are rendered. */
  public manifest(platform: readonly Cluster[], problems: Problem[]): CanaryReleaseManifest | undefined {
    const { construct, props } = this;
    const clusters = [...props.service._weights().keys()].filter((cluster) => this.covers(cluster));
    const report = (code: ProblemCode, what: string, fix: string) =>
      problems.push(problemAt(construct, code, what, { fix }));
    if (clusters.length === 0) {
      report('ORR2006', 'The release is in no cluster of its service.', 'Correct clusters of the release.');
      return undefined;
    }
    const waves = wavesOf(props, clusters, platform, problems, report);
    const rules = this.rulesFor(clusters);
    if (rules !== undefined) this.checkFeatures(rules, problems);
    if (this.states.size < clusters.length || rules === undefined) return undefined;
    if (!this.isNew) {
      const what = 'The release brings the version that the service has already.';
      report('ORR2012', what, 'Remove the CanaryRelease: it is through. Or set another image, or changes.');
    }
    return {
      path: construct.node.path,
      name: construct.node.id,
      backend: rules.backend,
      waves,
      revision: sha256(canonicalJson(Object.fromEntries(this.templates))),
      clusters: Object.fromEntries([...this.states].map(([{ clusterName }, states]) => [clusterName, states])),
      ...(props.onFailure === CanaryFailure.PAUSE ? { onFailure: 'pause' } : {}),
    };
  }
}
