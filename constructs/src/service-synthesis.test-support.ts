import type { ClusterProps } from './cluster-facts';
import { ClusterSet } from './cluster-set';
import { MultiClusterApp, type MultiClusterAppProps } from './multi-cluster-app';
import type { MultiClusterService } from './multi-cluster-service';
import { Placement } from './placement';
import type { ServiceProps } from './service-props';
import { type AnyObject, type Assembly, assemblyOf, problemsOfProgram } from './synthesis.test-support';

/** Where a service is: by default in one cluster `prod` without facts. */
interface Setting {
  readonly clusters?: Record<string, ClusterProps>;
  readonly app?: Partial<MultiClusterAppProps>;
}

/** The assembly of one service `cart` in an app `mall`. */
export function withService(
  props: Partial<ServiceProps>,
  setting: Setting = {},
  use: (service: MultiClusterService) => void = () => undefined,
): Assembly {
  return assemblyOf((platform) => {
    const clusters = new ClusterSet(platform, 'clusters');
    for (const [name, facts] of Object.entries(setting.clusters ?? { prod: {} })) clusters.add(name, facts);
    const app = new MultiClusterApp(platform, 'mall', { placement: Placement.everywhere(), ...setting.app });
    use(app.addService('cart', { image: 'mall/cart:4.12.0', ...props }));
  });
}

/** What a service `cart` in a cluster `prod` is refused for: code and text. */
export function refusals(props: Partial<ServiceProps>, facts: ClusterProps = {}): string[] {
  return problemsOfProgram((platform) => {
    new ClusterSet(platform, 'clusters').add('prod', facts);
    new MultiClusterApp(platform, 'mall', { placement: Placement.everywhere() }).addService('cart', {
      image: 'cart:1',
      ...props,
    });
  }).map((problem) => `${problem.code} ${problem.what}`);
}

export const deployment = (assembly: Assembly, cluster = 'prod'): AnyObject =>
  assembly.object(cluster, 'mall/cart/Deployment');
export const pod = (assembly: Assembly, cluster = 'prod'): AnyObject =>
  deployment(assembly, cluster).spec.template.spec;
export const container = (assembly: Assembly, cluster = 'prod'): AnyObject => pod(assembly, cluster).containers[0];
