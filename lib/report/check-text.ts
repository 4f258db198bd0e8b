import type { CheckResult, Finding } from '../checks/run-checks.ts';
import { describeId } from '../kubernetes/object.ts';
import type { Paint } from './paint.ts';
import { problemText } from './problem-text.ts';
import { oneLine } from './sanitize.ts';
import { count } from './wording.ts';

/** What checks found, for people: errors first, then a line that sums up. */
export function checkText(result: CheckResult, paint: Paint, verbose: boolean): string {
  const { findings, waived, unused } = result;
  const texts = findings.map((finding) => findingText(finding, paint));
  if (verbose) {
    for (const { reason, ...finding } of waived)
      texts.push(paint.dim(`waived ${finding.check}  ${oneLine(describeId(finding.id))}: ${oneLine(reason)}\n`));
  }
  for (const { check, objects, source } of unused)
    texts.push(paint.dim(`${oneLine(source)}: nothing is waived by ${check} of ${oneLine(objects)} any more\n`));
  return `${texts.map((text) => `${text}\n`).join('')}${summary(result, paint)}\n`;
}

/** One finding: what it is, where, what to do. */
export function findingText(
  { check, severity, id, path, source, clusters, field, what, fix }: Finding,
  paint: Paint,
): string {
  const where = { path, source, cluster: clusters.join(', '), object: describeId(id) };
  return problemText(
    { code: check, what: field === undefined ? what : `${field}: ${what}`, where, fix },
    paint,
    severity,
  );
}

function summary({ findings, waived, clusters, objects }: CheckResult, paint: Paint): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.length - errors;
  const parts = [
    ...(errors > 0 ? [paint.red(count(errors, 'error'))] : []),
    ...(warnings > 0 ? [paint.yellow(count(warnings, 'warning'))] : []),
    ...(findings.length === 0 ? [paint.green('nothing found')] : []),
    ...(waived.length > 0 ? [`${waived.length} waived`] : []),
  ];
  return `${parts.join(' · ')} in ${count(objects, 'object')} of ${count(clusters, 'cluster')}`;
}
