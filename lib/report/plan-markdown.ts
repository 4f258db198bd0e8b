import { type Action, type ClusterPlan, type FieldChange, type Plan, type Problem, writes } from '../plan/plan.ts';
import { type ChangeGroup, groupChanges, groupDangers, groupProblems, whereAmong } from './change-groups.ts';
import { fieldChangeWords } from './field-change.ts';
import { headroomSection } from './headroom-text.ts';
import { moveSection } from './move-text.ts';
import { itemNotes, leftNote } from './plan-text.ts';
import { whereWords } from './problem-text.ts';
import { canarySection } from './release-text.ts';
import {
  htmlText,
  manyLines,
  markdownCode,
  markdownFence,
  markdownLines,
  markdownText,
  printableJson,
} from './sanitize.ts';
import { uncoveredSection } from './uncovered-text.ts';
import { rolloutWords } from './wave-text.ts';
import {
  ACTION_WORDS,
  count,
  countActions,
  countPhrases,
  objectName,
  platformName,
  RELEASE_EFFECTS,
  unchangedObjects,
} from './wording.ts';

export interface PlanMarkdownOptions {
  /** Most characters of the result; the summary is never cut. Default 65,536: the most that a comment on GitHub may have. */
  readonly limit?: number | undefined;
  /** The command that applies what is shown, e.g. "orrery apply plan.json". */
  readonly applyCommand?: string | undefined;
  /** Short name of the saved plan. */
  readonly planId?: string | undefined;
}

/** A plan as a pull-request comment: verdict, problems and dangers first, a table per cluster, then every change folded, the same change in several clusters once. */
export function planMarkdown(plan: Plan, options: PlanMarkdownOptions = {}): string {
  const summary = [
    verdict(plan),
    ...problemSection(plan),
    ...dangerSection(plan),
    ...rolloutSection(plan),
    clusterTable(plan),
    ...canarySection(plan),
    ...moveSection(plan),
    ...headroomSection(plan),
    ...uncoveredSection(plan),
    ...warningSection(plan),
  ].join('\n\n');
  const closing = closingLine(plan, options);
  const room = (options.limit ?? 65_536) - summary.length - closing.length - 6;
  const details = fitDetails(
    groupChanges(plan).map((group) => detail(group, plan)),
    room,
  );
  return `${[summary, details, closing].filter((part) => part !== '').join('\n\n')}\n`;
}

function verdict(plan: Plan): string {
  const problems = groupProblems(plan).length;
  const phrases = countPhrases(countActions(plan.clusters)).filter(
    (phrase) => !phrase.endsWith(ACTION_WORDS.blocked.count),
  );
  const touched = plan.clusters.filter((cluster) => cluster.items.some((item) => writes(item.action))).length;
  const where =
    plan.clusters.length === 1
      ? ''
      : touched === plan.clusters.length
        ? ` in ${touched === 2 ? 'both' : `all ${touched}`} clusters`
        : ` in ${touched} of ${plan.clusters.length} clusters`;
  // "No changes" is a promise about every cluster and object: with a problem nobody can give it.
  const nothing = problems > 0 ? 'nothing to write' : 'no changes';
  const what =
    phrases.length === 0
      ? `${nothing} · ${count(plan.clusters.length, 'cluster')} · ${count(unchangedObjects(plan.clusters), 'object')} unchanged`
      : `${phrases.join(', ')}${where}`;
  const mark = problems > 0 ? '❌' : groupDangers(plan).length > 0 ? '⚠️' : phrases.length === 0 ? '✅' : '🔷';
  const purpose = plan.purpose === 'destroy' ? ' · **everything of this platform is removed**' : '';
  const unverified = plan.unverified ? ' · **unverified: no server was asked**' : '';
  const trouble = problems === 0 ? '' : ` · **${count(problems, 'problem')}**`;
  return `### ${mark} ${markdownText(platformName(plan))}: ${what}${trouble}${purpose}${unverified}`;
}

function codes(names: readonly string[]): string {
  return names.map((name) => markdownCode(name)).join(', ');
}

function problemLine(problem: Problem, subject: string): string {
  const where = whereWords(problem.where, { cluster: true, object: true })
    .map((word) => ` · ${markdownCode(word)}`)
    .join('');
  const fix = problem.fix === undefined ? '' : `<br>${markdownLines(problem.fix)}`;
  return `- ${subject} **${problem.code}**${where}: ${markdownText(problem.what.trim())}${fix}`;
}

function problemSection(plan: Plan): string[] {
  const groups = groupProblems(plan);
  if (groups.length === 0) return [];
  const lines = groups.map(({ problem, item, clusters }) =>
    problemLine(
      problem,
      item === undefined
        ? `${codes(clusters)} was not planned,`
        : `${markdownCode(objectName(item.id))} in ${codes(clusters)},`,
    ),
  );
  return [`**In the way**\n\n${lines.join('\n')}`];
}

function dangerSection(plan: Plan): string[] {
  const groups = groupDangers(plan);
  if (groups.length === 0) return [];
  const lines = groups.map(
    ({ danger, item, clusters }) =>
      `- ⚠️ ${markdownCode(objectName(item.id))} in ${codes(clusters)}: ${markdownText(danger.text)}`,
  );
  return [`**Look at these first**\n\n${lines.join('\n')}`];
}

/** What is reviewed with the changes: in which order they come, and what runs in between. */
function rolloutSection({ rollout }: Plan): string[] {
  if (rollout === undefined) return [];
  const lines = rolloutWords(rollout).map((line) => `- ${markdownText(line)}`);
  return [`**Waves**\n\n${lines.join('\n')}`];
}

/** The columns that have something to show in some cluster. */
function clusterTable(plan: Plan): string {
  const all = countActions(plan.clusters);
  const columns = (Object.keys(ACTION_WORDS) as Action[]).filter((action) => all[action] > 0);
  const titles = [
    'Cluster',
    ...columns.map((action) => capitalised(ACTION_WORDS[action].count)),
    'Unchanged',
    'Pods restart',
  ];
  const rows = plan.clusters.map((cluster) => clusterRow(cluster, columns));
  return [`| ${titles.join(' | ')} |`, `|---|${'--:|'.repeat(titles.length - 1)}`, ...rows].join('\n');
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function clusterRow(cluster: ClusterPlan, columns: readonly Action[]): string {
  const name = `${markdownCode(cluster.cluster, 'cell')}${cluster.left ? `<br>${leftNote(cluster)}` : ''}`;
  if (cluster.problem !== undefined)
    return `| ${name} | ${[...columns.map(() => '?'), '?', `❌ ${cluster.problem.code}`].join(' | ')} |`;
  const counts = countActions([cluster]);
  const restarts = cluster.items.filter((item) => item.restartsPods).length;
  const numbers = [...columns.map((action) => counts[action]), cluster.unchanged, restarts];
  return `| ${name} | ${numbers.map((number) => (number === 0 ? '·' : String(number))).join(' | ')} |`;
}

function warningSection(plan: Plan): string[] {
  const lines = plan.clusters.flatMap((cluster) =>
    cluster.warnings.map((warning) => `- ${markdownCode(cluster.cluster)}: ${markdownText(warning)}`),
  );
  return lines.length === 0 ? [] : [`**Warnings**\n\n${[...new Set(lines)].join('\n')}`];
}

interface Detail {
  readonly summary: string;
  /** Empty: nothing to unfold. */
  readonly body: string;
}

function detail(group: ChangeGroup, plan: Plan): Detail {
  const { item } = group;
  const where = whereAmong(group.clusters, plan.clusters.length);
  const names = group.clusters.map((name) => `<code>${htmlText(name)}</code>`).join(', ');
  const notes = itemNotes(item)
    .map((note) => ` · ${htmlText(note)}`)
    .join('');
  const place =
    where === undefined
      ? ` in ${names}`
      : group.clusters.length === plan.clusters.length
        ? `, ${where}`
        : `, ${where}: ${names}`;
  const summary = `${ACTION_WORDS[item.action].sign} <code>${htmlText(objectName(item.id))}</code> ${ACTION_WORDS[item.action].count}${place}${notes}`;
  return { summary, body: body(group) };
}

function body(group: ChangeGroup): string {
  const { item } = group;
  if (item.action === 'create' && item.release === undefined)
    return item.desired === undefined ? '' : markdownFence(printableJson(item.desired, 2), 'json');
  const ofRelease = (item.release?.objects ?? []).flatMap(({ id, effect, changes }) => {
    const { sign, word } = RELEASE_EFFECTS[effect];
    const head = `${sign === '~' ? '!' : sign} ${objectName(id)}${word === '' ? '' : `  ${word}`}`;
    return [head, ...diffLines(changes)];
  });
  const lines = [...diffLines(item.changes), ...ofRelease];
  return lines.length === 0 ? '' : markdownFence(manyLines(lines.join('\n')), 'diff');
}

function diffLines(changes: readonly FieldChange[]): string[] {
  return changes.flatMap((change) => {
    const words = fieldChangeWords(change, 400);
    const drift = words.drift === undefined ? [] : [`# ${words.drift}`];
    const removed = words.before === undefined ? [] : [`- ${words.path}: ${words.before}`];
    const added = words.after === undefined ? [] : [`+ ${words.path}: ${words.after}`];
    return [...drift, ...removed, ...added];
  });
}

/** Largest bodies go first, then lines from the end; what was left out is said. */
function fitDetails(details: readonly Detail[], room: number): string {
  if (details.length === 0) return '';
  const bodies = details.map((one) => one.body);
  const noteRoom = 120;
  let size = details.reduce((sum, one) => sum + rendered(one.summary, one.body).length + 1, 0);
  if (size > room) {
    const bySize = details.map((_, index) => index).sort((a, b) => (bodies[b]?.length ?? 0) - (bodies[a]?.length ?? 0));
    for (const index of bySize) {
      const one = details[index];
      if (size <= room - noteRoom || one === undefined || one.body === '') break;
      size -= rendered(one.summary, one.body).length - rendered(one.summary, '').length;
      bodies[index] = '';
    }
  }
  let shown = details.length;
  while (
    shown > 0 &&
    size > room - (bodies.some((body, index) => body !== details[index]?.body) || shown < details.length ? noteRoom : 0)
  ) {
    shown--;
    size -= rendered(details[shown]?.summary ?? '', bodies[shown] ?? '').length + 1;
  }
  const parts = details.slice(0, shown).map((one, index) => rendered(one.summary, bodies[index] ?? ''));
  const note: string[] = [];
  const dropped = parts.filter((_, index) => bodies[index] !== details[index]?.body).length;
  if (dropped > 0) note.push(`the fields of ${count(dropped, 'change')}`);
  if (shown < details.length) note.push(`${count(details.length - shown, 'change')} altogether`);
  if (note.length > 0)
    parts.push(`<sub>Left out for size: ${note.join(' and ')}. \`orrery diff\` shows everything.</sub>\n`);
  return parts.join('\n').trimEnd();
}

function rendered(summary: string, body: string): string {
  return body === '' ? `<div>${summary}</div>\n` : `<details><summary>${summary}</summary>\n\n${body}\n\n</details>\n`;
}

function closingLine(plan: Plan, options: PlanMarkdownOptions): string {
  const parts: string[] = [];
  if (options.planId !== undefined) parts.push(`plan ${markdownCode(options.planId)}`);
  parts.push(
    ...(plan.assemblyDigest === '' ? [] : [`assembly ${markdownCode(plan.assemblyDigest.slice(0, 17))}`]),
    `made ${markdownCode(plan.createdAt)}`,
  );
  if (options.planId !== undefined) parts.push(`expires ${markdownCode(plan.expiresAt)}`);
  const apply =
    options.applyCommand === undefined || !plan.changes ? '' : ` · apply it with ${markdownCode(options.applyCommand)}`;
  return `<sub>${parts.join(' · ')}${apply}</sub>`;
}
