import { Construct } from 'constructs';
import type { Cluster } from './cluster';
import type { Placement } from './placement';
import { checkedId } from './private/construct-id';
import { placedClusters } from './private/delivery';
import { recordLocation } from './private/location';
import { isLabelKey } from './private/names';
import { type Problem, problemAt } from './private/problem';
import { type ProvisionerRule, storageClassFor } from './private/storage-classes';
import { type Rendering, renderLate } from './private/unit';

/** What becomes of a volume when its claim is deleted. */
export enum ReclaimPolicy {
  /** It is deleted, with its data. */
  DELETE = 'Delete',
  /** It stays until somebody deletes it. */
  RETAIN = 'Retain',
}

/** When a volume is made. */
export enum VolumeBinding {
  /** With its claim. Of storage that only some nodes reach, it may then be where the pod cannot run. */
  IMMEDIATE = 'Immediate',
  /** When a pod uses the claim, where that pod runs. */
  WAIT_FOR_FIRST_CONSUMER = 'WaitForFirstConsumer',
}

/** What the driver for NFS does with the folder of a volume that is deleted. */
export enum NfsOnDelete {
  DELETE = 'delete',
  RETAIN = 'retain',
  /** It is renamed. */
  ARCHIVE = 'archive',
}

/** A share of an NFS server, a folder of which becomes a volume. */
export interface NfsShare {
  /** Host name or address. */
  readonly server: string;
  /** Path that the server exports. */
  readonly share: string;
  /** Folder of a volume below the share; may name the claim, e.g. "${pvc.metadata.namespace}/${pvc.metadata.name}". @default - the name of the volume */
  readonly subDir?: string;
  /** Mode of the folder, e.g. "0770". @default - the server's */
  readonly mountPermissions?: string;
  /** @default NfsOnDelete.DELETE */
  readonly onDelete?: NfsOnDelete;
}

/** What makes the volumes of a class. */
export class VolumeProvisioner {
  /**
   * Folders of an NFS server, by the driver nfs.csi.k8s.io, which has to be in the clusters.
   * Parameters: kubernetes-csi/csi-driver-nfs docs/driver-parameters.md.
   */
  public static nfs(share: NfsShare): VolumeProvisioner {
    const parameters = Object.entries(share).filter(([, value]) => value !== undefined);
    return new VolumeProvisioner({ driver: 'nfs.csi.k8s.io', parameters: Object.fromEntries(parameters) });
  }

  /**
   * Any driver.
   * @param driver e.g. "diskplugin.csi.alibabacloud.com"
   * @param parameters as the driver documents them; secrets only by the names of Secrets
   */
  public static driver(driver: string, parameters: { [name: string]: string } = {}): VolumeProvisioner {
    return new VolumeProvisioner({ driver, parameters });
  }

  private constructor(private readonly rule: ProvisionerRule) {}

  /** @internal */
  public _rule(): ProvisionerRule {
    return this.rule;
  }
}

export interface StorageClassProps {
  /** The clusters that have the class. Their facts name it: `storageClasses`, by `purpose`. */
  readonly placement: Placement;
  /** What the storage is for: "general", "fast", "block", …; the purpose that volumes of services have. */
  readonly purpose: string;
  readonly provisioner: VolumeProvisioner;
  /** @default ReclaimPolicy.DELETE */
  readonly reclaimPolicy?: ReclaimPolicy;
  /** @default VolumeBinding.WAIT_FOR_FIRST_CONSUMER */
  readonly volumeBinding?: VolumeBinding;
  /** Whether claims may grow. @default false */
  readonly allowVolumeExpansion?: boolean;
  /** e.g. "nfsvers=4.1". @default - none */
  readonly mountOptions?: string[];
  /** Whether claims that name no class get this one. @default false */
  readonly isDefault?: boolean;
}

/** Storage for a purpose: a StorageClass in each cluster, under the name that the facts of the cluster have for the purpose. */
export class StorageClass extends Construct {
  private readonly props: StorageClassProps;

  /**
   * @param scope the platform or a construct of it
   * @param id unique in the scope
   */
  public constructor(scope: Construct, id: string, props: StorageClassProps) {
    super(scope, checkedId(scope, id));
    recordLocation(this);
    this.props = props;
    renderLate(this, {
      clusters: (problems) => placedClusters(this, props.placement, problems),
      validate: (problems) => this.validate(problems),
      render: (cluster, problems) => this.render(cluster, problems),
    });
  }

  private validate(problems: Problem[]): void {
    const { provisioner, mountOptions = [] } = this.props;
    const { driver, parameters } = provisioner._rule();
    const report = (what: string, fix: string) => problems.push(problemAt(this, 'ORR2011', what, { fix }));
    if (!isLabelKey(driver.toLowerCase())) {
      report(`"${driver}" is no name of a driver.`, 'Use the name that its documentation gives.');
    }
    for (const [name, value] of Object.entries(parameters)) {
      if (name === '' || typeof value !== 'string')
        report(`Parameter "${name}" of the driver is ${JSON.stringify(value)}.`, 'Parameters are texts: quote it.');
    }
    for (const option of mountOptions)
      if (option.trim() === '') report('A mount option is empty.', 'Name it, e.g. "nfsvers=4.1".');
  }

  private render(cluster: Cluster, problems: Problem[]): Rendering {
    const { purpose, provisioner, reclaimPolicy, volumeBinding, allowVolumeExpansion, mountOptions, isDefault } =
      this.props;
    const name = storageClassFor(this, cluster, 'The storage class', purpose, problems);
    if (name === undefined) return { entries: [] };
    const { driver, parameters } = provisioner._rule();
    const object = {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: {
        name,
        labels: { 'app.kubernetes.io/managed-by': 'orrery' },
        ...(isDefault === true ? { annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } } : {}),
      },
      provisioner: driver,
      ...(Object.keys(parameters).length === 0 ? {} : { parameters }),
      reclaimPolicy: reclaimPolicy ?? ReclaimPolicy.DELETE,
      volumeBindingMode: volumeBinding ?? VolumeBinding.WAIT_FOR_FIRST_CONSUMER,
      allowVolumeExpansion: allowVolumeExpansion ?? false,
      ...(mountOptions === undefined || mountOptions.length === 0 ? {} : { mountOptions }),
    };
    return { entries: [{ path: this.node.path, owner: this, content: { type: 'object', object } }] };
  }
}
