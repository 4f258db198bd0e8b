import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PipelineSpec, PipelineTask, Step, TaskSpec } from './objects';
import { pipelineFindings } from './pipeline-rules';
import { runFindings } from './run-rules';
import { taskFindings } from './task-rules';

const step = (own: Partial<Step> = {}): Step => ({ image: 'alpine:3.22', ...own });
const task = (own: Partial<TaskSpec> = {}): TaskSpec => ({ steps: [step()], ...own });
const place = (name: string, own: Partial<PipelineTask> = {}): PipelineTask => ({ name, taskSpec: task(), ...own });
const pipeline = (own: Partial<PipelineSpec> = {}): PipelineSpec => ({ tasks: [place('a')], ...own });
const ofTask = (own: Partial<TaskSpec>) => taskFindings('Task "t"', task(own)).map(({ what }) => what);
const ofPipeline = (own: Partial<PipelineSpec>) =>
  pipelineFindings('Pipeline "p"', pipeline(own)).map(({ what }) => what);

describe('a task of Tekton', () => {
  it('is taken with everything that it may have', () => {
    const everything: TaskSpec = {
      params: [
        { name: 'image', type: 'string' },
        { name: 'flags', type: 'array', default: ['-v'] },
        { name: 'git', type: 'object', properties: { url: { type: 'string' } }, default: { url: 'x' } },
        { name: 'a.b', type: 'string', default: '' },
      ],
      workspaces: [
        { name: 'source', mountPath: '/src' },
        { name: 'cache', optional: true },
      ],
      results: [{ name: 'digest', type: 'string' }],
      volumes: [{ name: 'tmp', emptyDir: {} }],
      steps: [
        step({
          name: 'build',
          script: 'date=$(date) && echo "$IMAGE" > $(results.digest.path)\ncd $(workspaces.source.path)',
          env: [{ name: 'IMAGE', value: '$(params.image) $(params["a.b"]) $(params.git.url) $(context.taskRun.name)' }],
          volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
          timeout: '10m',
          onError: 'continue',
        }),
        step({ command: ['run'], args: ['$(params.flags[*])', '$(params.flags[0])', '$(steps.build.results.x)'] }),
      ],
      sidecars: [{ name: 'db', image: 'postgres:18' }],
    };
    expect(taskFindings('Task "t"', everything)).toEqual([]);
  });

  // The names of the cases are those of Tekton's own rules (task_validation.go, result_validation.go).
  it.each<[string, Partial<TaskSpec>, string]>([
    ['no steps', { steps: [] }, 'no steps'],
    ['no image', { steps: [{}] }, 'no image'],
    ['script and command', { steps: [step({ script: 'x', command: ['y'] })] }, 'a script and a command'],
    ['two steps of one name', { steps: [step({ name: 'a' }), step({ name: 'a' })] }, 'two steps "a"'],
    ['name of a step', { steps: [step({ name: 'A' })] }, '"A" is no name of a step'],
    ['onError', { steps: [step({ onError: 'ignore' })] }, 'onError is "ignore"'],
    ['negative timeout', { steps: [step({ timeout: '-1m' })] }, 'timeout is "-1m"'],
    [
      'mount below /tekton',
      { volumes: [{ name: 'v' }], steps: [step({ volumeMounts: [{ name: 'v', mountPath: '/tekton/x' }] })] },
      'where Tekton has its own',
    ],
    [
      'name of a volume',
      { steps: [step({ volumeMounts: [{ name: 'tekton-internal-x', mountPath: '/x' }] })] },
      'a name of Tekton itself',
    ],
    [
      'unknown volume',
      { steps: [step({ volumeMounts: [{ name: 'v', mountPath: '/x' }] })] },
      'which the task does not have',
    ],
    ['two volumes of one name', { volumes: [{ name: 'v' }, { name: 'v' }] }, 'two volumes "v"'],
    ['two workspaces of one name', { workspaces: [{ name: 'w' }, { name: 'w' }] }, 'two workspaces "w"'],
    [
      'two workspaces at one path',
      {
        workspaces: [
          { name: 'w', mountPath: '/x/' },
          { name: 'v', mountPath: '/y/../x' },
        ],
      },
      'two things are mounted at "/x"',
    ],
    [
      'workspace where a volume is',
      {
        volumes: [{ name: 'v' }],
        workspaces: [{ name: 'w' }],
        steps: [step({ volumeMounts: [{ name: 'v', mountPath: '/workspace/w' }] })],
      },
      'two things are mounted at "/workspace/w"',
    ],
    ['name of a sidecar', { sidecars: [{ name: 'tekton-log-results', image: 'x' }] }, 'one of Tekton itself'],
    ['two params of one name', { params: [{ name: 'p' }, { name: 'p' }] }, 'two params "p"'],
    ['name of a param', { params: [{ name: '1p' }] }, '"1p" is no name of a param'],
    ['name of an object', { params: [{ name: 'a.b', type: 'object', properties: {} }] }, '"a.b" is no name of a param'],
    [
      'default of another type',
      { params: [{ name: 'p', type: 'array', default: 'x' }] },
      'is of type array, its default of type string',
    ],
    ['object without properties', { params: [{ name: 'p', type: 'object' }] }, 'an object without properties'],
    ['name of a result', { results: [{ name: '-x' }] }, '"-x" is no name of a result'],
    ['result without properties', { results: [{ name: 'x', type: 'object' }] }, 'an object without properties'],
    ['undeclared param', { steps: [step({ args: ['$(params.x)'] })] }, 'the task has no such param'],
    ['undeclared param in brackets', { steps: [step({ args: ["$(params['x'])"] })] }, 'the task has no such param'],
    [
      'list in a text',
      { params: [{ name: 'p', type: 'array' }], steps: [step({ args: ['-x=$(params.p[*])'] })] },
      'a list can only be a whole argument',
    ],
    [
      'list in a variable',
      { params: [{ name: 'p', type: 'array' }], steps: [step({ env: [{ name: 'X', value: '$(params.p[*])' }] })] },
      'a list can only be a whole argument',
    ],
    [
      'object in a text',
      {
        params: [{ name: 'p', type: 'object', properties: { a: { type: 'string' } } }],
        steps: [step({ args: ['$(params.p)'] })],
      },
      'an object cannot stand in a text',
    ],
    [
      'unknown property',
      {
        params: [{ name: 'p', type: 'object', properties: { a: { type: 'string' } } }],
        steps: [step({ args: ['$(params.p.b)'] })],
      },
      'has no property "b"',
    ],
    ['undeclared result', { steps: [step({ script: 'echo > $(results.x.path)' })] }, 'the task has no such result'],
    [
      'undeclared workspace',
      { steps: [step({ script: 'cd $(workspaces.x.path)' })] },
      'the task has no such workspace',
    ],
    ['unknown context', { steps: [step({ args: ['$(context.pipelineRun.name)'] })] }, 'no such variable in a task'],
    ['result of another task', { steps: [step({ args: ['$(tasks.a.results.b)'] })] }, 'a task does not see that'],
    [
      'value in the text of a script',
      { params: [{ name: 'p' }], steps: [step({ script: 'echo "$(params.p)"' })] },
      'a value with quotes in it becomes code',
    ],
  ])('is refused: %s', (_, own, what) => {
    expect(ofTask(own).filter((finding) => finding.includes(what))).not.toEqual([]);
  });

  it('may have any text in a script that no variable of Tekton is in', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('$', '(', ')', 'a', '.', '"', "'", '\n', '\u2028', '{', ' ') }),
        (text) => {
          expect(taskFindings('t', task({ steps: [step({ script: text })] }))).toEqual([]);
        },
      ),
    );
  });
});

describe('a pipeline of Tekton', () => {
  it('is taken with everything that it may have', () => {
    const digest = task({
      results: [{ name: 'digest' }],
      params: [{ name: 'version' }],
      workspaces: [{ name: 'source' }],
    });
    const whole: PipelineSpec = {
      params: [{ name: 'versions', type: 'array', default: ['1', '2'] }, { name: 'branch' }],
      workspaces: [{ name: 'code' }],
      tasks: [
        place('a', {
          taskSpec: digest,
          params: [{ name: 'version', value: '$(params.branch)' }],
          workspaces: [{ name: 'source', workspace: 'code' }],
        }),
        place('b', {
          runAfter: ['a'],
          taskSpec: task({ params: [{ name: 'v' }, { name: 'd' }] }),
          matrix: {
            params: [{ name: 'v', value: ['$(params.versions[*])'] }],
            include: [{ params: [{ name: 'v', value: '3' }] }],
          },
          params: [{ name: 'd', value: '$(tasks.a.results.digest)' }],
          when: [
            { input: '$(params.branch)', operator: 'in', values: ['main'] },
            { cel: "'$(params.branch)' == 'main'" },
          ],
          retries: 2,
          timeout: '1h',
        }),
      ],
      finally: [
        place('z', {
          taskSpec: task({ params: [{ name: 's' }] }),
          params: [{ name: 's', value: '$(tasks.b.status) $(tasks.status)' }],
        }),
      ],
      results: [{ name: 'digest', value: '$(tasks.a.results.digest)' }],
    };
    expect(pipelineFindings('p', whole)).toEqual([]);
  });

  const many = Array.from({ length: 257 }, (_, at) => String(at));
  const withParam = task({ params: [{ name: 'v' }] });
  // Of pipeline_validation.go, when_validation.go, matrix_types.go.
  it.each<[string, Partial<PipelineSpec>, string]>([
    ['no tasks', { tasks: [] }, 'no tasks'],
    ['name of a task', { tasks: [place('A')] }, '"A" is no name of a task'],
    ['two tasks of one name', { tasks: [place('a'), place('a')] }, 'two tasks "a"'],
    ['a task and a last one of one name', { finally: [place('a')] }, 'two tasks "a"'],
    ['neither task nor reference', { tasks: [{ name: 'a' }] }, 'written out or referred to'],
    ['both', { tasks: [place('a', { taskRef: { name: 'x' } })] }, 'written out or referred to'],
    ['reference without a name', { tasks: [{ name: 'a', taskRef: {} }] }, 'it names no task'],
    [
      'custom task without apiVersion',
      { tasks: [{ name: 'a', taskRef: { kind: 'ApprovalTask' } }] },
      'needs its apiVersion and kind',
    ],
    ['name and resolver', { tasks: [{ name: 'a', taskRef: { name: 'x', resolver: 'git' } }] }, 'a task and a resolver'],
    ['two workspaces of one name', { workspaces: [{ name: 'w' }, { name: 'w' }] }, 'two workspaces "w"'],
    ['workspace without a name', { workspaces: [{ name: '' }] }, 'a workspace has no name'],
    ['unknown workspace', { tasks: [place('a', { workspaces: [{ name: 'w' }] })] }, 'which the pipeline does not have'],
    [
      'unknown param',
      { tasks: [place('a', { taskSpec: withParam, params: [{ name: 'v', value: '$(params.x)' }] })] },
      'the pipeline has no such param',
    ],
    [
      'unknown context',
      { tasks: [place('a', { taskSpec: withParam, params: [{ name: 'v', value: '$(context.taskRun.name)' }] })] },
      'no such variable in a pipeline',
    ],
    [
      'list where a text belongs',
      {
        params: [{ name: 'l', type: 'array' }],
        tasks: [place('a', { when: [{ input: '$(params.l)', operator: 'in', values: ['x'] }] })],
      },
      'the param is a list',
    ],
    ['circle of runAfter', { tasks: [place('a', { runAfter: ['b'] }), place('b', { runAfter: ['a'] })] }, 'a → b → a'],
    ['circle of one', { tasks: [place('a', { runAfter: ['a'] })] }, 'a → a'],
    [
      'circle through a result',
      {
        tasks: [
          place('a', { taskSpec: withParam, params: [{ name: 'v', value: '$(tasks.b.results.r)' }] }),
          place('b', { taskSpec: task({ results: [{ name: 'r' }] }), runAfter: ['a'] }),
        ],
      },
      'a → b → a',
    ],
    ['runAfter nobody', { tasks: [place('a', { runAfter: ['x'] })] }, 'which is no task of the pipeline'],
    [
      'result of nobody',
      { tasks: [place('a', { when: [{ input: '$(tasks.x.results.r)', operator: 'in', values: ['1'] }] })] },
      'the pipeline has no such task',
    ],
    [
      'result that it has not',
      { tasks: [place('a'), place('b', { when: [{ input: '$(tasks.a.results.r)', operator: 'in', values: ['1'] }] })] },
      'has no result "r"',
    ],
    [
      'state before the end',
      {
        tasks: [
          place('a'),
          place('b', { when: [{ input: '$(tasks.a.status)', operator: 'in', values: ['Succeeded'] }] }),
        ],
      },
      'known at the end',
    ],
    [
      'state of all before the end',
      { tasks: [place('a', { when: [{ input: '$(tasks.status)', operator: 'in', values: ['Succeeded'] }] })] },
      'known at the end',
    ],
    [
      'state of nobody at the end',
      { finally: [place('z', { when: [{ input: '$(tasks.x.status)', operator: 'in', values: ['Failed'] }] })] },
      'the pipeline has no such task',
    ],
    [
      'result of another last one',
      {
        finally: [place('y'), place('z', { when: [{ input: '$(tasks.y.results.r)', operator: 'in', values: ['1'] }] })],
      },
      'does not see others',
    ],
    ['order at the end', { finally: [place('z', { runAfter: ['a'] })] }, 'has no order'],
    [
      'operator',
      { tasks: [place('a', { when: [{ input: 'x', operator: 'equals', values: ['x'] }] })] },
      'compares by "equals"',
    ],
    [
      'no values',
      { tasks: [place('a', { when: [{ input: 'x', operator: 'in', values: [] }] })] },
      'a condition has no values',
    ],
    [
      'CEL and comparison',
      { tasks: [place('a', { when: [{ input: 'x', operator: 'in', values: ['x'], cel: 'true' }] })] },
      'CEL and a comparison',
    ],
    [
      'matrix too large',
      { tasks: [place('a', { taskSpec: withParam, matrix: { params: [{ name: 'v', value: many }] } })] },
      'makes 257 runs',
    ],
    [
      'param in matrix and params',
      {
        tasks: [
          place('a', {
            taskSpec: withParam,
            params: [{ name: 'v', value: '1' }],
            matrix: { params: [{ name: 'v', value: ['1'] }] },
          }),
        ],
      },
      'a param and in the matrix',
    ],
    ['empty matrix', { tasks: [place('a', { matrix: {} })] }, 'its matrix is empty'],
    [
      'list in an included combination',
      {
        tasks: [place('a', { taskSpec: withParam, matrix: { include: [{ params: [{ name: 'v', value: ['1'] }] }] } })],
      },
      'is no text',
    ],
    [
      'one result of a matrix',
      {
        tasks: [
          place('a', {
            taskSpec: { ...withParam, results: [{ name: 'r' }] },
            matrix: { params: [{ name: 'v', value: ['1'] }] },
          }),
          place('b', { when: [{ input: '$(tasks.a.results.r)', operator: 'in', values: ['1'] }] }),
        ],
      },
      'Take the results of all runs',
    ],
    [
      'retried and ignored',
      { tasks: [place('a', { retries: 1, onError: 'continue' })] },
      'retried and its failure is ignored',
    ],
    ['needed param', { tasks: [place('a', { taskSpec: withParam })] }, 'the task needs param "v"'],
    [
      'param too many',
      { tasks: [place('a', { params: [{ name: 'v', value: '1' }] })] },
      'which the task does not have',
    ],
    [
      'type of a param',
      { tasks: [place('a', { taskSpec: withParam, params: [{ name: 'v', value: ['1'] }] })] },
      'is of type string, its value of type array',
    ],
    [
      'needed workspace',
      { tasks: [place('a', { taskSpec: task({ workspaces: [{ name: 'w' }] }) })] },
      'the task needs workspace "w"',
    ],
    [
      'optional for what needs it',
      {
        workspaces: [{ name: 'w', optional: true }],
        tasks: [place('a', { taskSpec: task({ workspaces: [{ name: 'w' }] }), workspaces: [{ name: 'w' }] })],
      },
      'is optional',
    ],
    ['result of the pipeline without one', { results: [{ name: 'r', value: 'x' }] }, 'names no result of a task'],
    [
      'result of the pipeline of nobody',
      { results: [{ name: 'r', value: '$(tasks.x.results.y)' }] },
      'about no task of the pipeline',
    ],
    ['mistake in a task inside', { tasks: [place('a', { taskSpec: task({ steps: [] }) })] }, 'no steps'],
  ])('is refused: %s', (_, own, what) => {
    const found = pipelineFindings('Pipeline "p"', pipeline(own)).map((finding) => `${finding.what} ${finding.fix}`);
    expect(found.filter((finding) => finding.includes(what))).not.toEqual([]);
  });

  it('has a circle exactly where its order cannot be', () => {
    const edges = fc.array(fc.tuple(fc.nat(5), fc.nat(5)), { maxLength: 9 });
    fc.assert(
      fc.property(edges, (pairs) => {
        const after = (at: number) => pairs.filter(([to]) => to === at).map(([, from]) => `t${from}`);
        const tasks = Array.from({ length: 6 }, (_, at) => place(`t${at}`, { runAfter: after(at) }));
        const left = new Map(tasks.map(({ name, runAfter = [] }) => [name, new Set(runAfter)]));
        for (let round = 0; round < 6; round += 1) {
          for (const [name, before] of [...left]) {
            if ([...before].every((one) => !left.has(one))) left.delete(name);
          }
        }
        const circles = ofPipeline({ tasks }).filter((what) => what.includes('wait for each other'));
        expect(circles.length > 0).toBe(left.size > 0);
      }),
    );
  });
});

describe('a run of a pipeline', () => {
  const needs: PipelineSpec = pipeline({
    params: [{ name: 'p' }, { name: 'd', default: 'x' }],
    workspaces: [{ name: 'w' }],
  });
  const run = {
    pipelineRef: { name: 'p' },
    params: [{ name: 'p', value: '1' }],
    workspaces: [{ name: 'w', emptyDir: {} }],
  };

  it('is taken with what the pipeline needs', () => {
    expect(runFindings('r', { ...run, timeouts: { pipeline: '2h', tasks: '1h', finally: '1h' } }, needs)).toEqual([]);
  });

  it.each<[string, object, string]>([
    ['no pipeline', { pipelineRef: undefined }, 'a run is of one pipeline'],
    ['missing param', { params: [] }, 'the pipeline needs param "p"'],
    ['type of a param', { params: [{ name: 'p', value: ['1'] }] }, 'its value of type array'],
    ['result before any task', { params: [{ name: 'p', value: '$(tasks.a.results.b)' }] }, 'before any task ran'],
    ['missing workspace', { workspaces: [] }, 'the pipeline needs workspace "w"'],
    ['two workspaces of one name', { workspaces: [{ name: 'w' }, { name: 'w' }] }, 'two workspaces "w"'],
    ['tasks longer than the whole', { timeouts: { pipeline: '1h', tasks: '2h' } }, 'longer than the pipeline'],
    ['tasks longer than the default', { timeouts: { tasks: '2h' } }, 'longer than the pipeline'],
    ['endless tasks', { timeouts: { pipeline: '1h', tasks: '0' } }, 'longer than the pipeline'],
  ])('is refused: %s', (_, own, what) => {
    const found = runFindings('r', { ...run, ...own }, needs).map((finding) => finding.what);
    expect(found.filter((finding) => finding.includes(what))).not.toEqual([]);
  });
});
