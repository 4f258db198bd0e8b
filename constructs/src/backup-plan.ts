import { Construct } from 'constructs';
import type { BackupPlanProps } from './backup-props';
import type { Cluster } from './cluster';
import type { MultiClusterApp } from './multi-cluster-app';
import { backupSchedule, scheduleName } from './private/backup-rendering';
import { backupProblems, reportUnfitBackup } from './private/backup-validation';
import { checkedId } from './private/construct-id';
import { placedClusters } from './private/delivery';
import { recordLocation } from './private/location';
import { DNS_LABEL_RULE, isDnsLabel } from './private/names';
import { type Problem, problemAt } from './private/problem';
import { type Rendering, renderLate } from './private/unit';
import { reportNoVelero } from './private/velero';

/** Backups of apps and namespaces by Velero: a Schedule in each of their clusters. Restores are started by people, see `orrery backup restore-document`. */
export class BackupPlan extends Construct {
  private readonly props: BackupPlanProps;
  private places: ReadonlyMap<MultiClusterApp, ReadonlySet<Cluster>> = new Map();
  /** Clusters whose backups the location keeps. */
  private keeping: readonly Cluster[] = [];

  /**
   * @param scope the platform or a construct of it
   * @param id a DNS label; Schedules are called "<id>-<cluster>", because backups of all clusters meet where they are restored
   */
  public constructor(scope: Construct, id: string, props: BackupPlanProps) {
    super(scope, checkedId(scope, id, isDnsLabel, DNS_LABEL_RULE));
    recordLocation(this);
    this.props = props;
    // A backup to a location that does not exist is refused by Velero.
    this.node.addDependency(props.location);
    renderLate(this, {
      clusters: (problems) => this.clusters(problems),
      validate: (problems) => this.validate(problems),
      render: (cluster, problems) => this.render(cluster, problems),
    });
  }

  private clusters(problems: Problem[]): Cluster[] {
    const { apps = [], placement, location } = this.props;
    this.places = new Map(apps.map((app) => [app, new Set(app._clusters())]));
    this.keeping = location._clusters();
    if (placement !== undefined || apps.length === 0) return placedClusters(this, placement, problems);
    return [...new Set([...this.places.values()].flatMap((clusters) => [...clusters]))];
  }

  private validate(problems: Problem[]): void {
    for (const { code, what, fix } of backupProblems(this.props)) problems.push(problemAt(this, code, what, { fix }));
  }

  private render(cluster: Cluster, problems: Problem[]): Rendering {
    reportNoVelero(this, cluster, problems);
    const { apps = [], namespaces = [], location, hooks = [] } = this.props;
    const here = apps.filter((app) => this.places.get(app)?.has(cluster) === true);
    const included = [...new Set([...here.map((app) => app.namespaceName), ...namespaces])];
    const name = scheduleName(this.node.id, cluster.clusterName);
    reportUnfitBackup({ construct: this, cluster, name, included, location, keeping: this.keeping }, problems);
    const object = backupSchedule({
      ...this.props,
      name,
      partOf: this.node.id,
      namespace: location.namespaceName,
      location: location.node.id,
      included,
      hooks: hooks.flatMap((hook) => {
        const app = here.find(({ services }) => services.includes(hook.service));
        if (app === undefined) return [];
        return [{ ...hook, service: hook.service.serviceName, app: app.node.id, namespace: app.namespaceName }];
      }),
    });
    return { entries: [{ path: `${this.node.path}/Schedule`, owner: this, content: { type: 'object', object } }] };
  }
}
