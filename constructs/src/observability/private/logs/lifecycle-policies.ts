import type { Lifecycle } from './lifecycle';

/**
 * A policy of Elasticsearch's index lifecycle management: the body of `PUT _ilm/policy/<name>`. `min_age` counts from rollover (elastic/docs-content, troubleshoot/elasticsearch/index-lifecycle-management-errors.md,
 * "How min_age is calculated"). That an index in the cold phase moves to cold nodes is the `migrate` action, which Elasticsearch adds where `allocate` names no nodes.
 */
export function ilmPolicy({ coldAfter, deleteAfter, rolloverAfter, rolloverSize, coldReplicas }: Lifecycle): object {
  return {
    policy: {
      phases: {
        hot: {
          min_age: '0ms',
          actions: {
            rollover: { max_age: rolloverAfter, max_primary_shard_size: rolloverSize },
            set_priority: { priority: 100 },
          },
        },
        ...(coldAfter === undefined
          ? {}
          : {
              cold: {
                min_age: coldAfter,
                actions: {
                  readonly: {},
                  allocate: { number_of_replicas: coldReplicas },
                  set_priority: { priority: 0 },
                },
              },
            }),
        delete: { min_age: deleteAfter, actions: { delete: {} } },
      },
    },
  };
}

/** Of the nodes for cold data: their attribute (`node.attr.<name>`) and its value. */
export interface ColdNodes {
  readonly attribute: string;
  readonly value: string;
}

/** Beside which indices a policy is for. */
export interface PolicyScope {
  readonly description: string;
  readonly indexPatterns: readonly string[];
  readonly priority: number;
}

interface State {
  readonly name: string;
  readonly actions: readonly object[];
  readonly transitions: readonly { readonly to: string; readonly after: string }[];
}

/**
 * States in the order in which an index is in them. Rollover comes last of the hot ones: it waits, and what comes after it would wait, too. The conditions count from rollover (opensearch-project/index-management,
 * Conditions.kt, minRolloverAge).
 */
function states(lifecycle: Lifecycle, names: Names, cold: ColdNodes | undefined): State[] {
  const { coldAfter, deleteAfter, rolloverAfter, rolloverSize, coldReplicas } = lifecycle;
  const first = coldAfter === undefined ? { to: 'delete', after: deleteAfter } : { to: 'cold', after: coldAfter };
  return [
    {
      name: 'hot',
      actions: [
        { [names.indexPriority]: { priority: 100 } },
        { rollover: { [names.minIndexAge]: rolloverAfter, [names.minPrimaryShardSize]: rolloverSize } },
      ],
      transitions: [first],
    },
    ...(coldAfter === undefined
      ? []
      : [
          {
            name: 'cold',
            actions: [
              { [names.readOnly]: {} },
              { [names.indexPriority]: { priority: 0 } },
              { [names.replicaCount]: { [names.numberOfReplicas]: coldReplicas } },
              ...(cold === undefined
                ? []
                : [{ allocation: { require: { [cold.attribute]: cold.value }, wait_for: false } }]),
            ],
            transitions: [{ to: 'delete', after: deleteAfter }],
          },
        ]),
    { name: 'delete', actions: [{ delete: {} }], transitions: [] },
  ];
}

/** How fields are called in the API of OpenSearch, and in the operator's resource. */
interface Names {
  readonly indexPriority: string;
  readonly readOnly: string;
  readonly replicaCount: string;
  readonly numberOfReplicas: string;
  readonly minIndexAge: string;
  readonly minPrimaryShardSize: string;
}

const IN_API: Names = {
  indexPriority: 'index_priority',
  readOnly: 'read_only',
  replicaCount: 'replica_count',
  numberOfReplicas: 'number_of_replicas',
  minIndexAge: 'min_index_age',
  minPrimaryShardSize: 'min_primary_shard_size',
};

const IN_RESOURCE: Names = {
  indexPriority: 'indexPriority',
  readOnly: 'readOnly',
  replicaCount: 'replicaCount',
  numberOfReplicas: 'numberOfReplicas',
  minIndexAge: 'minIndexAge',
  minPrimaryShardSize: 'minPrimaryShardSize',
};

/** A policy of OpenSearch's index state management: the body of `PUT _plugins/_ism/policies/<name>`. */
export function ismPolicy(lifecycle: Lifecycle, scope: PolicyScope, cold?: ColdNodes): object {
  return {
    policy: {
      description: scope.description,
      default_state: 'hot',
      states: states(lifecycle, IN_API, cold).map(({ name, actions, transitions }) => ({
        name,
        actions,
        transitions: transitions.map(({ to, after }) => ({
          state_name: to,
          conditions: { min_rollover_age: after },
        })),
      })),
      ism_template: [{ index_patterns: scope.indexPatterns, priority: scope.priority }],
    },
  };
}

/**
 * The same as `spec` of an OpenSearchISMPolicy (opensearch.org/v1), without what moves an index to other nodes: the resource has texts where OpenSearch wants attributes with values
 * (opensearch-k8s-operator, api/opensearch.org/v1/opensearchism_types.go, Allocation).
 */
export function ismPolicySpec(lifecycle: Lifecycle, scope: PolicyScope, clusterName: string): object {
  return {
    opensearchCluster: { name: clusterName },
    description: scope.description,
    defaultState: 'hot',
    states: states(lifecycle, IN_RESOURCE, undefined).map(({ name, actions, transitions }) => ({
      name,
      actions,
      transitions: transitions.map(({ to, after }) => ({ stateName: to, conditions: { minRolloverAge: after } })),
    })),
    ismTemplate: { indexPatterns: scope.indexPatterns, priority: scope.priority },
  };
}
