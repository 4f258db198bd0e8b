import { cpSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { helmBinaries } from './helm-binaries.ts';
import { TestProject } from './project.ts';

const EXAMPLES = fileURLToPath(new URL('../examples', import.meta.url));
const helms = await helmBinaries();

/** Those that need real control planes have tests of their own. */
const folders = globSync('*/main.ts', { cwd: EXAMPLES })
  .map((main) => path.dirname(main))
  .filter((name) => !readFileSync(path.join(EXAMPLES, name, 'cdk8s.yaml'), 'utf8').includes('sandbox'));

describe.each(folders)('the example %s', (name) => {
  it.skipIf(helms.length === 0)(
    'has no mistake that checks find, is planned as its README says, and has nothing to do once it is applied',
    async () => {
      const project = new TestProject();
      const written = ['dist', 'targets', 'node_modules', '.orrery', 'orrery.lock'];
      cpSync(path.join(EXAMPLES, name), project.folder, {
        recursive: true,
        filter: (source) => !written.includes(path.relative(path.join(EXAMPLES, name), source)),
      });
      project.write('cdk8s.yaml', `${project.read('cdk8s.yaml')}helm: { binary: ${helms[0]?.file} }\n`);
      const orrery = async (...args: string[]) => {
        const { code, stdout, stderr } = await project.orrery(...args);
        expect(code, `${args.join(' ')}: ${stderr}`).toBe(0);
        return stdout.replace(/ · [\d.]+ s\n/, '\n');
      };
      await orrery('check');
      const planned = await orrery('plan');
      for (const [, expected = ''] of readFileSync(path.join(EXAMPLES, name, 'README.md'), 'utf8').matchAll(
        /^```text\n(.*?)^```$/gms,
      ))
        expect(planned).toContain(expected);
      await orrery('apply', '--yes');
      expect(await orrery('plan')).toMatch(/^no changes/);
    },
  );
});
