import { checkStepArguments, stepArgumentList } from './argument-rules';
import { type ConditionModel, isRaw, type WhenModel } from './jenkins-model';
import type { KnownSymbols } from './known-symbols';
import type { ModelReport } from './model-finding';
import { regexpOffence } from './regexp-scan';
import { NESTING_CONDITIONS } from './section-catalog';
import { lookUp } from './symbol-model';
import { checkCode } from './value-rules';

export function checkWhen(when: WhenModel, known: KnownSymbols, report: ModelReport): void {
  if (when.conditions.length === 0) report.invalid('It has no condition.', 'Add one, or leave `when` out.');
  for (const condition of when.conditions) checkCondition(condition, known, report);
}

function checkCondition(condition: ConditionModel, known: KnownSymbols, parent: ModelReport): void {
  const { name, arguments: given, children } = condition;
  const report = parent.at(name);
  if (Object.hasOwn(NESTING_CONDITIONS, name)) {
    checkNesting(condition, known, report);
    return;
  }
  const model = lookUp(known.conditions, name);
  if (model === undefined) {
    const names = [...Object.keys(NESTING_CONDITIONS), ...Object.keys(known.conditions)].join(', ');
    parent.invalid(
      `There is no condition "${name}".`,
      `Use one of ${names}; those of plugins you declare in \`plugins\`.`,
    );
  }
  if (children !== undefined && children.length > 0) {
    report.contradiction('Conditions stand inside it.', 'Only allOf, anyOf and not may have some.');
  }
  if (name === 'expression') {
    const [only] = stepArgumentList(given);
    const code = only !== undefined && isRaw(only.value) ? only.value.value : undefined;
    if (typeof code !== 'string' || code.trim() === '') report.invalid('It has no Groovy.', 'Give it an expression.');
    else checkCode(code, report);
    return;
  }
  checkStepArguments(given, model, report);
  checkPatterns(condition, report);
}

/** Conditions compare with regular expressions when they say so; the changelog always does. */
function checkPatterns({ name, arguments: given }: ConditionModel, report: ModelReport): void {
  const list = stepArgumentList(given);
  const isRegexp = list.some(
    (argument) => argument.name === 'comparator' && isRaw(argument.value) && argument.value.value === 'REGEXP',
  );
  if (name !== 'changelog' && !isRegexp) return;
  for (const { name: parameter, value } of list) {
    if (parameter === 'comparator' || !isRaw(value) || !value.isLiteral || typeof value.value !== 'string') continue;
    const offence = regexpOffence(value.value);
    if (offence !== undefined)
      report.invalid(`"${value.value}" is no regular expression: it ${offence}.`, 'Put a backslash before it.');
  }
}

function checkNesting(condition: ConditionModel, known: KnownSymbols, report: ModelReport): void {
  const { name, arguments: given, children = [] } = condition;
  const wanted = NESTING_CONDITIONS[name]?.children;
  if (stepArgumentList(given).length > 0) {
    report.contradiction(`"${name}" has arguments.`, 'It has only conditions.');
  }
  if (children.length === 0) report.invalid('No condition stands inside it.', 'Put one into it.');
  else if (wanted !== undefined && children.length !== wanted) {
    report.invalid(`${children.length} conditions stand inside it.`, 'Put one into it: allOf or anyOf for several.');
  }
  for (const child of children) checkCondition(child, known, report);
}
