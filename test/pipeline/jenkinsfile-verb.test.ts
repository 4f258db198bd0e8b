import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { TestProject } from '../project.ts';

const PROGRAM = {
  'cdk8s.yaml': 'app: node main.ts\n',
  'main.ts': `import { ClusterSet, Pipeline, PipelineBackend, PipelineTemplate, Platform } from '@orrery/constructs';
const platform = new Platform({ id: 'shop' });
new ClusterSet(platform, 'clusters').add('ops');
new Pipeline(platform, 'cart', { definition: PipelineTemplate.goProject(), backends: [PipelineBackend.jenkinsfile()] });
new Pipeline(platform, 'pay', { definition: PipelineTemplate.nodeProject(), backends: [PipelineBackend.jenkinsfile({ file: 'ci/Jenkinsfile' })] });
platform.synth();
`,
};

describe('orrery pipeline jenkinsfile', () => {
  it('prints what the program makes, and says of a file whether it is that', async () => {
    const project = new TestProject(PROGRAM);
    const { code, stdout } = await project.orrery('pipeline', 'jenkinsfile', 'cart');
    expect({ code, begin: stdout.split('\n')[0] }).toEqual({ code: 0, begin: 'pipeline {' });
    expect(stdout).toContain('go test');

    const file = path.join(project.folder, 'Jenkinsfile');
    writeFileSync(file, stdout);
    expect((await project.orrery('pipeline', 'jenkinsfile', 'cart', '--check', 'Jenkinsfile')).code).toBe(0);

    writeFileSync(file, stdout.replace('go test', 'go vet'));
    const differs = await project.orrery('pipeline', 'jenkinsfile', 'cart', '--check', 'Jenkinsfile');
    expect(differs).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('go vet') });

    expect((await project.orrery('pipeline', 'jenkinsfile', 'cart', '--check', 'none')).code).toBe(1);
    expect(await project.orrery('pipeline', 'jenkinsfile')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Say which: cart, pay.'),
    });
  });

  it('reads an assembly that was written before', async () => {
    const project = new TestProject(PROGRAM);
    expect((await project.orrery('synth')).code).toBe(0);
    const printed = await project.orrery('pipeline', 'jenkinsfile', 'pay', '--assembly', 'dist');
    expect(printed).toMatchObject({ code: 0, stdout: expect.stringContaining('npm ci') });
  });
});
