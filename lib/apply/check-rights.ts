import { OrreryError } from '../errors.ts';
import { grantsRights } from '../plan/granted-rights.ts';
import { type ClusterPlan, writes } from '../plan/plan.ts';
import { assertRights } from '../rights/assert-rights.ts';
import type { Granting } from '../rights/granted-on-the-way.ts';
import { readRules } from '../rights/missing-rights.ts';
import type { ClusterApply } from './cluster-apply.ts';
import { kindKey } from './kinds.ts';
import { rightsOfItems, rightsOfOwn } from './needed-rights.ts';

/**
 * Makes sure, before anything is written to a cluster, that we have every right that the writes of its plan need. A cluster in which nothing is written is not asked.
 * @throws OrreryError ORR3006 with all that is missing, ORR3009 where roles or bindings of the plan grant more than we hold
 */
export async function checkRights(run: ClusterApply): Promise<void> {
  const { reader, input } = run;
  const { plan, platformId, purpose, options, target } = input;
  if (reader === undefined || target === undefined) return;
  const { resources } = reader;
  if (run.writes) assertMayGrant(plan);
  const ofItems = rightsOfItems(plan.items, resources, options.wait ?? true);
  if (!run.writes && ofItems.length === 0) return;
  const inventory = ofItems.length > 0 || plan.items.some(({ action }) => writes(action));
  const dissolves = purpose === 'destroy' && plan.items.every(({ action }) => writes(action));
  const created = plan.items.flatMap(({ action, id }) =>
    action === 'create' && kindKey(id) === '/Namespace' ? [id.name] : [],
  );
  const { inventoryNamespace } = target;
  const bringsNamespace = created.includes(inventoryNamespace);
  const own = { platformId, inventory, dissolves, bringsNamespace };
  const namespaces = [inventoryNamespace, ...ofItems.map(({ namespace }) => namespace)];
  const [ofOwn, rules] = await Promise.all([rightsOfOwn(target, own), readRules(target, namespaces)]);
  await assertRights(target, [...ofItems, ...ofOwn.rights], {
    granting: grantingOf(plan),
    rules,
    newNamespaces: ofOwn.lacksNamespace ? [...created, inventoryNamespace] : created,
  });
}

/** The server refused them in the dry run and would at apply: what needs them would be left without. */
function assertMayGrant({ cluster, items }: ClusterPlan): void {
  const problems = items.flatMap(({ problem }) => (problem?.code === 'ORR3009' ? [problem] : []));
  const [first, ...others] = problems;
  if (first === undefined) return;
  const what = [first, ...others].map((problem) => problem.what).join('\n');
  throw new OrreryError('ORR3009', what, { ...first.where, cluster, fix: `Nothing was written. ${first.fix ?? ''}` });
}

function grantingOf({ items }: ClusterPlan): readonly Granting[] {
  return items.flatMap(({ action, id, desired }) =>
    desired !== undefined && writes(action) && grantsRights(id)
      ? [{ ...(desired as unknown as Granting), namespace: id.namespace }]
      : [],
  );
}
