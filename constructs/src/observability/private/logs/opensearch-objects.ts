import { quantityOf } from '../../../private/quantity';
import type { OpenSearchStoreProps } from '../../log-store';
import {
  allocation,
  groupsOf,
  INDEX_MAPPINGS,
  readerPermissions,
  TOLERANT,
  tenantDescription,
  writerPermissions,
} from './index-setup';
import type { Lifecycle } from './lifecycle';
import { ismPolicySpec } from './lifecycle-policies';
import type { LogOwner } from './owners';

/** Attribute of OpenSearch's nodes that tells hot ones from cold ones. */
export const COLD_NODES = { attribute: 'temp', value: 'cold' };

/** An OpenSearch and what is in it, as objects of its operator. */
export interface OpenSearchParts {
  readonly name: string;
  readonly namespace: string;
  readonly prefix: string;
  readonly labels: { readonly [label: string]: string };
  readonly props: OpenSearchStoreProps;
  readonly lifecycle: Lifecycle;
  readonly owners: readonly LogOwner[];
  /** Names of storage classes. */
  readonly hotClass: string | undefined;
  readonly coldClass: string | undefined;
}

const OPENSEARCH_VERSION = '3.6.0';

/** Kinds: opensearch-project/opensearch-k8s-operator, opensearch-operator/api/opensearch.org/v1. */
export function openSearchObjects(parts: OpenSearchParts): object[] {
  const { name, prefix, props, lifecycle, owners } = parts;
  const cluster = { opensearchCluster: { name } };
  const writer = props.writerName ?? 'logs-writer';
  const hasCold = (props.coldNodes ?? 0) > 0;
  const cold = hasCold ? COLD_NODES : undefined;
  return [
    object(parts, 'OpenSearchCluster', name, clusterSpec(parts)),
    // With nodes for cold data a Job makes the policy: the resource cannot say to which nodes (opensearch-k8s-operator, issue 876).
    ...(hasCold
      ? []
      : [
          object(
            parts,
            'OpenSearchISMPolicy',
            prefix,
            ismPolicySpec(
              lifecycle,
              { description: `Logs of ${prefix}`, indexPatterns: [`${prefix}-*`], priority: 500 },
              name,
            ),
          ),
        ]),
    object(parts, 'OpensearchIndexTemplate', prefix, {
      ...cluster,
      name: prefix,
      indexPatterns: [`${prefix}-*`],
      priority: 500,
      dataStream: { timestamp_field: { name: '@timestamp' } },
      template: {
        settings: {
          index: {
            number_of_shards: 1,
            number_of_replicas: lifecycle.replicas,
            codec: 'best_compression',
            ...TOLERANT,
            ...allocation(cold),
          },
        },
        mappings: INDEX_MAPPINGS,
      },
    }),
    object(parts, 'OpensearchRole', `${prefix}-writer`, { ...cluster, ...writerPermissions(prefix, 'resource') }),
    object(parts, 'OpensearchUser', writer, {
      ...cluster,
      passwordFrom: { name: props.writer.password.secret, key: props.writer.password.key },
    }),
    object(parts, 'OpensearchUserRoleBinding', `${prefix}-writer`, {
      ...cluster,
      users: [writer],
      roles: [`${prefix}-writer`],
    }),
    ...owners.flatMap((owner) => ownerObjects(parts, owner)),
  ];
}

/** What an owner of logs reads, and where its searches and pictures are kept. */
function ownerObjects(parts: OpenSearchParts, owner: LogOwner): object[] {
  const cluster = { opensearchCluster: { name: parts.name } };
  const role = `${parts.prefix}-${owner.name}-reader`;
  const groups = groupsOf(owner);
  return [
    object(parts, 'OpensearchTenant', owner.name, { ...cluster, description: tenantDescription(owner) }),
    object(parts, 'OpensearchRole', role, { ...cluster, ...readerPermissions(parts.prefix, owner.name, 'resource') }),
    ...(groups.length === 0
      ? []
      : [object(parts, 'OpensearchUserRoleBinding', role, { ...cluster, backendRoles: groups, roles: [role] })]),
  ];
}

function clusterSpec(parts: OpenSearchParts): object {
  const { name, props, hotClass, coldClass } = parts;
  const {
    nodes = 3,
    storage,
    memory = '4Gi',
    coldNodes = 0,
    coldStorage = storage,
    version = OPENSEARCH_VERSION,
  } = props;
  const pool = (
    component: string,
    replicas: number,
    diskSize: string,
    roles: string[],
    storageClass: string | undefined,
  ) => ({
    component,
    replicas,
    diskSize,
    roles,
    jvm: `-Xms${halfOf(memory)}m -Xmx${halfOf(memory)}m`,
    resources: { requests: { cpu: '500m', memory }, limits: { memory } },
    persistence: { pvc: { accessModes: ['ReadWriteOnce'], ...(storageClass === undefined ? {} : { storageClass }) } },
    additionalConfig: { [`node.attr.${COLD_NODES.attribute}`]: component },
    ...(replicas > 1 ? { pdb: { enable: true, maxUnavailable: 1 } } : {}),
  });
  return {
    general: {
      serviceName: name,
      version,
      httpPort: 9200,
      vendor: 'opensearch',
      drainDataNodes: true,
      // Without it nodes need vm.max_map_count, which only a privileged container could set.
      setVMMaxMapCount: false,
      additionalConfig: { 'node.store.allow_mmap': 'false' },
    },
    security: {
      config: {
        securityConfigSecret: { name: props.securityConfigSecret },
        adminCredentialsSecret: { name: props.adminSecret },
      },
      tls: { transport: { generate: true, perNode: true }, http: { generate: true } },
    },
    ...(props.dashboards === false
      ? {}
      : {
          dashboards: {
            enable: true,
            version,
            replicas: 1,
            tls: { enable: true, generate: true },
            opensearchCredentialsSecret: { name: props.adminSecret },
          },
        }),
    nodePools: [
      pool('hot', nodes, storage, ['cluster_manager', 'ingest', 'data'], hotClass),
      ...(coldNodes > 0 ? [pool('cold', coldNodes, coldStorage, ['data'], coldClass)] : []),
    ],
  };
}

/** MiB of half of some memory: the other half is for what the system caches. */
export function halfOf(memory: string): number {
  return Math.floor((quantityOf(memory) ?? 0) / 2 / 2 ** 20);
}

function object({ namespace, labels }: OpenSearchParts, kind: string, name: string, spec: object): object {
  return { apiVersion: 'opensearch.org/v1', kind, metadata: { name, namespace, labels }, spec };
}
