import { canonicalJson, sha256 } from '../kubernetes/canonical.ts';
import type { Fields } from '../kubernetes/fields.ts';
import type { JsonObject } from '../kubernetes/object.ts';
import type { KubeClient } from './kube-client.ts';

/**
 * What decides, beside an object itself, what the server makes of an apply: schemas with their defaults, mutating webhooks, mutating policies
 * (facts: server-side apply, section 1). An object's proof of being unchanged holds only while the key is the same.
 */
export interface ServerState {
  /** Absent when a part could not be read: then nothing is provably unchanged. */
  readonly key?: string | undefined;
  /** Why there is no key, for people. */
  readonly doubts: readonly string[];
  /** What the key sums up; absent when a part could not be read. Keys per kind are made of it (lib/diff/server-state-key.ts). */
  readonly parts?: ServerStateParts | undefined;
}

export interface ServerStateParts {
  /** "apis/apps/v1" → where its document lies; the address holds a hash of the document. */
  readonly groupVersions: ReadonlyMap<string, string>;
  readonly webhookConfigurations: readonly JsonObject[];
  readonly policies: readonly JsonObject[];
  readonly policyBindings: readonly JsonObject[];
}

/** `GET /openapi/v3`: one hash per group version, CRDs included. */
export interface OpenApiIndex {
  /** Absent when the server does not say. */
  readonly digest?: string | undefined;
  /** "apis/apps/v1", "api/v1". */
  readonly groupVersions: readonly string[];
  /** Group version → address of its document, hash included. */
  readonly addresses?: ReadonlyMap<string, string> | undefined;
  readonly doubt?: string | undefined;
}

export async function readOpenApiIndex(client: KubeClient): Promise<OpenApiIndex> {
  const { status, body } = await client.request({ method: 'GET', path: '/openapi/v3' });
  const paths = status === 200 ? pathsOf(body) : undefined;
  if (paths === undefined) {
    return {
      groupVersions: [],
      doubt:
        status === 403 ? 'the OpenAPI index is hidden by RBAC' : `the OpenAPI index was answered with status ${status}`,
    };
  }
  const addresses = Object.entries(paths).map(([name, document]) => [name, addressOf(document)] as const);
  return {
    digest: sha256(canonicalJson(paths)),
    groupVersions: Object.keys(paths),
    addresses: new Map(addresses),
  };
}

function addressOf(document: unknown): string {
  const address = (document as { serverRelativeURL?: unknown } | null)?.serverRelativeURL;
  return typeof address === 'string' ? address : '';
}

function pathsOf(body: unknown): Record<string, unknown> | undefined {
  const paths = (body as { paths?: unknown } | null | undefined)?.paths;
  return typeof paths === 'object' && paths !== null ? (paths as Record<string, unknown>) : undefined;
}

/** @param index the same promise may serve discovery */
export async function readServerState(client: KubeClient, index: Promise<OpenApiIndex>): Promise<ServerState> {
  const [schemas, ...lists] = await Promise.all([
    index,
    readPart(client, index, 'mutatingwebhookconfigurations'),
    readPart(client, index, 'mutatingadmissionpolicies'),
    readPart(client, index, 'mutatingadmissionpolicybindings'),
  ]);
  const unread = [schemas, ...lists].flatMap((part) => part.doubt ?? []);
  if (unread.length > 0) return { doubts: unread };
  const parts: ServerStateParts = {
    groupVersions: schemas.addresses ?? new Map(),
    webhookConfigurations: lists[0].items ?? [],
    policies: lists[1].items ?? [],
    policyBindings: lists[2].items ?? [],
  };
  const digests = lists.map((list) => digestOf(list.plural, list.items ?? []));
  const doubts = digests.flatMap((part) => part.doubt ?? []);
  if (doubts.length > 0) return { doubts, parts };
  const key = sha256([schemas.digest ?? '', ...digests.map((part) => part.digest ?? '')].join('\n'));
  return { key, doubts, parts };
}

/** Newest first. Asking for v1 at once saves a round trip on servers that have it (policies: ≥ 1.36). */
const VERSIONS = ['v1', 'v1beta1', 'v1alpha1'] as const;

async function readPart(
  client: KubeClient,
  index: Promise<OpenApiIndex>,
  plural: string,
): Promise<{ plural: string; items?: readonly JsonObject[]; doubt?: string }> {
  for (const version of VERSIONS) {
    const groupVersion = `apis/admissionregistration.k8s.io/${version}`;
    if (version !== 'v1' && !(await index).groupVersions.includes(groupVersion)) continue;
    const { status, body } = await client.request({ method: 'GET', path: `/${groupVersion}/${plural}` });
    if (status === 404) continue;
    if (status === 403) return { plural, doubt: `${plural} are hidden by RBAC` };
    const items = (body as { items?: unknown } | null)?.items;
    if (status !== 200 || !Array.isArray(items))
      return { plural, doubt: `${plural} were answered with status ${status}` };
    return { plural, items: items as JsonObject[] };
  }
  return { plural, items: [] };
}

function digestOf(plural: string, items: readonly JsonObject[]): { digest?: string; doubt?: string } {
  const essence: unknown[] = [];
  for (const item of items) {
    const { metadata, webhooks, spec } = item as {
      metadata?: { name?: string; uid?: string };
      webhooks?: JsonObject[];
      spec?: JsonObject;
    };
    // A policy's parameters are objects of any kind that may change without the policy.
    if (spec?.paramKind !== undefined)
      return { doubt: `${plural.replace(/ies$/, 'y')} "${metadata?.name}" takes parameters` };
    essence.push({ name: metadata?.name, uid: metadata?.uid, spec, webhooks: webhooks?.map(withoutCaBundle) });
  }
  return { digest: sha256(canonicalJson(essence)) };
}

/** Certificate rotation (cert-manager, every few weeks) changes no mutation. */
export function withoutCaBundle(webhook: Fields): Fields {
  const config = webhook.clientConfig;
  if (typeof config !== 'object' || config === null || Array.isArray(config)) return webhook;
  return { ...webhook, clientConfig: { ...config, caBundle: undefined } };
}
