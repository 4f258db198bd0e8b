import { isIP } from 'node:net';
import { Construct } from 'constructs';
import type { Cluster } from './cluster';
import { LoadBalancerKind } from './cluster-facts';
import type { Placement } from './placement';
import { ADDRESSING_LABELS, type AddressingObject, addressingOf, addressingScope } from './private/addressing';
import { checkedId } from './private/construct-id';
import { placedClusters } from './private/delivery';
import { recordLocation } from './private/location';
import { DNS_LABEL_RULE, isDnsLabel } from './private/names';
import { type Problem, type ProblemCode, problemAt } from './private/problem';
import { type Entry, type Rendering, renderLate } from './private/unit';

/** A router that is told where addresses are. */
export interface BgpPeer {
  /** IPv4 or IPv6. */
  readonly address: string;
  /** Number of its autonomous system. */
  readonly asn: number;
  /** @default 179 */
  readonly port?: number;
  /** Whether the router is not in the same network segment as the nodes (MetalLB). @default false */
  readonly multiHop?: boolean;
  /** Secret of type kubernetes.io/basic-auth in the namespace of MetalLB, with the password of the session. @default - no password */
  readonly passwordSecret?: string;
}

export interface BgpSpeakerProps {
  /** The clusters that speak to these routers: their fact `loadBalancer` is MetalLB or OpenELB. */
  readonly placement: Placement;
  /** Number of the autonomous system of the clusters. */
  readonly asn: number;
  /** The routers, by name: a DNS label, unique in a cluster. */
  readonly peers: { [name: string]: BgpPeer };
  /** Name of cluster to its router id, an IPv4 address. @default - an address of each node that speaks */
  readonly routerIds?: { [cluster: string]: string };
  /** Port on which OpenELB listens: not that of the nodes' own BGP, which some network plugins use. @default 17900 */
  readonly listenPort?: number;
  /** Namespace that MetalLB runs in. @default "metallb-system" */
  readonly metallbNamespace?: string;
}

/** BGP sessions of clusters with routers, which announce addresses of pools: of MetalLB or OpenELB, whichever a cluster has. */
export class BgpSpeaker extends Construct {
  private readonly props: BgpSpeakerProps;

  /**
   * @param scope the platform or a construct of it
   * @param id a DNS label
   */
  public constructor(scope: Construct, id: string, props: BgpSpeakerProps) {
    super(scope, checkedId(scope, id, isDnsLabel, DNS_LABEL_RULE));
    recordLocation(this);
    this.props = props;
    renderLate(this, {
      clusters: (problems) => placedClusters(this, props.placement, problems),
      validate: (problems) => this.validate(problems),
      render: (cluster, problems) => this.render(cluster, problems),
    });
  }

  private validate(problems: Problem[]): void {
    const { asn, peers, routerIds = {} } = this.props;
    const report = (code: ProblemCode, what: string, fix: string) =>
      problems.push(problemAt(this, code, what, { fix }));
    addressingScope(this, problems);
    for (const number of [asn, ...Object.values(peers).map((peer) => peer.asn)]) {
      if (Number.isInteger(number) && number >= 1 && number <= 4294967295) continue;
      report('ORR2011', `${number} is no number of an autonomous system.`, 'Use a whole number from 1 to 4294967295.');
    }
    if (Object.keys(peers).length === 0) report('ORR2012', 'The BgpSpeaker has no peers.', 'Name at least one router.');
    for (const [name, { address, port }] of Object.entries(peers)) {
      if (!isDnsLabel(name)) report('ORR2003', `"${name}" is not a valid name of a peer.`, `Use ${DNS_LABEL_RULE}.`);
      if (isIP(address) === 0) report('ORR2011', `"${address}" is no address.`, 'Use an IPv4 or IPv6 address.');
      // Highest port that MetalLB's definition takes.
      if (port !== undefined && !(Number.isInteger(port) && port >= 1 && port <= 16384)) {
        report('ORR2011', `${port} is no port of a BGP peer.`, 'Use a whole number from 1 to 16384.');
      }
    }
    for (const id of Object.values(routerIds)) {
      if (isIP(id) !== 4) report('ORR2011', `"${id}" is no router id.`, 'Use an IPv4 address.');
    }
  }

  private render(cluster: Cluster, problems: Problem[]): Rendering {
    const kind = addressingOf(this, cluster, problems);
    if (kind === undefined) return { entries: [] };
    return { entries: kind === LoadBalancerKind.METALLB ? this.metallb(cluster) : this.openelb(cluster, problems) };
  }

  private metallb({ clusterName }: Cluster): Entry[] {
    const { asn, peers, routerIds = {}, metallbNamespace = 'metallb-system' } = this.props;
    const routerID = routerIds[clusterName];
    return Object.entries(peers).map(([name, peer]) =>
      this.entry({
        apiVersion: 'metallb.io/v1beta2',
        kind: 'BGPPeer',
        metadata: { name, namespace: metallbNamespace, labels: ADDRESSING_LABELS },
        spec: {
          myASN: asn,
          peerASN: peer.asn,
          peerAddress: peer.address,
          ...(peer.port === undefined ? {} : { peerPort: peer.port }),
          ...(peer.multiHop === undefined ? {} : { ebgpMultiHop: peer.multiHop }),
          ...(routerID === undefined ? {} : { routerID }),
          ...(peer.passwordSecret === undefined
            ? {}
            : { passwordSecret: { name: peer.passwordSecret, namespace: metallbNamespace } }),
        },
      }),
    );
  }

  private openelb(cluster: Cluster, problems: Problem[]): Entry[] {
    const { asn, peers, routerIds = {}, listenPort = 17900 } = this.props;
    const routerId = routerIds[cluster.clusterName];
    const report = (what: string, fix: string) =>
      problems.push(problemAt(this, 'ORR2012', what, { fix, cluster: cluster.clusterName }));
    for (const [name, { passwordSecret, multiHop, ...peer }] of Object.entries(peers)) {
      if (peer.asn === asn) {
        const what = `Peer "${name}" is in autonomous system ${asn} like the cluster, and OpenELB speaks to others only.`;
        report(what, 'Use MetalLB there, or another number.');
      }
      const fix = 'Leave it out, or take the cluster out of the placement.';
      if (passwordSecret !== undefined) {
        report(`Peer "${name}" has a password, and OpenELB knows only ones in plain text.`, fix);
      }
      if (multiHop === true) report(`Peer "${name}" is several hops away, which only MetalLB is told.`, fix);
    }
    return [
      // The only name that the controller looks at (openelb/openelb: doc/configure-porter-in-bgp-mode.md).
      this.entry({
        apiVersion: 'network.kubesphere.io/v1alpha2',
        kind: 'BgpConf',
        metadata: { name: 'default', labels: ADDRESSING_LABELS },
        spec: { as: asn, listenPort, ...(routerId === undefined ? {} : { routerId }) },
      }),
      ...Object.entries(peers).map(([name, peer]) =>
        this.entry({
          apiVersion: 'network.kubesphere.io/v1alpha2',
          kind: 'BgpPeer',
          metadata: { name, labels: ADDRESSING_LABELS },
          spec: {
            conf: { peerAs: peer.asn, neighborAddress: peer.address },
            ...(peer.port === undefined ? {} : { transport: { remotePort: peer.port } }),
          },
        }),
      ),
    ];
  }

  private entry(object: AddressingObject): Entry {
    const path = `${this.node.path}/${object.kind}/${object.metadata.name}`;
    return { path, owner: this, content: { type: 'object', object } };
  }
}
