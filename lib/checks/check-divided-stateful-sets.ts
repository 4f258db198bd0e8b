import { isAtOrBelow } from '../assembly/construct-path.ts';
import { list, record } from '../kubernetes/fields.ts';
import { describeId } from '../kubernetes/object.ts';
import { isScaler, replicaRange, scaledBy, scaleKey } from '../render/replicas.ts';
import type { CheckedCluster, CheckedObject, CheckedPlatform, Found, FoundIn, PlatformCheck } from './check.ts';
import { matches } from './pods.ts';

/**
 * StatefulSets whose replicas are divided over clusters while two of the clusters count from the same ordinal: each has its own database-0 then, and both take themselves for the
 * first member (karmada-io/karmada#4546). Divided are those of a service with a declared total, those whose ordinals do not start alike in all clusters, and those that a policy of Karmada divides.
 */
export const dividedStatefulSets: PlatformCheck = {
  looksAt: 'platform',
  id: 'divided-stateful-set',
  title: 'StatefulSets divided over clusters without ordinals of their own',
  run: (platform) => [
    ...overlapping(platform),
    ...platform.clusters.flatMap((cluster) => dividedByPolicy(cluster).map((found) => ({ ...found, cluster }))),
  ],
};

interface Part {
  readonly cluster: CheckedCluster;
  readonly object: CheckedObject;
  readonly start: number;
  readonly replicas: number;
}

function overlapping({ clusters, apps }: CheckedPlatform): FoundIn[] {
  const totals = apps.flatMap(({ services = [] }) => services.map(({ path }) => path));
  const parts = clusters.flatMap((cluster) =>
    cluster.objects.filter(isStatefulSet).map((object) => part(cluster, object)),
  );
  const groups = [...Map.groupBy(parts, ({ object }) => describeId(object.id)).values()];
  return groups.flatMap((all) => {
    const isDivided =
      new Set(all.map(({ start }) => start)).size > 1 ||
      all.some(({ object }) => totals.some((path) => isAtOrBelow(object.desired.path, path)));
    return isDivided ? sharedOrdinals(all) : [];
  });
}

function sharedOrdinals(parts: readonly Part[]): FoundIn[] {
  const inOrder = parts.filter(({ replicas }) => replicas > 0).sort((a, b) => a.start - b.start);
  return inOrder.flatMap((one, at): FoundIn[] => {
    const before = inOrder.slice(0, at).find((other) => other.start + other.replicas > one.start);
    if (before === undefined) return [];
    const first = `${one.object.id.name}-${one.start}`;
    return [
      {
        cluster: one.cluster,
        object: one.object,
        severity: 'error',
        field: 'spec.ordinals',
        what: `Its replicas are divided over clusters, and ${before.cluster.name} has a pod ${first} as well: both take themselves for the same member.`,
        fix: `Set spec.ordinals.start in each cluster so that no number is there twice, here to ${before.start + before.replicas}.`,
      },
    ];
  });
}

function part(cluster: CheckedCluster, object: CheckedObject): Part {
  const { start } = record(record(object.desired.object.spec).ordinals);
  const { namespace, kind, name } = object.id;
  const scaler = cluster.objects.find(
    ({ id, desired }) => isScaler(id) && scaledBy(desired.object, id.namespace) === scaleKey(namespace, kind, name),
  );
  const { most } = replicaRange(object.desired.object, scaler?.desired.object);
  return { cluster, object, start: typeof start === 'number' ? start : 0, replicas: most };
}

const POLICY = 'policy.karmada.io';

/** Karmada divides the template that lies beside its policy; only an override policy gives the parts ordinals of their own. */
function dividedByPolicy({ objects }: CheckedCluster): Found[] {
  const policies = objects.filter(({ id }) => id.group === POLICY && PROPAGATION.has(id.kind)).filter(divides);
  if (policies.length === 0) return [];
  const numbering = objects.filter(({ id }) => id.group === POLICY && OVERRIDE.has(id.kind)).filter(setsOrdinals);
  return objects.filter(isStatefulSet).flatMap((object): Found[] => {
    const policy = policies.find((one) => isChosen(one, object));
    if (policy === undefined || numbering.some((one) => isChosen(one, object))) return [];
    return [
      {
        object,
        severity: 'error',
        field: 'spec.ordinals',
        what: `${describeId(policy.id)} divides its replicas over clusters, each of which counts its pods from 0.`,
        fix: 'Duplicate it (replicaSchedulingType: Duplicated), or give each cluster its own /spec/ordinals/start by an override policy.',
      },
    ];
  });
}

const PROPAGATION = new Set(['PropagationPolicy', 'ClusterPropagationPolicy']);
const OVERRIDE = new Set(['OverridePolicy', 'ClusterOverridePolicy']);

function divides({ desired }: CheckedObject): boolean {
  const placement = record(record(desired.object.spec).placement);
  return record(placement.replicaScheduling).replicaSchedulingType === 'Divided';
}

function setsOrdinals({ desired }: CheckedObject): boolean {
  return list(record(desired.object.spec).overrideRules).some(({ overriders }) =>
    list(record(overriders).plaintext).some(({ path }) => String(path).startsWith('/spec/ordinals')),
  );
}

/** Whether a policy selects an object (karmada-io/karmada pkg/util/selector.go): by name, else by labels, else every one of the kind. */
function isChosen({ id: policy, desired }: CheckedObject, { id, desired: chosen }: CheckedObject): boolean {
  if (policy.namespace !== '' && policy.namespace !== id.namespace) return false;
  return list(record(desired.object.spec).resourceSelectors).some(
    ({ apiVersion, kind, namespace, name, labelSelector }) =>
      apiVersion === chosen.object.apiVersion &&
      kind === id.kind &&
      (isUnset(namespace) || namespace === id.namespace) &&
      (isUnset(name) ? matches(record(labelSelector), chosen.object.metadata.labels ?? {}) : name === id.name),
  );
}

function isUnset(value: unknown): boolean {
  return value === undefined || value === '';
}

function isStatefulSet({ id }: CheckedObject): boolean {
  return id.group === 'apps' && id.kind === 'StatefulSet';
}
