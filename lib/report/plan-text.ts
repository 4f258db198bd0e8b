import { comesBefore, type ReleaseHook } from '../helm/hooks.ts';
import { isRelease } from '../helm/native-input.ts';
import type { ClusterPlan, FieldChange, Plan, PlanItem } from '../plan/plan.ts';
import { type ChangeGroup, groupChanges, groupDangers, groupProblems, whereAmong } from './change-groups.ts';
import { fieldChangeWords } from './field-change.ts';
import { headroomLines } from './headroom-text.ts';
import { moveLines } from './move-text.ts';
import type { Paint } from './paint.ts';
import { problemText } from './problem-text.ts';
import { canaryLines } from './release-text.ts';
import { oneLine, printableJson } from './sanitize.ts';
import { uncoveredLines } from './uncovered-text.ts';
import { rolloutWords } from './wave-text.ts';
import {
  ACTION_WORDS,
  count,
  countActions,
  countPhrases,
  duration,
  listOf,
  objectName,
  platformName,
  RELEASE_EFFECTS,
  unchangedObjects,
} from './wording.ts';

export interface PlanTextOptions {
  readonly paint: Paint;
  /** Shown in the header when given. */
  readonly milliseconds?: number | undefined;
  /** Also show the desired object of whatever is created, ownership-only items and how much needed a dry run. Default false. */
  readonly verbose?: boolean | undefined;
  /** drift: the plan leads back to what was applied last, and is shown as what differs from it. Default 'plan'. */
  readonly subject?: 'plan' | 'drift' | undefined;
}

/** A plan for a terminal: header, dangers and problems first, a line per cluster, then every change, the same change in several clusters once. Ends in a line feed. */
export function planText(plan: Plan, options: PlanTextOptions): string {
  const lines: string[] = [];
  const problems = groupProblems(plan);
  if (isQuiet(plan) && problems.length === 0) {
    lines.push(noChangesLine(plan, options), ...canaryLines(plan, options.paint));
    lines.push(...warningLines(plan, options.paint));
  } else {
    lines.push(headerLine(plan, options));
    if (options.subject !== 'drift') lines.push(...dangerLines(plan, options.paint));
    if (plan.rollout !== undefined) {
      const [first = '', ...others] = rolloutWords(plan.rollout);
      lines.push(`  waves ${first}`, ...others.map((line) => `        ${line}`));
    }
    lines.push(...clusterLines(plan, options));
    lines.push(...canaryLines(plan, options.paint));
    lines.push(...moveLines(plan, options.paint));
    if (options.subject !== 'drift')
      lines.push(...headroomLines(plan, options.paint), ...uncoveredLines(plan, options.paint));
    lines.push(...warningLines(plan, options.paint));
    const changes = changeLines(plan, options);
    if (changes.length > 0) lines.push('', ...changes);
    if (problems.length > 0) lines.push('', ...problemBlocks(plan, options.paint));
  }
  return `${lines.join('\n')}\n`;
}

/** Nothing would be written and nothing is in the way. */
function isQuiet(plan: Plan): boolean {
  return (
    !plan.changes &&
    plan.clusters.every(
      (cluster) =>
        cluster.problem === undefined &&
        (cluster.leftObjects ?? 0) === 0 &&
        cluster.items.every((item) => item.action === 'forget'),
    )
  );
}

/** "no changes · 3 clusters · 214 objects unchanged". */
function noChangesLine(plan: Plan, options: PlanTextOptions): string {
  const parts = [
    options.subject === 'drift' ? 'no drift' : 'no changes',
    count(plan.clusters.length, 'cluster'),
    `${count(unchangedObjects(plan.clusters), 'object')} ${options.subject === 'drift' ? 'as applied' : 'unchanged'}`,
  ];
  const time = options.milliseconds === undefined ? '' : options.paint.dim(` · ${duration(options.milliseconds)}`);
  return `${options.paint.green(parts.join(' · '))}${time}`;
}

function headerLine(plan: Plan, options: PlanTextOptions): string {
  const { paint } = options;
  const parts = [count(plan.clusters.length, 'cluster')];
  if (options.milliseconds !== undefined) parts.push(duration(options.milliseconds));
  const purpose = plan.purpose === 'destroy' ? paint.red(' · everything of this platform is removed') : '';
  const drift = options.subject === 'drift' ? paint.dim(' · what is there → what was applied last') : '';
  const unverified = plan.unverified ? paint.yellow(' · unverified: no server was asked by a dry run') : '';
  return `${paint.bold(platformName(plan))} · ${parts.join(' · ')}${purpose}${drift}${unverified}`;
}

function clusterWidth(plan: Plan): number {
  return Math.max(...plan.clusters.map((cluster) => oneLine(cluster.cluster).length), 0);
}

function dangerLines(plan: Plan, paint: Paint): string[] {
  const width = clusterWidth(plan);
  return groupDangers(plan).map(({ danger, item, clusters }) => {
    const where =
      clusters.length > 2 ? (whereAmong(clusters, plan.clusters.length) ?? listOf(clusters)) : listOf(clusters);
    return paint.yellow(`  ⚠ ${where.padEnd(width)}  ${objectName(item.id)}: ${oneLine(danger.text)}`);
  });
}

function clusterLines(plan: Plan, options: PlanTextOptions): string[] {
  const width = clusterWidth(plan) + 2;
  return plan.clusters.map(
    (cluster) => `  ${oneLine(cluster.cluster).padEnd(width)}  ${clusterSummary(cluster, options)}`,
  );
}

function clusterSummary(cluster: ClusterPlan, options: PlanTextOptions): string {
  const { paint } = options;
  if (cluster.problem !== undefined) return paint.red(`✖ not planned: ${oneLine(cluster.problem.what)}`);
  const phrases = countPhrases(countActions([cluster]), options.subject);
  const words = [
    ...phrases,
    ...(cluster.unchanged > 0 || phrases.length === 0 ? [`${cluster.unchanged} unchanged`] : []),
  ];
  const restarts = cluster.items.filter((item) => item.restartsPods).length;
  const notes: string[] = [];
  if (cluster.left) notes.push(leftNote(cluster));
  if (restarts > 0)
    notes.push(`${count(restarts, 'workload')} ${restarts === 1 ? 'restarts its' : 'restart their'} pods`);
  if (options.verbose && cluster.dryRuns > 0) notes.push(`${count(cluster.dryRuns, 'dry run')}`);
  if (options.verbose) notes.push(oneLine(cluster.target));
  return words.join(' · ') + (notes.length > 0 ? paint.dim(`   ${notes.join(', ')}`) : '');
}

/** What a reader has to decide about a cluster that the program no longer has. */
export function leftNote(cluster: ClusterPlan): string {
  const objects =
    cluster.leftObjects === undefined ? '' : `, ${count(cluster.leftObjects, 'object')} of ours are there`;
  const choice = cluster.items.length === 0 ? ' (decide with --on-left delete, orphan or keep)' : '';
  return `left: the program no longer has this cluster${objects}${choice}`;
}

function warningLines(plan: Plan, paint: Paint): string[] {
  const byText = new Map<string, string[]>();
  for (const cluster of plan.clusters) {
    for (const warning of cluster.warnings) byText.set(warning, [...(byText.get(warning) ?? []), cluster.cluster]);
  }
  return [...byText].map(([text, clusters]) => paint.yellow(`  ! ${listOf(clusters)}  ${oneLine(text)}`));
}

/** More new objects than this are listed by unit: kinds and numbers. */
const MOST_NEW_OBJECTS = 40;

function changeLines(plan: Plan, options: PlanTextOptions): string[] {
  const groups = groupChanges(plan);
  const verbose = options.verbose === true;
  const created = groups.filter(({ item }) => item.action === 'create');
  const foldsNew = !verbose && created.length > MOST_NEW_OBJECTS;
  const shown = groups.filter(
    ({ item }) => verbose || (item.action !== 'ownership-only' && !(foldsNew && item.action === 'create')),
  );
  const names = shown.map((group) => objectName(group.item.id));
  const width = Math.min(60, Math.max(0, ...names.map((name) => name.length)));
  const lines = foldsNew ? newUnitLines(created, plan, options) : [];
  lines.push(...shown.flatMap((group, index) => groupLines(group, (names[index] ?? '').padEnd(width), plan, options)));
  const recorded = groups.filter(({ item }) => item.action === 'ownership-only').length;
  const folded: string[] = [];
  if (!verbose && recorded > 0)
    folded.push(`${count(recorded, 'object')} with ownership recorded only, no value changes`);
  if (foldsNew) folded.push(`${created.length} different new objects, by unit`);
  if (folded.length > 0) lines.push(options.paint.dim(`· ${folded.join('; ')} (-v lists them)`));
  return lines;
}

/** "+ mall  1 Namespace, 12 Deployment, 12 Service  same in both clusters": new objects of a unit in the same clusters. */
function newUnitLines(created: readonly ChangeGroup[], plan: Plan, { paint }: PlanTextOptions): string[] {
  const units = new Map<
    string,
    { readonly name: string; readonly clusters: readonly string[]; readonly kinds: Map<string, number> }
  >();
  for (const { item, clusters } of created) {
    const name = item.unit ?? item.path ?? '';
    const key = JSON.stringify([name, clusters]);
    const unit = units.get(key) ?? { name, clusters, kinds: new Map() };
    unit.kinds.set(item.id.kind, (unit.kinds.get(item.id.kind) ?? 0) + 1);
    units.set(key, unit);
  }
  const names = [...new Set([...units.values()].map(({ name }) => name))];
  const width = Math.max(...names.map((name) => oneLine(name).length));
  const together = names.flatMap((name) => [...units.values()].filter((unit) => unit.name === name));
  return together.map(({ name, clusters, kinds }) => {
    const objects = [...kinds].map(([kind, number]) => `${number} ${oneLine(kind)}`).join(', ');
    return `${paint.green(`+ ${oneLine(name).padEnd(width)}`)}  ${objects}  ${paint.dim(placeOf(clusters, plan))}`;
  });
}

/** "same in all 3 clusters", "same in 2 of 3 clusters: prod-sh and prod-gz", "prod-sh". */
function placeOf(clusters: readonly string[], plan: Plan): string {
  const same = whereAmong(clusters, plan.clusters.length);
  if (same === undefined) return listOf(clusters);
  return clusters.length === plan.clusters.length ? same : `${same}: ${listOf(clusters)}`;
}

function groupLines(group: ChangeGroup, name: string, plan: Plan, options: PlanTextOptions): string[] {
  const { paint } = options;
  const { item } = group;
  const notes = itemNotes(item);
  const tail = [placeOf(group.clusters, plan), ...notes].join(' · ');
  const lines = [`${actionColour(item, paint)(`${ACTION_WORDS[item.action].sign} ${name}`)}  ${paint.dim(tail)}`];
  if (
    item.action === 'update' ||
    item.action === 'adopt' ||
    item.action === 'replace' ||
    item.action === 'ownership-only'
  ) {
    lines.push(...fieldLines(item, paint));
  } else if (options.verbose && item.desired !== undefined) {
    lines.push(
      ...printableJson(item.desired, 2)
        .split('\n')
        .map((line) => paint.dim(`    ${line}`)),
    );
  }
  return [...lines, ...releaseLines(item, paint)];
}

/** What helm does to the objects of a native release. */
function releaseLines({ release }: PlanItem, paint: Paint): string[] {
  return (release?.objects ?? []).flatMap(({ id, effect, changes }) => {
    const { sign, word, colour } = RELEASE_EFFECTS[effect];
    const head = `    ${paint[colour](`${sign} ${objectName(id)}`)}${word === '' ? '' : paint.dim(`  ${word}`)}`;
    return [head, ...changeLinesOf(changes, paint, '        ')];
  });
}

/** New because the program has it, not because somebody deleted it. */
function isPlainlyNew({ action, reason }: PlanItem): boolean {
  return action === 'create' && /^new\b/.test(reason);
}

/** The server could not be asked, or was not to be: what is shown is a guess. */
function isUnverified({ reason }: PlanItem): boolean {
  return /^unverified\b/.test(reason);
}

/** What a reader must know of an item beside its fields. */
export function itemNotes(item: PlanItem): string[] {
  const notes: string[] = [];
  const speaks = item.action !== 'update' || isUnverified(item) || isRelease(item.id);
  if (speaks && !isPlainlyNew(item) && item.reason !== '') notes.push(oneLine(item.reason));
  if (item.hook !== undefined) notes.push(hookWords(item.hook));
  if (item.release?.revision !== undefined) notes.push(`helm makes revision ${item.release.revision}`);
  if (item.restartsPods) notes.push('restarts pods');
  if (item.renamedFrom !== undefined) notes.push(`renamed from ${objectName(item.renamedFrom)}`);
  if (item.renamedTo !== undefined) notes.push(`renamed to ${objectName(item.renamedTo)}`);
  if (item.source !== undefined) notes.push(oneLine(item.source));
  return notes;
}

/** "hook before its release (pre-install, pre-upgrade; weight -5)". */
function hookWords(hook: ReleaseHook): string {
  const weight = hook.weight === 0 ? '' : `; weight ${hook.weight}`;
  const goes = hook.goes === true ? ', deleted when everything succeeded' : '';
  return `hook ${comesBefore(hook) ? 'before' : 'after'} its release (${hook.events.join(', ')}${weight})${goes}`;
}

function fieldLines({ changes }: PlanItem, paint: Paint): string[] {
  return changeLinesOf(changes, paint, '    ');
}

function changeLinesOf(changes: readonly FieldChange[], paint: Paint, indent: string): string[] {
  return changes.map((change) => {
    const words = fieldChangeWords(change);
    const drift = words.drift === undefined ? '' : paint.magenta(`  (${words.drift})`);
    if (words.before === undefined) return `${indent}${words.path}  ${paint.green(`+ ${words.after}`)}${drift}`;
    if (words.after === undefined) return `${indent}${words.path}  ${paint.red(`- ${words.before}`)}${drift}`;
    return `${indent}${words.path}  ${paint.red(words.before)} → ${paint.green(words.after)}${drift}`;
  });
}

function actionColour(item: PlanItem, paint: Paint): (text: string) => string {
  switch (item.action) {
    case 'create':
      return paint.green;
    case 'update':
    case 'adopt':
      return paint.cyan;
    case 'replace':
    case 'delete':
    case 'blocked':
      return paint.red;
    default:
      return paint.dim;
  }
}

function problemBlocks(plan: Plan, paint: Paint): string[] {
  return groupProblems(plan).map(({ problem, item, clusters }) => {
    const where = {
      ...problem.where,
      cluster: listOf(clusters),
      object: item === undefined ? problem.where.object : objectName(item.id),
    };
    return problemText({ ...problem, where }, paint).trimEnd();
  });
}
