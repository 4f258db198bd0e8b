import type { ClusterProps } from './cluster-facts';
import { ClusterSet } from './cluster-set';
import { MultiClusterApp, type MultiClusterAppProps } from './multi-cluster-app';
import type { MultiClusterService } from './multi-cluster-service';
import { Placement } from './placement';
import type { Platform } from './platform';
import { collectProblems, type Problem } from './private/problem';
import type { ServiceProps } from './service-props';
import { type AnyObject, type Assembly, assemblyOf, problemsOfProgram, testPlatform } from './synthesis.test-support';

/** Where a service is: by default in one cluster `prod` without facts. */
interface Setting {
  readonly clusters?: Record<string, ClusterProps>;
  readonly app?: Partial<MultiClusterAppProps>;
}

type Use = (service: MultiClusterService, clusters: ClusterSet) => void;

const build =
  (props: Partial<ServiceProps>, setting: Setting, use: Use) =>
  (platform: Platform): void => {
    const clusters = new ClusterSet(platform, 'clusters');
    for (const [name, facts] of Object.entries(setting.clusters ?? { prod: {} })) clusters.add(name, facts);
    const app = new MultiClusterApp(platform, 'mall', { placement: Placement.everywhere(), ...setting.app });
    use(app.addService('cart', { image: 'mall/cart:4.12.0', ...props }), clusters);
  };

/** The assembly of one service `cart` in an app `mall`. */
export function withService(props: Partial<ServiceProps>, setting: Setting = {}, use: Use = () => undefined): Assembly {
  return assemblyOf(build(props, setting, use));
}

/** What such a program is refused for: code and text; empty where it is not. */
export function serviceProblems(props: Partial<ServiceProps>, setting: Setting, use: Use): string[] {
  const platform = testPlatform();
  build(props, setting, use)(platform);
  const problems: Problem[] = [];
  collectProblems(problems, () => platform.synth());
  return problems.map(({ code, what }) => `${code} ${what}`);
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
