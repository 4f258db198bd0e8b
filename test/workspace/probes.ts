import type { KubeClient, KubeRequest } from '../../lib/cluster/kube-client.ts';
import { debugContainer, dryRun, podSpec, podTemplate, type TenantPlatform } from './tenant-platform.ts';

/** Something that somebody tries, and who may: "V D O A S M X" as the initials of TenantPlatform.members, "" for nobody. */
export interface Probe {
  readonly what: string;
  readonly who: string;
  /** @returns whether it was allowed */
  readonly attempt: (client: KubeClient) => Promise<boolean>;
}

const EVERY_MEMBER = 'V D O A S M';
const MAKERS = 'D A M';
const RUNNERS = 'D O A M';
const RBAC = 'rbac.authorization.k8s.io';

/** What can be tried in the namespaces of a workspace and beyond them. */
export function probesOf(tenant: TenantPlatform): Probe[] {
  const { shop, lab, machines, workspace, applied } = tenant;
  const owner = `${applied.id}.${workspace}`;
  const probes: Probe[] = [];
  const send = (what: string, who: string, request: KubeRequest) =>
    probes.push({
      what,
      who,
      attempt: async (client) => {
        const { status, body } = await (request.method === 'GET' ? client.request(request) : dryRun(client, request));
        if (status === 403) return false;
        if (status >= 200 && status < 300) return true;
        throw new Error(`${what}: ${status} ${JSON.stringify(body)}`);
      },
    });
  const get = (what: string, who: string, path: string) => send(what, who, { method: 'GET', path });
  const create = (what: string, who: string, path: string, body: object) =>
    send(what, who, { method: 'POST', path, body });
  const patch = (what: string, who: string, path: string, body: object, type = 'merge-patch') =>
    send(what, who, { method: 'PATCH', path, body, contentType: `application/${type}+json` });
  const remove = (what: string, who: string, path: string) => send(what, who, { method: 'DELETE', path });
  /** For what needs a kubelet, which simulated nodes have not: the server's answer about the request. */
  const ask = (what: string, who: string, attributes: object) =>
    probes.push({
      what,
      who,
      attempt: async (client) => {
        const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
        const body = { spec: { resourceAttributes: attributes } };
        const answer = await client.request({ method: 'POST', path, body });
        return (answer.body as { status: { allowed: boolean } }).status.allowed;
      },
    });
  const named = (name: string) => ({ metadata: { name } });
  const core = (namespace: string) => `/api/v1/namespaces/${namespace}`;
  const group = (api: string, namespace: string) => `/apis/${api}/namespaces/${namespace}`;
  const apps = group('apps/v1', shop);
  const pod = { ...named('probe'), spec: podSpec() };

  // Reading.
  for (const resource of [
    'pods',
    'configmaps',
    'services',
    'events',
    'resourcequotas',
    'limitranges',
    'serviceaccounts',
  ])
    get(`list ${resource}`, EVERY_MEMBER, `${core(shop)}/${resource}`);
  get('list deployments', EVERY_MEMBER, `${apps}/deployments`);
  get('read the scale of a deployment', EVERY_MEMBER, `${apps}/deployments/web/scale`);
  get('list jobs', EVERY_MEMBER, `${group('batch/v1', shop)}/jobs`);
  get('list ingresses', EVERY_MEMBER, `${group('networking.k8s.io/v1', shop)}/ingresses`);
  get('list network policies', EVERY_MEMBER, `${group('networking.k8s.io/v1', shop)}/networkpolicies`);
  ask('read logs', EVERY_MEMBER, { verb: 'get', resource: 'pods', subresource: 'log', namespace: shop });
  get('list secrets', 'A', `${core(shop)}/secrets`);
  get('read a secret', 'A', `${core(shop)}/secrets/login`);
  get('list roles', 'A', `${group(`${RBAC}/v1`, shop)}/roles`);

  // Running what is there.
  for (const subresource of ['exec', 'attach', 'portforward'])
    ask(`${subresource} into pods`, RUNNERS, { verb: 'create', resource: 'pods', subresource, namespace: shop });
  patch('scale a deployment', RUNNERS, `${apps}/deployments/web/scale`, { spec: { replicas: 2 } });
  remove('delete a pod', RUNNERS, `${core(shop)}/pods/debug`);
  create('evict a pod', RUNNERS, `${core(shop)}/pods/debug/eviction`, {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    ...named('debug'),
    deleteOptions: { dryRun: ['All'] },
  });

  // Making and changing.
  create('create a pod', MAKERS, `${core(shop)}/pods`, pod);
  patch(
    'debug a pod',
    MAKERS,
    `${core(shop)}/pods/debug/ephemeralcontainers`,
    debugContainer('registry.example.com/mall/tools:1'),
    'strategic-merge-patch',
  );
  create('create a config map', MAKERS, `${core(shop)}/configmaps`, named('probe'));
  remove('delete a config map', MAKERS, `${core(shop)}/configmaps/free`);
  create('create a service', MAKERS, `${core(shop)}/services`, { ...named('probe'), spec: { ports: [{ port: 80 }] } });
  create('create a service account', MAKERS, `${core(shop)}/serviceaccounts`, named('probe'));
  create('claim a volume', MAKERS, `${core(shop)}/persistentvolumeclaims`, {
    ...named('probe'),
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  });
  create('create a deployment', MAKERS, `${apps}/deployments`, { ...named('probe'), spec: podTemplate() });
  patch(
    'change an image',
    MAKERS,
    `${apps}/deployments/web`,
    {
      spec: { template: { spec: { containers: [{ name: 'web', image: 'registry.example.com/mall/web:2' }] } } },
    },
    'strategic-merge-patch',
  );
  create('create a stateful set', MAKERS, `${apps}/statefulsets`, { ...named('probe'), spec: podTemplate() });
  create('create a job', MAKERS, `${group('batch/v1', shop)}/jobs`, {
    ...named('probe'),
    spec: { template: { spec: podSpec(undefined, { restartPolicy: 'Never' }) } },
  });
  create('create an autoscaler', MAKERS, `${group('autoscaling/v2', shop)}/horizontalpodautoscalers`, {
    ...named('probe'),
    spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, maxReplicas: 2 },
  });
  create('create a disruption budget', MAKERS, `${group('policy/v1', shop)}/poddisruptionbudgets`, {
    ...named('probe'),
    spec: { maxUnavailable: 1, selector: { matchLabels: { a: 'b' } } },
  });
  create('create an ingress', MAKERS, `${group('networking.k8s.io/v1', shop)}/ingresses`, {
    ...named('probe'),
    spec: { defaultBackend: { service: { name: 'web', port: { number: 80 } } } },
  });
  create('create a secret', 'A', `${core(shop)}/secrets`, named('probe'));
  remove('delete a secret', 'A', `${core(shop)}/secrets/login`);

  // Changing the bounds of the workspace.
  patch('raise the quota', '', `${core(shop)}/resourcequotas/workspace`, { spec: { hard: { pods: '9999' } } });
  remove('delete the quota', '', `${core(shop)}/resourcequotas/workspace`);
  remove('delete the limits', '', `${core(shop)}/limitranges/workspace`);
  create('open the network', '', `${group('networking.k8s.io/v1', shop)}/networkpolicies`, {
    ...named('probe'),
    spec: { podSelector: {}, ingress: [{}] },
  });
  const level = { metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } } };
  patch('lower the pod security level', '', core(shop), level);
  patch('change the owner of a namespace', '', core(shop), {
    metadata: { labels: { 'orrery.dev/workspace': 'mine' } },
  });
  remove('delete a namespace', '', core(shop));
  create('create a namespace', '', '/api/v1/namespaces', named(`${shop}-probe`));

  // Reaching for more rights.
  const rbac = group(`${RBAC}/v1`, shop);
  const subjects = [{ kind: 'User', apiGroup: RBAC, name: 'zoe@example.com' }];
  const binding = (name: string) => ({
    ...named('probe'),
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name },
    subjects,
  });
  const role = (verbs: readonly string[], resources: readonly string[], apiGroups: readonly string[] = ['']) => ({
    ...named('probe'),
    rules: [{ verbs, resources, apiGroups }],
  });
  create('grant a role of the workspace', 'A', `${rbac}/rolebindings`, binding(`${owner}.developer`));
  create('make a role of what one may', 'A', `${rbac}/roles`, role(['get'], ['pods', 'secrets']));
  create('grant cluster-admin', '', `${rbac}/rolebindings`, binding('cluster-admin'));
  create('grant the built-in admin', '', `${rbac}/rolebindings`, binding('admin'));
  create('make a role of everything', '', `${rbac}/roles`, role(['*'], ['*'], ['*']));
  create('make a role that binds', '', `${rbac}/roles`, role(['bind'], ['clusterroles'], [RBAC]));
  create('make a role that escalates', '', `${rbac}/roles`, role(['escalate'], ['roles'], [RBAC]));
  create('make a role that impersonates', '', `${rbac}/roles`, role(['impersonate'], ['serviceaccounts']));
  create('make a role over quotas', '', `${rbac}/roles`, role(['update'], ['resourcequotas']));
  create('grant something everywhere', '', `/apis/${RBAC}/v1/clusterrolebindings`, binding(`${owner}.viewer`));
  patch('widen a role of the workspace', '', `/apis/${RBAC}/v1/clusterroles/${owner}.developer`, {
    rules: [{ verbs: ['*'], resources: ['*'], apiGroups: ['*'] }],
  });
  for (const resource of ['users', 'groups', 'serviceaccounts'])
    ask(`impersonate ${resource}`, '', { verb: 'impersonate', resource, namespace: shop });
  create('make a token of a service account', '', `${core(shop)}/serviceaccounts/default/token`, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { audiences: [] },
  });
  create('run a pod beside the machines', '', `${core(machines)}/pods`, {
    ...named('probe'),
    spec: podSpec(undefined, { serviceAccountName: 'deployer' }),
  });
  create('make a token of a machine', '', `${core(machines)}/serviceaccounts/deployer/token`, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { audiences: [] },
  });
  get('list the machines', '', `${core(machines)}/serviceaccounts`);

  // Beyond the workspace.
  get('read the inventory', '', `${core(applied.inventoryNamespace)}/secrets`);
  create('write into the inventory', '', `${core(applied.inventoryNamespace)}/secrets`, named('probe'));
  create('run a pod beside the inventory', '', `${core(applied.inventoryNamespace)}/pods`, pod);
  get('read secrets of the system', '', `${core('kube-system')}/secrets`);
  get('list pods of all namespaces', '', '/api/v1/pods');
  get('list nodes', '', '/api/v1/nodes');
  get('list namespaces', '', '/api/v1/namespaces');
  get('list volumes', '', '/api/v1/persistentvolumes');
  create('add an admission policy', '', '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies', {
    ...named('probe'),
    spec: { validations: [{ expression: 'true' }] },
  });

  // The namespace for self-service.
  get('list pods in self-service', 'A S', `${core(lab)}/pods`);
  create('create a pod in self-service', 'A S', `${core(lab)}/pods`, pod);
  get('list secrets in self-service', 'A S', `${core(lab)}/secrets`);
  const invite = binding(`${owner}.developer`);
  create('invite somebody into self-service', 'A S', `${group(`${RBAC}/v1`, lab)}/rolebindings`, invite);
  create(
    'grant more than one has in self-service',
    '',
    `${group(`${RBAC}/v1`, lab)}/rolebindings`,
    binding('cluster-admin'),
  );
  patch('raise the quota of self-service', '', `${core(lab)}/resourcequotas/workspace`, {
    spec: { hard: { pods: '9999' } },
  });
  return probes;
}
