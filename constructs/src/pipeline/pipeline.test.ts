import { describe, expect, it } from 'vitest';
import { ClusterSet } from '../cluster-set';
import { DevOpsProject } from '../devops/devops-project';
import type { Platform } from '../platform';
import { assemblyOf, problemsOfProgram } from '../synthesis.test-support';
import { Pipeline } from './pipeline';
import { PipelineAgent } from './pipeline-agent';
import { PipelineBackend } from './pipeline-backend';
import { PipelineDefinition } from './pipeline-definition';
import { PipelineStage } from './pipeline-stage';
import { PipelineStep } from './pipeline-step';
import { ENGINE_KINDS } from './private/engine-kinds';

const definition = new PipelineDefinition({
  agent: PipelineAgent.any(),
  stages: [PipelineStage.steps('Build', [PipelineStep.sh('make')])],
});

const program = (backends: (platform: Platform) => PipelineBackend[]) => (platform: Platform) => {
  new ClusterSet(platform, 'clusters').add('a');
  new Pipeline(platform, 'shop', { definition, backends: backends(platform) });
};

describe('a pipeline', () => {
  it('becomes a file of the assembly, and no object, where it is a Jenkinsfile', () => {
    const assembly = assemblyOf(program(() => [PipelineBackend.jenkinsfile({ file: 'ci/Jenkinsfile' })]));
    const [document] = assembly.manifest.documents ?? [];
    expect(document).toMatchObject({ path: 'shop', type: 'jenkinsfile', file: 'ci/Jenkinsfile' });
    expect(assembly.text(`assets/${document?.asset.sha256}`)).toBe(definition.toJenkinsfile());
    expect(assembly.units('a')).toEqual([]);
  });

  it('needs a back-end, one of each thing, and a file inside its repository', () => {
    expect(problemsOfProgram(program(() => []))).toMatchObject([{ code: 'ORR2012', path: 'shop' }]);
    const twice = problemsOfProgram(program(() => [PipelineBackend.jenkinsfile(), PipelineBackend.jenkinsfile()]));
    expect(twice).toMatchObject([{ code: 'ORR2004', what: expect.stringContaining('jenkinsfile/Jenkinsfile') }]);
    for (const file of ['', '/Jenkinsfile', '../Jenkinsfile', 'a//b', 'a\\b', 'a\nb', 'ci/'])
      expect(problemsOfProgram(program(() => [PipelineBackend.jenkinsfile({ file })]))).toMatchObject([
        { code: 'ORR2011', what: expect.stringContaining('no path inside a repository') },
      ]);
  });

  it('goes where its back-ends are, and waits for what they need', () => {
    const assembly = assemblyOf((platform) => {
      const clusters = new ClusterSet(platform, 'clusters');
      clusters.add('a');
      const host = clusters.add('host', { apiVersions: ['devops.kubesphere.io/v1alpha3'] });
      const project = new DevOpsProject(platform, 'ci', { host });
      new Pipeline(platform, 'shop', { definition, backends: [PipelineBackend.kubeSphere({ project })] });
    });
    expect(assembly.units('a')).toEqual([]);
    expect(assembly.unit('host', 'shop').dependsOn).toEqual([{ path: 'ci' }]);
    expect(assembly.unit('host', 'ci/project').dependsOn).toEqual([{ path: 'ci/namespace' }]);
  });

  it('has no kind of back-end twice', () => {
    const labels = ENGINE_KINDS.map(({ label }) => label);
    expect(new Set(labels).size).toBe(labels.length);
  });
});
