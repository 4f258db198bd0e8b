import { describe, expect, it } from 'vitest';
import { AddressPool, type AddressPoolProps } from './address-pool';
import { BgpSpeaker, type BgpSpeakerProps } from './bgp-speaker';
import { type ClusterProps, LoadBalancerKind } from './cluster-facts';
import { ClusterSet } from './cluster-set';
import { Announcement } from './entry-points';
import { Placement } from './placement';
import type { Platform } from './platform';
import { collectProblems, type Problem } from './private/problem';
import { type Assembly, assemblyOf, testPlatform } from './synthesis.test-support';

const METALLB = { loadBalancer: LoadBalancerKind.METALLB };
const OPENELB = { loadBalancer: LoadBalancerKind.OPENELB };

const program =
  (facts: ClusterProps, use: (platform: Platform) => void) =>
  (platform: Platform): void => {
    new ClusterSet(platform, 'clusters').add('prod', facts);
    use(platform);
  };

function problems(build: (platform: Platform) => void): string[] {
  const platform = testPlatform();
  build(platform);
  const found: Problem[] = [];
  collectProblems(found, () => platform.synth());
  return found.map(({ code, what }) => `${code} ${what}`);
}

const pool = (props: Partial<AddressPoolProps>) => (platform: Platform) =>
  new AddressPool(platform, 'public', {
    placement: Placement.everywhere(),
    addresses: { prod: ['203.0.113.0/28'] },
    announcement: Announcement.BGP,
    ...props,
  });
const speaker = (props: Partial<BgpSpeakerProps>) => (platform: Platform) =>
  new BgpSpeaker(platform, 'racks', {
    placement: Placement.everywhere(),
    asn: 64512,
    peers: { tor: { address: '10.0.0.1', asn: 64513 } },
    ...props,
  });
const objectsOf = (assembly: Assembly) => Object.fromEntries(assembly.objects('prod'));

describe('a pool of addresses', () => {
  it('is an IPAddressPool with its advertisement where the cluster has MetalLB', () => {
    const more = { namespaces: ['mall'], peers: ['tor'] };
    const bgp = objectsOf(assemblyOf(program(METALLB, pool(more))));
    expect(bgp['public/IPAddressPool']).toMatchObject({
      apiVersion: 'metallb.io/v1beta1',
      metadata: { name: 'public', namespace: 'metallb-system' },
      spec: { addresses: ['203.0.113.0/28'], autoAssign: false, serviceAllocation: { namespaces: ['mall'] } },
    });
    expect(bgp['public/BGPAdvertisement'].spec).toEqual({ ipAddressPools: ['public'], peers: ['tor'] });
    const layer2 = objectsOf(
      assemblyOf(
        program(METALLB, pool({ announcement: Announcement.LAYER2, automatic: true, metallbNamespace: 'lb' })),
      ),
    );
    expect(layer2['public/L2Advertisement']).toMatchObject({
      metadata: { namespace: 'lb' },
      spec: { ipAddressPools: ['public'] },
    });
    expect(layer2['public/IPAddressPool'].spec.autoAssign).toBe(true);
  });

  it('is an Eip where the cluster has OpenELB', () => {
    const addresses = { prod: ['192.168.0.10-192.168.0.20'] };
    const props = { addresses, announcement: Announcement.LAYER2, networkInterface: 'eth0', namespaces: ['mall'] };
    expect(objectsOf(assemblyOf(program(OPENELB, pool(props))))['public/Eip']).toEqual({
      apiVersion: 'network.kubesphere.io/v1alpha2',
      kind: 'Eip',
      metadata: { name: 'public', labels: { 'app.kubernetes.io/managed-by': 'orrery' } },
      spec: { address: '192.168.0.10-192.168.0.20', protocol: 'layer2', interface: 'eth0', namespaces: ['mall'] },
    });
  });

  it('is refused elsewhere, and where what it says does not work there', () => {
    const refused = (facts: ClusterProps, props: Partial<AddressPoolProps> = {}) =>
      problems(program(facts, pool(props)));
    expect(refused({})).toEqual(['ORR2013 No fact of cluster "prod" says that it has MetalLB or OpenELB.']);
    expect(refused({ loadBalancer: LoadBalancerKind.CLOUD })).toEqual([
      'ORR2012 The AddressPool is for MetalLB or OpenELB, and cluster "prod" has loadBalancer: cloud.',
    ]);
    expect(refused(METALLB, { announcement: Announcement.VIP })).toEqual([
      'ORR2012 MetalLB does not announce by VRRP (announcement: vip).',
    ]);
    expect(refused(OPENELB, { announcement: Announcement.LAYER2 })).toEqual([
      'ORR2012 OpenELB answers in layer 2 at one interface, and none is named.',
    ]);
    expect(refused(OPENELB, { addresses: { prod: ['10.0.0.0/30', '10.0.1.0/30'] } })).toEqual([
      'ORR2012 A pool of OpenELB is one range of addresses.',
    ]);
    expect(refused(METALLB, { addresses: { prod: ['10.0.0.1-fd00::1', '10.0.0.1'] } })).toEqual([
      'ORR2011 "10.0.0.1-fd00::1" is no range of addresses.',
      'ORR2011 "10.0.0.1" is no range of addresses.',
    ]);
    expect(refused(METALLB, { addresses: { prod: ['10.0.0.9-10.0.0.1'] } })).toEqual([
      'ORR2011 "10.0.0.9-10.0.0.1" is no range of addresses.',
    ]);
    const said = { intranet: { addressPool: 'public', announcement: Announcement.LAYER2 } };
    expect(refused({ ...METALLB, entryPoints: said })).toEqual([
      'ORR2012 The pool is announced by bgp, and the facts of cluster "prod" say by layer2.',
    ]);
    expect(refused(METALLB, { addresses: { office: ['10.0.0.0/30'] } })).toEqual([
      'ORR2012 The pool has addresses for cluster "office", where it does not go.',
      'ORR2012 The pool goes to cluster "prod" and has no addresses for it.',
    ]);
  });

  it('stands in the platform, not in a cluster', () => {
    const inside = problems((platform) => {
      const cluster = new ClusterSet(platform, 'clusters').add('prod', METALLB);
      new AddressPool(cluster, 'public', {
        placement: Placement.everywhere(),
        addresses: { prod: ['10.0.0.0/30'] },
        announcement: Announcement.BGP,
      });
    });
    expect(inside).toEqual(['ORR2017 The AddressPool is inside a cluster.']);
  });
});

describe('a BGP speaker', () => {
  it('is a BGPPeer per router where the cluster has MetalLB', () => {
    const peers = { tor: { address: '10.0.0.1', asn: 64513, port: 1179, multiHop: true, passwordSecret: 'tor' } };
    const objects = objectsOf(assemblyOf(program(METALLB, speaker({ peers, routerIds: { prod: '10.0.0.9' } }))));
    expect(objects['racks/BGPPeer/tor']).toMatchObject({
      apiVersion: 'metallb.io/v1beta2',
      metadata: { name: 'tor', namespace: 'metallb-system' },
    });
    expect(objects['racks/BGPPeer/tor'].spec).toEqual({
      myASN: 64512,
      peerASN: 64513,
      peerAddress: '10.0.0.1',
      peerPort: 1179,
      ebgpMultiHop: true,
      routerID: '10.0.0.9',
      passwordSecret: { name: 'tor', namespace: 'metallb-system' },
    });
  });

  it('is a BgpConf and a BgpPeer per router where the cluster has OpenELB', () => {
    const objects = objectsOf(assemblyOf(program(OPENELB, speaker({ routerIds: { prod: '10.0.0.9' } }))));
    expect(objects['racks/BgpConf/default'].spec).toEqual({ as: 64512, routerId: '10.0.0.9', listenPort: 17900 });
    expect(objects['racks/BgpPeer/tor'].spec).toEqual({ conf: { peerAs: 64513, neighborAddress: '10.0.0.1' } });
  });

  it('says what is wrong with numbers, addresses and what OpenELB lacks', () => {
    const refused = (facts: ClusterProps, props: Partial<BgpSpeakerProps>) => problems(program(facts, speaker(props)));
    expect(refused(METALLB, { asn: 0, peers: {} })).toEqual([
      'ORR2011 0 is no number of an autonomous system.',
      'ORR2012 The BgpSpeaker has no peers.',
    ]);
    expect(
      refused(METALLB, { peers: { Tor: { address: 'tor', asn: 1, port: 99999 } }, routerIds: { prod: 'fd00::1' } }),
    ).toEqual([
      'ORR2003 "Tor" is not a valid name of a peer.',
      'ORR2011 "tor" is no address.',
      'ORR2011 99999 is no port of a BGP peer.',
      'ORR2011 "fd00::1" is no router id.',
    ]);
    expect(refused(OPENELB, { asn: 64513 })).toEqual([
      'ORR2012 Peer "tor" is in autonomous system 64513 like the cluster, and OpenELB speaks to others only.',
    ]);
    const peers = { tor: { address: '10.0.0.1', asn: 64513, passwordSecret: 'tor', multiHop: true } };
    expect(refused(OPENELB, { peers })).toEqual([
      'ORR2012 Peer "tor" has a password, and OpenELB knows only ones in plain text.',
      'ORR2012 Peer "tor" is several hops away, which only MetalLB is told.',
    ]);
    expect(refused({ loadBalancer: LoadBalancerKind.NONE }, {})).toEqual([
      'ORR2012 The BgpSpeaker is for MetalLB or OpenELB, and cluster "prod" has loadBalancer: none.',
    ]);
  });
});
