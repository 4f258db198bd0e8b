import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type { Cluster } from '../cluster';
import type { IClusterSelection } from '../cluster-selection';
import type { MultiClusterService } from '../multi-cluster-service';
import { Platform } from '../platform';
import { checkedId } from '../private/construct-id';
import { recordLocation } from '../private/location';
import { DNS_LABEL_RULE, isDnsLabel } from '../private/names';
import { failHere, type Problem } from '../private/problem';
import { type Entry, renderLate } from '../private/unit';
import type { ServiceOverride } from '../service-props';
import type { CanaryBackend, CanaryFailure } from './canary-backend';
import type { CanaryDye } from './canary-dye';
import type { CanaryStep } from './canary-step';
import type { CanaryStickiness } from './canary-stickiness';
import { DeploymentRelease } from './private/deployment-release';
import type { ReleaseTarget } from './private/release-target';
import { type ReleasedService, ServiceRelease } from './private/service-release';
import { VersionsRelease } from './private/versions-release';

/** A Deployment of the program with its Service: objects of charts of one cluster. */
export interface CanaryDeployment {
  /** The Deployment. It has a selector, and labels of its pods that the Service selects. */
  readonly deployment: ApiObject;
  /** The Service by which it is called. */
  readonly service: ApiObject;
  /** Container that gets the image. @default - the only one */
  readonly container?: string;
  /** HTTPRoutes of the program that lead to the Service, which are divided, too. @default - none */
  readonly routes?: ApiObject[];
}

/** A version of a Service: those of its pods that have some labels. */
export interface CanaryVersion {
  /** Name of the subset, a DNS label, e.g. "v1". */
  readonly name: string;
  readonly labels: { readonly [key: string]: string };
}

/** Two versions of one Service whose pods are both there already, and stay. The release divides requests between them and changes no pod. */
export interface CanaryVersions {
  /** Name of the Service, which selects the pods of both. */
  readonly serviceName: string;
  readonly namespaceName: string;
  readonly stable: CanaryVersion;
  readonly canary: CanaryVersion;
  /** Port of the Service that is divided, where it has several. @default - its only one */
  readonly port?: number;
  /** Gateways of Istio at which the same holds, "namespace/name". @default - none: callers in the mesh only */
  readonly gateways?: string[];
  /** Names by which requests come to these gateways, e.g. "reviews.example.com". @default - none: needed with `gateways` */
  readonly hosts?: string[];
}

export interface CanaryReleaseProps {
  /** What is released: a service of an app. @default - `deployment` or `versions` */
  readonly service?: MultiClusterService;
  /** What is released: a Deployment of the program. @default - `service` or `versions` */
  readonly deployment?: CanaryDeployment;
  /** What is released: a version of a Service that is there. @default - `service` or `deployment` */
  readonly versions?: CanaryVersions;
  /** The image of the new version. @default - the service's: then `changes` says what is new */
  readonly image?: string;
  /** What else is new in the pods: any settings of an override but numbers of replicas. @default - nothing */
  readonly changes?: ServiceOverride;
  /** What happens, in order. After the last step the canary gets all requests, then the service its version, and the canary goes. */
  readonly steps: CanaryStep[];
  /** @default - the first of Istio and Gateway API that the facts of all clusters declare (`apiVersions`) */
  readonly backend?: CanaryBackend;
  /** Clusters in which it is released; others keep their version. @default - all of the app; of `versions` all of the platform */
  readonly clusters?: IClusterSelection;
  /** Name of the cluster that goes first; the others begin together when it is through. @default - all begin together */
  readonly firstOn?: string;
  /** Clusters in order: those of a group begin when all before are through. Clusters in none of them are a last group. Not with `firstOn`. @default - one group */
  readonly waves?: IClusterSelection[];
  /** What a failed analysis brings about. @default CanaryFailure.ROLL_BACK */
  readonly onFailure?: CanaryFailure;
  /** Address of the Prometheus that analyses ask, without user and password. @default - that of the stack that observes the service; needed for analyses where it says none */
  readonly prometheus?: string;
  /** The same for single clusters, by their names. @default - `prometheus` for all */
  readonly prometheusPerCluster?: { [cluster: string]: string };
  /** What clients keep. @default - nothing */
  readonly stickiness?: CanaryStickiness;
  /** What keeps requests in one lane over a chain of services. @default - nothing */
  readonly dye?: CanaryDye;
  /** Also divide requests inside a mesh that knows HTTPRoutes of Services (Gateway API only). @default false */
  readonly meshCallers?: boolean;
  /**
   * Requests through exposures that cannot be divided (Ingress, load balancer) get the stable version until the end; without it they are an error.
   * @default false
   */
  readonly exposuresStayStable?: boolean;
}

/**
 * A new version of a service that gets requests step by step: by share, by header, cookie or query, by who calls, or all at once (blue-green). The canary has a Deployment and
 * a Service of its own while it is there.
 */
export class CanaryRelease extends Construct {
  private readonly target: ReleaseTarget;

  /**
   * @param scope the platform or a construct of it
   * @param id a DNS label, unique in the platform: `orrery release` names it
   */
  public constructor(scope: Construct, id: string, props: CanaryReleaseProps) {
    super(scope, checkedId(scope, id, isDnsLabel, DNS_LABEL_RULE));
    recordLocation(this);
    this.target = targetOf(this, props);
    props.service?._addRelease(this);
    renderLate(this, {
      clusters: (problems) => this.target.clusters(problems),
      validate: (problems) => this.target.validate(problems),
      render: (cluster, problems) => ({ entries: this.target.render(cluster, problems) }),
      complete: (all, problems) => this.target.complete(all, problems),
      release: (problems) => this.target.manifest(Platform.of(this).clusters, problems),
    });
  }

  /**
   * Whether it concerns the service in a cluster.
   * @internal
   */
  public _covers(cluster: Cluster): boolean {
    return this.target instanceof ServiceRelease && this.target.terms.covers(cluster);
  }

  /**
   * Whether Orrery itself goes from stage to stage in a cluster.
   * @internal
   */
  public _isWrittenTo(cluster: Cluster): boolean {
    return this.target.isWrittenTo(cluster);
  }

  /**
   * The objects of the service and its canary in a cluster.
   * @internal
   */
  public _render(cluster: Cluster, service: ReleasedService, problems: Problem[]): Entry[] {
    return (this.target as ServiceRelease).renderService(cluster, service, problems);
  }
}

function targetOf(construct: CanaryRelease, props: CanaryReleaseProps): ReleaseTarget {
  const { service, deployment, versions } = props;
  const said = [service, deployment, versions].filter((target) => target !== undefined);
  if (said.length !== 1) {
    const what = `The release has ${said.length} things to release.`;
    failHere(construct, 'ORR2012', what, { fix: 'Set exactly one of service, deployment and versions.' });
  }
  if (service !== undefined) return new ServiceRelease(construct, props, service);
  if (deployment !== undefined) return new DeploymentRelease(construct, props, deployment);
  return new VersionsRelease(construct, props, versions as CanaryVersions);
}
