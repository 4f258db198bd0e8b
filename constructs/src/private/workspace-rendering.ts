import type { IConstruct } from 'constructs';
import type { Cluster } from '../cluster';
import { registriesIn } from '../image-name';
import { PodSecurityLevel, type WorkspaceLimits, type WorkspaceProps, type WorkspaceRole } from '../workspace-props';
import { namespaceObject } from './namespace-object';
import { servedVersion } from './served-apis';
import type { Entry } from './unit';
import { type Guard, guardsOf } from './workspace-guards';
import {
  clusterRoleName,
  hasMachines,
  machineNamespace,
  namespacesOf,
  WORKSPACE_LABEL,
  type WorkspaceNamespace,
} from './workspace-namespaces';
import { networkPolicies } from './workspace-network';
import type { Quota } from './workspace-quota';
import { ROLE_RULES, roleIn } from './workspace-roles';

/** Versions in which ExternalSecrets are written, whichever a cluster serves; what we write of them is the same in both. */
export const EXTERNAL_SECRETS = ['external-secrets.io/v1', 'external-secrets.io/v1beta1'] as const;
const RBAC = 'rbac.authorization.k8s.io';

/** A workspace on its way into one cluster. */
export interface WorkspaceInCluster {
  readonly construct: IConstruct;
  readonly id: string;
  /** "<platform id>.<workspace id>" */
  readonly owner: string;
  readonly props: WorkspaceProps;
  readonly cluster: Cluster;
  /** By namespace. */
  readonly quotas: ReadonlyMap<string, Quota>;
  /** Of another system, for the namespaces that members work in. */
  readonly namespaceLabels: { readonly [key: string]: string };
}

/** The objects of a workspace in one cluster: namespaces, who may do what in them, and how much. */
export function renderWorkspace(workspace: WorkspaceInCluster): Entry[] {
  const { construct, id, owner, props, cluster } = workspace;
  const entries: Entry[] = [];
  const add = (path: string, object: object) =>
    entries.push({ path: `${construct.node.path}/${path}`, owner: construct, content: { type: 'object', object } });
  const labels = {
    ...props.labels,
    'app.kubernetes.io/part-of': id,
    'app.kubernetes.io/managed-by': 'orrery',
    [WORKSPACE_LABEL]: owner,
  };
  const metadata = (name: string, namespace?: string) => ({
    name,
    ...(namespace === undefined ? {} : { namespace }),
    labels,
  });
  const level = props.podSecurity ?? PodSecurityLevel.RESTRICTED;
  const addNamespace = (name: string, podSecurity: PodSecurityLevel, more: { readonly [key: string]: string } = {}) =>
    add(
      `Namespace/${name}`,
      namespaceObject(name, {
        ...labels,
        ...more,
        'pod-security.kubernetes.io/enforce': podSecurity,
        // Of templates that make such pods nothing else would say it at once.
        'pod-security.kubernetes.io/warn': podSecurity,
      }),
    );

  for (const [role, rules] of ROLE_RULES) {
    const apiVersion = `${RBAC}/v1`;
    add(`ClusterRole/${role}`, {
      apiVersion,
      kind: 'ClusterRole',
      metadata: metadata(clusterRoleName(owner, role)),
      rules,
    });
  }
  if (hasMachines(props)) {
    const namespace = machineNamespace(id);
    addNamespace(namespace, PodSecurityLevel.RESTRICTED);
    // A pod here could act as any machine.
    add(`ResourceQuota/${namespace}`, resourceQuota(metadata('workspace', namespace), new Map([['pods', '0']])));
    for (const name of Object.keys(props.machines ?? {})) {
      add(`ServiceAccount/${name}`, {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: metadata(name, namespace),
        automountServiceAccountToken: false,
      });
    }
  }
  const registries = registriesOf(workspace);
  for (const guard of guardsOf({ owner, registries, rails: props.guardRails ?? [] })) {
    const name = `${owner}.${guard.name}`;
    const apiVersion = 'admissionregistration.k8s.io/v1';
    add(`ValidatingAdmissionPolicy/${guard.name}`, {
      apiVersion,
      kind: 'ValidatingAdmissionPolicy',
      metadata: metadata(name),
      spec: admission(guard, name, props),
    });
    add(`ValidatingAdmissionPolicyBinding/${guard.name}`, {
      apiVersion,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: metadata(name),
      spec: { policyName: name, validationActions: ['Deny'] },
    });
  }
  const limits = limitsOf(props.limits ?? {});
  for (const namespace of namespacesOf(id, props)) {
    const { name } = namespace;
    addNamespace(name, level, workspace.namespaceLabels);
    const quota = workspace.quotas.get(name);
    if (quota !== undefined && quota.size > 0) {
      add(`ResourceQuota/${name}`, resourceQuota(metadata('workspace', name), quota));
    }
    if (limits.length > 0) {
      add(`LimitRange/${name}`, {
        apiVersion: 'v1',
        kind: 'LimitRange',
        metadata: metadata('workspace', name),
        spec: { limits },
      });
    }
    for (const [secret, spec] of namespace.isSelfService ? [] : externalSecrets(props)) {
      add(`ExternalSecret/${name}/${secret}`, {
        apiVersion: servedVersion(cluster, EXTERNAL_SECRETS) ?? EXTERNAL_SECRETS[0],
        kind: 'ExternalSecret',
        metadata: metadata(secret, name),
        spec,
      });
    }
    if (props.network !== undefined) {
      for (const [policy, spec] of networkPolicies(props.network, owner)) {
        add(`NetworkPolicy/${name}/${policy}`, {
          apiVersion: 'networking.k8s.io/v1',
          kind: 'NetworkPolicy',
          metadata: metadata(policy, name),
          spec,
        });
      }
    }
    for (const [role, subjects] of subjectsByRole(id, props, namespace)) {
      add(`RoleBinding/${name}/${role}`, {
        apiVersion: `${RBAC}/v1`,
        kind: 'RoleBinding',
        metadata: metadata(`workspace-${role}`, name),
        roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: clusterRoleName(owner, role) },
        subjects,
      });
    }
  }
  return entries;
}

/** Name and spec of each. */
export function externalSecrets({ credentials = {} }: WorkspaceProps): [secret: string, spec: object][] {
  return Object.entries(credentials).flatMap(([secret, credential]): [string, object][] => {
    const spec = credential._spec(secret);
    return spec === undefined ? [] : [[secret, spec]];
  });
}

/** The registries that images of a workspace may come from in a cluster; undefined: any. */
export function registriesOf({ props, cluster }: Pick<WorkspaceInCluster, 'props' | 'cluster'>): string[] | undefined {
  return props.imageRegistries === undefined ? undefined : registriesIn(props.imageRegistries, cluster.facts);
}

function admission(guard: Guard, name: string, { controllerNamespaces = [] }: WorkspaceProps): object {
  const { matchConstraints, variables = [], validations, forMembers } = guard;
  return {
    failurePolicy: 'Fail',
    matchConstraints,
    ...(forMembers ? { matchConditions: whoIsNoController(name, ['kube-system', ...controllerNamespaces]) } : {}),
    ...(variables.length === 0 ? {} : { variables }),
    validations,
  };
}

/**
 * Everybody but the components of Kubernetes, controllers, and who may change the policy: they could as well take it away. A list of members instead would leave out whom an admin
 * of the workspace lets in.
 */
function whoIsNoController(policy: string, namespaces: readonly string[]): object[] {
  const user = 'request.userInfo.username';
  const accounts = JSON.stringify(namespaces.map((namespace) => `system:serviceaccount:${namespace}:`));
  const mayChange = `authorizer.group('admissionregistration.k8s.io').resource('validatingadmissionpolicies').name('${policy}').check('patch').allowed()`;
  return [
    {
      name: 'no-component',
      expression: `!${user}.startsWith('system:') || ${user}.startsWith('system:serviceaccount:')`,
    },
    { name: 'no-controller', expression: `!${accounts}.exists(a, ${user}.startsWith(a))` },
    { name: 'held-by-the-policy', expression: `!${mayChange}` },
  ];
}

function resourceQuota(metadata: object, quota: Quota): object {
  return { apiVersion: 'v1', kind: 'ResourceQuota', metadata, spec: { hard: Object.fromEntries(quota) } };
}

function subjectsByRole(
  id: string,
  { users = {}, groups = {}, machines = {} }: WorkspaceProps,
  { isSelfService }: WorkspaceNamespace,
): Map<WorkspaceRole, object[]> {
  const result = new Map<WorkspaceRole, object[]>();
  const add = (role: WorkspaceRole, subject: object) => {
    const bound = roleIn(role, isSelfService);
    if (bound !== undefined) result.set(bound, [...(result.get(bound) ?? []), subject]);
  };
  for (const [name, role] of Object.entries(groups)) add(role, { apiGroup: RBAC, kind: 'Group', name });
  for (const [name, role] of Object.entries(users)) add(role, { apiGroup: RBAC, kind: 'User', name });
  for (const [name, role] of Object.entries(machines)) {
    add(role, { kind: 'ServiceAccount', name, namespace: machineNamespace(id) });
  }
  return result;
}

/** Items of a LimitRange; what is not declared is not written. */
function limitsOf(limits: WorkspaceLimits): object[] {
  const amounts = (cpu: string | undefined, memory: string | undefined) => ({
    ...(cpu === undefined ? {} : { cpu }),
    ...(memory === undefined ? {} : { memory }),
  });
  const container = Object.entries({
    defaultRequest: amounts(limits.defaultCpu, limits.defaultMemory),
    default: amounts(limits.defaultCpuLimit, limits.defaultMemoryLimit),
    min: amounts(limits.minCpu, limits.minMemory),
    max: amounts(limits.maxCpu, limits.maxMemory),
  }).filter(([, amount]) => Object.keys(amount).length > 0);
  return [
    ...(container.length === 0 ? [] : [{ type: 'Container', ...Object.fromEntries(container) }]),
    ...(limits.maxVolume === undefined ? [] : [{ type: 'PersistentVolumeClaim', max: { storage: limits.maxVolume } }]),
  ];
}
