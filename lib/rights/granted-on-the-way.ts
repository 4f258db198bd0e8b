import type { Right } from './right.ts';
import { isGranted, type ResourceRule } from './rules.ts';

/** A role or a binding (rbac.authorization.k8s.io), as far as it decides who may do what. */
export interface Granting {
  readonly kind: string;
  /** '' for what has none. */
  readonly namespace: string;
  /** Of roles. */
  readonly rules?: readonly ResourceRule[] | null | undefined;
  /** Of bindings. */
  readonly subjects?:
    | readonly {
        readonly kind: string;
        readonly name: string;
        readonly namespace?: string | undefined;
      }[]
    | null
    | undefined;
}

/** As the server knows us. */
export interface Who {
  readonly username: string;
  readonly groups: readonly string[];
}

/**
 * Whether objects that an apply writes may give it a right that it does not have yet: a binding that names us, or a role that grants the right and may be bound to us
 * already. What a binding refers to is not followed: naming us is doubt enough.
 * @param who undefined: any subject may be us
 */
export function mayBeGranted(right: Right, written: readonly Granting[], who: Who | undefined): boolean {
  return written.some(({ kind, namespace, rules, subjects }) => {
    if (namespace !== '' && namespace !== right.namespace) return false;
    if (kind === 'ClusterRoleBinding' || kind === 'RoleBinding')
      return (subjects ?? []).some((subject) => isUs(subject, namespace, who));
    return isGranted(right, rules ?? []);
  });
}

type Subject = NonNullable<Granting['subjects']>[number];

function isUs(subject: Subject, namespace: string, who: Who | undefined): boolean {
  if (who === undefined) return true;
  if (subject.kind === 'Group') return who.groups.includes(subject.name);
  if (subject.kind === 'User') return who.username === subject.name;
  return who.username === `system:serviceaccount:${subject.namespace ?? namespace}:${subject.name}`;
}
