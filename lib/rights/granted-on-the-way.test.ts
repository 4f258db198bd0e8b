import { describe, expect, it } from 'vitest';
import { type Granting, mayBeGranted } from './granted-on-the-way.ts';
import type { Right } from './right.ts';

const WHO = { username: 'system:serviceaccount:ci:deployer', groups: ['system:authenticated', 'deployers'] };
const patch: Right = { verb: 'patch', group: '', resource: 'configmaps', namespace: 'shop', name: 'one' };
const binding = (kind: string, namespace: string, subject: NonNullable<Granting['subjects']>[number]): Granting => ({
  kind,
  namespace,
  subjects: [subject],
});

describe('a right that is missing before an apply', () => {
  it.each([
    [
      'us as a service account',
      binding('RoleBinding', 'shop', { kind: 'ServiceAccount', name: 'deployer', namespace: 'ci' }),
      true,
    ],
    [
      'a service account of its own namespace',
      binding('RoleBinding', 'shop', { kind: 'ServiceAccount', name: 'deployer' }),
      false,
    ],
    ['us as a user', binding('RoleBinding', 'shop', { kind: 'User', name: WHO.username }), true],
    ['a group of ours, everywhere', binding('ClusterRoleBinding', '', { kind: 'Group', name: 'deployers' }), true],
    ['a group of others', binding('ClusterRoleBinding', '', { kind: 'Group', name: 'admins' }), false],
    ['us in another namespace', binding('RoleBinding', 'mall', { kind: 'User', name: WHO.username }), false],
  ])('may be granted by a binding that it writes when that names %s: %o → %s', (_, written, expected) => {
    expect(mayBeGranted(patch, [written], WHO)).toBe(expected);
  });

  it('may be granted by any binding when the server does not say who we are', () => {
    expect(mayBeGranted(patch, [binding('RoleBinding', 'shop', { kind: 'User', name: 'x' })], undefined)).toBe(true);
    expect(mayBeGranted(patch, [binding('RoleBinding', 'mall', { kind: 'User', name: 'x' })], undefined)).toBe(false);
  });

  it('may be granted by a role that it writes when that has the right, and by nothing else', () => {
    const rules = [{ verbs: ['patch'], apiGroups: [''], resources: ['configmaps'] }];
    expect(mayBeGranted(patch, [{ kind: 'ClusterRole', namespace: '', rules }], WHO)).toBe(true);
    expect(mayBeGranted(patch, [{ kind: 'Role', namespace: 'shop', rules }], WHO)).toBe(true);
    expect(mayBeGranted(patch, [{ kind: 'Role', namespace: 'mall', rules }], WHO)).toBe(false);
    expect(mayBeGranted({ ...patch, verb: 'delete' }, [{ kind: 'ClusterRole', namespace: '', rules }], WHO)).toBe(
      false,
    );
    expect(mayBeGranted(patch, [], WHO)).toBe(false);
  });
});
