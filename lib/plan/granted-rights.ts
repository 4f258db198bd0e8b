import { OrreryError } from '../errors.ts';
import { record } from '../kubernetes/fields.ts';
import type { ObjectId } from '../kubernetes/object.ts';
import type { ApiStatus } from '../kubernetes/status.ts';
import type { DesiredObject } from '../render/desired-state.ts';

const RBAC = 'rbac.authorization.k8s.io';

/**
 * Whether an object grants rights. About these the server has a rule that no review of rights tells: nobody grants what they do not hold themselves
 * (kubernetes/pkg/registry/rbac). Only a dry run shows it before the first write.
 */
export function grantsRights({ group }: Pick<ObjectId, 'group'>): boolean {
  return group === RBAC;
}

/** How the server says that an object grants more than we hold; the second of a ClusterRole that gathers what others grant. */
const GRANTS_MORE = /attempting to grant RBAC permissions not currently held|must have cluster-admin privileges to use/;

/**
 * The error for an object that the server refuses because it grants more than we hold; undefined: it has another reason.
 * @param name of the object, for people
 * @param said what the server said, masked
 */
export function grantRefusal({ code, message }: ApiStatus, name: string, said: string): OrreryError | undefined {
  if (code !== 403 || !GRANTS_MORE.test(message)) return undefined;
  return new OrreryError('ORR3009', `${name} would grant rights that we do not hold: ${said}.`, {
    fix: 'Have these rights given to us, or leave this object to somebody who holds them.',
  });
}

/** Whether a server that does not know the role of a binding will know it when the binding's turn comes: roles are written before what binds them. */
export function bindsRoleOf(
  plan: ReadonlySet<string>,
  { id, object }: Pick<DesiredObject, 'id' | 'object'>,
  { code, message }: ApiStatus,
): boolean {
  if (code !== 404 || !grantsRights(id) || !message.includes(RBAC)) return false;
  const { kind, name } = record(object.roleRef);
  return plan.has(roleKey(String(kind), id.namespace, String(name)));
}

/** Names a Role or ClusterRole as a binding of a namespace means it. */
function roleKey(kind: string, namespace: string, name: string): string {
  return `${kind}/${kind === 'Role' ? namespace : ''}/${name}`;
}

/** The roles among the objects of a plan, as `bindsRoleOf` takes them. */
export function rolesAmong(objects: readonly { readonly desired: Pick<DesiredObject, 'id'> }[]): Set<string> {
  return new Set(
    objects.flatMap(({ desired: { id } }) =>
      grantsRights(id) && !id.kind.endsWith('Binding') ? [roleKey(id.kind, id.namespace, id.name)] : [],
    ),
  );
}
