import { WorkspaceRole } from '../workspace-props';
import { isDnsSubdomain, isLabelValue } from './names';
import type { Finding } from './service-validation';

/** A member as KubeSphere knows it. */
export interface KubeSphereMember {
  readonly kind: 'User' | 'Group';
  readonly name: string;
  /** Last part of the WorkspaceRole's name. */
  readonly role: string;
}

/** Members as the workspace has them. */
export interface WorkspacePeople {
  readonly users: { readonly [user: string]: WorkspaceRole };
  readonly groups: { readonly [group: string]: WorkspaceRole };
  readonly names: { readonly [member: string]: string };
  readonly manager: string | undefined;
}

/**
 * Roles that KubeSphere makes for every workspace. Who develops or operates is a regular member there: what they may do in namespaces, the RBAC of the `Workspace` says.
 */
const ROLES: { readonly [R in WorkspaceRole]: string } = {
  [WorkspaceRole.VIEWER]: 'viewer',
  [WorkspaceRole.DEVELOPER]: 'regular',
  [WorkspaceRole.OPERATOR]: 'regular',
  [WorkspaceRole.ADMIN]: 'admin',
  [WorkspaceRole.SELF_PROVISIONER]: 'self-provisioner',
};

/** The members in KubeSphere; reports those of whom nothing tells their name there. */
export function kubeSphereMembers(
  { users, groups, names, manager }: WorkspacePeople,
  report: (code: Finding['code'], what: string, fix: string) => void,
): KubeSphereMember[] {
  const members: KubeSphereMember[] = [];
  for (const member of Object.keys(names)) {
    if (Object.hasOwn(users, member) || Object.hasOwn(groups, member)) continue;
    report('ORR2012', `names has "${member}", who is no member of the workspace.`, 'Leave it out.');
  }
  if (manager !== undefined && !isName(manager))
    report('ORR2003', `"${manager}" is not the name of a KubeSphere user.`, NAME_FIX);
  for (const [kind, known] of [
    ['User', users],
    ['Group', groups],
  ] as const) {
    for (const [member, role] of Object.entries(known)) {
      const name = Object.hasOwn(names, member) ? names[member] : kind === 'User' ? member : undefined;
      if (name === '') continue;
      if (name === undefined) {
        const fix = `Add names: { '${member}': '…' } with the name of its Group, or '' to leave it out there.`;
        report('ORR2012', `Nothing tells which group of KubeSphere "${member}" is.`, fix);
      } else if (!isName(name)) {
        const fix = `${NAME_FIX} Say it by names: { '${member}': '…' }, '' to leave it out there.`;
        report('ORR2003', `"${name}" is not the name of a KubeSphere ${kind.toLowerCase()}.`, fix);
      } else members.push({ kind, name, role: ROLES[role] });
    }
  }
  return members;
}

/** It becomes the value of a label and a part of a name. */
function isName(name: string): boolean {
  return isDnsSubdomain(name) && isLabelValue(name);
}

const NAME_FIX = 'Use lower-case letters, digits, "-" and ".", at most 63.';
