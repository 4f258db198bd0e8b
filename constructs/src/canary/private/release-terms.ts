import type { CanaryReleaseManifest, HoldManifest, JsonValue, ReleaseInClusterManifest } from '../../assembly-format';
import type { Cluster } from '../../cluster';
import { canonicalJson, sha256 } from '../../private/canonical';
import { milliseconds } from '../../private/gate-settings';
import { collectProblems, type Problem, type ProblemCode, problemAt } from '../../private/problem';
import type { ServiceOverride } from '../../service-props';
import { CanaryFailure } from '../canary-backend';
import type { CanaryRelease, CanaryReleaseProps } from '../canary-release';
import type { CanaryBackendRules } from './backend';
import { BACKENDS, backendIn, backendNamed, backendsOf, backendsWith } from './backends';
import { CANARY_FEATURES, type CanaryFeature, featuresOf } from './features';
import { podStickiness } from './pod-stickiness';
import { analysisManifest, type Measured } from './queries';
import { releaseFindings } from './release-validation';
import { LANE_LABEL, ruledRequests, type Split, type StickyVersion } from './split';
import { type Always, plannedRelease, type StageHold } from './stages';
import { wavesOf } from './waves';

/** What a release says, whatever it releases, and what became of it in its clusters so far. */
export class ReleaseTerms {
  private readonly states = new Map<Cluster, ReleaseInClusterManifest>();
  private readonly versions = new Map<string, JsonValue>();
  private isNew = false;
  /** Clusters whose analyses have nobody to ask. */
  private readonly unasked = new Set<Cluster>();
  /** What does not change while the platform is synthesized. */
  private chosen: ReadonlySet<Cluster> | undefined;
  private sound: boolean | undefined;

  public constructor(
    public readonly construct: CanaryRelease,
    public readonly props: CanaryReleaseProps,
  ) {}

  /** Whether it is for a cluster where what is released is. */
  public covers(cluster: Cluster): boolean {
    const { clusters } = this.props;
    if (clusters === undefined) return true;
    this.chosen ??= new Set(collectProblems([], () => clusters.selectedClusters));
    return this.chosen.has(cluster);
  }

  /** What is wrong in every cluster. Forgets what became of it. */
  public validate(problems: Problem[]): void {
    const { construct, props } = this;
    this.states.clear();
    this.versions.clear();
    this.isNew = false;
    this.chosen = undefined;
    this.sound = undefined;
    if (props.clusters !== undefined) collectProblems(problems, () => props.clusters?.selectedClusters);
    for (const { code, what, fix } of releaseFindings(props)) problems.push(problemAt(construct, code, what, { fix }));
  }

  /** Whether nothing is wrong with it that would be said again in other words. */
  public get isSound(): boolean {
    this.sound ??= releaseFindings(this.props).length === 0;
    return this.sound;
  }

  /** What divides and moves it in all its clusters. Undefined with a problem reported for one of them. */
  public backend(clusters: readonly Cluster[], here: Cluster, problems: Problem[]): CanaryBackendRules | undefined {
    const rules = this.rulesFor(clusters);
    if (rules !== undefined) return rules;
    const [own] = backendsOf(here);
    // Of clusters that have nothing in common, those that have nothing are to blame.
    if (own !== undefined && clusters.some((cluster) => backendsOf(cluster).length === 0)) return undefined;
    const versions = BACKENDS.map(({ apiVersion }) => `"${apiVersion}"`).join(' or ');
    const what =
      own === undefined
        ? `A canary release needs something that divides requests, and cluster "${here}" declares nothing.`
        : `Cluster "${here}" divides requests by ${own.title}, and not every cluster of the release does.`;
    const fix = `Add ${versions} to the cluster's apiVersions, or set backend.`;
    problems.push(problemAt(this.construct, 'ORR2013', what, { fix, cluster: here.clusterName }));
    return undefined;
  }

  /** Whether Orrery moves it, in these clusters. */
  public isMovedByOrrery(clusters: readonly Cluster[]): boolean {
    return this.rulesFor(clusters)?.isMovedByOrrery === true;
  }

  private rulesFor(clusters: readonly Cluster[]): CanaryBackendRules | undefined {
    return this.props.backend === undefined ? backendIn(clusters) : backendNamed(this.props.backend);
  }

  private checkFeatures(rules: CanaryBackendRules, more: readonly [CanaryFeature, string][], problems: Problem[]) {
    const { steps, stickiness, dye } = this.props;
    const traits = {
      steps: steps.map((step) => step._rules),
      stickyVersion: stickiness?.version !== undefined,
      stickyPod: stickiness?.pod !== undefined,
      dyed: dye?._rules.header !== undefined,
      lane: dye?._rules.lane !== undefined,
    };
    for (const [feature, where] of [...featuresOf(traits), ...more]) {
      if (rules.can.has(feature)) continue;
      const what = `${where} asks for ${CANARY_FEATURES[feature]}, which ${rules.title} cannot do.`;
      const fix = `It can be done by: ${backendsWith(feature)}.`;
      problems.push(problemAt(this.construct, 'ORR2012', what, { fix }));
    }
  }

  /** What of a release in a cluster its terms decide. */
  public inCluster(cluster: Cluster) {
    const { construct, props } = this;
    const steps = props.steps.map((step) => step._rules);
    const lane = props.dye?._rules.lane;
    return {
      construct,
      cluster,
      steps,
      planned: plannedRelease(steps, this.always()),
      changes: this.changes(),
      said: podStickiness(props.stickiness?.pod),
      labels: lane === undefined ? {} : { [LANE_LABEL]: lane },
      inMesh: props.meshCallers === true,
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
    const { versions } = this.props;
    const what = JSON.stringify([this.changes(), versions?.canary.labels ?? null]);
    return {
      cookie: version.cookie ?? `canary-${this.construct.node.id}`,
      value: sha256(what).slice(0, 10),
      maxAgeSeconds: Math.floor((milliseconds(version.maxAge ?? '1h') ?? 0) / 1000),
    };
  }

  /** What a stage waits for. */
  public hold(
    hold: StageHold,
    split: Split | undefined,
    cluster: Cluster,
    measured: Pick<Measured, 'canary' | 'stable' | 'namespace' | 'labels'>,
  ): HoldManifest {
    if (hold.type === 'approve')
      return { type: 'approve', ...(hold.message === undefined ? {} : { message: hold.message }) };
    if (hold.type === 'pause')
      return hold.duration === undefined
        ? { type: 'approve' }
        : { type: 'pause', ms: milliseconds(hold.duration) ?? 0 };
    const { clusterName } = cluster;
    const url = prometheusIn(this.props, cluster);
    if (url === undefined) this.unasked.add(cluster);
    const byReceiver = split !== undefined && split.weight === 0 && ruledRequests(split, 'inside').length === 0;
    return analysisManifest(hold.analysis, url ?? '', { ...measured, cluster: clusterName, byReceiver });
  }

  /** Takes down what becomes of it in a cluster. @param released what is released there @param former what was there before */
  public remember(cluster: Cluster, states: ReleaseInClusterManifest, released: JsonValue, former: JsonValue): void {
    this.states.set(cluster, states);
    this.versions.set(cluster.clusterName, released);
    if (canonicalJson(released) !== canonicalJson(former)) this.isNew = true;
  }

  /** What the assembly says of it; undefined where it is wrong. Called when all clusters are rendered. */
  public manifest(
    clusters: readonly Cluster[],
    platform: readonly Cluster[],
    more: readonly [CanaryFeature, string][],
    problems: Problem[],
  ): CanaryReleaseManifest | undefined {
    const { construct, props } = this;
    const report = (code: ProblemCode, what: string, fix: string) =>
      problems.push(problemAt(construct, code, what, { fix }));
    for (const cluster of this.unasked) {
      const what = `Analyses in cluster "${cluster}" ask Prometheus, and nothing says where it is.`;
      const fix =
        'Set prometheus, add the cluster to prometheusPerCluster, or to the metrics of the stack that observes the service.';
      problems.push(problemAt(construct, 'ORR2013', what, { fix, cluster: cluster.clusterName }));
    }
    if (clusters.length === 0) {
      report('ORR2006', 'The release is in no cluster of what it releases.', 'Correct clusters of the release.');
      return undefined;
    }
    const waves = wavesOf(props, clusters, platform, problems, report);
    const rules = this.rulesFor(clusters);
    if (rules !== undefined) this.checkFeatures(rules, more, problems);
    if (this.states.size < clusters.length || rules === undefined) return undefined;
    if (!this.isNew) {
      const what = 'The release brings the version that is there already.';
      report('ORR2012', what, 'Remove the CanaryRelease: it is through. Or set another image, or changes.');
    }
    return {
      path: construct.node.path,
      name: construct.node.id,
      backend: rules.backend,
      waves,
      revision: sha256(canonicalJson(Object.fromEntries(this.versions))),
      clusters: Object.fromEntries([...this.states].map(([{ clusterName }, states]) => [clusterName, states])),
      ...(props.onFailure === CanaryFailure.PAUSE ? { onFailure: 'pause' } : {}),
    };
  }
}

/** As the program says, else as the stack does that observes the service; undefined where neither does. */
function prometheusIn(
  { prometheus, prometheusPerCluster = {}, service }: CanaryReleaseProps,
  cluster: Cluster,
): string | undefined {
  const { clusterName } = cluster;
  if (Object.hasOwn(prometheusPerCluster, clusterName)) return prometheusPerCluster[clusterName];
  return prometheus ?? service?._metrics()?.queryUrlIn(cluster);
}
