import type { CheckResult, Finding } from '../checks/run-checks.ts';
import { describeId } from '../kubernetes/object.ts';

/** What is told of a check beside its findings. */
export interface RuleHelp {
  readonly why: string;
  readonly advice: string;
}

/**
 * Static analysis results (SARIF 2.1.0, OASIS), as code hosts show them beside the lines of a pull request.
 * @param help by the id of a check; checks of the project have none
 */
export function sarif(result: CheckResult, version: string, help: Readonly<Record<string, RuleHelp>> = {}): unknown {
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'orrery',
            version,
            rules: result.checks.map(({ id, title }) => ({
              id,
              shortDescription: { text: title },
              ...helpOf(Object.hasOwn(help, id) ? help[id] : undefined),
            })),
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

function helpOf(help: RuleHelp | undefined): object {
  return help === undefined ? {} : { fullDescription: { text: help.why }, help: { text: help.advice } };
}

function resultOf({ check, severity, id, path, source, clusters, field, what, fix }: Finding): object {
  const where = `${describeId(id)} in ${clusters.join(', ')}${field === undefined ? '' : `, ${field}`}`;
  const [, file, line] = /^(.*?):(\d+)(?::\d+)?$/.exec(source ?? '') ?? [];
  const place =
    file === undefined
      ? {}
      : { physicalLocation: { artifactLocation: { uri: encodeURI(file) }, region: { startLine: Number(line) } } };
  return {
    ruleId: check,
    level: severity,
    message: { text: `${where}: ${what} ${fix}` },
    locations: [{ ...place, logicalLocations: [{ fullyQualifiedName: path, kind: 'object' }] }],
  };
}
