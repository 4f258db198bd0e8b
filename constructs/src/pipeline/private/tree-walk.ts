import { expandStep } from './step-expansion';
import type { BasicStep, StageTree, StepTree } from './tree';

/** The steps inside a step. */
function stepsWithin(step: BasicStep): readonly StepTree[] {
  return 'steps' in step ? (step.steps ?? []) : [];
}

/** A step and all inside it, composed ones taken apart, with the container that each runs in. */
export function walkSteps(
  steps: readonly StepTree[],
  visit: (step: BasicStep, container: string | undefined) => void,
  container?: string,
): void {
  for (const step of steps.flatMap(expandStep)) {
    visit(step, container);
    walkSteps(stepsWithin(step), visit, step.kind === 'container' ? step.name : container);
  }
}

/** The stages inside a stage. */
export function stagesWithin({ body }: StageTree): readonly StageTree[] {
  switch (body.kind) {
    case 'stages':
    case 'parallel':
      return body.stages;
    case 'matrix':
      return body.matrix.stages;
    default:
      return [];
  }
}

/** The steps of a stage itself, not of the stages inside it. */
export function stepsOf({ body, post }: StageTree): readonly StepTree[] {
  const own =
    body.kind === 'steps' ? body.steps : body.kind === 'branches' ? body.branches.flatMap(({ steps }) => steps) : [];
  const after = body.kind === 'matrix' ? body.matrix.post : [];
  return [...own, ...[...post, ...after].flatMap(({ steps }) => steps)];
}
