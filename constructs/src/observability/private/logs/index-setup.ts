import { REQUEST_ID } from '../request-id-field';
import type { Lifecycle } from './lifecycle';
import { type ColdNodes, ilmPolicy, ismPolicy } from './lifecycle-policies';
import { LOG_KINDS, type LogOwner, PLATFORM, streamName } from './owners';
import type { StoreRequest } from './setup-job';

/** Over the templates that Elasticsearch itself brings (100 to 200). */
const PRIORITY = 500;

/** Settings and fields of the data streams of a prefix. Fields that only some records have are found by their type; what applications write in JSON stays one field each, as text. */
function indexTemplate(prefix: string, { replicas }: Lifecycle, settings: object): object {
  return {
    index_patterns: [`${prefix}-*`],
    data_stream: {},
    priority: PRIORITY,
    template: {
      settings: {
        index: {
          number_of_shards: 1,
          number_of_replicas: replicas,
          codec: 'best_compression',
          ...TOLERANT,
          ...settings,
        },
      },
      mappings: INDEX_MAPPINGS,
    },
  };
}

/** Of what two applications write of different types under one name, the record stays and the field goes. */
export const TOLERANT = { mapping: { ignore_malformed: true } };

export const INDEX_MAPPINGS = {
  dynamic_templates: [{ texts: { match_mapping_type: 'string', mapping: { type: 'keyword', ignore_above: 1024 } } }],
  properties: {
    '@timestamp': { type: 'date' },
    log: { type: 'text' },
    message: { type: 'text' },
    cluster: { type: 'keyword' },
    [REQUEST_ID]: { type: 'keyword' },
  },
};

/** @param routes kinds of one's own */
function streamsOf(prefix: string, owner: string, routes: readonly string[] = []): string[] {
  return [...LOG_KINDS, ...routes].map((kind) => streamName(prefix, kind, owner));
}

/** Policy, template and roles of Elasticsearch. Roles and their use are in its free licence, mapping groups of a directory to them is not. */
export function elasticRequests(
  prefix: string,
  lifecycle: Lifecycle | undefined,
  owners: readonly LogOwner[],
  routes: readonly string[] = [],
): StoreRequest[] {
  const of = (owner: string) => streamsOf(prefix, owner, routes);
  return [
    ...(lifecycle === undefined
      ? []
      : [
          { name: 'policy', path: `_ilm/policy/${prefix}`, body: ilmPolicy(lifecycle) },
          {
            name: 'template',
            path: `_index_template/${prefix}`,
            body: indexTemplate(prefix, lifecycle, {
              lifecycle: { name: prefix },
              routing: { allocation: { include: { _tier_preference: 'data_hot' } } },
            }),
          },
        ]),
    {
      name: 'role-writer',
      path: `_security/role/${prefix}-writer`,
      body: {
        cluster: ['monitor'],
        indices: [{ names: [`${prefix}-*`], privileges: ['create_doc', 'auto_configure', 'view_index_metadata'] }],
      },
    },
    ...owners.map(({ name }) => ({
      name: `role-${name}`,
      path: `_security/role/${prefix}-${name}-reader`,
      body: { indices: [{ names: of(name), privileges: ['read', 'view_index_metadata'] }] },
    })),
  ];
}

/** Policy, template, roles, tenants and their members of OpenSearch, by its API. @param groups of each workspace */
export function openSearchRequests(
  prefix: string,
  lifecycle: Lifecycle | undefined,
  owners: readonly LogOwner[],
  cold?: ColdNodes,
): StoreRequest[] {
  return [
    ...policyRequests(prefix, lifecycle, cold),
    ...(lifecycle === undefined
      ? []
      : [
          {
            name: 'template',
            path: `_index_template/${prefix}`,
            body: indexTemplate(prefix, lifecycle, allocation(cold)),
          },
        ]),
    {
      name: 'role-writer',
      path: `_plugins/_security/api/roles/${prefix}-writer`,
      body: writerPermissions(prefix, 'api'),
    },
    ...owners.flatMap((owner) => [
      {
        name: `tenant-${owner.name}`,
        path: `_plugins/_security/api/tenants/${owner.name}`,
        body: { description: tenantDescription(owner) },
      },
      {
        name: `role-${owner.name}`,
        path: `_plugins/_security/api/roles/${prefix}-${owner.name}-reader`,
        body: readerPermissions(prefix, owner.name, 'api'),
      },
      {
        name: `members-${owner.name}`,
        path: `_plugins/_security/api/rolesmapping/${prefix}-${owner.name}-reader`,
        body: { backend_roles: groupsOf(owner) },
      },
    ]),
  ];
}

/** The policy alone, which the operator's resource cannot say where indices move to other nodes. */
export function policyRequests(
  prefix: string,
  lifecycle: Lifecycle | undefined,
  cold: ColdNodes | undefined,
): StoreRequest[] {
  if (lifecycle === undefined) return [];
  const scope = { description: `Logs of ${prefix}`, indexPatterns: [`${prefix}-*`], priority: PRIORITY };
  return [{ name: 'policy', path: `_plugins/_ism/policies/${prefix}`, body: ismPolicy(lifecycle, scope, cold) }];
}

/** New indices are on nodes that are not for cold data. */
export function allocation(cold: ColdNodes | undefined): object {
  return cold === undefined ? {} : { routing: { allocation: { require: { [cold.attribute]: 'hot' } } } };
}

type Names = 'api' | 'resource';

export function writerPermissions(prefix: string, names: Names): object {
  const actions = [
    'indices:data/write/bulk*',
    'indices:data/write/index',
    'indices:admin/create',
    'indices:admin/mapping/put',
    'indices:admin/auto_create',
  ];
  return permissions(
    names,
    ['cluster_monitor', 'indices:data/write/bulk'],
    [`${prefix}-*`, `.ds-${prefix}-*`],
    actions,
  );
}

/** Reads what is its own: data streams by their whole names, so that no workspace whose name begins with another's reads that one's. */
export function readerPermissions(prefix: string, owner: string, names: Names): object {
  const own = streamsOf(prefix, owner).flatMap((stream) => [stream, `.ds-${stream}-??????`]);
  const tenant =
    names === 'api'
      ? ['tenant_permissions', 'tenant_patterns', 'allowed_actions']
      : ['tenantPermissions', 'tenantPatterns', 'allowedActions'];
  const [list = '', patterns = '', allowed = ''] = tenant;
  return {
    ...permissions(names, ['cluster_composite_ops_ro'], own, [
      'read',
      'indices:admin/mappings/get',
      'indices:monitor/*',
    ]),
    [list]: [{ [patterns]: [owner], [allowed]: ['kibana_all_write'] }],
  };
}

function permissions(names: Names, cluster: string[], patterns: string[], actions: string[]): object {
  return names === 'api'
    ? { cluster_permissions: cluster, index_permissions: [{ index_patterns: patterns, allowed_actions: actions }] }
    : { clusterPermissions: cluster, indexPermissions: [{ indexPatterns: patterns, allowedActions: actions }] };
}

export function tenantDescription({ name }: LogOwner): string {
  return name === PLATFORM ? 'Logs that are of no workspace' : `Logs of workspace ${name}`;
}

/** Groups of the workspace's members, as whoever signs them on says. */
export function groupsOf({ workspace }: LogOwner): string[] {
  return workspace === undefined ? [] : Object.keys(workspace._people().groups);
}
