import type { IConstruct } from 'constructs';
import { type Problem, problemAt } from '../../private/problem';
import { ENGINE_KINDS } from './engine-kinds';
import type { EngineKind } from './pipeline-engine';
import type { PipelineTree } from './tree';

/** Reports what of a pipeline a back-end has no way to say, and names the back-ends that have one. */
export function reportShortcomings(
  construct: IConstruct,
  kind: EngineKind,
  tree: PipelineTree,
  problems: Problem[],
): void {
  for (const { what, stage } of kind.cannot(tree)) {
    const able = ENGINE_KINDS.filter((other) => other.cannot(tree).every((lack) => lack.what !== what));
    const labels = able.map(({ label }) => label);
    const fix =
      labels.length === 0
        ? 'No back-end has it: leave it out.'
        : `Leave it out, or use ${labels.length === 1 ? labels[0] : `one of these: ${labels.join(', ')}`}.`;
    const where = stage === undefined ? 'The pipeline has' : `Stage "${stage}" has`;
    problems.push(problemAt(construct, 'ORR2012', `${where} what ${kind.label} has no way to say: ${what}.`, { fix }));
  }
}
