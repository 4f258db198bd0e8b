import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coversAll, decodeShard, encodeShard, shardCount, shardOf } from './shard-format.ts';
import { CLUSTER_UID, entry } from './testing/secret-store.ts';

describe('shards', () => {
  it('hold what was put in, for any names', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text, text, text, text, fc.option(text, { nil: undefined }))), (rows) => {
        const [first] = rows;
        const contents = {
          platform: 'shop',
          clusterUid: CLUSTER_UID,
          index: 1,
          count: 4,
          hmacKey: '0'.repeat(64),
          entries: rows.map(([kind, namespace, name, apiVersion, objectPath, uid]) => ({
            id: { group: '', kind, namespace, name },
            apiVersion,
            path: objectPath,
            uid,
            desired: uid,
            fields: undefined,
            projection: undefined,
            serverState: undefined,
          })),
          ...(first === undefined
            ? {}
            : {
                unsettled: [
                  {
                    ...entry(1),
                    id: { group: first[0], kind: first[1], namespace: first[2], name: first[3] },
                    path: first[4],
                    sentBy: first[5],
                  },
                ],
              }),
        };
        expect(decodeShard(encodeShard(contents), 'x', 'alpha')).toEqual(contents);
      }),
    );
  });

  it('split in two when the count doubles: an entry stays or moves to one known new shard', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(1, 2, 4, 8, 16), (key, count) => {
        expect(shardOf(key, count * 2) % count).toBe(shardOf(key, count));
      }),
    );
  });

  it('never become fewer', () => {
    fc.assert(
      fc.property(fc.nat(40_000), fc.constantFrom(1, 2, 8, 32), (count, current) => {
        const next = shardCount(count, current);
        expect(next).toBeGreaterThanOrEqual(current);
        expect(next * 1000).toBeGreaterThanOrEqual(count);
        expect(Number.isInteger(Math.log2(next))).toBe(true);
      }),
    );
  });

  it('cover all entries exactly when no residue is missing', () => {
    expect(coversAll([])).toBe(false);
    expect(coversAll([{ index: 0, count: 1 }])).toBe(true);
    expect(coversAll([{ index: 0, count: 2 }])).toBe(false);
    expect(
      coversAll([
        { index: 0, count: 2 },
        { index: 1, count: 4 },
        { index: 3, count: 4 },
      ]),
    ).toBe(true);
  });
});
