import { describe, expect, it } from 'vitest';
import type { CheckResult, Finding } from '../checks/run-checks.ts';
import { id } from './example-plan.test-data.ts';
import { sarif } from './sarif.ts';

const finding: Finding = {
  check: 'probe',
  severity: 'warning',
  id: id('apps/v1', 'Deployment', 'cart'),
  path: 'mall/cart/Deployment',
  source: 'my program/main.ts:31',
  clusters: ['a', 'b'],
  what: 'It has none.',
  fix: 'Give it one.',
};
const result: CheckResult = {
  checks: [
    { id: 'probe', title: 'workloads without a probe' },
    { id: 'constructor', title: 'a check of the project' },
  ],
  findings: [finding],
  waived: [{ ...finding, reason: 'nobody waits' }],
  unused: [],
  clusters: 2,
  objects: 1,
};

describe('findings as SARIF', () => {
  const { runs } = sarif(result, '1.0.0', { probe: { why: 'Requests are lost.', advice: 'Give it one.' } }) as {
    runs: { tool: { driver: { rules: object[] } }; results: object[] }[];
  };

  it('say what each check is for, as far as it is ours', () => {
    expect(runs[0]?.tool.driver.rules).toEqual([
      {
        id: 'probe',
        shortDescription: { text: 'workloads without a probe' },
        fullDescription: { text: 'Requests are lost.' },
        help: { text: 'Give it one.' },
      },
      { id: 'constructor', shortDescription: { text: 'a check of the project' } },
    ]);
  });

  it('have their line in a file named as a URI, and what is waived is suppressed with its reason', () => {
    const shown = {
      ruleId: 'probe',
      level: 'warning',
      message: { text: 'Deployment/mall/cart in a, b: It has none. Give it one.' },
      locations: [
        {
          physicalLocation: { artifactLocation: { uri: 'my%20program/main.ts' }, region: { startLine: 31 } },
          logicalLocations: [{ fullyQualifiedName: 'mall/cart/Deployment', kind: 'object' }],
        },
      ],
    };
    expect(runs[0]?.results).toEqual([
      shown,
      { ...shown, suppressions: [{ kind: 'external', justification: 'nobody waits' }] },
    ]);
  });
});
