import { describe, expect, test } from 'vitest';
import {
  BuildContainer,
  ImageTool,
  PatternComparator,
  PipelineAgent,
  PipelineCredential,
  PipelineDefinition,
  type PipelineDefinitionProps,
  PipelineInput,
  PipelineOption,
  PipelineParameter,
  PipelinePost,
  PipelineStage,
  type PipelineStageOptions,
  PipelineStep,
  PipelineTrigger,
  PipelineValue,
  PipelineVolume,
  PipelineWhen,
} from '..';

const WORK = [PipelineStep.sh('make')];

function work(name: string, options: PipelineStageOptions = {}): PipelineStage {
  return PipelineStage.steps(name, WORK, options);
}

function pipeline(props: Partial<PipelineDefinitionProps>): PipelineDefinition {
  return new PipelineDefinition({ agent: PipelineAgent.none(), stages: [work('A')], ...props });
}

function steps(...all: PipelineStep[]): Partial<PipelineDefinitionProps> {
  return { stages: [PipelineStage.steps('A', all)] };
}

const POD = PipelineAgent.pod([BuildContainer.node()]);
const QUESTION = new PipelineInput('Go on?');

describe('a pipeline is refused', () => {
  test.each<[string, Partial<PipelineDefinitionProps>, string]>([
    ['without stages', { stages: [] }, 'There are no stages'],
    ['with two stages of one name', { stages: [work('A'), work('A')] }, 'The stage "A" is there twice'],
    ['with a stage without name', { stages: [work('')] }, 'A stage has no name'],
    ['with a stage without steps', steps(), 'There are no steps'],
    ['with a group without stages', { stages: [PipelineStage.stages('G', [])] }, 'There are no stages'],
    [
      'when stages at a time stand within such',
      { stages: [PipelineStage.parallel('P', [PipelineStage.parallel('Q', [work('A')])])] },
      'Stages at a time stand within stages at a time',
    ],
    [
      'when stages at a time have an agent around them',
      { stages: [PipelineStage.parallel('P', [work('A')], { agent: POD })] },
      'The stage has an agent',
    ],
    [
      'when stages at a time have tools around them',
      { stages: [PipelineStage.parallel('P', [work('A')], { tools: { maven: '3' } })] },
      'The stage has tools',
    ],
    [
      'with a matrix without axes',
      { stages: [PipelineStage.matrix('M', [work('A')], { axes: [] })] },
      'There is no axis',
    ],
    [
      'with a value of an axis twice',
      { stages: [PipelineStage.matrix('M', [work('A')], { axes: [{ name: 'OS', values: ['a', 'a'] }] })] },
      'The value "a" is there twice',
    ],
    [
      'with an axis that is no variable',
      { stages: [PipelineStage.matrix('M', [work('A')], { axes: [{ name: 'O S', values: ['a'] }] })] },
      '"O S" is no name of a variable',
    ],
    ['with a variable that is none', { environment: { 'A-B': '1' } }, '"A-B" is no name of a variable'],
    [
      'with a variable twice',
      { environment: { A: '1' }, environmentCredentials: { A: 'secret' } },
      'The variable "A" is there twice',
    ],
    [
      'with a parameter twice',
      { parameters: [PipelineParameter.line('A'), PipelineParameter.flag('A')] },
      'The parameter "A" is there twice',
    ],
    ['with nothing to choose from', { parameters: [PipelineParameter.choice('A', [])] }, 'There is nothing to choose'],
    [
      'with an unknown kind of parameter',
      { parameters: [PipelineParameter.other('odd', { name: 'A' })] },
      'There is no parameter "odd"',
    ],
    [
      'with an option twice',
      { options: [PipelineOption.retry(2), PipelineOption.retry(3)] },
      'The option "retry" is there twice',
    ],
    ['with an unknown option', { options: [PipelineOption.other('odd')] }, 'There is no option "odd" here'],
    ['with parameters among options', { options: [PipelineOption.other('parameters')] }, '"parameters" is no option'],
    [
      'with an option of a pipeline at a stage',
      { stages: [work('A', { options: [PipelineOption.disableConcurrentBuilds()] })] },
      'There is no option "disableConcurrentBuilds" here',
    ],
    ['with an unknown trigger', { triggers: [PipelineTrigger.other('odd')] }, 'There is no trigger "odd"'],
    [
      'with a trigger twice',
      { triggers: [PipelineTrigger.cron('@daily'), PipelineTrigger.cron('@weekly')] },
      'The trigger "cron" is there twice',
    ],
    ['with an unknown kind of tool', { tools: { hammer: '1' } }, 'There is no kind of tool "hammer"'],
    [
      'with a tool that is not installed',
      { tools: { maven: '4' }, plugins: { tools: { maven: ['3'] } } },
      '"4" is not installed',
    ],
    ['with an unknown agent', { agent: PipelineAgent.other('odd', {}) }, 'There is no agent "odd"'],
    [
      'with a setting that an agent does not take',
      { agent: PipelineAgent.other('docker', { image: 'a', odd: 1 }) },
      'takes no "odd"',
    ],
    ['with an agent that lacks a setting', { agent: PipelineAgent.other('docker', { label: 'a' }) }, 'lacks "image"'],
    [
      'with post twice for one condition',
      { post: [PipelinePost.always(...WORK), PipelinePost.always(...WORK)] },
      'The condition "always" is there twice',
    ],
    [
      'with a condition without conditions',
      { stages: [work('A', { when: [PipelineWhen.allOf()] })] },
      'No condition stands inside it',
    ],
    ['with no condition', { stages: [work('A', { when: [] })] }, 'It has no condition'],
    [
      'with an unknown condition',
      { stages: [work('A', { when: [PipelineWhen.other('odd')] })] },
      'There is no condition "odd"',
    ],
    [
      'with an open regular expression',
      { stages: [work('A', { when: [PipelineWhen.branch('a(', PatternComparator.REGEXP)] })] },
      'is no regular expression',
    ],
    ['with a step that is none', steps(PipelineStep.call('stage', {})), '"stage" is no step'],
    [
      'with an argument that a step does not take',
      steps(PipelineStep.call('echo', { text: 'a' })),
      'It takes no "text"',
    ],
    ['with a text where a step wants a number', steps(PipelineStep.callWith('sleep', ['a'])), '"a" is no whole number'],
    ['with a step that lacks its steps', steps(PipelineStep.callWith('dir', ['a'])), 'It lacks the steps'],
    ['with a number that is not exact', steps(PipelineStep.call('odd', { a: 2 ** 63 })), 'beyond those that Jenkins'],
    ['with Groovy that closes the block', steps(PipelineStep.script('} } sh "x"')), 'The Groovy closes "}"'],
    [
      'with an expression that is two',
      { environmentValues: { A: PipelineValue.groovy('a(), b()') } },
      'is more than one expression',
    ],
    [
      'with an expression that is no text in the environment',
      { environmentValues: { A: PipelineValue.groovy('1 + 2') } },
      'neither a text nor the call',
    ],
    [
      'with a variable of a strange name',
      steps(PipelineStep.echo(PipelineValue.env('A}'))),
      '"A}" is no name of a variable',
    ],
    [
      'with a symbol of a strange name',
      steps(PipelineStep.call('odd', { a: PipelineValue.symbol('a(); b') })),
      'is no name of something in Jenkins',
    ],
    [
      'with a value inside a script of the shell',
      steps(PipelineStep.call('sh', { script: PipelineValue.joined('deploy ', PipelineValue.param('TARGET')) })),
      'A value is put into a script of the shell',
    ],
    [
      'with Groovy as a script of the shell',
      steps(PipelineStep.callWith('bat', [PipelineValue.groovy('params.TARGET')])),
      'A value is put into a script of the shell',
    ],
    ['with an empty script', steps(PipelineStep.sh(' ')), 'The script is empty'],
    [
      'when a pod is held by the pipeline while a stage waits for a person',
      { agent: POD, stages: [work('A', { input: QUESTION })] },
      'a pod is held meanwhile',
    ],
    [
      'when a pod is held by a stage around the one that waits',
      { stages: [PipelineStage.stages('G', [PipelineStage.approval('B', QUESTION, [work('A')])], { agent: POD })] },
      'a pod is held meanwhile',
    ],
    [
      'when a step waits for a person in a pod',
      { stages: [PipelineStage.steps('A', [PipelineStep.approval('Go on?')], { agent: POD })] },
      'a pod is held meanwhile',
    ],
    [
      'with a step in a container that is not there',
      { stages: [PipelineStage.steps('A', [PipelineStep.sh('make', { container: 'go' })], { agent: POD })] },
      'The pod has no container "go"',
    ],
    [
      'with a mount without volume',
      { agent: PipelineAgent.pod([BuildContainer.node({ mounts: { '/cache': 'cache' } })]) },
      'The pod has no volume "cache"',
    ],
    ['with a pod without containers', { agent: PipelineAgent.pod([]) }, 'The pod has no containers'],
    [
      'with a container called like that of Jenkins',
      { agent: PipelineAgent.pod([BuildContainer.node({ name: 'jnlp' })]) },
      'A container is called "jnlp"',
    ],
    [
      'with an image that is none',
      { agent: PipelineAgent.pod([BuildContainer.custom('a', 'UPPER CASE')]) },
      '"UPPER CASE" is no image',
    ],
    [
      'with an image with its tag',
      steps(PipelineStep.buildImage({ image: 'registry.example.com/a:1' })),
      'is no image without tag',
    ],
    [
      'with two platforms for Kaniko',
      steps(PipelineStep.buildImage({ image: 'a/b', tool: ImageTool.KANIKO, platforms: ['a', 'b'] })),
      'Kaniko builds for one platform',
    ],
    [
      'with one variable for two secrets',
      steps(
        PipelineStep.withCredentials(
          [PipelineCredential.secretText('a', 'X'), PipelineCredential.secretFile('b', 'X')],
          ...WORK,
        ),
      ),
      'The variable "X" is there twice',
    ],
    [
      'with a variable for a secret that is none',
      steps(PipelineStep.withCredentials([PipelineCredential.secretText('a', 'X=')], ...WORK)),
      '"X=" is no name of a variable',
    ],
    [
      'with more steps than Java takes in one method',
      steps(...Array.from({ length: 1001 }, () => PipelineStep.sh('make'))),
      'Jenkins makes one method',
    ],
    ['with a text that no class holds', steps(PipelineStep.sh('ä'.repeat(40_000))), 'cannot hold a constant'],
  ])('%s', (_title, props, message) => {
    expect(() => pipeline(props).toJenkinsfile()).toThrow(message);
    expect(() => pipeline(props).toJson()).toThrow(message);
  });
});

describe('a pipeline is taken', () => {
  test.each<[string, Partial<PipelineDefinitionProps>]>([
    [
      'that waits for a person where no pod is held',
      { stages: [PipelineStage.approval('B', QUESTION, [work('A', { agent: POD })])] },
    ],
    [
      'whose stage with a pod of its own is preceded by a question',
      { stages: [work('A', { agent: POD, input: QUESTION })] },
    ],
    [
      'with a container of the template that its pod inherits from',
      {
        stages: [
          PipelineStage.steps('A', [PipelineStep.sh('make', { container: 'go' })], {
            agent: PipelineAgent.pod([BuildContainer.node()], { inheritFrom: 'base' }),
          }),
        ],
      },
    ],
    [
      'with a volume for its mount',
      {
        agent: PipelineAgent.pod([BuildContainer.node({ mounts: { '/cache': 'cache' } })], {
          volumes: [PipelineVolume.claim('cache', 'npm-cache')],
        }),
      },
    ],
    [
      'with what its plugins add',
      {
        agent: PipelineAgent.other('machine', { size: 'small' }),
        options: [PipelineOption.other('odd')],
        plugins: { agents: { machine: { requires: ['size'] } }, options: { odd: {} } },
      },
    ],
    [
      'with a step of a shared library',
      { libraries: ['company@v3'], ...steps(PipelineStep.library('deployTo', { cluster: 'prod' })) },
    ],
  ])('%s', (_title, props) => {
    expect(pipeline(props).toJenkinsfile()).toContain('pipeline {');
  });
});

test('a copy of a pipeline that was read is held to what Jenkins takes, not to our own types', () => {
  const read = PipelineDefinition.fromJson(
    JSON.stringify({
      pipeline: {
        agent: { type: 'any' },
        stages: [
          {
            name: 'A',
            branches: [
              { name: 'default', steps: [{ name: 'sh', arguments: { isLiteral: false, value: '"make $TARGET"' } }] },
            ],
          },
        ],
      },
    }),
  );
  expect(read.withStagesAfter('A', work('B')).toJenkinsfile()).toContain('sh "make $TARGET"');
  expect(() => read.withStagesAfter('A', PipelineStage.steps('B', [])).toJenkinsfile()).toThrow('There are no steps');
});
