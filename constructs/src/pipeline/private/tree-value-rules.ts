import { isSymbol, isVariableName } from './identifiers';
import type { ModelReport } from './model-finding';
import type { NamedValue, ValueTree } from './tree';
import { checkText } from './value-rules';

/** Names and texts inside a value, which stand in quotes or in no quotes once it is Groovy. */
export function checkTreeValue(value: ValueTree, report: ModelReport): void {
  switch (value.kind) {
    case 'literal':
      if (typeof value.value === 'string') checkText(value.value, report);
      return;
    case 'template':
      for (const part of value.parts) {
        if (part.kind === 'text') checkText(part.text, report);
        else if (!isVariableName(part.name)) {
          const kind = part.kind === 'env' ? 'variable' : 'parameter';
          report.name(
            `"${part.name}" is no name of a ${kind}.`,
            'Begin with a letter or underscore and go on with those and digits.',
          );
        }
      }
      return;
    case 'list':
      for (const item of value.items) checkTreeValue(item, report);
      return;
    case 'map':
      checkNamedValues(value.entries, report);
      return;
    case 'call': {
      const { name, arguments: given } = value.call;
      if (!isSymbol(name))
        report.name(`"${name}" is no name of something in Jenkins.`, 'Use letters, digits and underscores.');
      if (given.kind === 'positional') for (const item of given.values) checkTreeValue(item, report);
      if (given.kind === 'named') checkNamedValues(given.values, report);
      return;
    }
    case 'groovy':
  }
}

export function checkNamedValues(values: readonly NamedValue[], report: ModelReport): void {
  for (const { name, value } of values) {
    checkText(name, report);
    checkTreeValue(value, report.at(name));
  }
}

/** It is known only when the pipeline runs. */
export function isComputed(value: ValueTree): boolean {
  if (value.kind === 'template') return value.parts.some(({ kind }) => kind !== 'text');
  return value.kind === 'groovy' && (!/^['"]/.test(value.source) || /\$|\+/.test(value.source));
}
