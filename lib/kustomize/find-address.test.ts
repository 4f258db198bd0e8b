import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../kubernetes/object.ts';
import { findAddress } from './find-address.ts';

const key = fc.oneof(fc.constantFrom('path', 'resources', 'files', 'Files', 'envs', 'unknown'), fc.nat(3));
const url = fc
  .tuple(fc.constantFrom('http', 'https', 'HTTPS', 'Http'), fc.constantFrom('://host/x', ':x', '://[::1]/'))
  .map((parts) => parts.join(''));

/** A text at a place, with others around it. */
function at(place: readonly (string | number)[], text: string): Json {
  return place.reduceRight<Json>(
    (inner, step) =>
      typeof step === 'number' ? [...Array<Json>(step).fill('a.yaml'), inner] : { name: 'a', [step]: inner },
    text,
  );
}

describe('an address in a kustomization', () => {
  it('is found wherever it may be taken for a path, with its place', () => {
    fc.assert(
      fc.property(fc.array(key, { minLength: 1, maxLength: 5 }), url, (place, entry) => {
        expect(findAddress(at(place, entry))).toEqual({ entry, place });
      }),
    );
  });

  it('of a file may have a key in front', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 5 }), url, (name, entry) => {
        const named = `${name.replaceAll('=', '')}=${entry}`;
        expect(findAddress({ configMapGenerator: [{ files: [named] }] })?.entry).toBe(named);
      }),
    );
  });

  it.each(['metadata', 'literals', 'commonAnnotations', 'annotations', 'patch', 'jsonOp', 'value'])(
    'is text below %s',
    (field) => {
      fc.assert(
        fc.property(fc.array(key, { maxLength: 3 }), url, (place, entry) => {
          expect(findAddress(at(['generators', 0, field, ...place], entry))).toBeUndefined();
        }),
      );
    },
  );
});
