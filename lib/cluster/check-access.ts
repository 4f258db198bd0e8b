import type { KubernetesObject } from '../kubernetes/object.ts';
import type { ResourceType } from './discovery.ts';
import type { KubeTarget } from './target.ts';

/** A right that we need and do not have. */
export interface MissingRight {
  readonly verb: string;
  /** "deployments.apps", "pods". */
  readonly resource: string;
  /** Absent: in the whole cluster. */
  readonly namespace?: string | undefined;
}

/** What an apply does with each kind of object. Server-side apply of something new needs both create and patch. */
const VERBS = ['get', 'list', 'watch', 'create', 'patch', 'delete'] as const;

/** What inventory, revisions and lease need in their own namespace (docs/rights.md). */
const OWN: readonly Question[] = [
  { group: '', resource: 'secrets', verbs: ['get', 'list', 'create', 'update', 'patch', 'delete'] },
  { group: 'coordination.k8s.io', resource: 'leases', verbs: ['get', 'create', 'update', 'delete'] },
];

interface Question {
  readonly group: string;
  readonly resource: string;
  readonly verbs: readonly string[];
  readonly namespace?: string | undefined;
}

/**
 * Asks the API server which rights we lack (SelfSubjectAccessReview, which stores nothing) for the kinds of these objects, and for inventory and lease. A kind that may not be
 * touched everywhere is asked for in each namespace used.
 * @returns nothing when the rights suffice; kinds that the server does not serve are left out
 */
export async function checkAccess(target: KubeTarget, objects: readonly KubernetesObject[]): Promise<MissingRight[]> {
  const discovery = await target.discovery();
  const namespacesOf = new Map<ResourceType, Set<string>>();
  for (const { apiVersion, kind, metadata } of objects) {
    const resource = discovery.find(apiVersion, kind);
    if (resource === undefined) continue;
    const namespaces = namespacesOf.get(resource) ?? new Set();
    if (resource.namespaced) namespaces.add(metadata.namespace ?? 'default');
    namespacesOf.set(resource, namespaces);
  }
  const answers = await Promise.all([
    ...[...namespacesOf].map(([type, namespaces]) =>
      missingFor(target, { group: type.group, resource: type.plural, verbs: VERBS }, [...namespaces]),
    ),
    ...OWN.map((question) => missingFor(target, question, [target.inventoryNamespace])),
  ]);
  return answers.flat();
}

async function missingFor(
  target: KubeTarget,
  question: Question,
  namespaces: readonly string[],
): Promise<MissingRight[]> {
  const denied = await deniedVerbs(target, question);
  if (denied.length === 0) return [];
  if (namespaces.length === 0) return denied.map((verb) => ({ verb, resource: nameOf(question) }));
  const each = await Promise.all(
    namespaces.map(async (namespace) =>
      (await deniedVerbs(target, { ...question, namespace, verbs: denied })).map((verb) => ({
        verb,
        resource: nameOf(question),
        namespace,
      })),
    ),
  );
  return each.flat();
}

async function deniedVerbs(target: KubeTarget, question: Question): Promise<string[]> {
  const allowed = await Promise.all(question.verbs.map((verb) => mayI(target, question, verb)));
  return question.verbs.filter((_, index) => allowed[index] === false);
}

async function mayI(target: KubeTarget, { group, resource, namespace }: Question, verb: string): Promise<boolean> {
  const { status, body } = await target.client.request({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: { verb, group, resource, namespace } },
    },
    idempotent: true,
  });
  // Who may not even ask is told so by the plan itself.
  return status !== 201 || (body as { status?: { allowed?: boolean } }).status?.allowed === true;
}

function nameOf({ group, resource }: Question): string {
  return group === '' ? resource : `${resource}.${group}`;
}
