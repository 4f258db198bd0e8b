// npm test: builds the real API servers once, then runs every test. `--unit`: only the tests that need no API server. Other arguments go to vitest.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { bundledHelm } from './bundled-helm.mjs';
import { root, run, say, setUp } from './set-up.mjs';

const unit = process.argv.includes('--unit');
const rest = process.argv.slice(2).filter((arg) => arg !== '--unit');
const node = await setUp();
const folder = mkdtempSync(join(tmpdir(), 'orrery-test-'));
const results = join(folder, 'results.json');
const helm = await bundledHelm(join(root, 'node_modules', '.cache', 'orrery'));
const code = await run(
  node,
  [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    ...(unit ? ['--project', 'unit'] : []),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${results}`,
    ...rest,
  ],
  helm === undefined
    ? {}
    : { env: { PATH: [join(root, 'node_modules', '.bin'), process.env.PATH, dirname(helm)].join(delimiter) } },
);
let failed = 1;
try {
  const report = JSON.parse(readFileSync(results, 'utf8'));
  // A suite that fails before its first test (a hook, an import) has no failed test of its own.
  const broken = report.testResults.filter(
    (suite) => suite.status === 'failed' && !suite.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  failed = report.numFailedTests + broken;
  const skipped = report.numPendingTests + report.numTodoTests;
  for (const suite of report.testResults) {
    for (const { fullName, status, failureMessages } of suite.assertionResults) {
      if (status === 'passed' && failureMessages.length > 0)
        say(`Passed on its second try: ${fullName}\n  ${failureMessages[0].split('\n', 1)[0]}`);
    }
  }
  process.stdout.write(`${report.numPassedTests} passed, ${failed} failed, ${skipped} skipped\n`);
} catch (error) {
  say(`No test report was written: ${error.message}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = code !== 0 || failed > 0 ? 1 : 0;
