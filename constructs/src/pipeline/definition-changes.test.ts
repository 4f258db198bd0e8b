import { describe, expect, it } from 'vitest';
import { problemsOf } from '../synthesis.test-support';
import { PipelineAgent } from './pipeline-agent';
import { PipelineDefinition } from './pipeline-definition';
import { PipelineOption } from './pipeline-option';
import { PipelineParameter } from './pipeline-parameter';
import { PipelinePost } from './pipeline-post';
import { PipelineStage } from './pipeline-stage';
import { PipelineStep } from './pipeline-step';

const stage = (name: string, script = name) => PipelineStage.steps(name, [PipelineStep.sh(script)]);
const original = () =>
  new PipelineDefinition({
    agent: PipelineAgent.any(),
    environment: { A: '1', B: '2' },
    tools: { jdk: '17' },
    parameters: [PipelineParameter.line('VERSION')],
    options: [PipelineOption.timeout('1h'), PipelineOption.disableConcurrentBuilds()],
    post: [PipelinePost.failure(PipelineStep.echo('bad')), PipelinePost.always(PipelineStep.echo('done'))],
    stages: [stage('Build'), PipelineStage.parallel('Checks', [stage('Test'), stage('Lint')]), stage('Push')],
  });
const names = (definition: PipelineDefinition) =>
  [...definition.toJenkinsfile().matchAll(/stage\('(\w+)'\)/g)].map(([, name]) => name);

describe('a copy of a pipeline', () => {
  it('has other settings in the place of those of the same name, further ones behind them, and all else as it was', () => {
    const before = original().toJenkinsfile();
    const definition = original();
    const copy = definition.copyWith({
      agent: PipelineAgent.label('linux'),
      environment: { B: '3', C: '4' },
      tools: { jdk: '21', maven: '3' },
      parameters: [PipelineParameter.flag('VERSION'), PipelineParameter.flag('DRY')],
      options: [PipelineOption.timeout('2h')],
      post: [PipelinePost.failure(PipelineStep.echo('worse'))],
      libraries: ['shared'],
    });
    expect(copy._tree()).toMatchObject({
      agent: { kind: 'label' },
      libraries: ['shared'],
      environment: ['A', 'B', 'C'].map((name) => ({ name })),
      tools: [{ type: 'jdk' }, { type: 'maven' }],
      parameters: [
        { name: 'VERSION', type: 'booleanParam' },
        { name: 'DRY', type: 'booleanParam' },
      ],
      options: [{ name: 'timeout' }, { name: 'disableConcurrentBuilds' }],
      post: [{ condition: 'failure' }, { condition: 'always' }],
    });
    expect(copy.toJenkinsfile()).toContain('worse');
    expect(copy.toJenkinsfile()).toContain('time: 2');
    expect(definition.toJenkinsfile()).toBe(before);
    expect(original().copyWith({}).toJenkinsfile()).toBe(before);
  });

  it('has other stages, more or fewer, however deep they stand', () => {
    expect(names(original().withStage('Test', stage('Unit')))).toEqual(['Build', 'Checks', 'Unit', 'Lint', 'Push']);
    expect(names(original().withStagesBefore('Lint', stage('X'), stage('Y')))).toEqual([
      'Build',
      'Checks',
      'Test',
      'X',
      'Y',
      'Lint',
      'Push',
    ]);
    expect(names(original().withStagesAfter('Build', stage('X')))).toEqual([
      'Build',
      'X',
      'Checks',
      'Test',
      'Lint',
      'Push',
    ]);
    expect(names(original().withoutStage('Checks'))).toEqual(['Build', 'Push']);
  });

  it('is refused of a stage that there is not, or of which there are two', () => {
    expect(problemsOf(() => original().withoutStage('Deploy'))).toMatchObject([
      { code: 'ORR2012', what: 'The pipeline has no stage "Deploy".', fix: expect.stringContaining('"Lint"') },
    ]);
    const twice = original().withStagesAfter('Push', stage('Build'));
    expect(problemsOf(() => twice.withoutStage('Build'))).toMatchObject([{ code: 'ORR2012' }]);
  });
});
