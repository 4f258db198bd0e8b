import type { Cluster } from '../../cluster';
import { isDnsLabel } from '../../private/names';
import { findingsOf, type ObjectFinding, type ReportFinding } from '../../private/typed-object';
import type { GpuQueuesProps, GpuQueueTenant } from '../gpu-queues-props';

/** What is wrong with the tenants of queues. */
export function tenantFindings(props: GpuQueuesProps, clusters: readonly Cluster[]): ObjectFinding[] {
  const { tenants, overcommits = false } = props;
  return findingsOf((report) => {
    if (tenants.length === 0) report('ORR2011', 'The queues are of no tenants.', 'Name at least one.');
    const total = tenants.reduce((sum, { share }) => sum + share, 0);
    if (total > 100 + 1e-9 && !overcommits) {
      const what = `The shares are ${total} hundredths together, more than the pool has.`;
      report('ORR2012', what, 'Make them 100 or less, or set overcommits where not all want theirs at a time.');
    }
    const seen = new Map<string, string>();
    for (const [at, tenant] of tenants.entries()) checkTenant(tenant, at, clusters, seen, report);
  });
}

function checkTenant(
  tenant: GpuQueueTenant,
  at: number,
  clusters: readonly Cluster[],
  seen: Map<string, string>,
  report: ReportFinding,
): void {
  const { workspace, namespaceName, share, borrowing, lending, weight } = tenant;
  const which = workspace?.node.id ?? namespaceName ?? `tenants[${at}]`;
  if ((workspace === undefined) === (namespaceName === undefined)) {
    const has = workspace === undefined ? 'neither' : 'both';
    const what = `The tenant ${which} has ${has} of workspace and namespaceName.`;
    report('ORR2012', what, 'Say one of them.');
  }
  if (namespaceName !== undefined && !isDnsLabel(namespaceName)) {
    report('ORR2003', `"${namespaceName}" is no namespace.`, 'Use the name of one that is there.');
  }
  for (const [field, hundredths] of Object.entries({ share, borrowing, lending })) {
    if (hundredths === undefined || (hundredths >= 0 && hundredths <= 100)) continue;
    report('ORR2011', `The ${field} of ${which} is ${hundredths}.`, 'Use hundredths, 0 to 100.');
  }
  if (weight !== undefined && !(weight >= 0 && Number.isFinite(weight))) {
    report('ORR2011', `The weight of ${which} is ${weight}.`, 'Use 0 or more.');
  }
  for (const namespace of workspace?.namespaces ?? (namespaceName === undefined ? [] : [namespaceName])) {
    const other = seen.get(namespace);
    seen.set(namespace, which);
    if (other === undefined) continue;
    const what = `The namespace "${namespace}" is of ${other === which ? `${which} twice` : `${other} and ${which}`}.`;
    report('ORR2004', what, 'Its workloads wait in one queue: leave it out of the other.');
  }
  const there = workspace?._clusters() ?? clusters;
  const without = clusters.filter((cluster) => !there.includes(cluster));
  if (without.length === 0) return;
  const what = `The workspace ${which} is not in ${without.join(', ')}, where its queue is.`;
  report('ORR2012', what, 'Give it a placement that has all clusters of the queues.');
}
