import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { AppliedPlatform } from './applied-platform.ts';
import { TestProject } from './project.ts';
import { definition } from './sample-objects.ts';

let platform: AppliedPlatform;
beforeEach(() => {
  platform = new AppliedPlatform('import');
});
afterEach(() => platform.cleanUp());

describe.skipIf(inject('rig') === 'missing')('orrery import cluster', () => {
  it('writes the types of the kinds that a live cluster serves, of the groups that are asked for', async () => {
    const group = `${platform.id}.example.com`;
    await platform.apply({ alpha: [definition(group, 'Thing'), definition(`other.${group}`, 'Box')] });
    const project = new TestProject();
    const target = `alpha=kubeconfig:${inject('clusters').kubeconfig}#alpha`;
    const result = await project.orrery('import', 'cluster', 'alpha', '--target', target, '--group', group);
    expect(result).toMatchObject({ code: 0, stderr: '1 file of types, 1 written\n' });
    const text = project.read(`imports/${group}/Thing.ts`);
    expect(text).toContain(`  apiVersion: '${group}/v1';\n  kind: 'Thing';\n`);
    expect(text).toContain('  /** Default: "red" */\n  color?: string;\n');
    const none = await project.orrery(
      'import',
      'cluster',
      'alpha',
      '--target',
      target,
      '--group',
      'nobody.example.com',
    );
    expect(none).toMatchObject({ code: 1, stdout: '' });
    expect(none.stderr).toContain('error ORR2502  cluster alpha');
  });
});
