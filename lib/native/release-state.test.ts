import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { releaseId } from '../helm/native-input.ts';
import type { InventoryEntry } from '../inventory/inventory.ts';
import { givenDigest, judgeRelease } from './release-state.ts';
import type { StoredRevision } from './stored-release.ts';

const stored = (revision: number, more: Partial<StoredRevision> = {}): StoredRevision => ({
  revision,
  status: 'deployed',
  secret: `sh.helm.release.v1.shop.v${revision}`,
  uid: `uid-${revision}`,
  resourceVersion: `${revision}0`,
  platform: 'mall',
  ...more,
});
const entry = (more: Partial<InventoryEntry> = {}): InventoryEntry => ({
  ...{ id: releaseId('shop', 'shop'), apiVersion: 'helm.sh/v1', path: 'mall/shop' },
  ...{ uid: 'uid-2', desired: 'given', helmRevision: 2 },
  ...more,
});
const judged = (revisions: readonly StoredRevision[], known?: InventoryEntry, digest = 'given') => {
  const { kind, reason } = judgeRelease(revisions, { entry: known, platformId: 'mall', digest });
  return `${kind}: ${reason}`;
};

describe('a release is judged', () => {
  it.each([
    ['new when helm does not have it', [], undefined, 'absent: new'],
    ['new when only its history is left', [stored(1, { status: 'uninstalled' })], undefined, 'absent: new'],
    ['gone when we had it', [], entry(), 'absent: somebody uninstalled it: helm installs it again'],
    ['unchanged by its very revision', [stored(2), stored(1)], entry(), 'unchanged: deployed'],
    ['due when it is given something else', [stored(2)], entry({ desired: 'other' }), 'due: the program changed'],
    ['due when it failed', [stored(2, { status: 'failed' })], entry(), 'due: revision 2 failed: helm tries again'],
    [
      'drifted when somebody else upgraded it',
      [stored(3), stored(2)],
      entry(),
      'drifted: somebody else made revision 3; ours is 2',
    ],
    [
      'stuck while something is under way',
      [stored(3, { status: 'pending-upgrade' }), stored(2)],
      entry(),
      'stuck: pending-upgrade',
    ],
    [
      'foreign without our label',
      [stored(1, { platform: undefined })],
      undefined,
      'foreign: taken over from somebody else',
    ],
    [
      'foreign with the label of another platform, whatever we know of it',
      [stored(2, { platform: 'x' })],
      entry(),
      'foreign: taken over from somebody else',
    ],
    [
      'ours by the inventory where somebody took the label off',
      [stored(2, { platform: undefined })],
      entry(),
      'unchanged: deployed',
    ],
    [
      'ours by its label when the answer of helm was never written down',
      [stored(1)],
      entry({ uid: undefined, desired: undefined }),
      'due: revision 1 is not in the inventory, but it is ours by its label',
    ],
    [
      'due, and nobody’s drift, when an apply of ours ended before helm did',
      [stored(3), stored(2)],
      entry({ desired: undefined, helmRevision: 3 }),
      'due: an apply of ours ended before helm was through with revision 3',
    ],
    [
      'drifted when somebody went on from where an apply of ours had ended',
      [stored(4), stored(3), stored(2)],
      entry({ desired: undefined, helmRevision: 3 }),
      'drifted: somebody else made revision 4; ours is 3',
    ],
    [
      'due when helm went back by itself',
      [stored(2)],
      entry({ desired: undefined }),
      'due: no upgrade with these values is known to have succeeded',
    ],
  ])('%s', (_, revisions, known, words) => {
    expect(judged(revisions, known)).toBe(words);
  });

  it('unchanged only by the very Secret that our helm left, deployed, given the same, and ours', () => {
    const status = fc.constantFrom('deployed', 'failed', 'pending-install', 'superseded', 'uninstalled', 'odd');
    const uid = fc.constantFrom('uid-1', 'uid-2', 'uid-3');
    const label = fc.constantFrom('mall', 'x', undefined);
    const digest = fc.constantFrom('given', 'other');
    fc.assert(
      fc.property(
        status,
        uid,
        label,
        fc.option(uid, { nil: undefined }),
        digest,
        (state, live, platform, known, given) => {
          const newest = stored(4, { status: state, uid: live, platform });
          const { kind } = judgeRelease([newest], { entry: entry({ uid: known }), platformId: 'mall', digest: given });
          const proved = state === 'deployed' && live === known && given === 'given' && platform !== 'x';
          expect(kind === 'unchanged').toBe(proved);
        },
      ),
    );
  });

  it('by what it is given as nobody without the key can tell', () => {
    const [a, b] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
    expect(givenDigest({ digest: 'x' }, a)).not.toBe(givenDigest({ digest: 'x' }, b));
    expect(givenDigest({ digest: 'x' }, a)).not.toBe(givenDigest({ digest: 'y' }, a));
  });
});
