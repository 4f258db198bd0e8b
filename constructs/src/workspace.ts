import { Construct, type IConstruct } from 'constructs';
import type { Cluster } from './cluster';
import { Platform } from './platform';
import { checkedId } from './private/construct-id';
import { placedClusters } from './private/delivery';
import { recordLocation } from './private/location';
import { DNS_LABEL_RULE, isDnsLabel } from './private/names';
import { collectProblems, failHere, type Problem } from './private/problem';
import { type Rendering, renderLate } from './private/unit';
import type { Granted } from './private/workspace-app-fit';
import { reportUnfitCluster } from './private/workspace-fit';
import { machineNamespace, namespacesOf } from './private/workspace-namespaces';
import { clusterQuotas, divideQuota, type Quota } from './private/workspace-quota';
import { registriesOf, renderWorkspace } from './private/workspace-rendering';
import { validateWorkspace } from './private/workspace-validation';
import type { SecretKey } from './service-props';
import type { WorkspaceProps } from './workspace-props';

/** A tenant: namespaces in several clusters, who may do what in them, and how much they may use together. */
export class Workspace extends Construct {
  private readonly props: WorkspaceProps;
  private quotas: ReadonlyMap<string, ReadonlyMap<string, Quota>> | undefined;
  /** By cluster. */
  private wholeQuotas: ReadonlyMap<string, Quota> | undefined;
  private labelled: { readonly by: IConstruct; readonly labels: { readonly [key: string]: string } } | undefined;

  /**
   * @param scope the platform or a construct of it
   * @param id a DNS label; by default the name of its namespace
   */
  public constructor(scope: Construct, id: string, props: WorkspaceProps) {
    super(scope, checkedId(scope, id, isDnsLabel, DNS_LABEL_RULE));
    recordLocation(this);
    this.props = props;
    renderLate(this, {
      clusters: (problems) => this.clusters(problems),
      validate: (problems) => validateWorkspace(this, this.owner, props, problems),
      render: (cluster, problems) => this.render(cluster, problems),
    });
  }

  /** The namespaces that members work in: shared ones first, then those for self-service. */
  public get namespaces(): string[] {
    return namespacesOf(this.node.id, this.props).map(({ name }) => name);
  }

  /**
   * A key of one of its credentials, for `secretEnv` of services.
   * @param secret name of the credential
   * @param key one of its keys
   */
  public secretKey(secret: string, key: string): SecretKey {
    const { credentials = {} } = this.props;
    const known = Object.hasOwn(credentials, secret) ? credentials[secret]?._keys() : undefined;
    if (known?.includes(key) !== true) {
      const what =
        known === undefined
          ? `The workspace has no credential "${secret}".`
          : `Credential "${secret}" has no key "${key}".`;
      const names = known ?? Object.keys(credentials);
      failHere(this, 'ORR2012', what, { fix: names.length === 0 ? 'Declare it.' : `There are: ${names.join(', ')}.` });
    }
    return { secret, key };
  }

  /** Namespace of the ServiceAccounts of its machines. */
  public get machineNamespace(): string {
    return machineNamespace(this.node.id);
  }

  /**
   * The clusters of its placement; none where that is wrong, which the workspace itself reports.
   * @internal
   */
  public _clusters(): Cluster[] {
    return [...this.weights().keys()];
  }

  /**
   * Gives its namespaces labels of another system, one at most.
   * @internal
   */
  public _labelNamespaces(by: IConstruct, labels: { readonly [key: string]: string }): void {
    if (this.labelled !== undefined) {
      const what = `The workspace is in "${this.labelled.by.node.path}" already.`;
      failHere(this, 'ORR2004', what, { fix: 'Make one adapter for each workspace.' });
    }
    this.labelled = { by, labels };
  }

  /**
   * Who is in it, by the names of the API server, and whom its guards take for controllers.
   * @internal
   */
  public _people(): Required<Pick<WorkspaceProps, 'users' | 'groups' | 'controllerNamespaces'>> {
    const { users = {}, groups = {}, controllerNamespaces = [] } = this.props;
    return { users, groups, controllerNamespaces };
  }

  /**
   * Its quota in a cluster, over all its namespaces there; empty where it has none or is not there.
   * @internal
   */
  public _quotaIn({ clusterName }: Cluster): Quota {
    this.wholeQuotas ??= clusterQuotas(this.props, this.weightsByName());
    return this.wholeQuotas.get(clusterName) ?? new Map();
  }

  private get owner(): string {
    return `${Platform.of(this).platformId}.${this.node.id}`;
  }

  private clusters(problems: Problem[]): Cluster[] {
    return placedClusters(this, this.props.placement, problems);
  }

  /**
   * What it grants an app in one of its clusters.
   * @internal
   */
  public _granted(cluster: Cluster, namespaceName: string): Granted {
    const { props } = this;
    const quota = this.quotasIn(cluster).get(namespaceName) ?? new Map();
    return { workspace: this, cluster, props, registries: registriesOf({ props, cluster }), quota };
  }

  /** By cluster; empty where the placement is wrong. */
  private weights(): ReadonlyMap<Cluster, number> {
    const { placement } = this.props;
    const resolve = () => placement._resolve(Platform.of(this).clusters, () => undefined).weights;
    return (placement === undefined ? undefined : collectProblems([], resolve)) ?? new Map();
  }

  private weightsByName(): ReadonlyMap<string, number> {
    return new Map([...this.weights()].map(([cluster, weight]) => [cluster.clusterName, weight]));
  }

  /** By namespace. An app may be rendered before its workspace, so that whoever comes first divides. */
  private quotasIn({ clusterName }: Cluster): ReadonlyMap<string, Quota> {
    this.quotas ??= divideQuota(this.props, this.namespaces, this.weightsByName());
    return this.quotas.get(clusterName) ?? new Map();
  }

  private render(cluster: Cluster, problems: Problem[]): Rendering {
    reportUnfitCluster(this, this.props, cluster, problems);
    const quotas = this.quotasIn(cluster);
    const { props, owner } = this;
    const namespaceLabels = this.labelled?.labels ?? {};
    const inCluster = { construct: this, id: this.node.id, owner, props, cluster, quotas, namespaceLabels };
    return { entries: renderWorkspace(inCluster) };
  }
}
