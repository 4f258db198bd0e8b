import { describe, expect, it } from 'vitest';
import { ClusterSet } from '../cluster-set';
import { Placement } from '../placement';
import type { Platform } from '../platform';
import { collectProblems, type Problem } from '../private/problem';
import { assemblyOf, testPlatform } from '../synthesis.test-support';
import { TektonPipeline, type TektonPipelineTask, TektonTaskReference } from './tekton-pipeline';
import { TektonPipelineRun } from './tekton-pipeline-run';
import { TektonTask } from './tekton-task';
import { TektonEventListener, TektonTriggerTemplate } from './tekton-triggers';
import { TektonValue } from './tekton-value';

const CI = { placement: Placement.everywhere(), namespaceName: 'ci' };

const program = (use: (platform: Platform) => void) => (platform: Platform) => {
  const clusters = new ClusterSet(platform, 'clusters');
  clusters.add('ops');
  clusters.add('prod');
  use(platform);
};

function problems(use: (platform: Platform) => void): string[] {
  const platform = testPlatform();
  program(use)(platform);
  const found: Problem[] = [];
  collectProblems(found, () => platform.synth());
  return found.map(({ code, what }) => `${code} ${what}`);
}

const STEPS = [{ image: 'alpine:3.22', script: 'true' }];

describe('constructs of Tekton', () => {
  it('are objects in every cluster of their placement', () => {
    const assembly = assemblyOf(
      program((platform) => {
        const task = new TektonTask(platform, 'build', { ...CI, steps: STEPS, parameters: [{ name: 'image' }] });
        new TektonPipeline(platform, 'delivery', {
          ...CI,
          tasks: [
            {
              name: 'build',
              task: TektonTaskReference.task(task),
              parameters: { image: TektonValue.text('shop') },
              timeout: '90m',
            },
          ],
        });
      }),
    );
    for (const cluster of ['ops', 'prod']) {
      expect(assembly.object(cluster, 'build/Task')).toEqual({
        apiVersion: 'tekton.dev/v1',
        kind: 'Task',
        metadata: { name: 'build', namespace: 'ci' },
        spec: {
          params: [{ name: 'image', type: 'string' }],
          steps: [{ name: 'step1', image: 'alpine:3.22', script: 'true' }],
        },
      });
      expect(assembly.object(cluster, 'delivery/Pipeline').spec.tasks).toEqual([
        {
          name: 'build',
          taskRef: { kind: 'Task', name: 'build' },
          params: [{ name: 'image', value: 'shop' }],
          timeout: '1h30m0s',
        },
      ]);
    }
  });

  it('are checked against the tasks that they use', () => {
    const withTask = (own: Partial<TektonPipelineTask>) => (platform: Platform) => {
      const task = new TektonTask(platform, 'build', { ...CI, steps: STEPS, parameters: [{ name: 'image' }] });
      new TektonPipeline(platform, 'delivery', {
        ...CI,
        tasks: [{ name: 'build', task: TektonTaskReference.task(task), ...own }],
      });
    };
    expect(problems(withTask({}))).toEqual([
      'ORR2012 Pipeline "delivery": task "build": the task needs param "image".',
    ]);
    expect(problems(withTask({ parameters: { imag: TektonValue.text('x'), image: TektonValue.text('y') } }))).toEqual([
      'ORR2012 Pipeline "delivery": task "build": it gives param "imag", which the task does not have.',
    ]);
    expect(problems(withTask({ parameters: { image: TektonValue.text('x') }, timeout: 'soon' }))).toEqual([
      'ORR2011 Pipeline "delivery": task "build": timeout is "soon".',
    ]);
  });

  it('have to be where what they use is', () => {
    const far = (namespaceName: string, placement: Placement) => (platform: Platform) => {
      const task = new TektonTask(platform, 'build', { placement, namespaceName, steps: STEPS });
      new TektonPipeline(platform, 'delivery', {
        ...CI,
        tasks: [{ name: 'build', task: TektonTaskReference.task(task) }],
      });
    };
    expect(problems(far('ci', Placement.everywhere()))).toEqual([]);
    expect(problems(far('other', Placement.everywhere()))).toEqual([
      'ORR2012 It uses "build", which is not in namespace "ci".',
    ]);
    expect(problems(far('ci', Placement.named('ops')))).toEqual([
      'ORR2012 It uses "build", which is not in namespace "ci" of cluster prod.',
    ]);
  });

  it('make runs that have what their pipeline needs', () => {
    const use = (platform: Platform) => {
      const pipeline = new TektonPipeline(platform, 'delivery', {
        ...CI,
        parameters: [{ name: 'revision' }],
        workspaces: [{ name: 'code' }],
        tasks: [{ name: 'a', task: TektonTaskReference.inline({ steps: STEPS }) }],
      });
      new TektonPipelineRun(platform, 'first', { placement: CI.placement, pipeline });
      const template = new TektonTriggerTemplate(platform, 'push', { placement: CI.placement, run: { pipeline } });
      new TektonEventListener(platform, 'listener', {
        ...CI,
        serviceAccountName: 'listener',
        triggers: [{ name: 'push', template }],
      });
    };
    expect(problems(use)).toEqual([
      'ORR2012 PipelineRun "first": the pipeline needs param "revision".',
      'ORR2012 PipelineRun "first": the pipeline needs workspace "code".',
      'ORR2012 TriggerTemplate "push": the pipeline needs param "revision".',
      'ORR2012 TriggerTemplate "push": the pipeline needs workspace "code".',
    ]);
  });
});
