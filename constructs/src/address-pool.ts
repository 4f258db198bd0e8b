import { Construct } from 'constructs';
import type { Cluster } from './cluster';
import { LoadBalancerKind } from './cluster-facts';
import { Announcement, type EntryPoint } from './entry-points';
import type { Placement } from './placement';
import { isAddressRange } from './private/address-range';
import { ADDRESSING_LABELS, type AddressingObject, addressingOf, addressingScope } from './private/addressing';
import { checkedId } from './private/construct-id';
import { placedClusters } from './private/delivery';
import { recordLocation } from './private/location';
import { DNS_LABEL_RULE, isDnsLabel } from './private/names';
import { type Problem, problemAt } from './private/problem';
import { type Entry, type Rendering, renderLate } from './private/unit';

export interface AddressPoolProps {
  /** The clusters that have the pool: their fact `loadBalancer` is MetalLB or OpenELB. */
  readonly placement: Placement;
  /**
   * Name of each cluster to its ranges: "203.0.113.0/28" or "203.0.113.1-203.0.113.9"; with OpenELB one. Clusters of one network have different ones, but for
   * addresses that all of them announce.
   */
  readonly addresses: { [cluster: string]: string[] };
  /** How the network learns where an address is. */
  readonly announcement: Announcement;
  /** Whether Services that name no pool get addresses of this one (MetalLB). @default false */
  readonly automatic?: boolean;
  /** Namespaces whose Services may take addresses. @default - all */
  readonly namespaces?: string[];
  /** Network interface of the nodes that answers with OpenELB in layer 2, e.g. "eth0". @default - none */
  readonly networkInterface?: string;
  /** BGP peers, by the names that a BgpSpeaker gives them, to which MetalLB announces the addresses. @default - all */
  readonly peers?: string[];
  /** Namespace that MetalLB runs in. @default "metallb-system" */
  readonly metallbNamespace?: string;
}

/** Addresses for Services of type LoadBalancer on own machines: of MetalLB or OpenELB, whichever a cluster has. */
export class AddressPool extends Construct {
  private readonly props: AddressPoolProps;

  /**
   * @param scope the platform or a construct of it
   * @param id a DNS label; name of the pool, by which the facts of clusters mean it
   */
  public constructor(scope: Construct, id: string, props: AddressPoolProps) {
    super(scope, checkedId(scope, id, isDnsLabel, DNS_LABEL_RULE));
    recordLocation(this);
    this.props = props;
    renderLate(this, {
      clusters: (problems) => this.clusters(problems),
      validate: (problems) => this.validate(problems),
      render: (cluster, problems) => this.render(cluster, problems),
    });
  }

  /**
   * Its ranges in a cluster; none where it is not.
   * @internal
   */
  public _rangesIn({ clusterName }: Cluster): readonly string[] {
    const { addresses } = this.props;
    return Object.hasOwn(addresses, clusterName) ? (addresses[clusterName] ?? []) : [];
  }

  private clusters(problems: Problem[]): Cluster[] {
    const clusters = placedClusters(this, this.props.placement, problems);
    for (const name of Object.keys(this.props.addresses)) {
      if (clusters.some(({ clusterName }) => clusterName === name)) continue;
      const what = `The pool has addresses for cluster "${name}", where it does not go.`;
      problems.push(problemAt(this, 'ORR2012', what, { fix: `It goes to: ${clusters.join(', ') || 'no cluster'}.` }));
    }
    return clusters;
  }

  private validate(problems: Problem[]): void {
    addressingScope(this, problems);
    for (const range of Object.values(this.props.addresses).flat()) {
      if (isAddressRange(range)) continue;
      const fix = 'Use "203.0.113.0/28" or "203.0.113.1-203.0.113.9".';
      problems.push(problemAt(this, 'ORR2011', `"${range}" is no range of addresses.`, { fix }));
    }
  }

  private render(cluster: Cluster, problems: Problem[]): Rendering {
    const { props } = this;
    const report = (code: 'ORR2012' | 'ORR2013', what: string, fix: string) =>
      problems.push(problemAt(this, code, what, { fix, cluster: cluster.clusterName }));
    const addresses = this._rangesIn(cluster);
    if (addresses.length === 0) {
      report('ORR2012', `The pool goes to cluster "${cluster}" and has no addresses for it.`, 'Add some to addresses.');
    }
    for (const point of Object.values(cluster.facts.entryPoints ?? {}) as (EntryPoint | undefined)[]) {
      const { addressPool, announcement = props.announcement } = point ?? {};
      if (addressPool !== this.node.id || announcement === props.announcement) continue;
      const what = `The pool is announced by ${props.announcement}, and the facts of cluster "${cluster}" say by ${announcement}.`;
      report('ORR2012', what, 'Correct one of the two.');
    }
    const kind = addressingOf(this, cluster, problems);
    if (kind === undefined) return { entries: [] };
    return {
      entries: kind === LoadBalancerKind.METALLB ? this.metallb(addresses, report) : this.openelb(addresses, report),
    };
  }

  private metallb(addresses: readonly string[], report: Report): Entry[] {
    const { announcement, automatic = false, namespaces, peers, metallbNamespace = 'metallb-system' } = this.props;
    if (announcement === Announcement.VIP) {
      report('ORR2012', 'MetalLB does not announce by VRRP (announcement: vip).', 'Use Announcement.BGP or LAYER2.');
    }
    const metadata = { name: this.node.id, namespace: metallbNamespace, labels: ADDRESSING_LABELS };
    const isBgp = announcement === Announcement.BGP;
    return [
      this.entry({
        apiVersion: 'metallb.io/v1beta1',
        kind: 'IPAddressPool',
        metadata,
        spec: {
          addresses,
          autoAssign: automatic,
          ...(namespaces === undefined ? {} : { serviceAllocation: { namespaces } }),
        },
      }),
      this.entry({
        apiVersion: 'metallb.io/v1beta1',
        kind: isBgp ? 'BGPAdvertisement' : 'L2Advertisement',
        metadata,
        spec: { ipAddressPools: [this.node.id], ...(isBgp && peers !== undefined ? { peers } : {}) },
      }),
    ];
  }

  private openelb(addresses: readonly string[], report: Report): Entry[] {
    const { announcement, namespaces, networkInterface } = this.props;
    if (addresses.length > 1) {
      report('ORR2012', 'A pool of OpenELB is one range of addresses.', 'Make a pool for each range.');
    }
    if (announcement === Announcement.LAYER2 && networkInterface === undefined) {
      report('ORR2012', 'OpenELB answers in layer 2 at one interface, and none is named.', 'Set networkInterface.');
    }
    return [
      this.entry({
        apiVersion: 'network.kubesphere.io/v1alpha2',
        kind: 'Eip',
        metadata: { name: this.node.id, labels: ADDRESSING_LABELS },
        spec: {
          address: addresses[0],
          protocol: announcement,
          ...(networkInterface === undefined ? {} : { interface: networkInterface }),
          ...(namespaces === undefined ? {} : { namespaces }),
        },
      }),
    ];
  }

  private entry(object: AddressingObject): Entry {
    return { path: `${this.node.path}/${object.kind}`, owner: this, content: { type: 'object', object } };
  }
}

type Report = (code: 'ORR2012' | 'ORR2013', what: string, fix: string) => void;
