import type { IConstruct } from 'constructs';
import { type ServiceProps, Survive } from '../service-props';
import { capacityOf, UNBOUNDED } from './bounded-division';
import type { Placed } from './placement-rules';
import { type Problem, problemAt } from './problem';
import { isReplicas, without } from './service-replicas';

/** Reports where the numbers of a service do not fit into what its placement says. */
export function reportUnfit(construct: IConstruct, props: ServiceProps, placed: Placed, problems: Problem[]): void {
  const { weightsByName: weights, bounds } = placed;
  const takers = [...weights].filter(([, weight]) => weight > 0).map(([name]) => name);
  const report = (what: string, fix: string) => problems.push(problemAt(construct, 'ORR2012', what, { fix }));
  const survives = props.survive === Survive.ANY_CLUSTER;
  if (survives && takers.length === 1) {
    const what = `The service shall survive the loss of any one cluster, and all its replicas are in "${takers[0]}".`;
    report(what, 'Give another cluster weight, or leave out `survive`.');
  }
  if (props.replicas !== undefined || props.autoscaling !== undefined) reportUnfilled(placed, report);
  if (bounds.size === 0 || takers.length === 0) return;
  const all = capacityOf(weights, bounds);
  for (const [name, total] of Object.entries(totalsOf(props))) {
    if (!isReplicas(total)) continue;
    if (total < all.min) {
      const what = `${name} is ${total}, and the placement (its bounds and its spread) needs at least ${all.min}.`;
      report(what, `Raise ${name}, or ask the placement for less.`);
    }
    if (total > all.max) {
      const what = `${name} is ${total}, and the clusters of the placement take at most ${all.max}.`;
      report(what, `Lower ${name}, raise maxReplicas of the placement, or cover more clusters.`);
    } else if (survives && takers.length > 1) {
      const short = takers.filter((gone) => capacityOf(without(weights, gone), bounds).max < total);
      if (short.length === 0) continue;
      const what = `${name} is ${total}, and without ${short.map((cluster) => `"${cluster}"`).join(' or ')} the other clusters take fewer.`;
      report(what, 'Raise maxReplicas of the placement, cover more clusters, or leave out `survive`.');
    }
  }
  const isDivided = props.replicas !== undefined || props.autoscaling !== undefined;
  const each = props.replicasPerCluster ?? (isDivided ? undefined : 1);
  if (each === undefined || !isReplicas(each)) return;
  for (const cluster of takers) {
    const { min, max } = bounds.get(cluster) ?? UNBOUNDED;
    if (max === 0 || (each >= min && each <= max)) continue;
    const wanted = each < min ? `at least ${min}` : `at most ${max}`;
    report(
      `replicasPerCluster is ${each}, and the placement wants ${wanted} in cluster "${cluster}".`,
      'Change one of the two, or give `replicas`: the sum over all clusters.',
    );
  }
}

/** How much clusters can really take changes by the minute: from here only bounds say when they are full. */
function reportUnfilled({ groups, bounds }: Placed, report: (what: string, fix: string) => void): void {
  for (const [at, weights] of groups.slice(0, -1).entries()) {
    const open = [...weights].filter(([name, weight]) => weight > 0 && !bounds.has(name)).map(([name]) => name);
    const endless = [...weights]
      .filter(([name, weight]) => weight > 0 && bounds.get(name)?.max === Number.POSITIVE_INFINITY)
      .map(([name]) => name);
    const [first] = [...open, ...endless];
    if (first === undefined) continue;
    const to = [...(groups[at + 1]?.keys() ?? [])].map((name) => `"${name}"`).join(', ');
    const what = `The placement overflows to ${to}, and "${first}" is never full: what it can take at a time only a scheduler knows that sees the clusters.`;
    report(what, 'Say how much that is (withBounds: maxReplicas), or deliver through Karmada with `overflow`.');
  }
}

function totalsOf({ replicas, autoscaling }: ServiceProps): { readonly [name: string]: number } {
  return {
    ...(replicas === undefined ? {} : { replicas }),
    ...(autoscaling === undefined
      ? {}
      : { 'autoscaling.minReplicas': autoscaling.minReplicas, 'autoscaling.maxReplicas': autoscaling.maxReplicas }),
  };
}
