import type { Cluster } from '../cluster';
import { Provider } from '../cluster-facts';
import type { ResolvedAddress } from './global-backend-rules';
import type { Report, Routing } from './global-routing-rules';

/** A record of Route 53 with a routing policy, of one cluster. */
export interface PolicyRecord {
  /** Tells records of one name apart. */
  readonly setIdentifier: string;
  /** external-dns's names of properties, e.g. "aws/weight" (kubernetes-sigs/external-dns: provider/aws/aws.go). */
  readonly properties: readonly (readonly [name: string, value: string])[];
}

/** Highest weight of a record (Route 53, ResourceRecordSet). */
const HIGHEST_WEIGHT = 255;

/**
 * The records of Route 53 for each cluster.
 * @param healthChecks name of cluster to the id of its health check
 */
export function route53Records(
  { members, routing }: ResolvedAddress,
  healthChecks: { readonly [cluster: string]: string },
  report: Report,
): ReadonlyMap<Cluster, readonly PolicyRecord[]> {
  const strangers = Object.keys(healthChecks).filter(
    (name) => !members.some(({ cluster }) => cluster.clusterName === name),
  );
  for (const name of strangers) {
    const what = `healthChecks names cluster "${name}", where the app does not go.`;
    report({ code: 'ORR2005', what, fix: 'Remove it.' });
  }
  return new Map(
    members.map(({ cluster, exposure }) => {
      const healthCheck = healthChecks[cluster.clusterName];
      // Route 53 looks at load balancers of AWS itself; external-dns asks it to (evaluate target health is its default).
      if (healthCheck === undefined && cluster.facts.provider !== Provider.AWS) {
        const what = `Nobody would notice that cluster "${cluster}" is dead: it has no health check, and its ${exposure.type} no load balancer of AWS.`;
        const fix = `Make one in Route 53 and give its id: healthChecks: { '${cluster}': '…' }.`;
        report({ code: 'ORR2012', what, fix }, cluster);
      }
      const check = healthCheck === undefined ? [] : [['aws/health-check-id', healthCheck] as const];
      const records = policiesOf(routing, cluster, report).map(
        ([suffix, policy]): PolicyRecord => ({
          setIdentifier: `${cluster}${suffix}`,
          properties: [...policy, ...check],
        }),
      );
      return [cluster, records];
    }),
  );
}

/** Policies of the records of a cluster, each with what its record's identifier has beside the cluster's name. */
type Policy = readonly [suffix: string, properties: readonly (readonly [string, string])[]];

function policiesOf(routing: Routing, cluster: Cluster, report: Report): Policy[] {
  if (routing.type === 'weighted') {
    const weight = routing.weights.get(cluster) ?? 0;
    if (weight > HIGHEST_WEIGHT) {
      const what = `Cluster "${cluster}" has the weight ${weight}, and Route 53 takes at most ${HIGHEST_WEIGHT}.`;
      report({ code: 'ORR2007', what, fix: 'Give smaller weights: GlobalRouting.weighted({ … }).' }, cluster);
    }
    return [['', [['aws/weight', String(weight)]]]];
  }
  if (routing.type === 'failover') {
    const place = routing.order.indexOf(cluster);
    if (place > 1) {
      const what = `Route 53 fails over from one primary to one secondary record, and cluster "${cluster}" is a third one.`;
      report({ code: 'ORR2012', what, fix: 'Use k8gb, or two clusters.' }, cluster);
    }
    return [['', [['aws/failover', place === 0 ? 'PRIMARY' : 'SECONDARY']]]];
  }
  return routing.users === undefined
    ? byLatency(cluster, report)
    : byRegion(routing.users.regions, routing.users.otherwise, cluster, report);
}

function byLatency(cluster: Cluster, report: Report): Policy[] {
  const { provider, region } = cluster.facts;
  if (provider === Provider.AWS && region !== undefined) return [['', [['aws/region', region]]]];
  const what = `Route 53 knows distances to regions of AWS only, and no fact of cluster "${cluster}" says that it is in one.`;
  const fix = 'Say which users go where: GlobalRouting.nearest({ users, otherwise }), or use k8gb.';
  report({ code: provider === Provider.AWS ? 'ORR2013' : 'ORR2012', what, fix }, cluster);
  return [];
}

/** Parts of countries: those of the United States, and no others (Route 53 API, GeoLocation: SubdivisionCode). */
function byRegion(
  regions: ReadonlyMap<string, Cluster>,
  otherwise: Cluster,
  cluster: Cluster,
  report: Report,
): Policy[] {
  const own = [...regions].flatMap(([code, server]) => (server === cluster ? [code] : []));
  const policies = own.map((code): Policy => {
    const [country = '', part] = code.split('-');
    if (part === undefined) return [`-${code}`, [['aws/geolocation-country-code', country]]];
    if (country !== 'US') {
      const what = `Route 53 knows parts of the United States only, and users of ${code} go to cluster "${cluster}".`;
      report({ code: 'ORR2012', what, fix: `Use "${country}", or k8gb with a GeoIP database of yours.` }, cluster);
    }
    return [
      `-${code}`,
      [
        ['aws/geolocation-country-code', country],
        ['aws/geolocation-subdivision-code', part],
      ],
    ];
  });
  if (cluster === otherwise) policies.push(['-others', [['aws/geolocation-country-code', '*']]]);
  if (policies.length === 0) {
    const what = `The routing sends no users to cluster "${cluster}", and records of Route 53 take over for no other region than their own.`;
    report({ code: 'ORR2012', what, fix: 'Name regions for it, or use k8gb.' }, cluster);
  }
  return policies;
}
