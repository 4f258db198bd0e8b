import type { KubeTarget } from '../cluster/target.ts';
import { OrreryError } from '../errors.ts';
import { type Granting, mayBeGranted } from './granted-on-the-way.ts';
import { missingRights, type NamespaceRules } from './missing-rights.ts';
import type { Right } from './right.ts';
import { rightsText, rulesText } from './rules-text.ts';

export interface AssertRightsOptions {
  /** Roles and bindings that are about to be written: they may grant what is missing before it is needed. */
  readonly granting?: readonly Granting[] | undefined;
  /** Namespaces that are not there yet: nobody can be given a role in one. */
  readonly newNamespaces?: readonly string[] | undefined;
  /** Rules that were read already. */
  readonly rules?: NamespaceRules | undefined;
}

/**
 * Makes sure, before the first write to a cluster, that none of its writes will be refused for lack of a right. In doubt nothing is refused.
 * @throws OrreryError ORR3006 naming every missing right and the rules that grant them
 */
export async function assertRights(
  target: KubeTarget,
  rights: readonly Right[],
  { granting = [], newNamespaces = [], rules }: AssertRightsOptions = {},
): Promise<void> {
  if (rights.length === 0) return;
  const missing = await missingRights(target, rights, rules);
  const sure = missing.length === 0 ? [] : await withoutGranted(target, missing, granting);
  if (sure.length > 0) throw rightsMissing(target, sure, newNamespaces);
}

async function withoutGranted(
  target: KubeTarget,
  missing: readonly Right[],
  granting: readonly Granting[],
): Promise<readonly Right[]> {
  if (granting.length === 0) return missing;
  const who = await whoAmI(target);
  return missing.filter((right) => !mayBeGranted(right, granting, who));
}

/** Undefined: the server does not say. */
async function whoAmI(target: KubeTarget) {
  const { status, body } = await target.client.request({
    method: 'POST',
    path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
    idempotent: true,
  });
  if (status !== 201) return undefined;
  const { username, groups = [] } =
    (body as { status?: { userInfo?: { username?: string; groups?: string[] } } }).status?.userInfo ?? {};
  return username === undefined ? undefined : { username, groups };
}

function rightsMissing(
  { cluster, description }: KubeTarget,
  missing: readonly Right[],
  newNamespaces: readonly string[],
): OrreryError {
  const rules = missing.map((right) => (newNamespaces.includes(right.namespace) ? { ...right, namespace: '' } : right));
  return new OrreryError('ORR3006', `We may not do everything in ${description}: ${rightsText(missing)}.`, {
    cluster,
    fix: `Nothing was written. Add these rules to a role of ours:\n${rulesText(rules)}`,
  });
}
