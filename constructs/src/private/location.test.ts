import { runInThisContext } from 'node:vm';
import { Construct, RootConstruct } from 'constructs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownLocation, recordLocation } from './location';

class Recorded extends Construct {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    recordLocation(this);
  }
}

/** A package that makes the construct for the program, a number of frames deep. */
const madeByPackage = runInThisContext(
  '(Class, scope, id, frames) => { const make = (left) => left === 0 ? new Class(scope, id) : make(left - 1); return make(frames); }',
  { filename: '/project/node_modules/package/index.js' },
) as (type: typeof Recorded, scope: Construct, id: string, frames: number) => Recorded;

/** The frames are V8's here, as in a program: the test runner has its own mapped to the sources, as text. */
describe('the place of a construct', () => {
  const inside = Error as { prepareStackTrace?: unknown };
  const { prepareStackTrace } = inside;
  const { sourceMapsEnabled } = process;
  const root = new RootConstruct();
  beforeEach(() => {
    inside.prepareStackTrace = undefined;
    process.setSourceMapsEnabled(false);
  });
  afterEach(() => {
    inside.prepareStackTrace = prepareStackTrace;
    process.setSourceMapsEnabled(sourceMapsEnabled);
  });

  it('is the line of the program, whether its class was made near by before or from deep inside a package', () => {
    const places = [0, 8, 0, 4].map((frames, index) =>
      ownLocation(madeByPackage(Recorded, root, `through-${index}`, frames)),
    );
    const direct = ownLocation(new Recorded(root, 'direct'));
    expect(direct).toMatch(/location\.test\.ts:\d+$/);
    expect(new Set(places).size).toBe(1);
    expect(places[0]).toMatch(/location\.test\.ts:\d+$/);
    expect(places[0]).not.toBe(direct);
  });

  it('is unknown where the program is further away than anybody looks', () => {
    expect(ownLocation(madeByPackage(Recorded, root, 'far', 40))).toBeUndefined();
  });
});
