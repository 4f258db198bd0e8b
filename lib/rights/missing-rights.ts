import type { KubeTarget } from '../cluster/target.ts';
import { type Right, rightKey } from './right.ts';
import { isGranted, type ResourceRule } from './rules.ts';

const REVIEWS = '/apis/authorization.k8s.io/v1';

/**
 * The rights of a list that we do not have, by the server's word. Stores nothing.
 *
 * One SelfSubjectRulesReview per namespace grants what RBAC grants there. It can grant wrongly for what has no namespace (rules that count in one namespace stand beside
 * those that count everywhere), and knows nothing of other authorizers; so what it does not grant, and what has no namespace, is asked by
 * SelfSubjectAccessReview. Only its plain no makes a right missing: an authorizer that failed, or a server that does not let us ask, is doubt.
 * @param known rules that were read already, by namespace
 * @returns in the given order; one without a name where no object of the list may be touched
 */
export async function missingRights(
  target: KubeTarget,
  rights: readonly Right[],
  known: NamespaceRules = new Map(),
): Promise<Right[]> {
  const wanted = [...new Map(rights.map((right) => [rightKey(right), right])).values()];
  const namespaces = wanted.map(({ namespace }) => namespace).filter((namespace) => !known.has(namespace));
  const rules = new Map([...known, ...(await readRules(target, namespaces))]);
  const open = wanted.filter((right) => !isGranted(right, rules.get(right.namespace) ?? []));
  const groups = Map.groupBy(open, (right) => rightKey({ ...right, name: undefined }));
  const denied = await Promise.all([...groups.values()].map((group) => deniedOf(target, group)));
  return denied.flat();
}

/** What roles and bindings grant us, by namespace. */
export type NamespaceRules = ReadonlyMap<string, readonly ResourceRule[]>;

/** Asks for the rules of namespaces, which need not exist; '' is none. */
export async function readRules(target: KubeTarget, namespaces: readonly string[]): Promise<NamespaceRules> {
  const asked = [...new Set(namespaces)].filter((namespace) => namespace !== '');
  return new Map(await Promise.all(asked.map(async (name) => [name, await rulesIn(target, name)] as const)));
}

/** Rights that differ in the object alone: who may touch all of them is asked once. */
async function deniedOf(target: KubeTarget, rights: readonly Right[]): Promise<readonly Right[]> {
  const [first] = rights;
  if (first === undefined) return [];
  const whatever = { ...first, name: undefined };
  if (!(await isDenied(target, whatever))) return [];
  if (rights.some(({ name }) => name === undefined)) return [whatever];
  const answers = await Promise.all(rights.map((right) => isDenied(target, right)));
  const denied = rights.filter((_, index) => answers[index]);
  return denied.length === rights.length ? [whatever] : denied;
}

/** Empty when that cannot be asked. */
async function rulesIn(target: KubeTarget, namespace: string): Promise<readonly ResourceRule[]> {
  const { status, body } = await review(target, 'SelfSubjectRulesReview', { namespace });
  if (status !== 201) return [];
  return (body as { status?: { resourceRules?: readonly ResourceRule[] } }).status?.resourceRules ?? [];
}

async function isDenied(target: KubeTarget, right: Right): Promise<boolean> {
  const { verb, group, resource, namespace, name } = right;
  const spec = { resourceAttributes: { verb, group, resource, namespace, name } };
  const { status, body } = await review(target, 'SelfSubjectAccessReview', spec);
  if (status !== 201) return false;
  const answer = (body as { status?: { allowed?: boolean; evaluationError?: string } }).status;
  return answer?.allowed === false && (answer.evaluationError ?? '') === '';
}

function review(target: KubeTarget, kind: string, spec: object) {
  return target.client.request({
    method: 'POST',
    path: `${REVIEWS}/${kind.toLowerCase()}s`,
    body: { apiVersion: 'authorization.k8s.io/v1', kind, spec },
    idempotent: true,
  });
}
