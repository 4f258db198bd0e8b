import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClusterSet } from '../cluster-set';
import { PipelineAgent } from '../pipeline/pipeline-agent';
import { PipelineDefinition } from '../pipeline/pipeline-definition';
import { PipelineStage } from '../pipeline/pipeline-stage';
import { PipelineStep } from '../pipeline/pipeline-step';
import { assemblyOf, problemsOfProgram } from '../synthesis.test-support';
import { DevOpsStepTemplate, DevOpsTemplate } from './devops-template';
import {
  type DevOpsStepTemplateProps,
  StepParameterType,
  StepRuntime,
  type TemplateParameter,
  TemplateParameterType,
} from './devops-template-props';

const of = (...steps: PipelineStep[]) =>
  new PipelineDefinition({ agent: PipelineAgent.any(), stages: [PipelineStage.steps('Build', steps)] });
const program =
  (definition: PipelineDefinition, parameters: TemplateParameter[] = []) =>
  (platform: Parameters<Parameters<typeof assemblyOf>[0]>[0]) => {
    const host = new ClusterSet(platform, 'clusters').add('host', { apiVersions: ['devops.kubesphere.io/v1alpha3'] });
    new DevOpsTemplate(platform, 'make', { host, definition, parameters });
  };
const templateOf = (...given: Parameters<typeof program>): string =>
  assemblyOf(program(...given)).object('host', 'make/Template').spec.template;

/** What text/template makes of a template between "$(" and ")" whose actions are texts and `js` of parameters. */
function rendered(template: string, params: { readonly [name: string]: string }): string {
  return template.replace(/\$\((?:"([^"]*)"|js \.params\.(\w+))\)/g, (_, literal: string | undefined, name: string) =>
    literal === undefined ? (params[name] ?? '<no value>').replace(/[\\'"]/g, '\\$&') : literal,
  );
}

describe('a template of pipelines in KubeSphere', () => {
  it('has places for its parameters, and leaves what a shell puts into $( ) alone', () => {
    const definition = of(PipelineStep.sh('make ((target)) VERSION=$(git describe) ((other))'));
    const template = templateOf(definition, [{ name: 'target' }]);
    expect(template).toContain('make $(js .params.target) VERSION=$("$(")git describe) ((other))');
    expect(rendered(template, { target: 'all' })).toBe(
      of(PipelineStep.sh('make all VERSION=$(git describe) ((other))')).toJenkinsfile(),
    );
  });

  it('is the Jenkinsfile again when it is rendered, whatever is in it', () => {
    const piece = fc.constantFrom('$(', ')', '$', '(', '((', '))', '"', "'", '\\', '{{', 'x', '\n', '`');
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const definition = of(PipelineStep.sh(`x${pieces.join('')}`));
        return rendered(templateOf(definition), {}) === definition.toJenkinsfile();
      }),
      { numRuns: 50 },
    );
  });

  it.each<[string, PipelineDefinition, TemplateParameter[]]>([
    ['stands nowhere', of(PipelineStep.sh('x')), [{ name: 'a' }]],
    ['where its value could become code', of(PipelineStep.script('run "((a))"')), [{ name: 'a' }]],
    ['not a valid name', of(PipelineStep.sh('((a-b))')), [{ name: 'a-b' }]],
    [
      'is no bool',
      of(PipelineStep.sh('((a))')),
      [{ name: 'a', parameterType: TemplateParameterType.BOOLEAN, defaultValue: 'x' }],
    ],
    ['only one of expression and message', of(PipelineStep.sh('((a))')), [{ name: 'a', expression: 'x' }]],
  ])('refuses a parameter that %s', (what, definition, parameters) => {
    expect(problemsOfProgram(program(definition, parameters)).map((one) => one.what)).toEqual([
      expect.stringContaining(what),
    ]);
  });
});

describe('a step of the graphical editor', () => {
  it.each<[string, Partial<DevOpsStepTemplateProps>]>([
    ['quotes', { template: 'echo "x"' }],
    ['no JSON of a step', { template: '[1]', runtime: StepRuntime.DSL }],
    ['not declared', { template: 'echo {{.param.x}}' }],
    ['is empty', { template: ' ' }],
    ['has choices and is none', { parameters: [{ name: 'a', choices: ['b'] }] }],
    ['has choices and is none', { parameters: [{ name: 'a', parameterType: StepParameterType.CHOICE }] }],
  ])('is refused where KubeSphere would make something else of it: %s', (what, props) => {
    const found = problemsOfProgram((platform) => {
      const host = new ClusterSet(platform, 'clusters').add('host', { apiVersions: ['devops.kubesphere.io/v1alpha3'] });
      new DevOpsStepTemplate(platform, 'greet', { host, template: 'echo hello', ...props });
    });
    expect(found.map((one) => one.what)).toEqual([expect.stringContaining(what)]);
  });
});
