import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes minutes begins first: at the end one of the two workers would have nothing to do meanwhile. */
const LONG = ['differential/differential.cluster.test.ts', 'laws/apply-crash.cluster.test.ts'];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => LONG.some((file) => moduleId.endsWith(`/test/${file}`));
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          // Beside the sources: one module at a time, under 20 seconds in all.
          name: 'unit',
          include: ['lib/**/*.test.ts', 'constructs/src/**/*.test.ts', 'tasks/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**'],
          // No module of ours has state: tests may share them, which halves the time. And both cores work.
          isolate: false,
          maxWorkers: '100%',
          // Property tests take a second on a quiet machine; on a busy one that is no failure.
          testTimeout: 30_000,
        },
      },
      {
        test: {
          // Across packages, without an API server: whole processes, helm, third-party data.
          name: 'whole',
          include: ['test/**/*.test.ts', 'constructs/test/*.test.ts'],
          exclude: ['test/**/*.cluster.test.ts'],
          testTimeout: 60_000,
          maxWorkers: '100%',
        },
      },
      {
        test: {
          name: 'cluster',
          include: ['test/**/*.cluster.test.ts'],
          globalSetup: ['test/global-setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 300_000,
          maxWorkers: 2,
          // Real servers on a machine that others use too. What needs its second try is named at the end of the run (tasks/test.mjs), and is a defect to mend.
          retry: process.env.CI === 'true' ? 1 : 0,
        },
      },
    ],
  },
});
