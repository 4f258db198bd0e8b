import { ownMember } from '../kubernetes/fields.ts';
import type { Json } from '../kubernetes/object.ts';
import { equalJson } from './field-changes.ts';

/** The live value is the wanted one, apart from members that the server filled in. */
export function isCompletionOf(live: Json | undefined, wanted: Json): boolean {
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(live) && wanted.length === live.length && wanted.every((item, at) => isCompletionOf(live[at], item))
    );
  }
  if (wanted !== null && typeof wanted === 'object') {
    if (live === null || typeof live !== 'object' || Array.isArray(live)) return false;
    return Object.entries(wanted).every(
      ([name, one]) => one === undefined || isCompletionOf(ownMember(live, name), one),
    );
  }
  return equalJson(wanted, live);
}
