import { isLabelKey } from '../../private/names';
import { quantityOf } from '../../private/quantity';
import type { ReportFinding } from '../../private/typed-object';
import type { KueueFlavorQuotas, KueueResourceGroup, KueueResourceQuota } from '../cluster-queue-props';
import { checkCount, checkQuantity, checkReference, checkTwice } from './field-rules';

/** Who has the quotas. */
export interface QuotaOwner {
  /** The field that makes borrowing possible. */
  readonly parentField: 'cohortName' | 'parentName';
  readonly parent: string | undefined;
  /** Whether no more can be lent than there is: of a Cohort, also what its queues lend. */
  readonly lendsOwnOnly: boolean;
}

/**
 * What is wrong with quotas: what the definitions say, CEL included, and what Kueue's admission says beside (kubernetes-sigs/kueue
 * pkg/webhooks/clusterqueue_webhook.go: validateResourceGroups).
 */
export function checkResourceGroups(
  groups: readonly KueueResourceGroup[],
  owner: QuotaOwner,
  report: ReportFinding,
): void {
  const at = 'spec.resourceGroups';
  checkCount([at, groups], [0, 16], report);
  for (const [i, { coveredResources, flavors }] of groups.entries()) {
    checkCount([`${at}[${i}].coveredResources`, coveredResources], [1, 64], report);
    checkCount([`${at}[${i}].flavors`, flavors], [1, 64], report);
    for (const resource of coveredResources.filter((one) => !isLabelKey(one))) {
      const what = `${at}[${i}].coveredResources has "${resource}", which is no name of a resource.`;
      report('ORR2003', what, 'Write it like "cpu" or "nvidia.com/gpu".');
    }
    for (const [j, flavor] of flavors.entries()) {
      checkFlavor(flavor, coveredResources, `${at}[${i}].flavors[${j}]`, owner, report);
    }
  }
  checkTwice([`coveredResources of ${at}`, groups.flatMap((group) => group.coveredResources)], report);
  const names = groups.flatMap(({ flavors }) => flavors.map(({ name }) => name));
  checkTwice([`flavors of ${at}`, names], report);
}

function checkFlavor(
  { name, resources }: KueueFlavorQuotas,
  covered: readonly string[],
  at: string,
  owner: QuotaOwner,
  report: ReportFinding,
): void {
  checkReference([`${at}.name`, name], report);
  checkCount([`${at}.resources`, resources], [1, 64], report);
  const names = resources.map((resource) => resource.name);
  if (names.length !== covered.length || names.some((one, i) => one !== covered[i])) {
    const what = `${at}.resources are ${listed(names)}, and the group covers ${listed(covered)}.`;
    report('ORR2012', what, 'Give each flavor the covered resources, all of them, in the same order.');
  }
  for (const [k, resource] of resources.entries()) checkQuota(resource, `${at}.resources[${k}]`, owner, report);
}

function checkQuota(quota: KueueResourceQuota, at: string, owner: QuotaOwner, report: ReportFinding): void {
  const { nominalQuota, borrowingLimit, lendingLimit } = quota;
  checkQuantity([`${at}.nominalQuota`, nominalQuota], report);
  for (const [field, limit] of Object.entries({ borrowingLimit, lendingLimit })) {
    checkQuantity([`${at}.${field}`, limit], report);
    if (limit === undefined || owner.parent !== undefined) continue;
    const what = `${at}.${field} is ${limit}, and without ${owner.parentField} nothing is borrowed or lent.`;
    report('ORR2012', what, `Set ${owner.parentField}, or leave ${field} out.`);
  }
  const [own, lent] = [quantityOf(nominalQuota), quantityOf(lendingLimit ?? '0')];
  if (!owner.lendsOwnOnly || own === undefined || lent === undefined || lent <= own) return;
  const what = `${at}.lendingLimit is ${lendingLimit}, and the nominalQuota is ${nominalQuota}.`;
  report('ORR2012', what, `Use ${nominalQuota} or less.`);
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}
