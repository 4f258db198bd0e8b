import type { JenkinsPlugins } from '../jenkins-plugins';
import type {
  AxisModel,
  ConditionalScopeModel,
  MatrixModel,
  PipelineModel,
  StageModel,
  StepModel,
} from './jenkins-model';
import { type KnownSymbols, knownSymbols } from './known-symbols';
import { type ModelFinding, ModelReport } from './model-finding';
import { checkCalls, checkInput, checkParameters, checkScope, checkVariableName } from './section-rules';
import { checkSteps } from './step-rules';
import type { Symbols } from './symbol-model';
import { checkText, checkValue } from './value-rules';
import { checkWhen } from './when-rules';

/**
 * Most stages and steps of a pipeline. Jenkins makes one method of all of it, and a method of Java has at most 64 KiB (JENKINS-37984, where pipelines
 * of 600 to 1000 lines failed).
 */
const MOST_PARTS = 1000;

/**
 * What Jenkins would refuse, as far as it can be seen without it: jenkinsci/pipeline-model-definition-plugin ModelValidatorImpl, ModelParser and
 * JSONParser, message by message.
 */
export function modelFindings(model: PipelineModel, plugins: JenkinsPlugins = {}): ModelFinding[] {
  const known = knownSymbols(plugins);
  const report = new ModelReport();
  checkScope(model, known, known.options, report);
  const libraries = model.libraries?.libraries;
  if (libraries?.length === 0) report.at('libraries').invalid('There are no libraries.', 'Leave the section out.');
  for (const library of libraries ?? []) {
    checkValue(library, report.at('libraries'));
    if (library.value === '') report.at('libraries').name('A library has no name.', 'Write "name" or "name@version".');
  }
  if (model.parameters !== undefined) checkParameters(model.parameters.parameters, known, report.at('parameters'));
  if (model.triggers !== undefined) {
    checkCalls('trigger', model.triggers.triggers, known.triggers, report.at('triggers'));
    report.at('triggers').duplicates(
      'The trigger',
      model.triggers.triggers.map(({ name }) => name),
    );
  }
  checkStages(model.stages, { known, isWithinParallel: false }, report);
  const parts = countStages(model.stages);
  if (parts > MOST_PARTS) {
    const what = `The pipeline has ${parts} stages and steps; Jenkins makes one method of them, which Java bounds.`;
    report.contradiction(what, `Move steps into scripts of the repository or a shared library: at most ${MOST_PARTS}.`);
  }
  return report.findings;
}

interface Context {
  readonly known: KnownSymbols;
  readonly isWithinParallel: boolean;
}

function checkStages(stages: readonly StageModel[], context: Context, report: ModelReport): void {
  if (stages.length === 0) report.invalid('There are no stages.', 'Add one.');
  report.duplicates(
    'The stage',
    stages.map(({ name }) => name),
  );
  for (const stage of stages) checkStage(stage, context, report.at(`stage "${stage.name}"`));
}

function checkStage(stage: StageModel, context: Context, report: ModelReport): void {
  if (stage.name === '') report.name('A stage has no name.', 'Give it one: people read it.');
  checkText(stage.name, report);
  checkConditionalScope(stage, context.known, context.known.stageOptions, report);
  checkBody(stage, context, report);
  const { branches = [], stages, parallel, matrix } = stage;
  report.duplicates(
    'The branch',
    branches.map(({ name }) => name),
  );
  for (const { name, steps } of branches) {
    checkText(name, report);
    checkSteps(steps, context.known, branches.length > 1 ? report.at(`branch "${name}"`) : report);
  }
  if (stages !== undefined) checkStages(stages, context, report);
  if (parallel !== undefined) checkStages(parallel, { ...context, isWithinParallel: true }, report);
  if (matrix !== undefined) checkMatrix(matrix, context, report.at('matrix'));
}

/** A stage has exactly one kind of content, and what runs at a time stands at the outside. */
function checkBody(stage: StageModel, { isWithinParallel }: Context, report: ModelReport): void {
  const { branches = [], stages, parallel, matrix } = stage;
  const kinds = [
    ...(branches.length > 0 ? ['steps'] : []),
    ...(stages === undefined ? [] : ['stages']),
    ...(parallel === undefined ? [] : ['parallel']),
    ...(matrix === undefined ? [] : ['matrix']),
  ];
  if (kinds.length > 1) report.contradiction(`The stage has ${kinds.join(' and ')}.`, 'Use one of them.');
  if (kinds.length === 0)
    report.invalid('The stage has nothing to do.', 'Give it steps, stages, parallel or a matrix.');
  const isParallel = parallel !== undefined || matrix !== undefined;
  if (isWithinParallel && (isParallel || branches.length > 1)) {
    const fix = 'Move it out: what runs at a time stands in a stage that itself does not.';
    report.contradiction('Stages at a time stand within stages at a time.', fix);
  }
  if (isParallel && stage.agent !== undefined) {
    report.contradiction('The stage has an agent, and its stages run at a time.', 'Give each of them its agent.');
  }
  if (isParallel && stage.tools !== undefined) {
    report.contradiction('The stage has tools, and its stages run at a time.', 'Give each of them its tools.');
  }
}

function checkConditionalScope(
  scope: ConditionalScopeModel,
  known: KnownSymbols,
  options: Symbols,
  report: ModelReport,
): void {
  checkScope(scope, known, options, report);
  if (scope.when !== undefined) checkWhen(scope.when, known, report.at('when'));
  if (scope.input !== undefined) checkInput(scope.input, known, report.at('input'));
}

function checkMatrix(matrix: MatrixModel, context: Context, report: ModelReport): void {
  checkConditionalScope(matrix, context.known, context.known.stageOptions, report);
  checkAxes(matrix.axes, report.at('axes'));
  if (matrix.excludes?.length === 0) report.invalid('excludes is empty.', 'Leave it out.');
  for (const axes of matrix.excludes ?? []) checkAxes(axes, report.at('exclude'));
  checkStages(matrix.stages, { ...context, isWithinParallel: true }, report);
}

function checkAxes(axes: readonly AxisModel[], report: ModelReport): void {
  if (axes.length === 0) report.invalid('There is no axis.', 'Add one.');
  report.duplicates(
    'The axis',
    axes.map(({ name }) => name),
  );
  for (const { name, values } of axes) {
    checkVariableName(name, report);
    const place = report.at(`axis "${name}"`);
    if (values.length === 0) place.invalid('The axis has no values.', 'Add one.');
    for (const value of values) {
      checkValue(value, place);
      if (!value.isLiteral || typeof value.value !== 'string') {
        place.invalid(`${JSON.stringify(value.value)} is no text.`, 'Values of an axis are texts.');
      }
    }
    place.duplicates(
      'The value',
      values.map(({ value }) => String(value)),
    );
  }
}

function countStages(stages: readonly StageModel[]): number {
  return sum(stages, (stage) => {
    const inner = [...(stage.stages ?? []), ...(stage.parallel ?? []), ...(stage.matrix?.stages ?? [])];
    const steps = sum(stage.branches ?? [], (branch) => countSteps(branch.steps));
    const post = sum(stage.post?.conditions ?? [], ({ branch }) => countSteps(branch.steps));
    return 1 + countStages(inner) + steps + post;
  });
}

function countSteps(steps: readonly StepModel[]): number {
  return sum(steps, (step) => 1 + countSteps(step.children ?? []));
}

function sum<T>(items: readonly T[], count: (item: T) => number): number {
  return items.reduce((total, item) => total + count(item), 0);
}
