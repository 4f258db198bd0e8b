import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { ResourceType } from '../lib/cluster/discovery.ts';
import type { KubeResponse } from '../lib/cluster/kube-client.ts';
import { resourcePath } from '../lib/cluster/resource-path.ts';
import type { KubeTarget } from '../lib/cluster/target.ts';
import { applyRequest } from '../lib/diff/apply-request.ts';
import { applyEntryOf, FieldSetCache, ownedFields } from '../lib/diff/field-set.ts';
import { appliedObject, fieldManagerOf } from '../lib/diff/ownership.ts';
import { desiredDigest, doubtAbout } from '../lib/diff/proof.ts';
import { readServerStateKeys } from '../lib/diff/server-state-key.ts';
import type { Inventory } from '../lib/inventory/inventory.ts';
import { canonicalJson } from '../lib/kubernetes/canonical.ts';
import { idKey, idOf, type KubernetesObject } from '../lib/kubernetes/object.ts';
import { apiStatus, isFieldConflict } from '../lib/kubernetes/status.ts';
import type { ClusterPlan } from '../lib/plan/plan.ts';
import { AppliedPlatform, clusterPlan } from './applied-platform.ts';
import { configMap, definition, deployment, namespace } from './sample-objects.ts';

/**
 * Every row of the table in facts "server-side apply", section 1: what somebody did to an object of ours, whether F and P see it, and what the server's
 * own dry run says. All objects are applied together, changed each in its way, and judged by the lib and by the server independently.
 */
interface Situation {
  readonly name: string;
  readonly object: (name: string) => KubernetesObject;
  readonly happens: (hands: Hands) => Promise<unknown>;
  readonly fields: 'same' | 'moves';
  readonly projection: 'same' | 'moves';
  /** same: applying again changes no value; changes: it does; conflict: it would, against another manager; refused: the result would be invalid. */
  readonly dryRun: 'same' | 'changes' | 'conflict' | 'refused';
  readonly verdict: 'unchanged' | 'ownership-only' | 'update' | 'blocked' | 'being-deleted';
}

let ns = '';
let group = '';

const pod = (container: object, more: object = {}) => ({
  containers: [{ name: 'main', image: 'example.com/main:1', ...container }],
  ...more,
});
const workload =
  (container: object, more: object = {}) =>
  (name: string) =>
    deployment(ns, name, pod(container, more), 0);
const service =
  (ports: object[]) =>
  (name: string): KubernetesObject => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: ns },
    spec: { selector: { app: name }, ports },
  });
const config =
  (metadata: object = {}, data: Record<string, string> = { a: '1', b: '2' }) =>
  (name: string): KubernetesObject => {
    const object = configMap(ns, name, data);
    return { ...object, metadata: { ...object.metadata, ...metadata } };
  };
const widget =
  (spec: object) =>
  (name: string): KubernetesObject => ({
    apiVersion: `${group}/v1`,
    kind: 'Widget',
    metadata: { name, namespace: ns },
    spec,
  });
const autoscaler = (name: string): KubernetesObject => ({
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
// biome-ignore lint/suspicious/noExplicitAny: tests reach into objects of every kind
type Loose = any;
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

const SITUATIONS: Situation[] = [
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

/** Somebody else who works on one object. */
class Hands {
  readonly #target: KubeTarget;
  readonly #object: KubernetesObject;
  readonly #resource: ResourceType;
  readonly #manager: string;

  constructor(target: KubeTarget, object: KubernetesObject, resource: ResourceType, manager: string) {
    this.#target = target;
    this.#object = object;
    this.#resource = resource;
    this.#manager = manager;
  }

  as(group: string, version: string, plural: string): Hands {
    return new Hands(this.#target, this.#object, { ...this.#resource, group, version, plural }, this.#manager);
  }

  async live(): Promise<KubernetesObject> {
    return (await this.#send('GET')) as KubernetesObject;
  }

  merge(body: object, manager = 'kubectl-edit', subresource?: string): Promise<unknown> {
    return this.#send('PATCH', body, 'application/merge-patch+json', { fieldManager: manager }, subresource);
  }

  json(body: object[]): Promise<unknown> {
    return this.#send('PATCH', body, 'application/json-patch+json', { fieldManager: 'kubectl-edit' });
  }

  remove(): Promise<unknown> {
    return this.#send('DELETE');
  }

  /** Reads, changes, writes back whole; again when a controller was faster. */
  async edit(change: (live: Loose) => unknown, fieldManager = 'kubectl-edit'): Promise<unknown> {
    for (let attempt = 0; ; attempt++) {
      const live = await this.live();
      change(live);
      try {
        return await this.#send('PUT', live, 'application/json', { fieldManager });
      } catch (error) {
        if (attempt === 5 || !String(error).includes('has been modified')) throw error;
      }
    }
  }

  applyAs(who: 'ours' | 'other', fields: object, force: boolean, subresource?: string): Promise<unknown> {
    const { apiVersion, kind, metadata } = this.#object;
    const { name, namespace: where } = metadata;
    const fieldManager = who === 'ours' ? this.#manager : who;
    const query = { fieldManager, force: String(force) };
    const body = { apiVersion, kind, metadata: { name, namespace: where }, ...fields };
    return this.#send('PATCH', body, 'application/apply-patch+yaml', query, subresource);
  }

  async #send(
    method: 'GET' | 'PATCH' | 'PUT' | 'DELETE',
    body?: object,
    contentType?: string,
    query?: Record<string, string>,
    subresource?: string,
  ): Promise<unknown> {
    const { namespace: where = '', name } = this.#object.metadata;
    const path = resourcePath(this.#resource, where, name) + (subresource === undefined ? '' : `/${subresource}`);
    const answer = await this.#target.client.request({ method, path, body, contentType, query });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
}

const schema = (colorDefault: string): KubernetesObject =>
  definition(group, 'Widget', {
    free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    tags: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
    parts: {
      type: 'array',
      items: {
        type: 'object',
        properties: { name: { type: 'string' }, color: { type: 'string', default: colorDefault } },
      },
    },
  });

/** Answers of two dry runs that rest on the very read that is judged; a controller that writes in between costs another round. */
async function settled(
  read: () => Promise<KubernetesObject>,
  ask: (live: KubernetesObject, force: boolean) => Promise<KubeResponse>,
): Promise<{ live: KubernetesObject; asked: KubeResponse; forced: KubeResponse }> {
  for (;;) {
    const live = await read();
    const [asked, forced] = [await ask(live, false), await ask(live, true)];
    const moved = (answer: KubeResponse) => answer.status === 409 && !isFieldConflict(apiStatus(answer));
    if (!moved(asked) && !moved(forced)) return { live, asked, forced };
  }
}

/** Values of an object, without what every write moves. Written apart from the lib on purpose: it is the judge. */
function values(object: KubernetesObject): string {
  const { managedFields: _, resourceVersion: __, generation: ___, ...metadata } = object.metadata;
  const { status: ____, ...rest } = object;
  return canonicalJson({ ...rest, metadata });
}

describe.skipIf(inject('rig') === 'missing')(
  'what the proof of "unchanged" says of an object that was applied, when',
  () => {
    let platform: AppliedPlatform;
    let target: KubeTarget;
    let inventory: Inventory;
    let plan: ClusterPlan;
    const objects = new Map<Situation, KubernetesObject>();
    const program = () => ({ alpha: [namespace(ns), schema('red'), ...objects.values()] });

    const resourceOf = async (object: KubernetesObject): Promise<ResourceType> => {
      const resource = (await target.discovery()).find(object.apiVersion, object.kind);
      if (resource === undefined) throw new Error(`${object.kind} is not served`);
      return resource;
    };
    const liveOf = async (object: KubernetesObject): Promise<KubernetesObject> => {
      const path = resourcePath(await resourceOf(object), ns, object.metadata.name);
      return (await target.client.request({ method: 'GET', path })).body as KubernetesObject;
    };

    beforeAll(async () => {
      platform = new AppliedPlatform('diff');
      ns = platform.namespace();
      group = `${platform.id}.example.com`;
      for (const [index, situation] of SITUATIONS.entries())
        objects.set(situation, situation.object(`object-${index}`));
      await platform.apply(program(), { wait: false });
      // A fresh Deployment gets annotations from its controller a moment later.
      await sleep(1500);
      target = await platform.open();
      inventory = await platform.inventory();
      const manager = fieldManagerOf(platform.id);
      await Promise.all(
        [...objects].map(async ([situation, object]) => {
          await situation.happens(new Hands(target, object, await resourceOf(object), manager));
        }),
      );
      await sleep(1500);
      plan = clusterPlan(await platform.plan(program(), [target]));
    });
    afterAll(async () => {
      await target.client.request({
        method: 'DELETE',
        path: `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.${group}`,
      });
      for (const object of objects.values()) {
        if (object.metadata.finalizers === undefined) continue;
        const path = resourcePath(await resourceOf(object), ns, object.metadata.name);
        const body = { metadata: { finalizers: null } };
        await target.client.request({ method: 'PATCH', path, body, contentType: 'application/merge-patch+json' });
      }
      await platform.cleanUp();
    });

    it.each(SITUATIONS.map((situation) => [situation.name, situation] as const))('%s', async (_, situation) => {
      const object = objects.get(situation) as KubernetesObject;
      const id = idOf(object);
      const resource = await resourceOf(object);
      const manager = fieldManagerOf(platform.id);
      const entry = inventory.entries.get(idKey(id));
      const [desired] = platform.desired({ alpha: [object] }).clusters[0]?.objects ?? [];
      if (desired === undefined) throw new Error('no desired object');
      const { live, asked, forced } = await settled(
        () => liveOf(object),
        ({ metadata: { uid = '', resourceVersion = '' } }, force) => {
          const precondition = { uid, resourceVersion };
          const applied = appliedObject(desired, platform.id);
          return target.client.request(applyRequest(applied, resource, { manager, precondition, force, dryRun: true }));
        },
      );
      const own = applyEntryOf(live, manager);
      const owned = own?.fieldsV1 && ownedFields(live, own.fieldsV1, new FieldSetCache());
      const seen = {
        fields: owned?.fields === entry?.fields ? 'same' : 'moves',
        projection: owned?.projection === entry?.projection ? 'same' : 'moves',
      };
      expect(seen).toEqual({ fields: situation.fields, projection: situation.projection });
      const refused = forced.status >= 300;
      const changes = !refused && values(forced.body as KubernetesObject) !== values(live);
      const said = refused ? 'refused' : asked.status === 409 ? 'conflict' : changes ? 'changes' : 'same';
      expect(said).toBe(situation.dryRun);

      const keys = await readServerStateKeys(target);
      const digest = desiredDigest(desired, inventory.hmacKey);
      const state = keys.keyOf(resource, ns);
      const doubt = doubtAbout(live, entry, desired, digest, state, inventory.hmacKey, manager, new FieldSetCache());
      if (changes || refused) expect(doubt, 'law 1: never "unchanged" where an apply changes a value').toBeDefined();
      const item = plan.items.find((one) => idKey(one.id) === idKey(id));
      expect(item?.action ?? 'unchanged').toBe(situation.verdict);
      if (situation.verdict === 'update') expect(item?.changes.length).toBeGreaterThan(0);
    });

    it('the plan counts what was proved and what took a dry run', () => {
      const proved = SITUATIONS.filter(
        (one) => one.fields === 'same' && one.projection === 'same' && one.verdict === 'unchanged',
      );
      const dryRun = SITUATIONS.filter((one) => one.projection === 'moves' && one.verdict === 'unchanged');
      // The namespace and the CRD are unchanged too.
      expect(plan.unchanged).toBe(proved.length + dryRun.length + 2);
      expect(plan.dryRuns).toBe(dryRun.length);
    });

    it('every change that somebody else made is told apart from intent, with who and when', () => {
      const changes = plan.items.flatMap((item) => item.changes);
      expect(changes.length).toBeGreaterThan(10);
      expect(changes.filter((change) => change.cause !== 'drift')).toEqual([]);
      const edited = plan.items.find((item) => item.reason.includes('kubectl-edit'));
      expect(edited?.changes[0]).toMatchObject({ by: 'kubectl-edit', at: expect.stringMatching(/^20\d\d-/) });
    });
  },
);
