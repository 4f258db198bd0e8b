import { canonicalJson } from '../kubernetes/canonical.ts';
import { record } from '../kubernetes/fields.ts';
import { describeId } from '../kubernetes/object.ts';
import type { CheckedCluster, CheckedObject, FoundIn, PlatformCheck } from './check.ts';

/**
 * Gslbs of k8gb that are not the same in all clusters that have them, or fail over to a cluster that is none of them. k8gb has no hub: each cluster answers by its own copy
 * (k8gb-io/k8gb: docs/intro.md), so that copies which differ are answers which differ. Wherever they come from: patches, charts and included files count.
 */
export const globalAddresses: PlatformCheck = {
  looksAt: 'platform',
  id: 'global-address',
  title: 'addresses over several clusters that the clusters answer differently',
  run: ({ clusters }) => {
    const copies = clusters.flatMap((cluster) => cluster.objects.filter(isGslb).map((object) => ({ cluster, object })));
    return [...Map.groupBy(copies, ({ object }) => describeId(object.id)).values()].flatMap((all) => [
      ...differing(all),
      ...withoutPrimary(all),
    ]);
  },
};

interface Copy {
  readonly cluster: CheckedCluster;
  readonly object: CheckedObject;
}

/** Those that are unlike the first one, at the fields that differ. */
function differing([first, ...others]: readonly Copy[]): FoundIn[] {
  if (first === undefined) return [];
  const wanted = record(first.object.desired.object.spec);
  return others.flatMap(({ cluster, object }): FoundIn[] => {
    const spec = record(object.desired.object.spec);
    const fields = [...new Set([...Object.keys(wanted), ...Object.keys(spec)])].filter(
      (field) => canonicalJson(wanted[field] ?? null) !== canonicalJson(spec[field] ?? null),
    );
    if (fields.length === 0) return [];
    const what = `Each cluster answers by its own copy, and this one is not the same as that of cluster ${first.cluster.name}: ${fields.join(', ')}.`;
    const fix = 'Make them the same in all clusters.';
    return [{ cluster, object, severity: 'error', field: `spec.${fields[0]}`, what, fix }];
  });
}

/** Only where every cluster says its tag: k8gb may be told another one. */
function withoutPrimary(copies: readonly Copy[]): FoundIn[] {
  const tags = copies.map(({ cluster: { facts } }) => facts.geoTag ?? facts.region);
  const [first] = copies;
  if (first === undefined || tags.includes(undefined)) return [];
  const { type, primaryGeoTag } = record(record(first.object.desired.object.spec).strategy);
  if (type !== 'failover' || typeof primaryGeoTag !== 'string' || tags.includes(primaryGeoTag)) return [];
  const what = `It fails over to "${primaryGeoTag}", and the clusters that have it are: ${tags.join(', ')}.`;
  const fix = 'Name the tag of one of them, or correct `geoTag` of the facts.';
  return [{ ...first, severity: 'error', field: 'spec.strategy.primaryGeoTag', what, fix }];
}

function isGslb({ id }: CheckedObject): boolean {
  return id.kind === 'Gslb' && (id.group === 'k8gb.io' || id.group === 'k8gb.absa.oss');
}
