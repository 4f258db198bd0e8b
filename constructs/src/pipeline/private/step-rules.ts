import { checkStepArguments, stepArgumentList } from './argument-rules';
import { isSymbol } from './identifiers';
import { isRaw, type RawValue, type StepModel } from './jenkins-model';
import type { KnownSymbols } from './known-symbols';
import type { ModelReport } from './model-finding';
import { lookUp } from './symbol-model';
import { checkCode } from './value-rules';

/** What is no step here. (BlockedStepsAndMethodCalls of the plugin.) */
const NO_STEPS: { readonly [name: string]: string } = {
  stage: 'Stages stand in `stages`.',
  properties: 'Use the sections options, parameters and triggers.',
  parallel: 'Use `PipelineStage.parallel`; the step may only stand alone in a stage.',
};

/** Steps that Groovy follows in braces. */
const CODE_STEPS = new Set(['script', 'expression']);

export function checkSteps(steps: readonly StepModel[], known: KnownSymbols, report: ModelReport): void {
  if (steps.length === 0) report.invalid('There are no steps.', 'Add one, or leave the section out.');
  for (const step of steps) checkStep(step, known, report.at(step.name));
}

function checkStep(step: StepModel, known: KnownSymbols, report: ModelReport): void {
  const { name, children } = step;
  if (!isSymbol(name)) report.name(`"${name}" is no name of a step.`, 'Use letters, digits and underscores.');
  const reason = Object.hasOwn(NO_STEPS, name) ? NO_STEPS[name] : undefined;
  if (reason !== undefined) {
    report.contradiction(`"${name}" is no step of a declarative pipeline.`, reason);
    return;
  }
  if (CODE_STEPS.has(name)) {
    checkCodeStep(step, report);
    return;
  }
  const model = lookUp(known.steps, name);
  checkStepArguments(step.arguments, model, report);
  if (children !== undefined) checkSteps(children, known, report);
  if (model?.hasBlock === true && children === undefined) {
    report.invalid('It lacks the steps that it acts on.', 'Put steps into it.');
  }
}

function checkCodeStep(step: StepModel, report: ModelReport): void {
  const [only, ...more] = stepArgumentList(step.arguments);
  const code = only?.value !== undefined && isRaw(only.value) ? (only.value as RawValue).value : undefined;
  const isNamedSo = only !== undefined && (only.name ?? 'scriptBlock') === 'scriptBlock';
  if (!isNamedSo || more.length > 0 || typeof code !== 'string' || step.children !== undefined) {
    report.invalid('It is not followed by one block of Groovy.', 'Give it one text of Groovy.');
    return;
  }
  checkCode(code, report);
}
