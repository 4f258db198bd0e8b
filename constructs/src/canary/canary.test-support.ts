import type { CanaryReleaseManifest, ReleaseStateManifest } from '../assembly-format';
import type { ClusterProps } from '../cluster-facts';
import type { ClusterSet } from '../cluster-set';
import type { MultiClusterService } from '../multi-cluster-service';
import type { Platform } from '../platform';
import type { ServiceProps } from '../service-props';
import { serviceProblems, withService } from '../service-synthesis.test-support';
import type { AnyObject, Assembly } from '../synthesis.test-support';
import { CanaryRelease, type CanaryReleaseProps } from './canary-release';

const ISTIO: ClusterProps = { apiVersions: ['networking.istio.io/v1'] };

export const GATEWAY: ClusterProps = {
  apiVersions: ['gateway.networking.k8s.io/v1'],
  entryPoints: { intranet: { gateway: 'gateways/public', ingressClass: 'nginx' } },
};

export interface ReleaseSetting {
  readonly clusters?: Record<string, ClusterProps>;
  readonly service?: Partial<ServiceProps>;
  /** What else the program does with the service. */
  readonly use?: (service: MultiClusterService, clusters: ClusterSet) => void;
}

type Props = Omit<CanaryReleaseProps, 'service'>;

function using(props: (clusters: ClusterSet) => Props, use: ReleaseSetting['use']) {
  return (service: MultiClusterService, clusters: ClusterSet): void => {
    use?.(service, clusters);
    new CanaryRelease(service.node.root as Platform, 'cart-4-13', { service, ...props(clusters) });
  };
}

/** A service `cart` of an app `mall` that is released, in the clusters of a setting: by default `prod` with Istio. */
export function released(props: Props | ((clusters: ClusterSet) => Props), setting: ReleaseSetting = {}): Released {
  const { clusters = { prod: ISTIO }, service = {}, use } = setting;
  const made = typeof props === 'function' ? props : () => props;
  return new Released(withService({ port: 8080, replicas: 12, ...service }, { clusters }, using(made, use)));
}

/** What such a program is refused for: code and text. */
export function releaseProblems(
  props: Props | ((clusters: ClusterSet) => Props),
  setting: ReleaseSetting = {},
): string[] {
  const { clusters = { prod: ISTIO }, service = {}, use } = setting;
  const made = typeof props === 'function' ? props : () => props;
  return serviceProblems({ port: 8080, replicas: 12, ...service }, { clusters }, using(made, use));
}

/** Objects by their paths. */
export type Objects = Map<string, AnyObject>;

/** A program with one release, and what its clusters hold at each stage. */
export class Released {
  public readonly release: CanaryReleaseManifest;

  public constructor(public readonly assembly: Assembly) {
    this.release = assembly.manifest.canaryReleases?.[0] as CanaryReleaseManifest;
  }

  public stages(cluster = 'prod'): string[] {
    return this.states(cluster).stages.map(({ name }) => name);
  }

  public at(stage: string, cluster = 'prod'): Objects {
    const found = this.states(cluster).stages.find(({ name }) => name === stage);
    if (found === undefined) throw new Error(`no stage ${stage}: ${this.stages(cluster).join(', ')}`);
    return this.objects(found, cluster);
  }

  public before(cluster = 'prod'): Objects {
    return this.objects(this.states(cluster).before, cluster);
  }

  public abort(cluster = 'prod'): Objects[] {
    return this.states(cluster).abort.map((state) => this.objects(state, cluster));
  }

  public states(cluster = 'prod') {
    const found = this.release.clusters[cluster];
    if (found === undefined) throw new Error(`no release in ${cluster}`);
    return found;
  }

  public objects({ fields = [], absent = [] }: ReleaseStateManifest, cluster = 'prod'): Objects {
    const objects = this.assembly.objects(cluster);
    for (const path of absent) if (!objects.delete(path)) throw new Error(`${path} is not there to be absent`);
    for (const { object, field, value } of fields) {
      const steps = field.split('.');
      const last = steps.pop() as string;
      let at = objects.get(object);
      for (const step of steps) at = at[step];
      if (value === undefined) delete at[last];
      else at[last] = structuredClone(value);
    }
    return objects;
  }
}

/** Kind and name of objects, without those that have nothing to do with requests. */
export function names(objects: Objects): string[] {
  return [...objects.values()]
    .filter(({ kind }) => kind !== 'Namespace' && kind !== 'ServiceAccount')
    .map(({ kind, metadata }) => `${kind}/${metadata.name}`);
}

/** The routes of the service's VirtualService, in short: "cart 95 · cart-canary 5". */
export function shares(objects: Objects, path = 'mall/cart/VirtualService'): string[] {
  return (objects.get(path)?.spec.http ?? []).map(({ route }: AnyObject) =>
    route.map(({ destination, weight = 100 }: AnyObject) => `${destination.host.split('.')[0]} ${weight}`).join(' · '),
  );
}
