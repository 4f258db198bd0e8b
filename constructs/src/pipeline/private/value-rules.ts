import { codeOffence, expressionOffence } from './groovy-scan';
import type { RawValue } from './jenkins-model';
import type { ModelReport } from './model-finding';
import type { ParameterType } from './symbol-model';

/** Longest constant that a class of Java can hold. */
const LONGEST_TEXT = 65_535;

/** What no text of a pipeline may contain. */
export function checkText(text: string, report: ModelReport): void {
  const offence = textOffence(text);
  if (offence !== undefined) report.invalid(`The text has ${offence}.`, 'Leave it out.');
  if (new TextEncoder().encode(text).length > LONGEST_TEXT) {
    const what = `The text has ${text.length} characters, and a class of Java cannot hold a constant of more than 65535 bytes.`;
    report.invalid(what, 'Put it into a file of the repository.');
  }
}

function textOffence(text: string): string | undefined {
  if (text.includes('\0')) return 'NUL, which neither the environment nor a shell can hold';
  if (text.includes('\uffff')) return 'U+FFFF, which Groovy takes for the end of the file';
  if (/\p{Cs}/u.test(text)) return 'half of a surrogate pair, which no file can hold';
  return undefined;
}

/** Groovy between braces. */
export function checkCode(code: string, report: ModelReport): void {
  if (/[\0\uffff]|\p{Cs}/u.test(code)) checkText(code, report);
  const offence = codeOffence(code);
  if (offence !== undefined) {
    report.invalid(`The Groovy ${offence}.`, 'Close what it opens, and nothing else.');
  }
}

/** A value in any place. */
export function checkValue({ isLiteral, value }: RawValue, report: ModelReport): void {
  if (!isLiteral) {
    checkExpression(value, report);
  } else if (typeof value === 'string') checkText(value, report);
  else if (typeof value === 'number') checkNumber(value, report);
}

function checkNumber(value: number, report: ModelReport): void {
  if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) {
    const what = `The number ${value} is beyond those that Jenkins and JSON hold exactly.`;
    report.invalid(what, 'Use a number between -2^53 and 2^53.');
  }
}

function checkExpression(value: RawValue['value'], report: ModelReport): void {
  if (typeof value !== 'string') {
    report.invalid(`The expression is ${JSON.stringify(value)}, which is no source.`, 'Give it as text.');
    return;
  }
  const isWrapped = value.startsWith('${') && value.endsWith('}');
  const source = isWrapped ? value.slice(2, -1) : value;
  if (/[\0\uffff]|\p{Cs}/u.test(source)) checkText(source, report);
  const offence = expressionOffence(source);
  if (offence !== undefined) {
    report.invalid(`The expression ${offence}: ${source}`, 'Use one expression of Groovy; a text stands in quotes.');
  }
}

/** Whether a literal is of the kind that a parameter wants. Jenkins makes a flag of anything. */
export function checkType({ isLiteral, value }: RawValue, type: ParameterType, report: ModelReport): void {
  if (!isLiteral || value === null) return;
  if (type === 'text' && typeof value !== 'string') {
    report.invalid(`${JSON.stringify(value)} is no text.`, 'Put it into quotes.');
  }
  if (type === 'whole' && (typeof value !== 'number' || !Number.isInteger(value))) {
    report.invalid(`${JSON.stringify(value)} is no whole number.`, 'Use a number, without quotes.');
  }
}
