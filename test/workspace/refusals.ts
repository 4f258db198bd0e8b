import type { KubeRequest } from '../../lib/cluster/kube-client.ts';
import { debugContainer, type Identity, podSpec, podTemplate, type TenantPlatform } from './tenant-platform.ts';

/** A write of somebody who has the right to it, and the words with which a guard of the workspace refuses it; without words it goes through. */
export interface GuardedWrite {
  readonly what: string;
  readonly who: Identity;
  readonly request: KubeRequest;
  readonly refused?: string;
}

const IMAGES = 'Images of this workspace come from registry.example.com/mall, docker.io/library, unlike: ';
const TAGS = 'Images of this workspace have a tag other than "latest", or a digest, unlike: ';
const OWN_OBJECT = 'This object belongs to the workspace itself and is changed by the program of the platform.';
const OUR_LABELS = 'Labels and annotations of orrery.dev are set by the program of the platform.';
const OUR_NAMESPACES = 'Namespaces of a workspace are made and deleted by the program of the platform.';
const OWNER_AND_LEVEL = 'Owner and level of pod security of the namespace are set by the program of the platform.';
const DIGEST = `@sha256:${'5e'.repeat(32)}`;

/** Somebody whom another ClusterRole lets change every namespace. */
export const JANITOR: Identity = { user: 'jan@example.com' };
const CONTROLLER: Identity = { user: 'system:serviceaccount:kube-system:endpoint-controller' };
const ADMINISTRATOR: Identity = { user: 'root@example.com', groups: ['system:masters'] };

/** Writes for the guards of the workspace: registries, tags, Services, what belongs to the program. */
export function guardedWrites(tenant: TenantPlatform): GuardedWrite[] {
  const { shop, members, applied, workspace } = tenant;
  const { developer, admin } = members;
  const writes: GuardedWrite[] = [];
  const add = (what: string, who: Identity, request: KubeRequest, refused?: string) =>
    writes.push({ what, who, request, ...(refused === undefined ? {} : { refused }) });
  const core = `/api/v1/namespaces/${shop}`;
  const group = (api: string) => `/apis/${api}/namespaces/${shop}`;
  const create = (path: string, body: object): KubeRequest => ({
    method: 'POST',
    path,
    body: { metadata: { name: 'probe' }, ...body },
  });
  const patch = (path: string, body: object, type = 'merge-patch'): KubeRequest => ({
    method: 'PATCH',
    path,
    body,
    contentType: `application/${type}+json`,
  });

  // Where images come from, wherever they stand.
  const evil = 'evil.example.com/mall/web:1';
  const pod = (image: string) => create(`${core}/pods`, { spec: podSpec(image) });
  for (const image of [
    'registry.example.com/mall/web:1',
    'nginx:1.27',
    'docker.io/library/nginx:1.27',
    `registry.example.com/mall/web${DIGEST}`,
  ])
    add(`a pod of ${image}`, developer, pod(image));
  for (const image of [
    evil,
    'registry.example.com/mallory/web:1',
    'registry.example.com/web:1',
    'mall/web:1',
    'localhost/nginx:1',
    'docker.io/mall/web:1',
  ])
    add(`a pod of ${image}`, developer, pod(image), IMAGES + image);
  for (const image of ['nginx', 'nginx:latest', 'registry.example.com/mall/web:latest'])
    add(`a pod of ${image}`, developer, pod(image), TAGS + image);
  const init = podSpec(undefined, {
    initContainers: (podSpec(evil) as { containers: object[] }).containers.map((one) => ({ ...one, name: 'init' })),
  });
  add('an init container', developer, create(`${core}/pods`, { spec: init }), IMAGES + evil);
  const debug = `${core}/pods/debug/ephemeralcontainers`;
  add('an ephemeral container', developer, patch(debug, debugContainer(evil), 'strategic-merge-patch'), IMAGES + evil);
  add('a good ephemeral container', developer, patch(debug, debugContainer('nginx:1.27'), 'strategic-merge-patch'));
  const template = podTemplate(podSpec(evil));
  for (const resource of ['deployments', 'statefulsets', 'daemonsets'])
    add(
      `one of the ${resource}`,
      developer,
      create(`${group('apps/v1')}/${resource}`, { spec: template }),
      IMAGES + evil,
    );
  add('a replica set', ADMINISTRATOR, create(`${group('apps/v1')}/replicasets`, { spec: template }), IMAGES + evil);
  const once = { template: { spec: podSpec(evil, { restartPolicy: 'Never' }) } };
  add('a job', developer, create(`${group('batch/v1')}/jobs`, { spec: once }), IMAGES + evil);
  const cron = { schedule: '0 0 * * *', jobTemplate: { spec: once } };
  add('a cron job', developer, create(`${group('batch/v1')}/cronjobs`, { spec: cron }), IMAGES + evil);
  add(
    'a pod template',
    ADMINISTRATOR,
    create(`${core}/podtemplates`, { template: { metadata: { labels: { a: 'b' } }, spec: podSpec(evil) } }),
    IMAGES + evil,
  );
  add(
    'an image of a deployment',
    developer,
    patch(
      `${group('apps/v1')}/deployments/web`,
      { spec: { template: { spec: { containers: [{ name: 'web', image: evil }] } } } },
      'strategic-merge-patch',
    ),
    IMAGES + evil,
  );
  add(
    'an image volume',
    developer,
    create(`${core}/pods`, { spec: podSpec(undefined, { volumes: [{ name: 'v', image: { reference: evil } }] }) }),
    IMAGES + evil,
  );

  // Priorities.
  const critical = podSpec(undefined, { priorityClassName: 'system-cluster-critical' });
  const priorities = 'Pods of a workspace have no priority of the system';
  add('a critical pod', developer, create(`${core}/pods`, { spec: critical }), priorities);
  const criticalOnes = create(`${group('apps/v1')}/deployments`, { spec: podTemplate(critical) });
  add('a critical deployment', developer, criticalOnes, priorities);

  // Services.
  const service = (spec: object) => create(`${core}/services`, { spec: { ports: [{ port: 80 }], ...spec } });
  add('a service', developer, service({}));
  add(
    'a load balancer',
    developer,
    service({ type: 'LoadBalancer' }),
    'Services of this workspace are not of type LoadBalancer.',
  );
  add('a node port', developer, service({ type: 'NodePort' }), 'Services of this workspace are not of type NodePort.');
  add(
    'external addresses',
    developer,
    service({ externalIPs: ['203.0.113.7'] }),
    'Services of a workspace have no externalIPs.',
  );

  // What belongs to the program.
  const ours = { 'orrery.dev/platform': applied.id };
  const deployment = `${group('apps/v1')}/deployments/web`;
  add(
    'a label of ours',
    developer,
    create(`${core}/configmaps`, { metadata: { name: 'probe', labels: ours } }),
    OUR_LABELS,
  );
  add(
    'an annotation of ours',
    developer,
    create(`${core}/configmaps`, { metadata: { name: 'probe', annotations: { 'orrery.dev/on-remove': 'keep' } } }),
    OUR_LABELS,
  );
  add(
    'taking our label away',
    developer,
    patch(deployment, { metadata: { labels: { 'orrery.dev/platform': null } } }),
    OUR_LABELS,
  );
  add(
    'another platform in our label',
    developer,
    patch(deployment, { metadata: { labels: { 'orrery.dev/platform': 'mine' } } }),
    OUR_LABELS,
  );
  add('a label of their own', developer, patch(deployment, { metadata: { labels: { team: 'mine' } } }));
  const rbac = group('rbac.authorization.k8s.io/v1');
  const bindings = `${rbac}/rolebindings`;
  add('our role binding, changed', admin, patch(`${bindings}/workspace-developer`, { subjects: [] }), OWN_OBJECT);
  add(
    'our role binding, relabelled',
    admin,
    patch(`${bindings}/workspace-developer`, { metadata: { labels: { 'orrery.dev/workspace': null } } }),
    OWN_OBJECT,
  );
  add('our role binding, deleted', admin, { method: 'DELETE', path: `${bindings}/workspace-developer` }, OWN_OBJECT);
  add('all role bindings, deleted', admin, { method: 'DELETE', path: bindings }, OWN_OBJECT);
  const roleRef = {
    apiGroup: 'rbac.authorization.k8s.io',
    kind: 'ClusterRole',
    name: `${applied.id}.${workspace}.viewer`,
  };
  const grant = (kind: string, name: string) =>
    create(bindings, { roleRef, subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind, name }] });
  const identities =
    'A role of a workspace is given to people, groups and service accounts by name, not to identities of Kubernetes';
  add('a role for a colleague', admin, grant('User', 'zoe@example.com'));
  add('a role for everybody', admin, grant('Group', 'system:authenticated'), identities);
  const namespace = `/api/v1/namespaces/${shop}`;
  const relabel = (labels: object) => patch(namespace, { metadata: { labels } });
  add('a label of a namespace', JANITOR, relabel({ floor: '3' }));
  add(
    'a lower level of pod security',
    JANITOR,
    relabel({ 'pod-security.kubernetes.io/enforce': 'privileged' }),
    OWNER_AND_LEVEL,
  );
  add('no level of pod security', JANITOR, relabel({ 'pod-security.kubernetes.io/enforce': null }), OWNER_AND_LEVEL);
  add('another owner', JANITOR, relabel({ 'orrery.dev/workspace': 'mine' }), OWNER_AND_LEVEL);
  add('no owner', JANITOR, relabel({ 'orrery.dev/workspace': null }), OWNER_AND_LEVEL);
  add('a namespace, deleted', JANITOR, { method: 'DELETE', path: namespace }, OUR_NAMESPACES);
  const foreign = { metadata: { name: `${shop}-x`, labels: { 'orrery.dev/workspace': `${applied.id}.${workspace}` } } };
  add('a namespace of our owner', JANITOR, create('/api/v1/namespaces', foreign), OUR_NAMESPACES);

  // Who is not held by that.
  add(
    'the label that a controller copies',
    CONTROLLER,
    create(`${core}/endpoints`, { metadata: { name: 'probe', labels: ours } }),
  );
  add('a namespace by the administrator', ADMINISTRATOR, relabel({ 'orrery.dev/workspace': 'other' }));
  add('a role binding by the administrator', ADMINISTRATOR, {
    method: 'DELETE',
    path: `${bindings}/workspace-developer`,
  });
  return writes;
}
