import { WorkspaceRole } from '../workspace-props';

/** A rule of RBAC. */
export interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

const rule = (group: string, resources: readonly string[], verbs: readonly string[]): PolicyRule => ({
  apiGroups: [group],
  resources,
  verbs,
});

const READ = ['get', 'list', 'watch'];
const WRITE = ['create', 'update', 'patch', 'delete', 'deletecollection'];
const CHANGE = ['update', 'patch'];
/** WebSockets ask by GET, SPDY by POST. */
const CONNECT = ['create', 'get'];
const IN_PODS = ['pods/attach', 'pods/exec', 'pods/portforward'];
const ROUTES = ['grpcroutes', 'httproutes'];

/*
 * Rules of our own instead of the built-in roles "view", "edit" and "admin": those grow with every operator that aggregates into them, and "edit" makes tokens of every ServiceAccount of
 * its namespace and impersonates it.
 */

const VIEW: readonly PolicyRule[] = [
  rule(
    '',
    [
      'configmaps',
      'endpoints',
      'events',
      'limitranges',
      'persistentvolumeclaims',
      'pods',
      'pods/log',
      'pods/status',
      'replicationcontrollers',
      'resourcequotas',
      'serviceaccounts',
      'services',
    ],
    READ,
  ),
  rule(
    'apps',
    [
      'controllerrevisions',
      'daemonsets',
      'deployments',
      'deployments/scale',
      'replicasets',
      'statefulsets',
      'statefulsets/scale',
    ],
    READ,
  ),
  rule('autoscaling', ['horizontalpodautoscalers'], READ),
  rule('batch', ['cronjobs', 'jobs'], READ),
  rule('discovery.k8s.io', ['endpointslices'], READ),
  rule('events.k8s.io', ['events'], READ),
  rule('external-secrets.io', ['externalsecrets'], READ),
  rule('gateway.networking.k8s.io', ROUTES, READ),
  rule('metrics.k8s.io', ['pods'], ['get', 'list']),
  rule('networking.k8s.io', ['ingresses', 'networkpolicies'], READ),
  rule('policy', ['poddisruptionbudgets'], READ),
];

const OPERATE: readonly PolicyRule[] = [
  rule('', ['pods'], ['delete', 'deletecollection']),
  rule('', ['pods/eviction'], ['create']),
  rule('', IN_PODS, CONNECT),
  rule('apps', ['deployments/scale', 'statefulsets/scale'], CHANGE),
];

const DEVELOP: readonly PolicyRule[] = [
  rule('', ['configmaps', 'persistentvolumeclaims', 'pods', 'serviceaccounts', 'services'], WRITE),
  rule('', ['pods/ephemeralcontainers'], CHANGE),
  rule('', ['pods/eviction'], ['create']),
  rule('', IN_PODS, CONNECT),
  rule('apps', ['daemonsets', 'deployments', 'statefulsets'], WRITE),
  rule('apps', ['deployments/scale', 'statefulsets/scale'], CHANGE),
  rule('autoscaling', ['horizontalpodautoscalers'], WRITE),
  rule('batch', ['cronjobs', 'jobs'], WRITE),
  rule('gateway.networking.k8s.io', ROUTES, WRITE),
  rule('networking.k8s.io', ['ingresses'], WRITE),
  rule('policy', ['poddisruptionbudgets'], WRITE),
];

/** Without "bind", "escalate" and "impersonate" the API server lets an admin grant no more than an admin has. */
const ADMINISTER: readonly PolicyRule[] = [
  rule('', ['secrets'], [...READ, ...WRITE]),
  rule('rbac.authorization.k8s.io', ['rolebindings', 'roles'], [...READ, ...WRITE]),
];

/** The roles that exist as ClusterRoles, and what each may do in a namespace that it is bound in. */
export const ROLE_RULES: ReadonlyMap<WorkspaceRole, readonly PolicyRule[]> = new Map([
  [WorkspaceRole.VIEWER, VIEW],
  [WorkspaceRole.OPERATOR, [...VIEW, ...OPERATE]],
  [WorkspaceRole.DEVELOPER, [...VIEW, ...DEVELOP]],
  // What operators may do, developers may too.
  [WorkspaceRole.ADMIN, [...VIEW, ...DEVELOP, ...ADMINISTER]],
]);

/** The ClusterRole that members of a role have in a namespace; undefined where they have none. */
export function roleIn(role: WorkspaceRole, isSelfService: boolean): WorkspaceRole | undefined {
  if (role === WorkspaceRole.SELF_PROVISIONER) return isSelfService ? WorkspaceRole.ADMIN : WorkspaceRole.VIEWER;
  return isSelfService && role !== WorkspaceRole.ADMIN ? undefined : role;
}
