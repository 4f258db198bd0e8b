import { describeId, type Json, type ObjectId } from '../kubernetes/object.ts';
import type { Action, ClusterPlan, FieldChange, Plan, ReleaseObjectChange } from '../plan/plan.ts';
import type { Paint } from './paint.ts';
import { oneLine, printableJson, shorten } from './sanitize.ts';

/** Sign, adjective for counts ("2 new") and past participle for lists ("created") of each action. */
export const ACTION_WORDS: Readonly<
  Record<Action, { readonly sign: string; readonly count: string; readonly will: string; readonly done: string }>
> = {
  create: { sign: '+', count: 'new', will: 'create', done: 'created' },
  update: { sign: '~', count: 'changed', will: 'change', done: 'changed' },
  'ownership-only': { sign: '·', count: 'ownership only', will: 'record ownership of', done: 'ownership recorded' },
  adopt: { sign: '»', count: 'adopted', will: 'adopt', done: 'adopted' },
  replace: { sign: '±', count: 'replaced', will: 'replace', done: 'replaced' },
  delete: { sign: '-', count: 'deleted', will: 'delete', done: 'deleted' },
  forget: { sign: '·', count: 'already gone', will: 'forget', done: 'forgotten' },
  orphan: { sign: '·', count: 'left in place', will: 'leave in place', done: 'left in place' },
  blocked: { sign: '✖', count: 'blocked', will: 'do nothing with', done: 'blocked' },
  'being-deleted': { sign: '…', count: 'being deleted', will: 'wait for the deletion of', done: 'being deleted' },
};

/** What helm does to an object of a native release. */
export const RELEASE_EFFECTS: Readonly<
  Record<
    ReleaseObjectChange['effect'],
    { readonly sign: string; readonly word: string; readonly colour: 'green' | 'cyan' | 'red' | 'dim' }
  >
> = {
  create: { sign: '+', word: '', colour: 'green' },
  update: { sign: '~', word: '', colour: 'cyan' },
  delete: { sign: '-', word: '', colour: 'red' },
  stay: { sign: '·', word: 'stays (helm.sh/resource-policy: keep)', colour: 'dim' },
  run: { sign: '▸', word: 'hook, run by helm', colour: 'dim' },
};

/** The order in which counts are listed. */
export const ACTIONS = Object.keys(ACTION_WORDS) as readonly Action[];

/** "1 object", "3 objects". */
export function count(number: number, singular: string, plural = `${singular}s`): string {
  return `${number} ${number === 1 ? singular : plural}`;
}

export type ActionCounts = Readonly<Record<Action, number>>;

export function countActions(clusters: readonly ClusterPlan[]): ActionCounts {
  const counts = Object.fromEntries(ACTIONS.map((action) => [action, 0])) as Record<Action, number>;
  for (const cluster of clusters) for (const item of cluster.items) counts[item.action]++;
  return counts;
}

/** ["2 new", "1 changed"]: only what there is. */
export function countPhrases(counts: ActionCounts, subject: 'plan' | 'drift' = 'plan'): string[] {
  return ACTIONS.filter((action) => counts[action] > 0).map((action) => {
    const word = subject === 'drift' ? DRIFT_WORDS[action] : undefined;
    return `${counts[action]} ${word ?? ACTION_WORDS[action].count}`;
  });
}

/** What an action that leads back to the last apply says of the cluster. */
const DRIFT_WORDS: Readonly<Partial<Record<Action, string>>> = {
  create: 'missing',
  delete: 'left over',
  adopt: 'made again by somebody',
};

export function unchangedObjects(clusters: readonly ClusterPlan[]): number {
  return clusters.reduce((sum, cluster) => sum + cluster.unchanged, 0);
}

/** Name of the platform for people, safe to print. */
export function platformName(plan: Pick<Plan, 'platform'>): string {
  return oneLine(plan.platform.displayName ?? plan.platform.id);
}

/** What deserves a look, as a line on stderr. */
export function noteLine(text: string, paint: Pick<Paint, 'dim'>): string {
  return paint.dim(`note: ${oneLine(text)}\n`);
}

export function objectName(id: ObjectId): string {
  return oneLine(describeId(id));
}

/** "0.2 s", "14 s", "3 min 20 s", "10 min". */
export function duration(milliseconds: number): string {
  if (milliseconds < 10_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
  if (minutes === 0) return `${rest} s`;
  return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`;
}

/** A field's value on one line: strings bare where that is unambiguous, everything else as JSON. */
export function fieldValue(value: Json | undefined, limit = 120): string {
  if (value === undefined) return '(none)';
  if (typeof value !== 'string') return shorten(printableJson(value), limit);
  const bare =
    /^[\p{L}\p{N}/._:@%+-][\p{L}\p{N} /._:@%+=,-]*$/u.test(value) &&
    !/^(true|false|null|-?\d+(\.\d+)?)$/.test(value) &&
    !value.endsWith(' ');
  return shorten(bare ? oneLine(value) : printableJson(value), limit);
}

/** Who changed a live field, and when: "changed by kubectl-edit at 2026-11-02T10:00:00Z". */
export function driftOrigin(change: FieldChange): string {
  const by = change.by === undefined ? '' : ` by ${oneLine(change.by)}`;
  const at = change.at === undefined ? '' : ` at ${oneLine(change.at)}`;
  return `drift: changed in the cluster${by}${at}`;
}

/** "prod-sh", "prod-sh and ops", "prod-sh, prod-gz and ops". */
export function listOf(names: readonly string[], limit = 8): string {
  const safe = names.map(oneLine);
  if (safe.length > limit) return `${safe.slice(0, limit - 1).join(', ')} and ${safe.length - limit + 1} more`;
  if (safe.length < 2) return safe.join('');
  return `${safe.slice(0, -1).join(', ')} and ${safe.at(-1)}`;
}
