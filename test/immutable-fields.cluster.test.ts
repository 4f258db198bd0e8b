import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { KubernetesObject } from '../lib/kubernetes/object.ts';
import { IMMUTABLE_FIELDS } from '../lib/plan/immutable-fields.ts';
import type { PlanItem } from '../lib/plan/plan.ts';
import { AppliedPlatform, clusterPlan, type Program } from './applied-platform.ts';
import { namespace } from './sample-objects.ts';

/** One field of the table: an object, and what its program says later. Each changes as little as the server allows. */
interface Case {
  readonly path: string;
  readonly before: Body;
  readonly after: Body;
}

type Body = Readonly<Record<string, unknown>>;

let ns = '';
let platform: AppliedPlatform;
const base64 = (text: string) => Buffer.from(text).toString('base64');
const pod = (image: string, more: object = {}) => ({ containers: [{ name: 'main', image }], ...more });
const template = (app: string, image = 'example.com/main:1', more: object = {}) => ({
  metadata: { labels: { app } },
  spec: pod(image, more),
});
const selecting = (app: string) => ({ selector: { matchLabels: { app } }, template: template(app) });
const claim = (spec: object) => ({
  spec: {
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: '1Gi' } },
    storageClassName: 'none',
    ...spec,
  },
});
const job = (spec: object, image = 'example.com/main:1') => ({
  spec: {
    suspend: true,
    template: { spec: pod(image, { restartPolicy: 'Never' }) },
    ...spec,
  },
});
const indexed = (spec: object) => job({ completionMode: 'Indexed', completions: 2, parallelism: 1, ...spec });
const failurePolicy = (code: number) => ({
  rules: [{ action: 'FailJob', onExitCodes: { containerName: 'main', operator: 'In', values: [code] } }],
});
const manual = (app: string) =>
  job({
    manualSelector: true,
    selector: { matchLabels: { app: 'one' } },
    template: {
      metadata: { labels: { app: 'one', more: app } },
      spec: pod('example.com/main:1', { restartPolicy: 'Never' }),
    },
  });
const service = (spec: object) => ({ spec: { selector: { app: 'one' }, ports: [{ port: 80 }], ...spec } });
const balanced = (loadBalancerClass: string) =>
  service({ type: 'LoadBalancer', loadBalancerClass, allocateLoadBalancerNodePorts: false });
const set = (spec: object) => ({ spec: { serviceName: 'one', replicas: 0, ...selecting('one'), ...spec } });
const volumes = (storage: string) => ({
  volumeClaimTemplates: [
    { metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } } },
  ],
});
const role = (name: string) => ({
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
  subjects: [],
});
const device = (name: string) => ({
  devices: { requests: [{ name, exactly: { deviceClassName: 'gpu.example.com' } }] },
});
const source = (name: string) => ({ apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name });

const CASES: Readonly<Record<string, readonly Case[]>> = {
  '/ConfigMap': [
    { path: 'data', before: { immutable: true, data: { a: '1' } }, after: { immutable: true, data: { a: '2' } } },
    {
      path: 'binaryData',
      before: { immutable: true, binaryData: { a: base64('1') } },
      after: { immutable: true, binaryData: { a: base64('2') } },
    },
    { path: 'immutable', before: { immutable: true, data: { a: '1' } }, after: { data: { a: '1' } } },
  ],
  '/PersistentVolumeClaim': [
    { path: 'spec.accessModes', before: claim({}), after: claim({ accessModes: ['ReadWriteMany'] }) },
    {
      path: 'spec.dataSource',
      before: claim({ dataSource: source('one') }),
      after: claim({ dataSource: source('two') }),
    },
    {
      path: 'spec.dataSourceRef',
      before: claim({ dataSourceRef: source('one') }),
      after: claim({ dataSourceRef: source('two') }),
    },
    {
      path: 'spec.selector',
      before: claim({ selector: { matchLabels: { a: '1' } } }),
      after: claim({ selector: { matchLabels: { a: '2' } } }),
    },
    { path: 'spec.storageClassName', before: claim({}), after: claim({ storageClassName: 'other' }) },
    { path: 'spec.volumeMode', before: claim({ volumeMode: 'Filesystem' }), after: claim({ volumeMode: 'Block' }) },
    { path: 'spec.volumeName', before: claim({ volumeName: 'one' }), after: claim({ volumeName: 'two' }) },
  ],
  '/Pod': [
    {
      path: 'spec',
      before: { spec: pod('example.com/main:1', { nodeSelector: { no: 'node' } }) },
      after: { spec: pod('example.com/main:1', { nodeSelector: { no: 'other' } }) },
    },
  ],
  '/ResourceQuota': [
    {
      path: 'spec.scopes',
      before: { spec: { hard: { pods: '1000' }, scopes: ['BestEffort'] } },
      after: { spec: { hard: { pods: '1000' }, scopes: ['NotBestEffort'] } },
    },
  ],
  '/Secret': [
    {
      path: 'data',
      before: { immutable: true, data: { a: base64('1') } },
      after: { immutable: true, data: { a: base64('2') } },
    },
    { path: 'immutable', before: { immutable: true }, after: { immutable: false } },
    { path: 'type', before: { type: 'example.com/one' }, after: { type: 'example.com/two' } },
  ],
  '/Service': [
    { path: 'spec.clusterIP', before: service({ clusterIP: 'None' }), after: service({ clusterIP: '10.96.77.11' }) },
    {
      // The server takes the list only together with the single address.
      path: 'spec.clusterIPs',
      before: service({ clusterIP: 'None', clusterIPs: ['None'] }),
      after: service({ clusterIP: '10.96.77.12', clusterIPs: ['10.96.77.12'] }),
    },
    { path: 'spec.loadBalancerClass', before: balanced('example.com/one'), after: balanced('example.com/two') },
  ],
  'apps/ControllerRevision': [
    { path: 'data', before: { revision: 1, data: { a: 1 } }, after: { revision: 1, data: { a: 2 } } },
  ],
  'apps/DaemonSet': [{ path: 'spec.selector', before: { spec: selecting('one') }, after: { spec: selecting('two') } }],
  'apps/Deployment': [
    {
      path: 'spec.selector',
      before: { spec: { replicas: 0, ...selecting('one') } },
      after: { spec: { replicas: 0, ...selecting('two') } },
    },
  ],
  'apps/ReplicaSet': [
    {
      path: 'spec.selector',
      before: { spec: { replicas: 0, ...selecting('one') } },
      after: { spec: { replicas: 0, ...selecting('two') } },
    },
  ],
  'apps/StatefulSet': [
    {
      path: 'spec.podManagementPolicy',
      before: set({ podManagementPolicy: 'Parallel' }),
      after: set({ podManagementPolicy: 'OrderedReady' }),
    },
    { path: 'spec.selector', before: set({}), after: set(selecting('two')) },
    { path: 'spec.serviceName', before: set({}), after: set({ serviceName: 'two' }) },
    { path: 'spec.volumeClaimTemplates', before: set(volumes('1Gi')), after: set(volumes('2Gi')) },
  ],
  'batch/Job': [
    {
      path: 'spec.backoffLimitPerIndex',
      before: indexed({ backoffLimitPerIndex: 1 }),
      after: indexed({ backoffLimitPerIndex: 2 }),
    },
    { path: 'spec.completionMode', before: indexed({}), after: indexed({ completionMode: 'NonIndexed' }) },
    { path: 'spec.completions', before: job({ completions: 1 }), after: job({ completions: 2 }) },
    {
      path: 'spec.managedBy',
      before: job({ managedBy: 'example.com/one' }),
      after: job({ managedBy: 'example.com/two' }),
    },
    {
      path: 'spec.podFailurePolicy',
      before: job({ podFailurePolicy: failurePolicy(1) }),
      after: job({ podFailurePolicy: failurePolicy(2) }),
    },
    {
      path: 'spec.selector',
      before: manual('x'),
      after: { spec: { ...manual('x').spec, selector: { matchLabels: { more: 'x' } } } },
    },
    {
      path: 'spec.successPolicy',
      before: indexed({ successPolicy: { rules: [{ succeededCount: 1 }] } }),
      after: indexed({ successPolicy: { rules: [{ succeededCount: 2 }] } }),
    },
    { path: 'spec.template', before: job({}), after: job({}, 'example.com/main:2') },
  ],
  'discovery.k8s.io/EndpointSlice': [
    {
      path: 'addressType',
      before: { addressType: 'IPv4', endpoints: [] },
      after: { addressType: 'IPv6', endpoints: [] },
    },
  ],
  'networking.k8s.io/IngressClass': [
    {
      path: 'spec.controller',
      before: { spec: { controller: 'example.com/one' } },
      after: { spec: { controller: 'example.com/two' } },
    },
  ],
  'networking.k8s.io/ServiceCIDR': [
    {
      path: 'spec.cidrs',
      before: { spec: { cidrs: ['10.213.0.0/24'] } },
      after: { spec: { cidrs: ['10.214.0.0/24'] } },
    },
  ],
  'node.k8s.io/RuntimeClass': [{ path: 'handler', before: { handler: 'one' }, after: { handler: 'two' } }],
  'rbac.authorization.k8s.io/ClusterRoleBinding': [{ path: 'roleRef', before: role('view'), after: role('edit') }],
  'rbac.authorization.k8s.io/RoleBinding': [{ path: 'roleRef', before: role('view'), after: role('edit') }],
  'resource.k8s.io/ResourceClaim': [{ path: 'spec', before: { spec: device('one') }, after: { spec: device('two') } }],
  'resource.k8s.io/ResourceClaimTemplate': [
    { path: 'spec', before: { spec: { spec: device('one') } }, after: { spec: { spec: device('two') } } },
  ],
  'scheduling.k8s.io/PriorityClass': [
    {
      path: 'preemptionPolicy',
      before: { value: 1, preemptionPolicy: 'Never' },
      after: { value: 1, preemptionPolicy: 'PreemptLowerPriority' },
    },
    { path: 'value', before: { value: 1 }, after: { value: 2 } },
  ],
  'storage.k8s.io/CSIDriver': [
    {
      path: 'spec.attachRequired',
      before: { spec: { attachRequired: true } },
      after: { spec: { attachRequired: false } },
    },
    {
      path: 'spec.volumeLifecycleModes',
      before: { spec: { volumeLifecycleModes: ['Persistent'] } },
      after: { spec: { volumeLifecycleModes: ['Persistent', 'Ephemeral'] } },
    },
  ],
  'storage.k8s.io/StorageClass': [
    {
      path: 'parameters',
      before: { provisioner: 'p', parameters: { a: '1' } },
      after: { provisioner: 'p', parameters: { a: '2' } },
    },
    { path: 'provisioner', before: { provisioner: 'p' }, after: { provisioner: 'q' } },
    {
      path: 'reclaimPolicy',
      before: { provisioner: 'p', reclaimPolicy: 'Delete' },
      after: { provisioner: 'p', reclaimPolicy: 'Retain' },
    },
    {
      path: 'volumeBindingMode',
      before: { provisioner: 'p', volumeBindingMode: 'Immediate' },
      after: { provisioner: 'p', volumeBindingMode: 'WaitForFirstConsumer' },
    },
  ],
  'storage.k8s.io/VolumeAttributesClass': [
    {
      path: 'driverName',
      before: { driverName: 'one', parameters: { a: '1' } },
      after: { driverName: 'two', parameters: { a: '1' } },
    },
    {
      path: 'parameters',
      before: { driverName: 'one', parameters: { a: '1' } },
      after: { driverName: 'one', parameters: { a: '2' } },
    },
  ],
};

const VERSIONS: Readonly<Record<string, string>> = { '': 'v1' };
const CLUSTER_SCOPED = new Set([
  'IngressClass',
  'ServiceCIDR',
  'RuntimeClass',
  'ClusterRoleBinding',
  'PriorityClass',
  'CSIDriver',
  'StorageClass',
  'VolumeAttributesClass',
]);

const all = Object.entries(CASES).flatMap(([key, cases]) => cases.map((one, at) => ({ key, at, ...one })));
type Flat = (typeof all)[number];

function objectOf({ key, at }: Flat, body: Body): KubernetesObject {
  const [group = '', kind = ''] = key.split('/');
  const apiVersion = group === '' ? (VERSIONS[group] ?? 'v1') : `${group}/v1`;
  const name = `${platform.id}-${kind.toLowerCase()}-${at}`;
  const metadata = CLUSTER_SCOPED.has(kind) ? { name } : { name, namespace: ns };
  return { apiVersion, kind, metadata, ...body };
}

/** While a range of addresses comes or goes, the server refuses addresses of the others for a moment: it lives where no Service names its address. */
function programOf(body: (one: Flat) => Body): Program {
  const of = (isRange: boolean) =>
    all.filter(({ key }) => key.endsWith('/ServiceCIDR') === isRange).map((one) => objectOf(one, body(one)));
  return { alpha: [namespace(ns), ...of(false)], beta: of(true) };
}

const CLUSTERS = ['alpha', 'beta'];

describe.skipIf(inject('rig') === 'missing')('fields that the API server never changes', () => {
  const planned = new Map<string, PlanItem>();
  const keyOf = (id: { kind: string; name: string }) => `${id.kind}/${id.name}`;

  beforeAll(async () => {
    platform = new AppliedPlatform('fixed');
    ns = platform.namespace();
    const applied = await platform.apply(
      programOf((one) => one.before),
      { wait: false },
    );
    expect(applied.outcome.clusters.flatMap((cluster) => cluster.failures)).toEqual([]);
    const targets = await Promise.all(CLUSTERS.map((cluster) => platform.open(cluster)));
    const made = await platform.plan(
      programOf((one) => one.after),
      targets,
    );
    for (const cluster of CLUSTERS)
      for (const item of clusterPlan(made, cluster).items) planned.set(keyOf(item.id), item);
  });
  afterAll(async () => {
    await platform.destroy(CLUSTERS);
    await platform.cleanUp(CLUSTERS);
  });

  it('the table names no field that is not tried here, and no field is tried that it does not name', () => {
    const tried = Object.fromEntries(
      Object.entries(CASES).map(([key, cases]) => [key, cases.map(({ path }) => path).sort()]),
    );
    const named = Object.fromEntries(Object.entries(IMMUTABLE_FIELDS).map(([key, paths]) => [key, [...paths].sort()]));
    expect(tried).toEqual(named);
  });

  it.each(all.map((one) => [`${one.key} ${one.path}`, one] as const))(
    '%s: the server refuses the change, and the plan asks for a replacement',
    (_, one) => {
      const { kind, metadata } = objectOf(one, {});
      const item = planned.get(keyOf({ kind, name: metadata.name ?? '' }));
      expect(item, item?.problem?.what).toMatchObject({ action: 'blocked', problem: { code: 'ORR4004' } });
      expect(item?.changes.map((change) => change.path)).toContain(
        one.path === 'data' && kind === 'Secret' ? 'data.a' : one.path,
      );
    },
  );
});
