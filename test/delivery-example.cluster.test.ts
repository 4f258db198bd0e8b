import { cpSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, inject, it } from 'vitest';
import { type CommandResult, ORRERY, TestProject } from './project.ts';

const EXAMPLE = fileURLToPath(new URL('../examples/delivery', import.meta.url));

describe.skipIf(inject('rig') === 'missing')('the example delivery', () => {
  it('goes through both clusters as its README says, waiting for people in each', { timeout: 400_000 }, async () => {
    const project = new TestProject();
    const written = ['dist', 'node_modules', '.orrery', 'orrery.lock'];
    cpSync(EXAMPLE, project.folder, {
      recursive: true,
      filter: (source) => !written.includes(path.relative(EXAMPLE, source)),
    });
    // The tools of the rig are built already.
    const env = {
      XDG_CACHE_HOME: process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'),
      ...(process.env.KUBEBUILDER_ASSETS === undefined ? {} : { KUBEBUILDER_ASSETS: process.env.KUBEBUILDER_ASSETS }),
    };
    const orrery = (...args: string[]): Promise<CommandResult> => project.run([ORRERY, ...args], { env });
    try {
      expect(await orrery('check')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^nothing found/) });
      expect(await orrery('sandbox', 'up')).toMatchObject({ code: 0 });
      const planned = (await orrery('plan')).stdout.replace(/ · [\d.]+ s\n/, '\n');
      const [, expected = ''] =
        /^```text\n(.*?)^```$/ms.exec(readFileSync(path.join(EXAMPLE, 'README.md'), 'utf8')) ?? [];
      expect(planned).toContain(expected);
      expect(expected).toContain('canary release');

      const applied = await orrery('apply', '--yes');
      expect(applied, applied.stderr).toMatchObject({ code: 3 });
      expect(applied.stdout).toContain('prod-gz  ◐ cart-4-13 … waits at approve-2');
      expect(applied.stdout).not.toContain('prod-sh  + Deployment/shop/cart-canary');
      const first = await orrery('release', 'promote', 'cart-4-13');
      expect(first, first.stderr).toMatchObject({ code: 3 });
      expect(first.stdout).toContain('prod-gz  ◐ cart-4-13 ✔ through at end');
      expect(first.stdout).toContain('prod-sh  ◐ cart-4-13 … waits at approve-2');
      const second = await orrery('release', 'promote', 'cart-4-13');
      expect(second, second.stderr).toMatchObject({ code: 0 });
      expect((await orrery('plan')).stdout).toMatch(/^no changes · 3 clusters/);

      // As the README says: the new image, and no release any more. No Deployment changes.
      const shop = project.read('shop.ts').replace('cart:4.12.0', 'cart:4.13.0');
      project.write('shop.ts', shop.slice(0, shop.indexOf('  // Guangzhou first')).concat('  void cart;\n}\n'));
      const ended = await orrery('plan');
      expect(ended.stdout).not.toMatch(/Deployment\/shop\/cart/);
      expect(ended, ended.stderr).toMatchObject({ code: 0 });
      const jenkinsfile = await orrery('pipeline', 'jenkinsfile');
      expect(jenkinsfile.stdout).toMatch(/^pipeline \{/);
    } finally {
      await orrery('sandbox', 'down');
    }
  });
});
