import { hash } from 'node:crypto';
import type { ResourceType } from '../cluster/discovery.ts';
import { METADATA_LIST } from '../cluster/kube-client.ts';
import { type ServerStateParts, withoutCaBundle } from '../cluster/server-state.ts';
import type { KubeTarget } from '../cluster/target.ts';
import { canonicalJson } from '../kubernetes/canonical.ts';
import { type Fields, list, record } from '../kubernetes/fields.ts';
import type { JsonObject, KubernetesObject } from '../kubernetes/object.ts';

/**
 * The server state that decides what an apply of one object would do: the schemas of its group, and the mutating webhooks and policies whose rules can
 * match it. A key per kind instead of one per cluster, so that somebody else's new CRD does not cost a dry run of everything.
 */
export interface ServerStateKeys {
  /** Undefined: in doubt, nothing of this kind is provably unchanged. `namespace` is '' for cluster-scoped objects. */
  keyOf(resource: Pick<ResourceType, 'group' | 'version' | 'plural'>, namespace: string): string | undefined;
  /** Whether a mutating webhook or policy may touch an update of objects of this kind; also when that cannot be known. */
  mutates(resource: Pick<ResourceType, 'plural'>): boolean;
  /** Why a key is missing, for people. */
  readonly doubts: readonly string[];
}

/** A mutating webhook configuration or policy, as far as it decides what it touches. */
interface Mutator {
  readonly name: string;
  /** Plurals of its rules; undefined: any. Groups and versions do not narrow it: rules match equivalent resources of other groups too. */
  readonly plurals: ReadonlySet<string> | undefined;
  /** The same for updates alone. */
  readonly updates: ReadonlySet<string> | undefined;
  /** What it does depends on labels of the object's namespace. */
  readonly readsNamespace: boolean;
  /** A policy's parameters are objects of any kind that may change without the policy. */
  readonly takesParameters: boolean;
  readonly digest: string;
}

/**
 * Reads the keys of a target: the parts that `target.serverState` knows, and the namespaces' metadata only where a mutating webhook or policy selects by it.
 * @param fresh read again, e.g. after CRDs or webhooks were written.
 */
export async function readServerStateKeys(target: KubeTarget, fresh = false): Promise<ServerStateKeys> {
  const { parts, doubts } = await target.serverState({ fresh });
  if (parts === undefined) return { keyOf: () => undefined, mutates: () => true, doubts };
  const mutators = mutatorsOf(parts);
  const needsNamespaces = mutators.some((mutator) => mutator.readsNamespace);
  return serverStateKeys(parts, mutators, needsNamespaces ? await readNamespaces(target) : undefined);
}

/** Name → digest of the labels and annotations of every namespace; undefined when they may not be listed. */
async function readNamespaces(target: KubeTarget): Promise<ReadonlyMap<string, string> | undefined> {
  const { status, body } = await target.client.request({
    method: 'GET',
    path: '/api/v1/namespaces',
    accept: METADATA_LIST,
  });
  if (status !== 200) return undefined;
  const items = (body as { items?: KubernetesObject[] }).items ?? [];
  return new Map(
    items.map(({ metadata: { name = '', labels, annotations } }) => [name, digest({ labels, annotations })]),
  );
}

function serverStateKeys(
  parts: ServerStateParts,
  mutators: readonly Mutator[],
  namespaces: ReadonlyMap<string, string> | undefined,
): ServerStateKeys {
  const known = new Map<string, string | undefined>();
  const compute = (group: string, version: string, plural: string, namespace: string): string | undefined => {
    const prefix = group === '' ? 'api/' : `apis/${group}/`;
    if (!parts.groupVersions.get(prefix + version)) return undefined;
    // All versions of the group: defaults of the stored version act through conversion.
    const schemas = [...parts.groupVersions].filter(([name]) => name.startsWith(prefix)).sort();
    const relevant = mutators.filter((mutator) => mutator.plurals === undefined || mutator.plurals.has(plural));
    if (relevant.some((mutator) => mutator.takesParameters)) return undefined;
    const readsNamespace = namespace !== '' && relevant.some((mutator) => mutator.readsNamespace);
    const labels = readsNamespace ? namespaces?.get(namespace) : '';
    return labels === undefined ? undefined : digest([schemas, relevant.map((mutator) => mutator.digest), labels]);
  };
  return {
    doubts: mutators.flatMap((one) =>
      one.takesParameters ? [`mutating policy "${one.name}" takes parameters, which may change without it`] : [],
    ),
    mutates: ({ plural }) => mutators.some(({ updates }) => updates === undefined || updates.has(plural)),
    keyOf: ({ group, version, plural }, namespace) => {
      const id = `${group}/${version}/${plural}/${namespace}`;
      if (!known.has(id)) known.set(id, compute(group, version, plural, namespace));
      return known.get(id);
    },
  };
}

/** In the order in which the server calls them: by name. */
function mutatorsOf(parts: ServerStateParts): Mutator[] {
  const byName = (a: JsonObject, b: JsonObject) => (nameOf(a) < nameOf(b) ? -1 : 1);
  const webhooks = [...parts.webhookConfigurations].sort(byName).flatMap((configuration) =>
    list(configuration.webhooks).map((webhook): Mutator => {
      const { name } = webhook;
      return {
        name: `${nameOf(configuration)}/${String(name)}`,
        plurals: pluralsOf(list(webhook.rules)),
        updates: pluralsOf(list(webhook.rules).filter(isAboutUpdates)),
        readsNamespace: selects(webhook.namespaceSelector) || mentionsNamespace(webhook.matchConditions),
        takesParameters: false,
        digest: digest([nameOf(configuration), withoutCaBundle(webhook)]),
      };
    }),
  );
  const policies = [...parts.policies].sort(byName).map((policy): Mutator => {
    const spec = record(policy.spec);
    const constraints = record(spec.matchConstraints);
    const bindings = parts.policyBindings
      .filter((binding) => record(binding.spec).policyName === nameOf(policy))
      .sort(byName);
    const selectors = [constraints, ...bindings.map((binding) => record(record(binding.spec).matchResources))];
    return {
      name: nameOf(policy),
      plurals: pluralsOf(list(constraints.resourceRules)),
      updates: pluralsOf(list(constraints.resourceRules).filter(isAboutUpdates)),
      readsNamespace: selectors.some((one) => selects(one.namespaceSelector)) || mentionsNamespace(spec),
      takesParameters: spec.paramKind !== undefined,
      digest: digest([nameOf(policy), spec, bindings.map((binding) => [nameOf(binding), binding.spec])]),
    };
  });
  return [...webhooks, ...policies];
}

/** An apply of an object that exists is an update. */
function isAboutUpdates({ operations }: Fields): boolean {
  return !Array.isArray(operations) || operations.includes('UPDATE') || operations.includes('*');
}

function pluralsOf(rules: readonly Fields[]): ReadonlySet<string> | undefined {
  const plurals = new Set<string>();
  for (const rule of rules) {
    for (const resource of Array.isArray(rule.resources) ? rule.resources : ['*']) {
      const plural = String(resource).split('/')[0] as string;
      if (plural === '*') return undefined;
      plurals.add(plural);
    }
  }
  return plurals;
}

function selects(selector: unknown): boolean {
  return Object.keys(record(selector)).length > 0;
}

/** CEL expressions name the namespace by this variable. */
function mentionsNamespace(expressions: unknown): boolean {
  return JSON.stringify(expressions ?? null).includes('namespaceObject');
}

function digest(value: unknown): string {
  return hash('sha256', canonicalJson(value), 'hex').slice(0, 32);
}

function nameOf(object: JsonObject): string {
  return String(record(object.metadata).name ?? '');
}
