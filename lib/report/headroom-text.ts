import type { Plan, ReplicaBounds, ServiceHeadroom } from '../plan/plan.ts';
import type { Paint } from './paint.ts';
import { markdownCode, oneLine } from './sanitize.ts';
import { count } from './wording.ts';

/** One service, and what each loss leaves of it. */
interface HeadroomRow {
  readonly service: string;
  readonly declared: string;
  readonly cells: readonly { readonly text: string; readonly suffices: boolean }[];
}

interface HeadroomTable {
  readonly clusters: readonly string[];
  readonly rows: readonly HeadroomRow[];
}

/** A row for each service, app by app, a column for each cluster that may be lost. */
function headroomTable(headroom: readonly ServiceHeadroom[]): HeadroomTable {
  const clusters = [...new Set(headroom.flatMap(({ without }) => without.map(({ cluster }) => cluster)))];
  const byApp = [...Map.groupBy(headroom, ({ app }) => app).values()].flat();
  const rows = byApp.map(({ service, needed, without }) => ({
    service,
    declared: bounds(needed),
    cells: clusters.map((name) => {
      const loss = without.find(({ cluster }) => cluster === name);
      // Nothing of it runs there.
      if (loss === undefined) return { text: '–', suffices: true };
      return { text: bounds(loss.left), suffices: suffices(loss.left, needed) };
    }),
  }));
  return { clusters, rows };
}

function bounds({ fewest, most }: ReplicaBounds): string {
  return fewest === most ? String(fewest) : `${fewest} to ${most}`;
}

function suffices(left: ReplicaBounds, needed: ReplicaBounds): boolean {
  return left.fewest >= needed.fewest && left.most >= needed.most;
}

/** Lines for a terminal, below the clusters; none where no service shall survive. */
export function headroomLines({ headroom = [] }: Plan, paint: Paint): string[] {
  if (headroom.length === 0) return [];
  const { clusters, rows } = headroomTable(headroom);
  const titles = ['declared', ...clusters.map((name) => `without ${oneLine(name)}`)];
  const cells = rows.map(({ declared, cells: own }) => [
    declared,
    ...own.map(({ text, suffices: enough }) => (enough ? text : `✖ ${text}`)),
  ]);
  const first = Math.max('headroom'.length, ...rows.map(({ service }) => oneLine(service).length + 2));
  const widths = titles.map((title, at) => Math.max(title.length, ...cells.map((row) => (row[at] ?? '').length)));
  const line = (row: readonly string[], colour: (text: string, at: number) => string) =>
    row.map((text, at) => colour(text.padStart(widths[at] ?? 0), at)).join('  ');
  return [
    `  ${'headroom'.padEnd(first)}  ${line(titles, (text) => paint.dim(text))}`,
    ...rows.map(({ service, cells: own }, index) => {
      const red = (text: string, at: number) => (own[at - 1]?.suffices === false ? paint.red(text) : text);
      return `    ${oneLine(service).padEnd(first - 2)}  ${line(cells[index] ?? [], red)}`;
    }),
  ];
}

/** More rows would take the room of what changes: a comment has an end. */
const MOST_ROWS = 40;

/** A table for a pull request: open where a loss cannot be borne, else folded. */
export function headroomSection({ headroom = [] }: Plan): string[] {
  if (headroom.length === 0) return [];
  const { clusters, rows } = headroomTable(headroom);
  const short = rows.filter(({ cells }) => cells.some(({ suffices: enough }) => !enough));
  const isFine = short.length === 0;
  const shown = (rows.length > MOST_ROWS && !isFine ? short : rows).slice(0, MOST_ROWS);
  const table = [
    `| Service | Declared | ${clusters.map((name) => `Without ${markdownCode(name)}`).join(' | ')} |`,
    `|---|${'--:|'.repeat(clusters.length + 1)}`,
    ...shown.map(
      ({ service, declared, cells }) =>
        `| ${[markdownCode(service), declared, ...cells.map(({ text, suffices: enough }) => (enough ? text : `❌ **${text}**`))].join(' | ')} |`,
    ),
  ].join('\n');
  const rest = rows.length - shown.length;
  const note = rest === 0 ? '' : `\n\n<sub>${count(rest, 'more service')}: \`orrery plan\` shows all.</sub>`;
  return isFine
    ? [`<details><summary>Every loss of one cluster can be borne</summary>\n\n${table}${note}\n\n</details>`]
    : [`**What is left when a cluster is lost**\n\n${table}${note}`];
}
