import type { CanaryReleaseManifest, JsonValue } from '../../assembly-format';
import type { Cluster } from '../../cluster';
import type { MultiClusterService } from '../../multi-cluster-service';
import type { ClusterUnits } from '../../private/dependencies';
import { type Problem, type ProblemCode, problemAt } from '../../private/problem';
import { isHttp } from '../../private/resilience-validation';
import type { NamedPort, ServiceSettings } from '../../private/service-settings';
import type { Entry } from '../../private/unit';
import type { ResilienceProps } from '../../resilience';
import type { CanaryRelease, CanaryReleaseProps } from '../canary-release';
import { type CanaryNames, copyOf } from './canary-objects';
import { neighbourProblems } from './neighbours';
import type { ReleaseInCluster, ServiceAs } from './release-in-cluster';
import type { ReleaseTarget } from './release-target';
import { ReleaseTerms } from './release-terms';
import { serviceFindings } from './service-fit';
import { statesOf, type World } from './states';

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

/** The release of a service of an app: the service renders it, because the two share objects. */
export class ServiceRelease implements ReleaseTarget {
  public readonly terms: ReleaseTerms;
  private readonly own = new Map<Cluster, { readonly names: CanaryNames; readonly entries: readonly Entry[] }>();

  public constructor(
    private readonly construct: CanaryRelease,
    private readonly props: CanaryReleaseProps,
    private readonly service: MultiClusterService,
  ) {
    this.terms = new ReleaseTerms(construct, props);
  }

  public clusters(): readonly Cluster[] {
    return [];
  }

  public isWrittenTo(cluster: Cluster): boolean {
    const clusters = this.covered();
    return clusters.includes(cluster) && this.terms.isMovedByOrrery(clusters);
  }

  public validate(problems: Problem[]): void {
    this.own.clear();
    this.terms.validate(problems);
  }

  public render(): Entry[] {
    return [];
  }

  private covered(): Cluster[] {
    return [...this.service._weights().keys()].filter((cluster) => this.terms.covers(cluster));
  }

  /** The objects of the service and its canary, as they are before the end. */
  public renderService(cluster: Cluster, service: ReleasedService, problems: Problem[]): Entry[] {
    const { construct, props, terms } = this;
    const report = (code: ProblemCode, what: string, fix: string) =>
      problems.push(problemAt(construct, code, what, { fix, cluster: cluster.clusterName }));
    const rules = terms.backend(this.covered(), cluster, problems);
    if (rules === undefined) return [...service.render({})];
    const findings = serviceFindings(service, props, rules);
    for (const { code, what, fix } of findings) report(code, what, fix);
    // What follows would only repeat in other words what is wrong already.
    if (findings.length > 0 || !terms.isSound) return [...service.render({})];
    const [first, other] = this.service._releasesIn(cluster);
    if (other !== undefined && first === construct) {
      const what = `Both "${first.node.path}" and "${other.node.path}" release the service in cluster "${cluster}".`;
      report('ORR2012', what, 'Release one after the other: remove the one that is through.');
    }
    const release = this.inCluster(cluster, service);
    rules.check?.(release, cluster, problems);
    const { entries, manifest } = statesOf(rules.worlds(release, problems));
    const { changes, names } = release;
    terms.remember(
      cluster,
      manifest,
      templatesOf(service.render({ changes }), names),
      templatesOf(service.render({}), names),
    );
    this.own.set(cluster, { names, entries });
    return entries;
  }

  private inCluster(cluster: Cluster, service: ReleasedService): ReleaseInCluster {
    const { name, namespace, selector, canarySelector } = service;
    const canary = `${name}-canary`;
    return {
      ...this.terms.inCluster(cluster),
      names: {
        stable: name,
        canary,
        workload: name,
        namespace,
        stableSelector: selector,
        canarySelector,
      },
      ports: service.ports.filter(isHttp),
      service: (as) => service.render(as),
      hold: (hold, split, served = { canary, stable: name }) => {
        const labels = { destination_service_namespace: namespace, destination_service_name: served.canary };
        return this.terms.hold(hold, split, cluster, { ...served, namespace, labels });
      },
    };
  }

  public complete(all: readonly ClusterUnits[], problems: Problem[]): undefined {
    for (const [cluster, { names, entries }] of this.own)
      problems.push(
        ...neighbourProblems(this.construct, cluster, all, names, entries, this.props.exposuresStayStable === true),
      );
  }

  public manifest(platform: readonly Cluster[], problems: Problem[]): CanaryReleaseManifest | undefined {
    return this.terms.manifest(this.covered(), platform, [], problems);
  }
}

/** The pods of a workload as they are described. */
export function templatesOf(world: World, { workload }: CanaryNames): JsonValue {
  return world.flatMap(({ content }): JsonValue[] => {
    if (content.type !== 'object') return [];
    const { kind, metadata, spec } = copyOf(content.object);
    return kind === 'Deployment' && metadata.name === workload ? [spec.template as JsonValue] : [];
  });
}
