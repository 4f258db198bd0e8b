import { json } from 'node:stream/consumers';
import { applyPlan } from '../../lib/apply/apply.ts';
import { openTarget } from '../../lib/cluster/open-target.ts';
import { makePlan } from '../../lib/plan/make-plan.ts';
import type { DesiredState } from '../../lib/render/desired-state.ts';

/** A whole run, plan and apply, in a process of its own that tests can stop and kill. Prints the outcome as JSON. */
export interface ChildRun {
  readonly kubeconfig: string;
  readonly context: string;
  readonly inventoryNamespace: string;
  readonly stateFolder: string;
  readonly desired: DesiredState;
  readonly leaseSeconds: number;
  readonly concurrency?: number;
}

const run = (await json(process.stdin)) as ChildRun;
const { kubeconfig, context, inventoryNamespace, stateFolder, desired, leaseSeconds, concurrency } = run;
const target = await openTarget(
  { kind: 'kubeconfig', kubeconfig, context, inventoryNamespace },
  { cluster: context, env: {} },
);
const { plan, renewals, inventories } = await makePlan(desired, [target], {
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
const outcome = await applyPlan(plan, desired, [target], options);
process.stdout.write(`${JSON.stringify(outcome)}\n`);
if (target.kind === 'kube') await target.client.close();
