import { Construct } from 'constructs';
import type { Cluster } from './cluster';
import type { Placement } from './placement';
import { argoObjects, validateArgo } from './private/argo-cd-rendering';
import { checkedId } from './private/construct-id';
import { recordLocation } from './private/location';
import { DNS_LABEL_RULE, isDnsLabel } from './private/names';
import { pulledClusters } from './private/pulled-clusters';
import { renderLate } from './private/unit';

/** Whether Argo CD gets an Application per cluster, or one object that makes them. */
export enum ArgoCdGrouping {
  /** An ApplicationSet with a list of the clusters; the waves of the rollout become its steps. */
  APPLICATION_SET = 'application-set',
  /** An Application per cluster: all of them are synchronised at once. */
  APPLICATIONS = 'applications',
}

export interface ArgoCdDeliveryProps {
  /** The cluster that Argo CD runs in. */
  readonly hub: Cluster;
  /** Address of the Git repository with the folders that Orrery writes. */
  readonly repository: string;
  /** Branch, tag or commit. @default "HEAD" */
  readonly revision?: string;
  /** Folder of a cluster in the repository; `{cluster}` stands for its name. @default "targets/{cluster}" */
  readonly path?: string;
  /** The clusters that Argo CD serves. @default - all but the hub */
  readonly clusters?: Placement;
  /** Cluster to its name in Argo CD. @default - the same name */
  readonly destinationNames?: { [cluster: string]: string };
  /** Namespace of Argo CD. @default "argocd" */
  readonly namespaceName?: string;
  /** A project that exists. @default - one is made that allows these clusters and this repository */
  readonly project?: string;
  /** @default ArgoCdGrouping.APPLICATION_SET */
  readonly grouping?: ArgoCdGrouping;
  /** Whether what left a folder is deleted in its cluster. @default true */
  readonly prune?: boolean;
  /** Whether changes by others in a cluster are taken back. @default true */
  readonly selfHeal?: boolean;
  /** Whether everything in a cluster is deleted when its Application is. @default false */
  readonly deleteWithApplication?: boolean;
  /** Whether soak times and gates of waves are left out, which Argo CD does not know. @default false: they are an error */
  readonly ignoreGates?: boolean;
}

/**
 * Lets Argo CD bring to clusters what Orrery renders into folders of a Git repository (directory targets): Applications on the hub with server-side apply, which
 * leave controller-owned fields alone.
 */
export class ArgoCdDelivery extends Construct {
  /**
   * @param scope the platform or a construct of it
   * @param id a DNS label; name of the ApplicationSet and of the project, and the beginning of the names of Applications
   */
  public constructor(scope: Construct, id: string, props: ArgoCdDeliveryProps) {
    super(scope, checkedId(scope, id, isDnsLabel, DNS_LABEL_RULE));
    recordLocation(this);
    renderLate(this, {
      clusters: () => [],
      validate: (problems) => validateArgo(this, props, problems),
      render: () => ({ entries: [] }),
      complete: (all, problems) => ({
        cluster: props.hub,
        entries: argoObjects(this, props, pulledClusters(this, props, all, problems), problems),
      }),
    });
  }
}
