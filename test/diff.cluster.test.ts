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
import { ObjectEditor } from './diff/object-editor.ts';
import { type Place, SITUATIONS, type Situation, widgetDefinition } from './diff/situations.ts';
import { namespace } from './sample-objects.ts';

/** All objects are applied together, changed each in its way (diff/situations.ts), and judged by the lib and by the server independently. */

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
    let place: Place;
    let target: KubeTarget;
    let inventory: Inventory;
    let plan: ClusterPlan;
    const objects = new Map<Situation, KubernetesObject>();
    const program = () => ({ alpha: [namespace(place.ns), widgetDefinition(place.group), ...objects.values()] });

    const resourceOf = async (object: KubernetesObject): Promise<ResourceType> => {
      const resource = (await target.discovery()).find(object.apiVersion, object.kind);
      if (resource === undefined) throw new Error(`${object.kind} is not served`);
      return resource;
    };
    const liveOf = async (object: KubernetesObject): Promise<KubernetesObject> => {
      const path = resourcePath(await resourceOf(object), place.ns, object.metadata.name);
      return (await target.client.request({ method: 'GET', path })).body as KubernetesObject;
    };

    beforeAll(async () => {
      platform = new AppliedPlatform('diff');
      place = { ns: platform.namespace(), group: `${platform.id}.example.com` };
      for (const [index, situation] of SITUATIONS.entries())
        objects.set(situation, situation.object(`object-${index}`, place));
      await platform.apply(program(), { wait: false });
      // A fresh Deployment gets annotations from its controller a moment later.
      await sleep(1500);
      target = await platform.open();
      inventory = await platform.inventory();
      const manager = fieldManagerOf(platform.id);
      await Promise.all(
        [...objects].map(async ([situation, object]) => {
          await situation.happens(new ObjectEditor(target, object, await resourceOf(object), manager));
        }),
      );
      await sleep(1500);
      plan = clusterPlan(await platform.plan(program(), [target]));
    });
    afterAll(async () => {
      await target.client.request({
        method: 'DELETE',
        path: `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.${place.group}`,
      });
      for (const object of objects.values()) {
        if (object.metadata.finalizers === undefined) continue;
        const path = resourcePath(await resourceOf(object), place.ns, object.metadata.name);
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
      const state = keys.keyOf(resource, place.ns);
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
