import { Construct } from 'constructs';
import type { Cluster } from '../cluster';
import { ClusterSelection } from '../cluster-selection';
import { Kueue } from '../kueue/kueue';
import { Placement } from '../placement';
import { checkedId } from '../private/construct-id';
import { placedClusters } from '../private/delivery';
import { recordLocation } from '../private/location';
import { DNS_LABEL_RULE, isDnsLabel } from '../private/names';
import { type Problem, problemAt } from '../private/problem';
import { type Rendering, renderLate } from '../private/unit';
import type { GpuQueuesProps, GpuQueueTenant } from './gpu-queues-props';
import { configurationFor, countingFindings, flavorsOf } from './private/queue-flavors';
import { dispatchObjects, type QueueObject, type QueueTenant, queueObjects } from './private/queue-objects';
import { registerQueues } from './private/queue-registry';
import { tenantFindings } from './private/queue-tenants';

/**
 * Queues of Kueue for the GPUs of a pool: each tenant has its share whenever it wants it, and what nobody uses is borrowed. Quotas are of what pods of the pool request, as much as its
 * clusters have; workloads of the pool in a tenant's namespaces wait in its queue. The clusters are those of the pool; with a manager, workloads that are queued there go to any of them.
 */
export class GpuQueues extends Construct {
  /** Name of the LocalQueue in each namespace of a tenant: what workloads say by the label "kueue.x-k8s.io/queue-name". */
  public readonly queueName: string;
  /** The Kueue of the clusters. */
  public readonly kueue: Kueue;

  /**
   * @param scope the platform or a construct of it
   * @param id a DNS label; name of the Cohort, with which the names of its queues begin
   */
  public constructor(
    scope: Construct,
    id: string,
    private readonly props: GpuQueuesProps,
  ) {
    super(scope, checkedId(scope, id, isDnsLabel, DNS_LABEL_RULE));
    recordLocation(this);
    this.queueName = props.queueName ?? id;
    const everywhere = ClusterSelection._lazy(() => this.clusters([]));
    this.kueue = props.kueue ?? new Kueue(this, 'kueue', { placement: Placement.on(everywhere) });
    this.kueue._configure((cluster) => ({
      ...(this.workers().includes(cluster) ? configurationFor(this.view, cluster) : this.configurationOfAll(cluster)),
      fairSharing: props.tenants.some(({ weight }) => weight !== undefined),
    }));
    this.node.addDependency(this.kueue);
    registerQueues(this.view, {
      queueName: this.queueName,
      namespaces: () => this.tenants().flatMap(({ namespaces }) => namespaces),
    });
    renderLate(this, {
      clusters: (problems) => this.clusters(problems),
      validate: (problems) => this.validate(problems),
      render: (cluster, problems) => this.render(cluster, problems),
    });
  }

  private get view() {
    return this.props.pool._view();
  }

  private workers(): readonly Cluster[] {
    return this.view.clusters();
  }

  private managers(problems: Problem[]): readonly Cluster[] {
    return this.props.manager === undefined ? [] : placedClusters(this, this.props.manager, problems);
  }

  private clusters(problems: Problem[]): Cluster[] {
    return [...new Set([...this.workers(), ...this.managers(problems)])];
  }

  /** In the manager requests are counted as in any cluster that they may go to. */
  private configurationOfAll(cluster: Cluster) {
    if (!this.managers([]).includes(cluster)) return {};
    const parts = this.workers().map((worker) => configurationFor(this.view, worker));
    return {
      transformations: parts.flatMap(({ transformations = [] }) => transformations),
      deviceClasses: Object.assign({}, ...parts.map(({ deviceClasses = {} }) => deviceClasses)),
    };
  }

  private tenants(): QueueTenant[] {
    return this.props.tenants.map((settings) => ({
      name: nameOf(settings),
      settings,
      namespaces: namespacesOf(settings),
    }));
  }

  private validate(problems: Problem[]): void {
    const { manager, kueue } = this.props;
    const clusters = this.clusters([]);
    const report = (code: Problem['code'], what: string, fix: string) =>
      problems.push(problemAt(this, code, what, { fix }));
    if (!isDnsLabel(this.queueName)) {
      report('ORR2003', `"${this.queueName}" is no name of a queue.`, `Use ${DNS_LABEL_RULE}.`);
    }
    for (const { code, what, fix } of tenantFindings(this.props, clusters)) report(code, what, fix);
    const managers = this.managers([]);
    if (manager !== undefined && managers.length !== 1) {
      report('ORR2012', `The manager is ${managers.length} clusters.`, 'Name one that workloads are queued in.');
    }
    const both = managers.filter((cluster) => this.workers().includes(cluster));
    if (both.length > 0) {
      const what = `The manager ${both.join(', ')} has nodes of the pool: it would send workloads to itself.`;
      report('ORR2012', what, 'Name a cluster without them, or leave the manager out.');
    }
    const known = new Set(this.workers().map(({ clusterName }) => clusterName));
    const unknown = Object.keys(this.props.kubeconfigSecrets ?? {}).filter((cluster) => !known.has(cluster));
    if (unknown.length > 0) {
      const what = `kubeconfigSecrets names ${unknown.join(', ')}, which the pool is not in.`;
      report('ORR2012', what, `Its clusters are: ${[...known].join(', ')}.`);
    }
    const without = kueue === undefined ? [] : clusters.filter((cluster) => !kueue._clusters().includes(cluster));
    if (without.length > 0) {
      report('ORR2012', `Kueue is not in ${without.join(', ')}.`, 'Give it a placement that has all clusters.');
    }
  }

  private render(cluster: Cluster, problems: Problem[]): Rendering {
    const isManager = !this.workers().includes(cluster);
    const sources = isManager ? this.workers() : [cluster];
    const { clusterName } = cluster;
    if (!isManager) {
      for (const { code, what, fix } of countingFindings(this.view, cluster))
        problems.push(problemAt(this, code, what, { fix, cluster: clusterName }));
    }
    const { id: name } = this.node;
    const objects = [
      ...queueObjects({
        name,
        queueName: this.queueName,
        props: this.props,
        tenants: this.tenants(),
        flavors: sources.map((source) => flavorsOf(this.view, source)),
        check: isManager ? name : undefined,
      }),
      ...(isManager ? dispatchObjects(name, this.props, this.workers()) : []),
    ];
    for (const { kind, name: objectName, findings } of objects) {
      for (const { code, what, fix } of findings)
        problems.push(problemAt(this, code, what, { fix, cluster: clusterName, object: `${kind}/${objectName}` }));
    }
    return {
      entries: objects.map((one) => ({
        path: `${this.node.path}/${pathOf(one)}`,
        owner: this,
        content: { type: 'object', object: one.object },
      })),
    };
  }
}

function nameOf({ workspace, namespaceName }: GpuQueueTenant): string {
  return workspace?.node.id ?? namespaceName ?? '';
}

function namespacesOf({ workspace, namespaceName }: GpuQueueTenant): string[] {
  return workspace?.namespaces ?? (namespaceName === undefined ? [] : [namespaceName]);
}

/** LocalQueues have one name in many namespaces. */
function pathOf({ kind, name, object }: QueueObject): string {
  const { namespace } = (object as { readonly metadata: { readonly namespace?: string } }).metadata;
  return [kind, namespace, name].filter((part) => part !== undefined).join('-');
}
