import { type ClusterProps, LoadBalancerKind } from './cluster-facts';
import { Announcement, ExposureScheme } from './entry-points';
import { Exposure } from './exposure';
import type { GlobalAddress, GlobalAddressProps } from './global-address';
import { GlobalBackend } from './global-backend';
import type { MultiClusterApp } from './multi-cluster-app';
import type { MultiClusterService } from './multi-cluster-service';
import type { Placement } from './placement';
import { serviceProblems, withService } from './service-synthesis.test-support';
import type { AnyObject, Assembly } from './synthesis.test-support';

export const HOST = 'shop.example.com';
export const PUBLIC = ExposureScheme.INTERNET_FACING;

/** Facts with which a cluster can have whatever the tests expose. */
export function site(region: string, more: ClusterProps = {}): ClusterProps {
  return {
    region,
    internetFacing: true,
    apiVersions: ['k8gb.io/v1beta1', 'externaldns.k8s.io/v1alpha1', 'gateway.networking.k8s.io/v1'],
    loadBalancer: LoadBalancerKind.METALLB,
    entryPoints: {
      internet: {
        ingressClass: 'nginx',
        gateway: 'infra/public',
        addressPool: 'public',
        announcement: Announcement.BGP,
      },
    },
    ...more,
  };
}

export const SITES = { 'prod-sh': site('cn-shanghai'), 'prod-gz': site('gd2'), 'prod-la': site('us-west-1') };

export interface Setting {
  readonly clusters?: Record<string, ClusterProps>;
  readonly placement?: Placement;
  readonly expose?: (cart: MultiClusterService) => void;
}

export type Address = Omit<GlobalAddressProps, 'service'>;

export const inApp = ({ clusters = SITES, placement }: Setting) => ({
  clusters,
  app: placement === undefined ? {} : { placement },
});
export const byIngress = (cart: MultiClusterService) => cart.expose(Exposure.ingress(HOST, { scheme: PUBLIC }));
export const byBalancer = (cart: MultiClusterService) => cart.expose(Exposure.loadBalancer({ scheme: PUBLIC }));
export const use =
  (address: Address, { expose = byIngress }: Setting, seen: (address: GlobalAddress) => void = () => undefined) =>
  (cart: MultiClusterService): void => {
    expose(cart);
    seen((cart.node.scope as MultiClusterApp).exposeGlobally(HOST, { ...address, service: cart }));
  };

export function addressed(address: Address, setting: Setting = {}): Assembly {
  return withService({ port: 8080 }, inApp(setting), use(address, setting));
}
export function refused(address: Address, setting: Setting = {}): string[] {
  return serviceProblems({ port: 8080 }, inApp(setting), use(address, setting));
}

export const GSLB = `mall/${HOST}/Gslb`;
export const gslb = (assembly: Assembly, cluster = 'prod-sh'): AnyObject => assembly.object(cluster, GSLB);
export const k8gb = GlobalBackend.k8gb();
