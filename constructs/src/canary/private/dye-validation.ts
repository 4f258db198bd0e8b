import { isLabelValue } from '../../private/names';
import type { Finding } from '../../private/service-validation';
import { matchFindings } from './match-rules';
import type { DyeRules } from './split';

/** What is wrong with a dye in every cluster. */
export function dyeFindings({ header, edge, lane, forwarded }: DyeRules & { readonly forwarded: boolean }): Finding[] {
  const findings: Finding[] = [];
  const report = (code: Finding['code'], what: string, fix: string) => findings.push({ code, what, fix });
  if (lane !== undefined && (lane === '' || !isLabelValue(lane)))
    report(
      'ORR2011',
      `The lane "${lane}" is no value of a label.`,
      'Use at most 63 letters, digits, "-", "_" and ".".',
    );
  if (header === undefined) return findings;
  findings.push(...matchFindings({ headers: { [header.name]: { exact: header.value } } }));
  if (!forwarded) {
    const what = `Header "${header.name}" reaches the services behind only where every application sends it on, which nothing in a cluster does.`;
    const fix = 'Say forwardedByApplications: true once they do, or use CanaryDye.lane.';
    report('ORR2012', what, fix);
  }
  if (edge?.length === 0)
    report('ORR2012', 'A dye at the edge dyes no requests.', 'Give edge a match, or leave it out.');
  for (const match of edge ?? []) {
    findings.push(...matchFindings(match));
    if (Object.hasOwn(match.headers ?? {}, header.name))
      report(
        'ORR2012',
        `Requests are dyed by header "${header.name}" where they have it already.`,
        'Nobody is to bring it along: match something else, e.g. a cookie.',
      );
  }
  return findings;
}
