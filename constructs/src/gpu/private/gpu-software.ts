import { Construct } from 'constructs';
import type { Cluster } from '../../cluster';
import type { Platform } from '../../platform';
import { renderRelease } from '../../private/helm-rendering';
import { namespaceObject } from '../../private/namespace-object';
import { type Rendering, renderLate } from '../../private/unit';
import { poolsIn, poolsOf } from './pool-registry';
import { chartsFor, SOFTWARE_NAMESPACE, type SoftwareChart } from './software-values';
import { type ChartName, KNOWN_VERSIONS } from './software-versions';

const ID = 'gpu-software';

/**
 * What the pools of a platform install: a chart is in a cluster once, whatever pools there are, and its values are those of all of them. Which charts a cluster needs is known at synth only.
 */
export class GpuSoftwareReleases extends Construct {
  /** Makes it where it is not there yet. */
  public static ensure(platform: Platform): void {
    if (platform.node.tryFindChild(ID) === undefined) new GpuSoftwareReleases(platform);
  }

  private constructor(private readonly platform: Platform) {
    super(platform, ID);
    renderLate(this, {
      // What a pool says of itself is there, too.
      clusters: () => this.clusters(() => true),
      validate: () => undefined,
      render: (cluster) => this.namespace(cluster),
    });
    for (const chart of Object.keys(KNOWN_VERSIONS) as ChartName[]) {
      const release = new Construct(this, chart);
      const inCluster = (cluster: Cluster) => this.charts(cluster).find((one) => one.chart === chart);
      renderLate(release, {
        clusters: () => this.clusters((cluster) => inCluster(cluster) !== undefined),
        validate: () => undefined,
        render: (cluster) => this.release(release, cluster, inCluster(cluster)),
      });
    }
  }

  private clusters(where: (cluster: Cluster) => boolean): Cluster[] {
    const all = new Set(poolsOf(this.platform).flatMap((pool) => pool.clusters()));
    return this.platform.clusters.filter((cluster) => all.has(cluster) && where(cluster));
  }

  private charts(cluster: Cluster): SoftwareChart[] {
    return chartsFor(poolsIn(this.platform, cluster).map((pool) => pool.inCluster(cluster)));
  }

  private namespaceIn(cluster: Cluster): string {
    const named = poolsIn(this.platform, cluster).map(({ props }) => props.software?.namespaceName);
    return named.find((name) => name !== undefined) ?? SOFTWARE_NAMESPACE;
  }

  private namespace(cluster: Cluster): Rendering {
    const name = this.namespaceIn(cluster);
    // Drivers and device plugins are privileged.
    const labels = {
      'app.kubernetes.io/managed-by': 'orrery',
      'pod-security.kubernetes.io/enforce': 'privileged',
    };
    const object = namespaceObject(name, labels);
    return { entries: [{ path: `${this.node.path}/Namespace`, owner: this, content: { type: 'object', object } }] };
  }

  private release(construct: Construct, cluster: Cluster, chart: SoftwareChart | undefined): Rendering {
    // A version that is not said is reported by the pool that needs it.
    if (chart === undefined || chart.version === '') return { entries: [] };
    const { chart: name, repository, version, local, values } = chart;
    const props = local === undefined ? { chart: name, repository, version } : { chart: local };
    const release = { construct, props, releaseName: name, namespace: this.namespaceIn(cluster) };
    return renderRelease(release, { computed: [values], declared: [] }, { patches: [], places: new Map() });
  }
}
