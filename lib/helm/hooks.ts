import type { JsonObject, ObjectId } from '../kubernetes/object.ts';

/**
 * Hooks of charts, as helm reads them (https://helm.sh/docs/topics/charts_hooks; helm: pkg/release/v1/util/manifest_sorter.go). Those of an install and an
 * upgrade are objects of the release, in an order of their own; the others have no counterpart here and are left out, which is said.
 */

const BEFORE = ['pre-install', 'pre-upgrade'] as const;
const AFTER = ['post-install', 'post-upgrade'] as const;

/** Events around the objects of a release. */
export type HookEvent = (typeof BEFORE)[number] | (typeof AFTER)[number];

/** When an object of a release has its turn that is a hook. */
export interface ReleaseHook {
  /** At least one, in the chart's order. */
  readonly events: readonly HookEvent[];
  /** Lower ones come first. Default of charts: 0. */
  readonly weight: number;
  /** It is deleted once it and everything after it has succeeded (hook-delete-policy hook-succeeded). */
  readonly goes?: true | undefined;
}

/** Why a hook is left out. */
export type LeftOutBecause = 'test' | 'delete' | 'rollback' | 'unknown event' | 'generated name';

export type HookClass =
  | { readonly type: 'none' }
  | { readonly type: 'hook'; readonly hook: ReleaseHook }
  | { readonly type: 'left out'; readonly because: LeftOutBecause; readonly events: readonly string[] };

const NO_HOOK: HookClass = { type: 'none' };

/** Which hook a rendered object is, if any. Helm 2's "crd-install" means an ordinary definition here. */
export function classifyHook(object: JsonObject): HookClass {
  const metadata = object.metadata as JsonObject | null | undefined;
  const annotations = metadata?.annotations as JsonObject | null | undefined;
  const annotated = annotations?.['helm.sh/hook'];
  if (typeof annotated !== 'string') return NO_HOOK;
  const events = annotated
    .split(',')
    .map((event) => event.trim().toLowerCase())
    .filter((event) => event !== '' && event !== 'crd-install');
  if (events.length === 0) return NO_HOOK;
  const around = events.filter((event): event is HookEvent => isOneOf(event, BEFORE) || isOneOf(event, AFTER));
  if (around.length === 0) return { type: 'left out', because: reasonOf(events), events };
  // Helm makes one with another name each time; what is not named cannot be found again.
  if (metadata?.name === undefined && typeof metadata?.generateName === 'string')
    return { type: 'left out', because: 'generated name', events };
  const weight = weightOf(annotations?.['helm.sh/hook-weight']);
  const policies = String(annotations?.['helm.sh/hook-delete-policy'] ?? '').split(',');
  const goes = policies.some((policy) => policy.trim().toLowerCase() === 'hook-succeeded');
  return { type: 'hook', hook: { events: around, weight, ...(goes ? { goes } : {}) } };
}

/** The hook has its turn before the other objects of its release; else after them. One that has both comes before. */
export function comesBefore({ events }: ReleaseHook): boolean {
  return events.some((event) => isOneOf(event, BEFORE));
}

/** The hook belongs to an install, or to an upgrade, of its release. */
export function belongsTo({ events }: ReleaseHook, phase: 'install' | 'upgrade'): boolean {
  return events.some((event) => event.endsWith(phase));
}

/** Kinds that do their work once and end: as a hook they are run again, not changed. */
const RUN_TO_END = new Set(['batch/Job', '/Pod']);

/** Kinds that take with them what is in them: as a hook they are kept like any object, whatever the chart says. */
const KEPT = new Set([
  '/Namespace',
  '/PersistentVolume',
  '/PersistentVolumeClaim',
  'apiextensions.k8s.io/CustomResourceDefinition',
]);

interface Hooked {
  readonly id: Pick<ObjectId, 'group' | 'kind'>;
  readonly hook?: ReleaseHook | undefined;
}

/**
 * The object is a hook that is there for a run: a Job or a Pod, or anything that goes when the hooks have succeeded. It is made anew with every run; in between
 * it need not be there. Every other hook is kept like any object.
 */
export function isRun({ id, hook }: Hooked): boolean {
  if (hook === undefined) return false;
  return RUN_TO_END.has(`${id.group}/${id.kind}`) || goesAfterRun({ id, hook });
}

/** The hook is deleted when everything was done. */
export function goesAfterRun({ id, hook }: Hooked): boolean {
  return hook?.goes === true && !KEPT.has(`${id.group}/${id.kind}`);
}

/** As helm: what is no number is 0. */
function weightOf(annotated: unknown): number {
  return typeof annotated === 'string' && /^[+-]?\d+$/.test(annotated) ? Number(annotated) : 0;
}

function reasonOf(events: readonly string[]): LeftOutBecause {
  if (events.every((event) => event.startsWith('test'))) return 'test';
  if (events.some((event) => event.endsWith('-delete'))) return 'delete';
  return events.some((event) => event.endsWith('-rollback')) ? 'rollback' : 'unknown event';
}

function isOneOf<T extends string>(event: string, events: readonly T[]): event is T {
  return (events as readonly string[]).includes(event);
}
