import { json } from 'node:stream/consumers';
import { applyPlan } from '../../lib/apply/apply.ts';
import { openTarget } from '../../lib/cluster/open-target.ts';
import { makePlan } from '../../lib/plan/make-plan.ts';
import type { DesiredState } from '../../lib/render/desired-state.ts';

/** A whole run, plan and apply, in a process of its own that tests can stop and kill. Prints the outcome as JSON. */
export interface ChildRun {
  /** Cluster, which is the name of the context, too → kubeconfig. */
  readonly kubeconfigs: Readonly<Record<string, string>>;
  readonly inventoryNamespace: string;
  readonly stateFolder: string;
  readonly desired: DesiredState;
  readonly leaseSeconds: number;
  readonly concurrency?: number;
}

const run = (await json(process.stdin)) as ChildRun;
const { kubeconfigs, inventoryNamespace, stateFolder, desired, leaseSeconds, concurrency } = run;
const targets = await Promise.all(
  Object.entries(kubeconfigs).map(([cluster, kubeconfig]) =>
    openTarget({ kind: 'kubeconfig', kubeconfig, context: cluster, inventoryNamespace }, { cluster, env: {} }),
  ),
);
const { plan, renewals, inventories } = await makePlan(desired, targets, {
  now: () => new Date(),
  stateFolder,
  allowDeletes: true,
  allowEmpty: true,
  // As `apply --yes` does it.
  dryRunCreates: false,
});
const options = {
  who: `child ${process.pid}`,
  stateFolder,
  leaseSeconds,
  renewals,
  inventories,
  timeoutMs: 60_000,
  ...(concurrency === undefined ? {} : { concurrency }),
};
const outcome = await applyPlan(plan, desired, targets, options);
process.stdout.write(`${JSON.stringify(outcome)}\n`);
for (const target of targets) if (target.kind === 'kube') await target.client.close();
