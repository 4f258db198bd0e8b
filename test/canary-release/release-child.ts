import { json } from 'node:stream/consumers';
import { applyPlan } from '../../lib/apply/apply.ts';
import { readAssembly } from '../../lib/assembly/read-assembly.ts';
import { advanceReleases } from '../../lib/canary-release/advance-releases.ts';
import { placeReleases } from '../../lib/canary-release/place-releases.ts';
import { openTarget } from '../../lib/cluster/open-target.ts';
import { makePlan } from '../../lib/plan/make-plan.ts';
import { renderAssembly } from '../../lib/render/render-assembly.ts';

/** A whole run, apply and releases, in a process of its own that tests can kill. Prints how the releases ended as JSON. */
export interface ReleaseChild {
  readonly kubeconfig: string;
  readonly cluster: string;
  readonly inventoryNamespace: string;
  readonly stateFolder: string;
  readonly assembly: string;
  readonly leaseSeconds: number;
}

const run = (await json(process.stdin)) as ReleaseChild;
const { kubeconfig, cluster, inventoryNamespace, stateFolder, assembly, leaseSeconds } = run;
const target = await openTarget(
  { kind: 'kubeconfig', kubeconfig, context: cluster, inventoryNamespace },
  { cluster, env: {} },
);
const { desired, targets } = await placeReleases(await renderAssembly(await readAssembly(assembly)), [target]);
const planning = { now: () => new Date(), stateFolder, allowDeletes: true, allowEmpty: true, dryRunCreates: false };
const { plan, renewals, inventories } = await makePlan(desired, targets, planning);
const applying = { who: `child ${process.pid}`, stateFolder, leaseSeconds, timeoutMs: 60_000 };
const outcome = await applyPlan(plan, desired, [target], { ...applying, renewals, inventories });
const done = outcome.clusters.every(({ status }) => status === 'done');
const releases = done
  ? await advanceReleases(
      {
        desired,
        targets: [target],
        planning,
        applying,
        followMs: 60_000,
        reopen: () => Promise.reject(new Error('there is one cluster')),
      },
      () => undefined,
    )
  : [];
process.stdout.write(`${JSON.stringify({ outcome, releases })}\n`);
if (target.kind === 'kube') await target.client.close();
