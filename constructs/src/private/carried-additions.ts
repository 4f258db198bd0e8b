import type { Cluster } from '../cluster';
import type { GlobalAddress } from '../global-address';
import type { MultiClusterService } from '../multi-cluster-service';
import { type ExposureRules, exposureName, type GlobalAdditions, NOTHING_ADDED } from './exposure-rules';
import { type Problem, problemAt } from './problem';

/** An exposure of a service in a cluster. */
interface ExposureThere {
  readonly cluster: Cluster;
  readonly exposure: ExposureRules;
}

/** What the global address that an exposure carries adds to it: one at most. */
export function carriedAdditions(
  service: MultiClusterService,
  addresses: readonly GlobalAddress[],
  { cluster, exposure }: ExposureThere,
  problems: Problem[],
): GlobalAdditions {
  const adding = addresses.filter((address) => address._additions(cluster, exposure) !== NOTHING_ADDED);
  if (adding.length > 1) {
    const hosts = adding.map(({ host }) => host).join(', ');
    const what = `Exposure "${exposureName(service.serviceName, exposure)}" carries several global addresses: ${hosts}.`;
    const details = { fix: 'Expose the service once for each of them.', cluster: cluster.clusterName };
    problems.push(problemAt(service, 'ORR2012', what, details));
  }
  return adding[0]?._additions(cluster, exposure) ?? NOTHING_ADDED;
}
