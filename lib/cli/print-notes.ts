import { type ClusterNotes, clusterNotesMarkdown, clusterNotesText } from '../report/cluster-notes.ts';
import { printableJson } from '../report/sanitize.ts';
import type { OutputFormat } from './options.ts';
import type { Screen } from './surroundings.ts';

/** What a verb found out, for people and for programs. */
export interface ShownNotes {
  readonly platform: Parameters<typeof clusterNotesText>[0];
  readonly clusters: readonly ClusterNotes[];
  readonly json: object;
}

/** Prints it on stdout in the format that was asked for. */
export function printClusterNotes(
  screen: Screen,
  output: OutputFormat,
  { platform, clusters, json }: ShownNotes,
): void {
  if (output === 'json') screen.out(`${printableJson(json, 2)}\n`);
  else if (output === 'markdown') screen.out(clusterNotesMarkdown(platform, clusters));
  else screen.out(clusterNotesText(platform, clusters, screen.paint));
}

/** Shows on stderr what is asked about, and asks. */
export async function confirmNotes(screen: Screen, notes: ShownNotes, question: string): Promise<boolean> {
  screen.err(clusterNotesText(notes.platform, notes.clusters, screen.talk));
  const { ask } = await import('./ask.ts');
  const answer = await ask(`\n${question} [y/N] `);
  if (/^y(es)?$/i.test(answer?.trim() ?? '')) return true;
  screen.err('Nothing was written.\n');
  return false;
}
