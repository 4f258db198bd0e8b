import { failHere } from '../../private/problem';
import type { PipelineTree, StageBody, StageTree } from './tree';

/** What two settings of one kind have in common: of each name there is one. */
type Named = { readonly name: string };

/** The settings, with others of the same name in their place, and new ones behind. */
export function mergedByName<T extends Named>(settings: readonly T[], others: readonly T[]): T[] {
  const changed = new Map(others.map((other) => [other.name, other]));
  const kept = settings.map((setting) => changed.get(setting.name) ?? setting);
  const known = new Set(settings.map(({ name }) => name));
  return [...kept, ...others.filter(({ name }) => !known.has(name))];
}

/** What becomes of a stage: these in its place. */
export type StageChange = (stage: StageTree) => readonly StageTree[];

/**
 * The pipeline with another stage, or several, or none, in the place of the one of that name, however deep it stands.
 * @throws ORR2012 when there is none, or more than one
 */
export function withChangedStage(tree: PipelineTree, name: string, change: StageChange): PipelineTree {
  const names = tree.stages.flatMap(stageNames);
  const count = names.filter((one) => one === name).length;
  if (count !== 1) {
    const what = count === 0 ? `The pipeline has no stage "${name}".` : `The pipeline has ${count} stages "${name}".`;
    failHere(undefined, 'ORR2012', what, { fix: `It has ${names.map((one) => `"${one}"`).join(', ')}.` });
  }
  return { ...tree, stages: changedStages(tree.stages, name, change) };
}

function changedStages(stages: readonly StageTree[], name: string, change: StageChange): StageTree[] {
  return stages.flatMap((stage) =>
    stage.name === name ? change(stage) : [{ ...stage, body: changedBody(stage.body, name, change) }],
  );
}

function changedBody(body: StageBody, name: string, change: StageChange): StageBody {
  switch (body.kind) {
    case 'stages':
    case 'parallel':
      return { ...body, stages: changedStages(body.stages, name, change) };
    case 'matrix':
      return { ...body, matrix: { ...body.matrix, stages: changedStages(body.matrix.stages, name, change) } };
    default:
      return body;
  }
}

function stageNames({ name, body }: StageTree): string[] {
  if (body.kind === 'matrix') return [name, ...body.matrix.stages.flatMap(stageNames)];
  return body.kind === 'stages' || body.kind === 'parallel' ? [name, ...body.stages.flatMap(stageNames)] : [name];
}
