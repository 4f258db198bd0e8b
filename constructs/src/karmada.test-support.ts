import type { AnyObject } from './synthesis.test-support';

/**
 * What Karmada 1.16 and later brings to a member cluster of what its hub holds, written anew from its sources: pkg/scheduler/core (static weights),
 * pkg/util/helper/webstermethod.go, pkg/controllers/binding (replicas first, overriders last) and pkg/util/overridemanager. The group of a placement that is
 * used is given, as if the ones before had no cluster left.
 */
export function broughtTo(
  hub: readonly AnyObject[],
  cluster: string,
  { odd = false, group = 0, server = (object: AnyObject) => object } = {},
): AnyObject[] {
  const policies = hub.filter(({ kind }) => kind.endsWith('PropagationPolicy'));
  const overrides = hub.filter(({ kind }) => kind.endsWith('OverridePolicy'));
  return hub.flatMap((template) => {
    const sending = policies.filter((policy) => selects(policy, template));
    if (sending.length > 1)
      throw new Error(`${template.kind}/${template.metadata.name} has ${sending.length} policies`);
    const replicas = sending[0] === undefined ? undefined : scheduled(sending[0], template, group, odd).get(cluster);
    if (replicas === undefined) return [];
    const object = structuredClone(server(template));
    if (replicas !== 'as it is') object.spec.replicas = replicas;
    for (const policy of overrides.filter((one) => selects(one, template)))
      for (const rule of policy.spec.overrideRules) {
        if (!rule.targetCluster.clusterNames.includes(cluster)) continue;
        const others = Object.keys(rule.overriders).filter((key) => key !== 'plaintext');
        if (others.length > 0) throw new Error(`unknown overriders: ${others}`);
        for (const operation of rule.overriders.plaintext) patch(object, operation);
      }
    return [object];
  });
}

function selects(policy: AnyObject, object: AnyObject): boolean {
  return policy.spec.resourceSelectors.some(
    (selector: AnyObject) =>
      selector.apiVersion === object.apiVersion &&
      selector.kind === object.kind &&
      selector.name === object.metadata.name &&
      (selector.namespace ?? policy.metadata.namespace) === object.metadata.namespace,
  );
}

/** Clusters with what they get: a number of replicas, or the object as it is. */
function scheduled(
  policy: AnyObject,
  template: AnyObject,
  group: number,
  odd: boolean,
): Map<string, number | 'as it is'> {
  const { clusterAffinity, clusterAffinities, replicaScheduling } = policy.spec.placement;
  if ((clusterAffinity === undefined) === (clusterAffinities === undefined))
    throw new Error('one kind of affinity is needed');
  const { clusterNames: candidates } = clusterAffinity ?? clusterAffinities[group];
  const replicas = template.kind === 'Deployment' ? (template.spec.replicas ?? 1) : 0;
  if (replicas === 0) return new Map(candidates.map((name: string) => [name, 'as it is']));
  if (replicaScheduling.replicaSchedulingType === 'Duplicated')
    return new Map(candidates.map((name: string) => [name, replicas]));
  const weights = new Map<string, number>();
  for (const { targetCluster, weight } of replicaScheduling.weightPreference.staticWeightList) {
    if (!Number.isSafeInteger(weight) || weight < 1) throw new Error(`weight ${weight}`);
    for (const name of targetCluster.clusterNames)
      if (candidates.includes(name)) weights.set(name, Math.max(weights.get(name) ?? 0, weight));
  }
  if (weights.size === 0) for (const name of candidates) weights.set(name, 1);
  return new Map([...webster(replicas, weights, odd)].filter(([, count]) => count > 0));
}

/** Seats of all quotients in order: the highest first; of equal ones that with fewer seats before, then by name, which an odd UID turns round. */
export function webster(seats: number, weights: ReadonlyMap<string, number>, odd: boolean): Map<string, number> {
  const claims = [...weights].flatMap(([name, weight]) =>
    Array.from({ length: seats }, (_, before) => ({ name, before, claim: weight / (2 * before + 1) })),
  );
  const turn = odd ? -1 : 1;
  claims.sort((a, b) => b.claim - a.claim || a.before - b.before || (a.name < b.name ? -turn : turn));
  const result = new Map([...weights.keys()].map((name) => [name, 0]));
  for (const { name } of claims.slice(0, seats)) result.set(name, (result.get(name) ?? 0) + 1);
  return result;
}

/** RFC 6902 with the failures of evanphx/json-patch, which Karmada uses. */
function patch(object: AnyObject, { operator, path, value }: AnyObject): void {
  const keys = path
    .slice(1)
    .split('/')
    .map((key: string) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = keys.pop();
  let at = object;
  for (const key of keys) {
    at = at[key];
    if (at === undefined) throw new Error(`${operator} ${path}: nothing at ${key}`);
  }
  if (operator !== 'add' && !(last in at)) throw new Error(`${operator} ${path}: it does not exist`);
  if (Array.isArray(at)) {
    if (operator === 'replace') at[Number(last)] = structuredClone(value);
    else throw new Error(`${operator} ${path}: lists are replaced as a whole`);
  } else if (operator === 'remove') delete at[last];
  else at[last] = structuredClone(value);
}
