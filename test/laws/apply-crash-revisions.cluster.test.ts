import { randomBytes } from 'node:crypto';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { canonicalJson } from '../../lib/kubernetes/canonical.ts';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';
import { listRevisions, readRevision } from '../../lib/revision/read-revisions.ts';
import { storeRevision } from '../../lib/revision/record-revision.ts';
import { KEPT_REVISIONS } from '../../lib/revision/revision.ts';
import { encodeRevision } from '../../lib/revision/revision-format.ts';
import { outcomeOf } from '../applied-platform.ts';
import type { ProxiedRequest } from '../faults/fault-proxy.ts';
import { configMap, namespace } from '../sample-objects.ts';
import { killAtEveryWrite, type Site, Sites } from './every-write.ts';
import { type Aftermath, killAt, PATIENT, recover } from './killed-apply.ts';

/** Every revision takes two Secrets, and every apply has an old one to remove. */

const sites = new Sites();
afterAll(() => sites.cleanUp());

/** Does not compress: two of them do not fit into one part of a revision. */
const NOISE = randomBytes(450_000).toString('base64');
const LISTS: Aftermath['lists'] = [
  ['/api/v1/namespaces', '', 'Namespace'],
  ['/api/v1/configmaps', '', 'ConfigMap'],
];

function program({ platform }: Site, value: number): KubernetesObject[] {
  const ns = platform.namespace();
  const bulk = ['a', 'b'].map((name) => configMap(ns, `bulk-${name}`, { [name]: NOISE }));
  return [namespace(ns), ...bulk, configMap(ns, 'settings', { value: String(value) })];
}

/** The names of these Secrets stand in the path, or in what is posted; the inventory is only replaced here. */
function isOfRevision({ method, path }: ProxiedRequest): boolean {
  return path.includes('/secrets/orrery.revision.') || (method === 'POST' && path.endsWith('/secrets'));
}

async function apply(site: Site, value: number): Promise<void> {
  const alpha = program(site, value);
  const { platform, target } = site;
  const made = await platform.plan({ alpha }, [target], { dryRunCreates: false });
  expect(outcomeOf(await platform.applyMade(made, { alpha }, [target], PATIENT))).toMatchObject({ status: 'done' });
}

/** Fills the history with small revisions, each in two parts. */
async function fillHistory({ platform, target }: Site): Promise<void> {
  const [first] = (await listRevisions(target, platform.id)).heads;
  const [desired] = platform.desired({ alpha: [configMap(platform.namespace(), 'settings', { value: '0' })] }).clusters;
  if (first === undefined || desired === undefined) throw new Error('nothing was recorded');
  const bytes = Buffer.concat(await encodeRevision(desired, first.assembly));
  const parts = [bytes.subarray(0, 100), bytes.subarray(100)];
  for (let number = 2; number <= KEPT_REVISIONS; number++) {
    const options = { platformId: platform.id, send: target.client.request.bind(target.client) };
    await storeRevision(target, { ...first, number }, parts, options);
  }
}

/**
 * What is wrong with the history.
 * @param values that were applied, the last one completely
 */
async function wrongHistory({ platform, target }: Site, values: readonly number[]): Promise<string[]> {
  const { heads, secrets } = await listRevisions(target, platform.id);
  const wrong: string[] = [];
  const numbers = heads.map(({ number }) => number);
  if (numbers.length !== KEPT_REVISIONS) wrong.push(`whole revisions: ${numbers}`);
  const leftover = [...secrets.keys()].filter((number) => !numbers.includes(number));
  if (leftover.length > 0) wrong.push(`parts of revisions ${leftover}`);
  for (const head of heads) {
    const { desired } = await readRevision(target, platform.id, head);
    const settings = desired.objects.find(({ id }) => id.name === 'settings')?.object.data as { value: string };
    const value = Number(settings.value);
    if (head.parts !== 2) wrong.push(`revision ${head.number} has ${head.parts} parts`);
    const isNewest = head.number === numbers[0];
    if (!values.includes(value)) wrong.push(`revision ${head.number} holds ${value}`);
    if (isNewest && (value !== values.at(-1) || !head.complete))
      wrong.push(`the newest holds ${canonicalJson({ value, complete: head.complete })}`);
  }
  return wrong;
}

describe.skipIf(inject('rig') === 'missing')(
  'an apply that stores a revision of two parts and removes an old one',
  () => {
    it('converges with the next run after being killed before or after any write to a revision, and the next one that writes leaves ten whole revisions and nothing of others', {
      timeout: 600_000,
    }, async () => {
      const { writes, killed, wrong } = await killAtEveryWrite(async () => {
        const site = await sites.add();
        const values = [0];
        await apply(site, 0);
        await fillHistory(site);
        return async (kill) => {
          const value = values.length;
          const wanted = program(site, value);
          const end = await killAt(site.platform, sites.agent, wanted, kill, isOfRevision);
          values.push(value);
          const told = await recover({ ...site, lists: LISTS, open: async () => site.target, program: wanted });
          // A run that has nothing to write removes nothing either.
          values.push(value + 1);
          await apply(site, value + 1);
          return { end, ...told, wrong: [...told.wrong, ...(await wrongHistory(site, values))] };
        };
      }, 5);
      expect(wrong).toEqual([]);
      // Two parts, the end of the revision, two parts of the old one.
      expect({ writes, killed }).toEqual({ writes: 5, killed: 10 });
    });
  },
);
