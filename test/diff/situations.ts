import type { KubernetesObject } from '../../lib/kubernetes/object.ts';
import { configMap, definition, deployment } from '../sample-objects.ts';
import type { Loose, ObjectEditor } from './object-editor.ts';

/** Where the objects are. */
export interface Place {
  readonly ns: string;
  /** API group of the custom resource "Widget". */
  readonly group: string;
}

/**
 * Every row of the table in facts "server-side apply", section 1: what somebody did to an object of ours, whether F and P see it, and what the server's
 * own dry run says.
 */
export interface Situation {
  readonly name: string;
  readonly object: (name: string, place: Place) => KubernetesObject;
  readonly happens: (hands: ObjectEditor) => Promise<unknown>;
  readonly fields: 'same' | 'moves';
  readonly projection: 'same' | 'moves';
  /** same: applying again changes no value; changes: it does; conflict: it would, against another manager; refused: the result would be invalid. */
  readonly dryRun: 'same' | 'changes' | 'conflict' | 'refused';
  readonly verdict: 'unchanged' | 'ownership-only' | 'update' | 'blocked' | 'being-deleted';
}

const pod = (container: object, more: object = {}) => ({
  containers: [{ name: 'main', image: 'example.com/main:1', ...container }],
  ...more,
});
const workload =
  (container: object, more: object = {}) =>
  (name: string, { ns }: Place) =>
    deployment(ns, name, pod(container, more), 0);
const service =
  (ports: object[]) =>
  (name: string, { ns }: Place): KubernetesObject => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: ns },
    spec: { selector: { app: name }, ports },
  });
const config =
  (metadata: object = {}, data: Record<string, string> = { a: '1', b: '2' }) =>
  (name: string, { ns }: Place): KubernetesObject => {
    const object = configMap(ns, name, data);
    return { ...object, metadata: { ...object.metadata, ...metadata } };
  };
const widget =
  (spec: object) =>
  (name: string, { ns, group }: Place): KubernetesObject => ({
    apiVersion: `${group}/v1`,
    kind: 'Widget',
    metadata: { name, namespace: ns },
    spec,
  });
const autoscaler = (name: string, { ns }: Place): KubernetesObject => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name, namespace: ns },
  spec: {
    maxReplicas: 3,
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'nobody' },
    metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } }],
  },
});
const ENV = [
  { name: 'A', value: '1' },
  { name: 'B', value: '2' },
];
const CONTAINER = '/spec/template/spec/containers/0';
const containerOf = (object: Loose) => object.spec.template.spec.containers[0];

const OTHERS_CHANGE_OUR_VALUES: (Pick<Situation, 'name' | 'object' | 'happens'> & Partial<Situation>)[] = [
  {
    name: 'another manager force-applies another value',
    object: config(),
    happens: (hands) => hands.applyAs('other', { data: { a: 'x' } }, true),
  },
  {
    name: 'another manager updates another value',
    object: config(),
    happens: (hands) => hands.merge({ data: { a: 'x' } }),
  },
  {
    name: 'the scale subresource is written',
    object: workload({}),
    happens: (hands) => hands.merge({ spec: { replicas: 5 } }, 'kubectl', 'scale'),
  },
  {
    name: 'it is written through another API version',
    object: autoscaler,
    happens: (hands) =>
      hands.as('autoscaling', 'v1', 'horizontalpodautoscalers').merge({ spec: { targetCPUUtilizationPercentage: 55 } }),
  },
  {
    name: 'an item of an atomic list is edited',
    object: workload({ args: ['a', 'b'] }),
    happens: (hands) => hands.json([{ op: 'replace', path: `${CONTAINER}/args/1`, value: 'x' }]),
  },
  {
    name: 'a key is added to an atomic map',
    object: workload({}, { nodeSelector: { disk: 'ssd' } }),
    happens: (hands) => hands.json([{ op: 'add', path: '/spec/template/spec/nodeSelector/zone', value: 'a' }]),
  },
  {
    name: 'a duplicate env of another value is appended',
    object: workload({ env: ENV }),
    happens: (hands) => hands.edit((live) => containerOf(live).env.push({ name: 'A', value: 'x' })),
  },
  {
    name: 'a duplicate env of another value is put in front',
    object: workload({ env: ENV }),
    happens: (hands) => hands.edit((live) => containerOf(live).env.unshift({ name: 'A', value: 'x' })),
  },
  {
    name: 'an identical duplicate env is appended',
    object: workload({ env: ENV }),
    happens: (hands) => hands.edit((live) => containerOf(live).env.push({ name: 'A', value: '1' })),
  },
  {
    name: 'a quantity is raised from 1 to 1100m',
    object: workload({ resources: { requests: { cpu: '1' } } }),
    happens: (hands) => hands.json([{ op: 'replace', path: `${CONTAINER}/resources/requests/cpu`, value: '1100m' }]),
  },
  {
    name: 'a number becomes a name in an int-or-string field',
    object: service([{ port: 80, targetPort: 80 }]),
    happens: (hands) => hands.json([{ op: 'replace', path: '/spec/ports/0/targetPort', value: 'http' }]),
  },
  {
    name: 'the key of a list item is flipped from TCP to UDP',
    object: service([{ port: 80, protocol: 'TCP' }]),
    happens: (hands) => hands.json([{ op: 'replace', path: '/spec/ports/0/protocol', value: 'UDP' }]),
    // Ours would come back beside the flipped one, and two ports need names.
    dryRun: 'refused',
  },
  {
    name: 'our whole container is replaced by another one',
    object: workload({}),
    happens: (hands) =>
      hands.edit((live) => {
        live.spec.template.spec.containers = [{ name: 'stranger', image: 'example.com/other:1' }];
      }),
    dryRun: 'changes',
    verdict: 'update',
  },
];

export const SITUATIONS: readonly Situation[] = [
  {
    name: 'nothing happens to a Deployment',
    object: workload({ env: ENV, ports: [{ containerPort: 80 }] }),
    happens: async () => undefined,
    fields: 'same',
    projection: 'same',
    dryRun: 'same',
    verdict: 'unchanged',
  },
  ...OTHERS_CHANGE_OUR_VALUES.map(
    (one): Situation => ({ fields: 'moves', projection: 'moves', dryRun: 'conflict', verdict: 'blocked', ...one }),
  ),
  {
    name: 'an empty list of ours is filled',
    object: workload({ args: [] }),
    happens: (hands) => hands.json([{ op: 'add', path: `${CONTAINER}/args`, value: ['x'] }]),
    fields: 'moves',
    projection: 'same',
    dryRun: 'conflict',
    verdict: 'blocked',
  },
  {
    name: 'an empty env value of ours is set',
    object: workload({ env: [{ name: 'A', value: '' }] }),
    happens: (hands) => hands.json([{ op: 'replace', path: `${CONTAINER}/env/0`, value: { name: 'A', value: 'x' } }]),
    fields: 'moves',
    projection: 'same',
    dryRun: 'conflict',
    verdict: 'blocked',
  },
  {
    name: 'env is put in another order',
    object: workload({ env: ENV }),
    happens: (hands) => hands.edit((live) => containerOf(live).env.reverse()),
    fields: 'same',
    projection: 'moves',
    dryRun: 'changes',
    verdict: 'update',
  },
  {
    name: 'init containers are put in another order',
    object: workload({}, { initContainers: ['one', 'two'].map((name) => ({ name, image: 'example.com/init:1' })) }),
    happens: (hands) => hands.edit((live) => live.spec.template.spec.initContainers.reverse()),
    fields: 'same',
    projection: 'moves',
    dryRun: 'changes',
    verdict: 'update',
  },
  {
    name: 'finalizers are put in another order',
    object: config({ finalizers: ['example.com/a', 'example.com/b'] }),
    happens: (hands) =>
      hands.json([{ op: 'replace', path: '/metadata/finalizers', value: ['example.com/b', 'example.com/a'] }]),
    fields: 'same',
    projection: 'moves',
    dryRun: 'changes',
    verdict: 'update',
  },
  {
    name: 'a set is put in another order, with a stranger in it',
    object: widget({ tags: ['a', 'b'] }),
    happens: (hands) => hands.merge({ spec: { tags: ['b', 'x', 'a'] } }),
    fields: 'same',
    projection: 'moves',
    dryRun: 'changes',
    verdict: 'update',
  },
  {
    name: 'another apply co-owns env in reversed order',
    object: workload({ env: ENV }),
    happens: (hands) => hands.edit((live) => containerOf(live).env.reverse(), 'other'),
    fields: 'same',
    projection: 'moves',
    dryRun: 'changes',
    verdict: 'update',
  },
  {
    name: 'a value is changed and our old managedFields are written back',
    object: config(),
    happens: async (hands) => {
      const { managedFields } = (await hands.live()).metadata;
      await hands.merge({ data: { a: 'x' } });
      await hands.edit((live) => {
        live.metadata.managedFields = managedFields;
      });
    },
    fields: 'same',
    projection: 'moves',
    dryRun: 'changes',
    verdict: 'update',
  },
  {
    name: 'a container is added',
    object: workload({}),
    happens: (hands) =>
      hands.edit((live) => live.spec.template.spec.containers.push({ name: 'stranger', image: 'example.com/other:1' })),
    fields: 'same',
    projection: 'same',
    dryRun: 'same',
    verdict: 'unchanged',
  },
  {
    name: 'env is added between ours',
    object: workload({ env: ENV }),
    happens: (hands) => hands.edit((live) => containerOf(live).env.splice(1, 0, { name: 'X', value: 'x' })),
    fields: 'same',
    projection: 'same',
    dryRun: 'same',
    verdict: 'unchanged',
  },
  {
    name: 'a quantity is spelled 1000m instead of 1',
    object: workload({ resources: { requests: { cpu: '1' } } }),
    happens: (hands) => hands.json([{ op: 'replace', path: `${CONTAINER}/resources/requests/cpu`, value: '1000m' }]),
    fields: 'same',
    projection: 'same',
    dryRun: 'same',
    verdict: 'unchanged',
  },
  {
    name: 'our own manager applies the status subresource',
    object: workload({}),
    happens: (hands) => hands.applyAs('ours', { status: { observedGeneration: 7 } }, true, 'status'),
    fields: 'same',
    projection: 'same',
    dryRun: 'same',
    verdict: 'unchanged',
  },
  {
    name: 'a key is added to a map that keeps unknown fields',
    object: widget({ free: { a: 1, list: [1, 2] } }),
    happens: (hands) => hands.merge({ spec: { free: { b: 2 } } }),
    fields: 'same',
    projection: 'same',
    dryRun: 'same',
    verdict: 'unchanged',
  },
  {
    name: 'the server filled in the protocol of a Service port',
    object: service([{ port: 80 }]),
    happens: async () => undefined,
    fields: 'same',
    projection: 'same',
    dryRun: 'same',
    verdict: 'unchanged',
  },
  {
    name: 'a port of another protocol is added',
    object: service([{ name: 'web', port: 80 }]),
    happens: (hands) => hands.edit((live) => live.spec.ports.push({ name: 'dns', port: 80, protocol: 'UDP' })),
    fields: 'same',
    projection: 'same',
    dryRun: 'same',
    verdict: 'unchanged',
  },
  {
    name: 'somebody sets the medium of our emptyDir: {}',
    object: workload({}, { volumes: [{ name: 'scratch', emptyDir: {} }] }),
    happens: (hands) =>
      hands.json([{ op: 'replace', path: '/spec/template/spec/volumes/0/emptyDir', value: { medium: 'Memory' } }]),
    fields: 'same',
    projection: 'moves',
    dryRun: 'same',
    verdict: 'unchanged',
  },
  {
    name: 'a value is changed and changed back',
    object: config(),
    happens: async (hands) => {
      await hands.merge({ data: { a: 'x' } });
      await hands.merge({ data: { a: '1' } });
    },
    fields: 'moves',
    projection: 'moves',
    dryRun: 'same',
    verdict: 'ownership-only',
  },
  {
    name: 'managedFields are cleared',
    object: config(),
    happens: (hands) => hands.json([{ op: 'replace', path: '/metadata/managedFields', value: [{}] }]),
    fields: 'moves',
    projection: 'moves',
    dryRun: 'same',
    verdict: 'ownership-only',
  },
  {
    name: 'a label is added to our empty annotations',
    object: config({ annotations: {} }),
    happens: (hands) => hands.merge({ metadata: { annotations: { note: 'x' } } }),
    fields: 'moves',
    projection: 'same',
    dryRun: 'same',
    verdict: 'ownership-only',
  },
  {
    name: 'it is being deleted and a finalizer holds it',
    object: config({ finalizers: ['example.com/a'] }),
    happens: (hands) => hands.remove(),
    fields: 'same',
    projection: 'same',
    dryRun: 'same',
    verdict: 'being-deleted',
  },
];

/** The definition of "Widget". */
export const widgetDefinition = (group: string): KubernetesObject =>
  definition(group, 'Widget', {
    free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    tags: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
    parts: {
      type: 'array',
      items: {
        type: 'object',
        properties: { name: { type: 'string' }, color: { type: 'string', default: 'red' } },
      },
    },
  });
