import type { Cluster } from '../cluster';
import type { NearestOptions } from '../global-routing';
import type { Finding } from './service-validation';

/** To which cluster an address leads, as the program says it. */
export type RoutingRules =
  | { readonly type: 'failover'; readonly clusters: readonly string[] }
  | ({ readonly type: 'nearest' } & NearestOptions)
  | { readonly type: 'weighted'; readonly weights?: { readonly [cluster: string]: number } };

/** The same among the clusters of an app. */
export type Routing =
  | FailoverRouting
  | { readonly type: 'nearest'; readonly users?: UserRegions }
  | { readonly type: 'weighted' /** Without common divisor. */; readonly weights: ReadonlyMap<Cluster, number> };

interface FailoverRouting {
  readonly type: 'failover';
  /** Every cluster once. */
  readonly order: readonly Cluster[];
  /** How many of them the program put there. */
  readonly named: number;
}

/** Which users go where. */
export interface UserRegions {
  /** ISO 3166 code to cluster, in order of declaration. */
  readonly regions: ReadonlyMap<string, Cluster>;
  readonly otherwise: Cluster;
}

export type Report = (finding: Finding, cluster?: Cluster) => void;

/** ISO 3166-1 alpha-2, or with a subdivision of ISO 3166-2. */
const REGION = /^[A-Z]{2}(-[A-Z0-9]{1,3})?$/;

/** What routing means among the clusters of an app (with their weights); undefined where it is wrong, which is reported. */
export function resolveRouting(
  rules: RoutingRules,
  weights: ReadonlyMap<Cluster, number>,
  report: Report,
): Routing | undefined {
  let isWrong = false;
  const wrong: Report = (finding, cluster) => {
    isWrong = true;
    report(finding, cluster);
  };
  const clusters = [...weights.keys()];
  const named = (name: string, says: string): Cluster | undefined => {
    const cluster = clusters.find(({ clusterName }) => clusterName === name);
    if (cluster === undefined) {
      const what = `The routing ${says} cluster "${name}", where the app does not go.`;
      wrong({ code: 'ORR2005', what, fix: `It goes to: ${clusters.join(', ') || 'no cluster'}.` });
    } else if (weights.get(cluster) === 0) {
      const what = `The routing ${says} cluster "${name}", to which the placement gives no replica.`;
      wrong({ code: 'ORR2012', what, fix: 'Give it weight in the placement, or name another one.' });
    }
    return cluster;
  };
  const routing =
    rules.type === 'failover'
      ? failover(rules.clusters, clusters, named, wrong)
      : rules.type === 'nearest'
        ? nearest(rules, clusters, named, wrong)
        : weighted(rules.weights, weights, wrong);
  return isWrong ? undefined : routing;
}

type Named = (name: string, says: string) => Cluster | undefined;

function failover(names: readonly string[], clusters: readonly Cluster[], named: Named, report: Report): Routing {
  if (names.length === 0) {
    report({ code: 'ORR2012', what: 'The failover has no primary cluster.', fix: 'Name at least one cluster.' });
  }
  for (const [i, name] of names.entries()) {
    if (names.indexOf(name) === i) continue;
    const what = `The failover names cluster "${name}" twice.`;
    report({ code: 'ORR2004', what, fix: 'Name it once.' });
  }
  const first = names.flatMap((name) => named(name, 'fails over to') ?? []);
  const others = clusters.filter((cluster) => !first.includes(cluster));
  return { type: 'failover', order: [...first, ...others], named: first.length };
}

function nearest(
  { users, otherwise }: NearestOptions,
  clusters: readonly Cluster[],
  named: Named,
  report: Report,
): Routing {
  if (users === undefined) {
    if (otherwise !== undefined) {
      const what = 'The routing says who serves everybody else, and nobody is served before.';
      report({ code: 'ORR2012', what, fix: 'Give `users`, or leave `otherwise` out.' });
    }
    return { type: 'nearest' };
  }
  const regions = new Map<string, Cluster>();
  for (const [name, codes] of Object.entries(users)) {
    const cluster = named(name, 'sends users to');
    for (const code of codes) {
      const before = regions.get(code);
      if (!REGION.test(code)) {
        const fix = 'Use codes of ISO 3166 like "CN" or "CN-GD".';
        report({ code: 'ORR2011', what: `"${code}" is no region of users.`, fix });
      } else if (before !== undefined) {
        const what = `The routing sends users of ${code} to "${before}" and to "${name}".`;
        report({ code: 'ORR2004', what, fix: 'Name the region once.' });
      } else if (cluster !== undefined) regions.set(code, cluster);
    }
  }
  const others = otherwise === undefined ? undefined : named(otherwise, 'sends everybody else to');
  if (otherwise === undefined) {
    const what = 'The routing says which users go where, and not where everybody else goes.';
    report({ code: 'ORR2012', what, fix: 'Set `otherwise`.' });
  }
  for (const cluster of clusters) {
    if (Object.hasOwn(users, cluster.clusterName) || cluster.clusterName === otherwise) continue;
    const what = `The routing sends no users to cluster "${cluster}".`;
    const fix = `Name their regions, or say that it only takes over: { '${cluster}': [] }.`;
    report({ code: 'ORR2012', what, fix }, cluster);
  }
  return { type: 'nearest', ...(others === undefined ? {} : { users: { regions, otherwise: others } }) };
}

function weighted(
  given: { readonly [cluster: string]: number } | undefined,
  placed: ReadonlyMap<Cluster, number>,
  report: Report,
): Routing {
  const weights = new Map(placed);
  if (given !== undefined) {
    for (const name of Object.keys(given)) {
      if ([...placed.keys()].some(({ clusterName }) => clusterName === name)) continue;
      const what = `The routing gives weight to cluster "${name}", where the app does not go.`;
      report({ code: 'ORR2005', what, fix: `It goes to: ${[...placed.keys()].join(', ') || 'no cluster'}.` });
    }
    for (const [cluster, share] of placed) {
      const weight = Object.hasOwn(given, cluster.clusterName) ? given[cluster.clusterName] : undefined;
      if (weight === undefined) {
        const what = `The routing gives no weight to cluster "${cluster}".`;
        report({ code: 'ORR2007', what, fix: 'Give every cluster of the app one; 0 sends it nobody.' }, cluster);
      } else if (!Number.isSafeInteger(weight) || weight < 0) {
        const what = `The routing gives cluster "${cluster}" the weight ${weight}.`;
        report({ code: 'ORR2007', what, fix: 'Weights are whole numbers from 0 on.' }, cluster);
      } else if (weight > 0 && share === 0) {
        const what = `The routing gives weight to cluster "${cluster}", to which the placement gives no replica.`;
        report({ code: 'ORR2012', what, fix: 'Give it weight in the placement, or 0 here.' }, cluster);
      } else weights.set(cluster, weight);
    }
    if (placed.size > 0 && Object.values(given).every((weight) => weight === 0)) {
      report({
        code: 'ORR2007',
        what: 'All weights of the routing are 0.',
        fix: 'Give at least one cluster a weight.',
      });
    }
  }
  const divisor = [...weights.values()].reduce(greatestCommonDivisor, 0) || 1;
  return { type: 'weighted', weights: new Map([...weights].map(([cluster, weight]) => [cluster, weight / divisor])) };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
