import { Construct } from 'constructs';
import { AddressPool } from './address-pool';
import type { Cluster } from './cluster';
import type { GlobalBackend } from './global-backend';
import type { GlobalRouting } from './global-routing';
import type { MultiClusterService } from './multi-cluster-service';
import { Platform } from './platform';
import { checkedId } from './private/construct-id';
import { type ExposureRules, exposureName, type GlobalAdditions, NOTHING_ADDED } from './private/exposure-rules';
import { annotatedAddress, endpointAddress } from './private/external-dns';
import { floatingAddress } from './private/floating-address';
import type { AddressInCluster, BackendRules, GlobalMember, ResolvedAddress } from './private/global-backend-rules';
import { type Report, resolveRouting } from './private/global-routing-rules';
import { geoTagOf, k8gbAddress } from './private/k8gb';
import { recordLocation } from './private/location';
import { isDnsSubdomain } from './private/names';
import { type Problem, problemAt } from './private/problem';
import { withDescendants } from './private/tree';
import type { Entry } from './private/unit';

/** An address that leads to a service in several clusters. */
export interface GlobalAddressProps {
  /** The service, exposed in each cluster of the app by an Ingress or a route for the host, or by a load balancer. */
  readonly service: MultiClusterService;
  /** Which cluster a user gets to. */
  readonly routing: GlobalRouting;
  /** What serves the address. */
  readonly backend: GlobalBackend;
  /** Name of the exposure, where several of the service would do. @default - the only one for the host, or the only load balancer */
  readonly exposure?: string;
  /** Seconds that resolvers may keep an answer: until then users of a dead cluster stay there. @default 30 */
  readonly ttlSeconds?: number;
}

/** One name for a service in all clusters of its app. */
export class GlobalAddress extends Construct {
  /** DNS name. */
  public readonly host: string;
  private readonly props: GlobalAddressProps;
  private inClusters: ReadonlyMap<Cluster, AddressInCluster> = new Map();
  private chosen: ReadonlyMap<Cluster, GlobalMember> = new Map();

  /** Use `MultiClusterApp.exposeGlobally`. */
  public constructor(scope: Construct, host: string, props: GlobalAddressProps) {
    super(
      scope,
      checkedId(scope, host, (id) => isDnsSubdomain(id) && id.includes('.'), HOST_RULE),
    );
    recordLocation(this);
    this.host = host;
    this.props = props;
    props.service._addAddress(this);
  }

  /**
   * What a GeoIP database has to say so that k8gb sends users where the routing says: region of users (ISO 3166) to tag of its cluster.
   * Users of regions that are not in the database get all clusters.
   */
  public get userRegionTags(): { [region: string]: string } {
    const rules = this.props.routing._rules;
    const users = rules.type === 'nearest' ? (rules.users ?? {}) : {};
    const { clusters } = Platform.of(this);
    const tags: { [region: string]: string } = {};
    for (const [name, regions] of Object.entries(users)) {
      const cluster = clusters.find(({ clusterName }) => clusterName === name);
      for (const region of regions) tags[region] = (cluster && geoTagOf(cluster)) ?? name;
    }
    return tags;
  }

  /**
   * What it adds to the object of an exposure.
   * @internal
   */
  public _additions(cluster: Cluster, exposure: ExposureRules): GlobalAdditions {
    if (this.chosen.get(cluster)?.exposure !== exposure) return NOTHING_ADDED;
    return this.inClusters.get(cluster)?.additions ?? NOTHING_ADDED;
  }

  /**
   * @param placed the clusters that are placed now, with their weights
   * @param all all clusters of the app: more where an engine places them group by group
   * @internal
   */
  public _place(placed: ReadonlyMap<Cluster, number>, all: readonly Cluster[], problems: Problem[]): void {
    const report: Report = ({ code, what, fix }, cluster) =>
      problems.push(problemAt(this, code, what, { fix, cluster: cluster?.clusterName }));
    this.inClusters = new Map();
    const { service } = this.props;
    if (service.node.scope !== this.node.scope) {
      const what = `Service "${service.node.path}" belongs to another app.`;
      report({ code: 'ORR2012', what, fix: 'Expose it globally by its own app.' });
      return;
    }
    const members = all.flatMap((cluster) => this.memberIn(cluster, report) ?? []);
    this.chosen = new Map(members.map((member) => [member.cluster, member]));
    const { _rules: rules } = this.props.routing;
    if (rules.type === 'weighted' && rules.weights === undefined && all.length > placed.size) {
      const what = 'The routing takes the weights of the placement, which has several groups of clusters.';
      report({ code: 'ORR2012', what, fix: 'Give the weights: GlobalRouting.weighted({ … }).' });
    }
    const weights = new Map(all.map((cluster) => [cluster, placed.get(cluster) ?? 1]));
    const routing = resolveRouting(rules, weights, report);
    const { ttlSeconds = 30 } = this.props;
    if (!Number.isInteger(ttlSeconds) || ttlSeconds < 1 || ttlSeconds > 86400) {
      const fix = 'Use a whole number of seconds from 1 to 86400.';
      report({ code: 'ORR2011', what: `ttlSeconds is ${ttlSeconds}.`, fix });
    }
    if (routing === undefined || members.length === 0 || members.length < all.length) return;
    const name = this.host.replaceAll('.', '-');
    const address = { host: this.host, name, ttlSeconds, members, routing };
    this.inClusters = serve(address, this.props.backend._rules, () => this.pools(), report);
  }

  /** @internal */
  public _render(
    cluster: Cluster,
    app: { readonly namespace: string; readonly labels: { readonly [key: string]: string } },
  ): Entry[] {
    const { objects = [] } = this.inClusters.get(cluster) ?? {};
    return objects.map(({ metadata: { name, ...more }, ...object }): Entry => {
      const metadata = { name, namespace: app.namespace, labels: app.labels, ...more };
      const content = { type: 'object', object: { ...object, metadata } } as const;
      return { path: `${this.node.path}/${object.kind}`, owner: this, content };
    });
  }

  private pools(): AddressPool[] {
    return withDescendants(this.node.root).filter((construct) => construct instanceof AddressPool);
  }

  /** What exposes the service in a cluster; reported where that is nothing, or not clear. */
  private memberIn(cluster: Cluster, report: Report): GlobalMember | undefined {
    const { service, exposure: wanted } = this.props;
    const all = service._exposures(cluster).map((exposure) => {
      return { cluster, exposure, exposureName: exposureName(service.serviceName, exposure) };
    });
    const fitting = all.filter(({ exposure }) => exposure.type === 'LoadBalancer' || exposure.host === this.host);
    const forHost = fitting.filter(({ exposure }) => exposure.type !== 'LoadBalancer');
    const candidates =
      wanted !== undefined
        ? fitting.filter((member) => member.exposureName === wanted)
        : forHost.length > 0
          ? forHost
          : fitting;
    if (candidates.length === 1) return candidates[0];
    const names = fitting.map((member) => `${member.exposure.type} "${member.exposureName}"`).join(', ');
    if (candidates.length > 1) {
      const what = `In cluster "${cluster}" several exposures of service "${service.serviceName}" would do: ${names}.`;
      report({ code: 'ORR2012', what, fix: 'Name one: exposure.' }, cluster);
    } else {
      const which = wanted === undefined ? '' : ` by "${wanted}"`;
      const what = `In cluster "${cluster}" service "${service.serviceName}" is not exposed${which} for "${this.host}".`;
      const fix = `Expose it there: by an Ingress or a route for this host, or by a load balancer.${names === '' ? '' : ` There is: ${names}.`}`;
      report({ code: 'ORR2012', what, fix }, cluster);
    }
    return undefined;
  }
}

const HOST_RULE = 'a DNS name in lower case, like "shop.example.com"';

function serve(
  address: ResolvedAddress,
  backend: BackendRules,
  pools: () => AddressPool[],
  report: Report,
): ReadonlyMap<Cluster, AddressInCluster> {
  switch (backend.type) {
    case 'k8gb': {
      const same = k8gbAddress(address, backend, report);
      return new Map(address.members.map(({ cluster }) => [cluster, same]));
    }
    case 'annotations':
      return annotatedAddress(address, backend, report);
    case 'dnsEndpoint':
      return endpointAddress(address, backend, report);
    case 'floating':
      return floatingAddress(address, backend.address, pools(), report);
  }
}
