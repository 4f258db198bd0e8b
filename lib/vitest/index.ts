import type { Template } from '@orrery/constructs/testing';
import { expect } from 'vitest';

/** What is added to vitest's `expect`. */
export interface ObjectMatchers<R> {
  /** The cluster has an object of this name ("Kind/name" or "Kind/namespace/name") that is like `expected`. */
  toHaveObject(name: string, expected?: object): R;
  /** The cluster has so many objects of a kind, like `expected` where that is given. */
  toHaveObjectCount(kind: string, count: number, expected?: object): R;
}

declare module 'vitest' {
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> extends ObjectMatchers<R> {}
}

/** Matchers for `Template` of @orrery/constructs/testing; importing this module adds them to vitest's `expect`. */
expect.extend({
  toHaveObject(received: Template, name: string, expected: object = {}) {
    const complaint = received.complaint(name, expected);
    return {
      pass: complaint === undefined,
      message: () => complaint ?? `${received.cluster} has ${name} like that, which was not expected.`,
    };
  },
  toHaveObjectCount(received: Template, kind: string, count: number, expected: object = {}) {
    const found = received.objects(kind, expected).length;
    return {
      pass: found === count,
      message: () =>
        `${received.cluster} has ${found} of ${kind}, ${found === count ? '' : `not ${count}, `}which was not expected.`,
    };
  },
});
