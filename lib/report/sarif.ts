import type { CheckResult, Finding } from '../checks/run-checks.ts';
import { describeId } from '../kubernetes/object.ts';

/** Static analysis results (SARIF 2.1.0, OASIS), as code hosts show them beside the lines of a pull request. */
export function sarif(result: CheckResult, version: string): unknown {
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'orrery',
            version,
            rules: result.checks.map(({ id, title }) => ({ id, shortDescription: { text: title } })),
          },
        },
        results: [
          ...result.findings.map((finding) => resultOf(finding)),
          ...result.waived.map(({ reason, ...finding }) => ({
            ...resultOf(finding),
            suppressions: [{ kind: 'external', justification: reason }],
          })),
        ],
      },
    ],
  };
}

function resultOf({ check, severity, id, path, source, clusters, field, what, fix }: Finding): object {
  const where = `${describeId(id)} in ${clusters.join(', ')}${field === undefined ? '' : `, ${field}`}`;
  const [, file, line] = /^(.*?):(\d+)(?::\d+)?$/.exec(source ?? '') ?? [];
  const place =
    file === undefined
      ? {}
      : { physicalLocation: { artifactLocation: { uri: file }, region: { startLine: Number(line) } } };
  return {
    ruleId: check,
    level: severity,
    message: { text: `${where}: ${what} ${fix}` },
    locations: [{ ...place, logicalLocations: [{ fullyQualifiedName: path, kind: 'object' }] }],
  };
}
