import type { KubeTarget } from '../cluster/target.ts';
import type { Problem } from '../plan/plan.ts';
import { problemOf } from '../plan/planning-context.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { OutputFormat } from './options.ts';
import { confirmNotes, printClusterNotes, type ShownNotes } from './print-notes.ts';
import type { Screen } from './surroundings.ts';
import type { OpenedTargets } from './targets.ts';

/** What a verb knows of one cluster. A problem ends the work there and nowhere else. */
export interface InCluster<T> {
  readonly cluster: string;
  /** Absent: it could not be opened. */
  readonly target?: KubeTarget | undefined;
  readonly found?: T | undefined;
  readonly problem?: Problem | undefined;
}

/** Looks into every cluster at the same time; one that fails, fails alone. Folders are left out: nobody locks one, and what is in its index is what is in the folder. */
export async function lookIntoClusters<T>(
  targets: OpenedTargets,
  look: (target: KubeTarget) => Promise<{ readonly found: T; readonly problem?: Problem | undefined }>,
): Promise<InCluster<T>[]> {
  const clusters = await Promise.all(
    targets.all.map(async (target): Promise<InCluster<T> | undefined> => {
      const { cluster } = target;
      if (target.kind === 'directory') return undefined;
      try {
        if (target.kind === 'unopened') throw target.error;
        return { cluster, target, ...(await look(target)) };
      } catch (error) {
        return { cluster, problem: problemOf(error, { cluster }) };
      }
    }),
  );
  return clusters.filter((one) => one !== undefined);
}

/** What is to be written, how it is shown and asked. */
export interface ClusterWork<T> {
  /** Where something is to be written. */
  readonly writes: (one: InCluster<T>) => boolean;
  /** Fails where a right is missing for it. Called before somebody is asked; `write` asks again. */
  readonly assertMayWrite: (target: KubeTarget, found: T) => Promise<void>;
  readonly write: (target: KubeTarget, found: T) => Promise<void>;
  /** @param done it was written, where there is no problem */
  readonly notes: (clusters: readonly InCluster<T>[], done: boolean) => ShownNotes;
  /** @param count clusters that are written */
  readonly question: (count: number) => string;
}

/** Shows what was found, asks, writes in every cluster at the same time, and prints how it went. */
export async function writeAfterReview<T>(
  screen: Screen,
  { yes, output }: { readonly yes: boolean; readonly output: OutputFormat },
  looked: readonly InCluster<T>[],
  { writes, assertMayWrite, write, notes, question }: ClusterWork<T>,
): Promise<ExitCode> {
  const clusters = yes ? looked : await inWritable(looked, writes, assertMayWrite);
  const writing = new Set(clusters.filter(writes));
  if (!yes && writing.size > 0 && !(await confirmNotes(screen, notes(clusters, false), question(writing.size))))
    return EXIT.error;
  const done = await inWritable(clusters, (one) => writing.has(one), write);
  printClusterNotes(screen, output, notes(done, true));
  return done.some(({ problem }) => problem !== undefined) ? EXIT.error : EXIT.ok;
}

/** Does something in every cluster that is to be written, at the same time; one that fails, fails alone. */
function inWritable<T>(
  clusters: readonly InCluster<T>[],
  writes: ClusterWork<T>['writes'],
  step: ClusterWork<T>['write'],
): Promise<InCluster<T>[]> {
  return Promise.all(
    clusters.map(async (one): Promise<InCluster<T>> => {
      const { cluster, target, found } = one;
      if (target === undefined || found === undefined || !writes(one)) return one;
      try {
        await step(target, found);
        return one;
      } catch (error) {
        return { ...one, problem: problemOf(error, { cluster }) };
      }
    }),
  );
}
