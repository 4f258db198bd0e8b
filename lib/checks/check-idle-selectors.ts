import { record } from '../kubernetes/fields.ts';
import type { ClusterCheck, Found } from './check.ts';
import { matches } from './pods.ts';

/** Network policies and disruption budgets for pods that nothing makes. In a namespace where the program makes no pods at all, somebody else does. */
export const idleSelectors: ClusterCheck = {
  looksAt: 'cluster',
  id: 'idle-selector',
  title: 'network policies and disruption budgets that select nothing',
  run: ({ objects, workloads, openNamespaces }) =>
    objects.flatMap((object): Found[] => {
      const field = FIELDS.get(`${object.id.group}/${object.id.kind}`);
      if (field === undefined) return [];
      const selector = record(record(object.desired.object.spec)[field]);
      // An empty selector is meant for every pod, whoever makes it.
      if (Object.keys(record(selector.matchLabels)).length === 0 && !Array.isArray(selector.matchExpressions))
        return [];
      const { namespace } = object.id;
      const candidates = workloads.withLabels(namespace, record(selector.matchLabels));
      if (candidates.some(({ labels }) => matches(selector, labels))) return [];
      if (workloads.withLabels(namespace, {}).length === 0 || openNamespaces.has(namespace)) return [];
      return [
        {
          object,
          severity: 'warning',
          field: `spec.${field}`,
          what: `No workload of the program in namespace ${namespace} makes pods that it selects: it does nothing.`,
          fix: 'Correct the selector or the labels of the pods. Where something else makes the pods, waive this check with that reason.',
        },
      ];
    }),
};

const FIELDS: ReadonlyMap<string, string> = new Map([
  ['networking.k8s.io/NetworkPolicy', 'podSelector'],
  ['policy/PodDisruptionBudget', 'selector'],
]);
