import { Construct } from 'constructs';
import type { Cluster } from './cluster';
import type { GlobalRouting } from './global-routing';
import type { MultiClusterService } from './multi-cluster-service';
import type { Placement } from './placement';
import { Platform } from './platform';
import { checkedId } from './private/construct-id';
import { placedClusters } from './private/delivery';
import type { HostTraffic } from './private/istio-host';
import { recordLocation } from './private/location';
import { localitySetting } from './private/mesh-locality';
import { DNS_LABEL_RULE, isDnsLabel } from './private/names';
import { namespaceObject } from './private/namespace-object';
import { collectProblems, failHere, type Problem, problemAt } from './private/problem';
import { servesApi } from './private/served-apis';
import { type Entry, type Rendering, renderLate } from './private/unit';

export interface MeshProps {
  /** The clusters, each with a control plane of its own (multi-primary). */
  readonly placement: Placement;
  /** Namespace of the control planes. @default "istio-system" */
  readonly namespaceName?: string;
  /** Whether the mesh makes this namespace, which has to say in which network it is. @default true */
  readonly createNamespace?: boolean;
}

/**
 * An Istio mesh over several clusters with a control plane in each: what names them to each other, and the way between their networks. Istio itself is installed by its
 * charts, with the values that the mesh gives.
 */
export class Mesh extends Construct {
  private readonly props: MeshProps;

  /**
   * @param scope the platform or a construct of it
   * @param id a DNS label; id of the mesh, the same in all its clusters
   */
  public constructor(scope: Construct, id: string, props: MeshProps) {
    super(scope, checkedId(scope, id, isDnsLabel, DNS_LABEL_RULE));
    recordLocation(this);
    this.props = props;
    renderLate(this, {
      clusters: (problems) => placedClusters(this, props.placement, problems),
      validate: (problems) => this.validate(problems),
      render: (cluster, problems) => this.render(cluster, problems),
    });
  }

  /** Values of the chart `istiod` in a cluster: its names in the mesh. */
  // biome-ignore lint/suspicious/noExplicitAny: the type of the values of a HelmRelease
  public istiodValues(cluster: Cluster): { [key: string]: any } {
    const network = this.networkOf(cluster);
    return { global: { meshID: this.node.id, multiCluster: { clusterName: cluster.clusterName }, network } };
  }

  /** Values of the chart `gateway` in a cluster, for the gateway between networks: a release "istio-eastwestgateway" in the namespace of the control plane. */
  // biome-ignore lint/suspicious/noExplicitAny: the type of the values of a HelmRelease
  public eastWestGatewayValues(cluster: Cluster): { [key: string]: any } {
    return { name: 'istio-eastwestgateway', networkGateway: this.networkOf(cluster) };
  }

  /**
   * Says to which cluster requests inside the mesh go: by `GlobalRouting.nearest()`, `.failover(primary)` or `.weighted(…)`. The service needs a circuit breaker
   * (`resilience`), because without one nobody notices that a cluster fails.
   */
  public balance(service: MultiClusterService, routing: GlobalRouting): void {
    service._addTraffic((cluster, problems) => this.traffic(service, routing, cluster, problems));
  }

  private traffic(
    service: MultiClusterService,
    routing: GlobalRouting,
    cluster: Cluster,
    problems: Problem[],
  ): HostTraffic | undefined {
    const weights = service._weights();
    const [first] = weights.keys();
    const members = this.clusters();
    if (!members.includes(cluster)) {
      const what = `The mesh "${this.node.path}" balances the service, and is not in cluster "${cluster}".`;
      const fix = `The mesh is in: ${members.join(', ') || 'no cluster'}.`;
      problems.push(problemAt(service, 'ORR2012', what, { fix, cluster: cluster.clusterName }));
      return undefined;
    }
    // The same in every cluster, and said once.
    const found: Problem[] = cluster === first ? problems : [];
    const setting = localitySetting(routing._rules, weights, members, ({ code, what, fix }) =>
      found.push(problemAt(service, code, what, { fix })),
    );
    return setting === undefined
      ? undefined
      : { by: `mesh "${this.node.path}"`, policy: { loadBalancer: { localityLbSetting: setting } } };
  }

  /** The clusters of its placement; none where that is wrong, which the mesh itself reports. */
  private clusters(): Cluster[] {
    const { placement } = this.props;
    const resolve = () => placement._resolve(Platform.of(this).clusters, () => undefined).weights;
    return [...((placement === undefined ? undefined : collectProblems([], resolve)) ?? new Map()).keys()];
  }

  private networkOf(cluster: Cluster): string {
    const { network } = cluster.facts;
    if (network === undefined) {
      const fix = 'Add network to the facts of the cluster.';
      failHere(this, 'ORR2013', `No fact of cluster "${cluster}" says in which network it is.`, { fix });
    }
    return network;
  }

  private validate(problems: Problem[]): void {
    const { namespaceName = ISTIO_SYSTEM } = this.props;
    if (!(this.node.root instanceof Platform)) {
      const fix = 'Make it in the platform; its placement says which clusters it goes to.';
      problems.push(problemAt(this, 'ORR2017', 'The mesh is inside a cluster.', { fix }));
    }
    if (!isDnsLabel(namespaceName)) {
      const fix = `Use ${DNS_LABEL_RULE}.`;
      problems.push(problemAt(this, 'ORR2003', `"${namespaceName}" is not a valid namespace.`, { fix }));
    }
  }

  private render(cluster: Cluster, problems: Problem[]): Rendering {
    const { namespaceName: namespace = ISTIO_SYSTEM, createNamespace = true } = this.props;
    const details = { cluster: cluster.clusterName };
    const { network } = cluster.facts;
    if (network === undefined) {
      const fix = 'Add network to the facts of the cluster.';
      const what = `No fact of cluster "${cluster}" says in which network it is, by which the mesh knows what its pods reach.`;
      problems.push(problemAt(this, 'ORR2013', what, { ...details, fix }));
      return { entries: [] };
    }
    if (!servesApi(cluster, ISTIO)) {
      const fix = `Add apiVersions: ['${ISTIO}'] to the facts of the cluster.`;
      const what = `The cluster is in a mesh, and no fact of cluster "${cluster}" says that it serves ${ISTIO}.`;
      problems.push(problemAt(this, 'ORR2013', what, { ...details, fix }));
    }
    const labels = { 'app.kubernetes.io/part-of': this.node.id, 'app.kubernetes.io/managed-by': 'orrery' };
    const entries: Entry[] = [];
    const add = (path: string, object: object) =>
      entries.push({ path: `${this.node.path}/${path}`, owner: this, content: { type: 'object', object } });
    if (createNamespace) {
      add('Namespace', namespaceObject(namespace, { ...labels, 'topology.istio.io/network': network }));
    }
    const networks = new Set(this.clusters().map(({ facts }) => facts.network));
    if (networks.size > 1) {
      add('Gateway', {
        apiVersion: ISTIO,
        kind: 'Gateway',
        metadata: { name: 'cross-network-gateway', namespace, labels },
        spec: {
          selector: { istio: 'eastwestgateway' },
          servers: [
            {
              port: { number: 15443, name: 'tls', protocol: 'TLS' },
              tls: { mode: 'AUTO_PASSTHROUGH' },
              hosts: ['*.local'],
            },
          ],
        },
      });
    }
    return { entries };
  }
}

const ISTIO = 'networking.istio.io/v1';
const ISTIO_SYSTEM = 'istio-system';
