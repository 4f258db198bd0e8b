import { Construct } from 'constructs';
import type { Cluster } from './cluster';
import { Platform } from './platform';
import { checkedId } from './private/construct-id';
import { placedOn } from './private/delivery';
import { recordLocation } from './private/location';
import { DNS_LABEL_RULE, isDnsLabel } from './private/names';
import { collectProblems, failHere, type Problem } from './private/problem';
import { type Rendering, renderLate } from './private/unit';
import type { Granted } from './private/workspace-app-fit';
import { reportUnfitCluster } from './private/workspace-fit';
import { machineNamespace, namespacesOf } from './private/workspace-namespaces';
import { divideQuota, type Quota } from './private/workspace-quota';
import { registriesOf, renderWorkspace } from './private/workspace-rendering';
import { validateWorkspace } from './private/workspace-validation';
import type { SecretKey } from './service-props';
import type { WorkspaceProps } from './workspace-props';

/** A tenant: namespaces in several clusters, who may do what in them, and how much they may use together. */
export class Workspace extends Construct {
  private readonly props: WorkspaceProps;
  private quotas: ReadonlyMap<string, ReadonlyMap<string, Quota>> | undefined;

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

  private get owner(): string {
    return `${Platform.of(this).platformId}.${this.node.id}`;
  }

  private clusters(problems: Problem[]): Cluster[] {
    return [...placedOn(this, this.props.placement, problems).weights.keys()];
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

  /** By namespace. An app may be rendered before its workspace, so that whoever comes first divides. */
  private quotasIn({ clusterName }: Cluster): ReadonlyMap<string, Quota> {
    const divide = () => {
      const weights = new Map([...this.weights()].map(([cluster, weight]) => [cluster.clusterName, weight]));
      return divideQuota(this.props, this.namespaces, weights);
    };
    this.quotas ??= divide();
    return this.quotas.get(clusterName) ?? new Map();
  }

  private render(cluster: Cluster, problems: Problem[]): Rendering {
    reportUnfitCluster(this, this.props, cluster, problems);
    const quotas = this.quotasIn(cluster);
    const { props, owner } = this;
    return { entries: renderWorkspace({ construct: this, id: this.node.id, owner, props, cluster, quotas }) };
  }
}
