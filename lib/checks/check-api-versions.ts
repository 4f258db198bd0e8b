import { nearestWord } from '../config/nearest.ts';
import { groupOf } from '../kubernetes/object.ts';
import type { CheckedCluster, Found, ObjectCheck } from './check.ts';
import { builtInType, type DefinedKind, type KnownKinds } from './schema/known-kinds.ts';

type Said = Pick<Found, 'severity' | 'what' | 'fix'>;

/** Objects of API versions that the cluster's Kubernetes does not serve, does not serve unless told to, or is about to give up. */
export const apiVersions: ObjectCheck = {
  looksAt: 'object',
  id: 'api-version',
  title: 'API versions that are removed, deprecated or not served',
  run: (object, cluster): Found[] => {
    const { apiVersion, kind } = object.desired.object;
    const found = judged(apiVersion, kind, cluster);
    return found === undefined ? [] : [{ object, field: 'apiVersion', ...found }];
  },
};

function judged(apiVersion: string, kind: string, { kinds, facts }: CheckedCluster): Said | undefined {
  const group = groupOf(apiVersion);
  const defined = kinds.defined.get(`${group}/${kind}`);
  if (defined !== undefined)
    return definedVersion(defined, apiVersion.slice(group.length + 1), `${apiVersion} ${kind}`);
  const isDeclared = facts.apiVersions?.some((one) => one === apiVersion || one === `${apiVersion}/${kind}`) === true;
  if (builtInType(kinds, `${apiVersion} ${kind}`) === undefined)
    return isDeclared ? undefined : unserved(apiVersion, kind, kinds);
  return deprecated(apiVersion, kind, kinds) ?? (isDeclared ? undefined : switchedOff(apiVersion, kind, kinds));
}

/** A custom resource of which the definition is known. */
function definedVersion({ versions }: DefinedKind, version: string, name: string): Said | undefined {
  const own = versions.get(version);
  const served = [...versions].filter(([, one]) => one.served).map(([one]) => one);
  if (own?.served !== true)
    return {
      severity: 'error',
      what: `Its definition does not serve ${name}.`,
      fix: `It serves ${served.join(', ')}.`,
    };
  if (!own.deprecated) return undefined;
  return {
    severity: 'warning',
    what: own.warning ?? `${name} is deprecated by its definition.`,
    fix: `It serves ${served.filter((one) => versions.get(one)?.deprecated === false).join(', ')}, too.`,
  };
}

/** A kind of a built-in group that this release does not have. */
function unserved(apiVersion: string, kind: string, known: KnownKinds): Said | undefined {
  const name = `${apiVersion} ${kind}`;
  const { minors, declared, table, lifecycles } = known;
  const lifecycle = lifecycles.get(name);
  const fix = fixOf(apiVersion, kind, known);
  if (lifecycle?.removed !== undefined && lifecycle.removed <= Math.min(declared ?? minors.to, minors.to))
    return { severity: 'error', what: `${name} was removed in Kubernetes 1.${lifecycle.removed}.`, fix };
  // An old cluster may have what the table has no more, a new one what it does not have yet.
  if (declared !== undefined && declared < table.minors.from)
    return lifecycle === undefined || lifecycle.deprecated > declared
      ? undefined
      : { severity: 'warning', what: `${name} is deprecated since Kubernetes 1.${lifecycle.deprecated}.`, fix };
  const entries = table.kinds.get(name);
  const isBuiltInGroup = [...table.kinds.keys()].some(
    (one) => groupOf(one.split(' ')[0] ?? '') === groupOf(apiVersion),
  );
  if (entries === undefined && !isBuiltInGroup) return undefined;
  const severity = declared !== undefined && declared > table.minors.to ? 'warning' : 'error';
  const first = entries?.[0];
  const last = entries?.at(-1);
  if (first !== undefined && first.from > minors.to)
    return {
      severity,
      what: `${name} is there since Kubernetes 1.${first.from}; this cluster has 1.${minors.to}.`,
      fix,
    };
  if (last !== undefined) return { severity, what: `${name} was removed in Kubernetes 1.${last.to + 1}.`, fix };
  return { severity, what: `There is no ${name} in Kubernetes 1.${minors.to}.`, fix };
}

/** A kind that is served, and said to go. */
function deprecated(apiVersion: string, kind: string, known: KnownKinds): Said | undefined {
  const name = `${apiVersion} ${kind}`;
  const lifecycle = known.lifecycles.get(name);
  // Of what is off unless somebody switches it on that is the news.
  if (lifecycle === undefined || lifecycle.deprecated > known.minors.to || isPreview(apiVersion)) return undefined;
  const goes = lifecycle.removed === undefined ? '' : `, and goes in 1.${lifecycle.removed}`;
  return {
    severity: 'warning',
    what: `${name} is deprecated since Kubernetes 1.${lifecycle.deprecated}${goes}.`,
    fix: fixOf(apiVersion, kind, known),
  };
}

/** Since 1.24 API servers serve alpha and beta APIs only when told to (kubernetes.io: KEP-3136). */
function switchedOff(apiVersion: string, kind: string, known: KnownKinds): Said | undefined {
  if (!isPreview(apiVersion)) return undefined;
  return {
    severity: 'warning',
    what: `API servers do not serve ${apiVersion} ${kind} unless they are told to.`,
    fix: `${fixOf(apiVersion, kind, known)} Where it is switched on, declare ${apiVersion} in apiVersions of the cluster.`,
  };
}

function isPreview(apiVersion: string): boolean {
  return /v\d+(alpha|beta)\d+$/.test(apiVersion);
}

/** What to take in its place: what replaces it, the same kind elsewhere, or a kind of a similar name. */
function fixOf(apiVersion: string, kind: string, known: KnownKinds): string {
  const isServed = (name: string) => builtInType(known, name) !== undefined;
  const replacement = known.lifecycles.get(`${apiVersion} ${kind}`)?.replacement;
  if (replacement !== undefined && isServed(replacement)) return `Use ${replacement}.`;
  const served = [...known.table.kinds.keys()].filter(isServed);
  const same = served.filter((name) => name.endsWith(` ${kind}`) && !name.startsWith(`${apiVersion} `));
  const best = same.find((name) => !isPreview(name.split(' ')[0] ?? '')) ?? same.at(-1);
  if (best !== undefined) return `Use ${best}.`;
  const kinds = served.map((name) => name.split(' ')[1] ?? '');
  const nearest = kinds.includes(kind) ? undefined : nearestWord(kind, kinds);
  const meant = served.find((name) => name.endsWith(` ${nearest}`));
  return meant === undefined ? 'Remove it, or use another kind.' : `Did you mean ${meant}?`;
}
