import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KubeRequest, KubeResponse } from '../cluster/kube-client.ts';
import type { KubeTarget } from '../cluster/target.ts';
import { missingRights } from './missing-rights.ts';
import { type Right, rightKey } from './right.ts';
import type { ResourceRule } from './rules.ts';

/** What an authorizer that is no RBAC may answer to one request. */
type Word = 'allowed' | 'denied' | 'failed' | 'not asked';

interface Server {
  /** By `rightKey`. */
  readonly words: ReadonlyMap<string, Word>;
  /** What rules of roles grant; other authorizers keep theirs to themselves. */
  readonly rules: readonly ResourceRule[];
  readonly rulesAreHidden: boolean;
}

interface Asked extends Right {
  readonly verb: string;
}

function targetOf({ words, rules, rulesAreHidden }: Server): { target: KubeTarget; asked: string[] } {
  const asked: string[] = [];
  const answer = (status: number, said: object): KubeResponse => ({ status, body: { status: said }, warnings: [] });
  const request = async ({ path, body }: KubeRequest): Promise<KubeResponse> => {
    const { spec } = body as { spec: { namespace?: string; resourceAttributes?: Asked } };
    asked.push(path);
    if (spec.resourceAttributes === undefined)
      return rulesAreHidden ? answer(403, {}) : answer(201, { resourceRules: rules, incomplete: true });
    const word = words.get(rightKey(spec.resourceAttributes)) ?? 'denied';
    if (word === 'not asked') return answer(403, {});
    return answer(201, { allowed: word === 'allowed', ...(word === 'failed' ? { evaluationError: 'no answer' } : {}) });
  };
  return { target: { client: { request } } as unknown as KubeTarget, asked };
}

const right: fc.Arbitrary<Right> = fc.record({
  verb: fc.constantFrom('patch', 'create'),
  group: fc.constant('apps'),
  resource: fc.constantFrom('deployments', 'jobs'),
  namespace: fc.constantFrom('', 'shop', 'mall'),
  name: fc.option(fc.constantFrom('one', 'two'), { nil: undefined }),
});
const word = fc.constantFrom<Word>('allowed', 'denied', 'failed', 'not asked');
const rule: fc.Arbitrary<ResourceRule> = fc.record({
  verbs: fc.subarray(['patch', 'create']),
  apiGroups: fc.constant(['apps']),
  resources: fc.subarray(['deployments', 'jobs']),
});

describe('rights that are missing', () => {
  it('are those that the server plainly denies, whatever authorizers it has; nothing else keeps an apply from going on', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(right, { maxLength: 6 }),
        fc.array(fc.tuple(right, word)),
        fc.array(rule, { maxLength: 2 }),
        fc.boolean(),
        async (wanted, said, rules, rulesAreHidden) => {
          const words = new Map(said.map(([one, what]) => [rightKey(one), what]));
          const { target } = targetOf({ words, rules, rulesAreHidden });
          const missing = await missingRights(target, wanted);
          const says = (one: Right) => words.get(rightKey(one)) ?? 'denied';
          const isAbout = (one: Right, other: Right) =>
            rightKey({ ...one, name: undefined }) === rightKey({ ...other, name: undefined }) &&
            (one.name === undefined || one.name === other.name);
          for (const one of missing) {
            // Plainly denied itself, and every object of the list that it stands for.
            expect(says(one)).toBe('denied');
            const all = wanted.filter((other) => isAbout(one, other));
            expect(all).not.toEqual([]);
            if (all.every(({ name }) => name !== undefined))
              for (const other of all) expect(says(other)).toBe('denied');
          }
          for (const one of wanted) {
            const found = missing.some((other) => isAbout(other, one));
            if (found || says(one) !== 'denied') continue;
            // Granted by a rule, or by a word about all objects.
            const granted =
              !rulesAreHidden &&
              one.namespace !== '' &&
              rules.some(({ verbs, resources = [] }) => verbs.includes(one.verb) && resources.includes(one.resource));
            expect(granted || says({ ...one, name: undefined }) !== 'denied').toBe(true);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('cost one question per namespace where rules grant everything', async () => {
    const rules = [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }];
    const { target, asked } = targetOf({ words: new Map(), rules, rulesAreHidden: false });
    const rights = ['shop', 'mall'].flatMap((namespace) =>
      Array.from({ length: 500 }, (_, index) => ({
        verb: 'patch',
        group: 'apps',
        resource: 'deployments',
        namespace,
        name: `web-${index}`,
      })),
    );
    expect(await missingRights(target, rights)).toEqual([]);
    expect(asked).toHaveLength(2);
  });
});
