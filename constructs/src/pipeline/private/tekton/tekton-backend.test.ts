import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Placement } from '../../../placement';
import type { Finding } from '../../../private/service-validation';
import { BuildContainer } from '../../build-container';
import { PipelineAgent, PipelineVolume } from '../../pipeline-agent';
import { PipelineCredential } from '../../pipeline-credential';
import { PipelineDefinition, type PipelineDefinitionProps } from '../../pipeline-definition';
import { PipelineInput } from '../../pipeline-input';
import { PipelineOption } from '../../pipeline-option';
import { PipelineParameter } from '../../pipeline-parameter';
import { PipelinePost } from '../../pipeline-post';
import { PipelineStage, type PipelineStageOptions } from '../../pipeline-stage';
import { PipelineStep } from '../../pipeline-step';
import { PipelineTrigger } from '../../pipeline-trigger';
import { PipelineValue } from '../../pipeline-value';
import { PipelineWhen } from '../../pipeline-when';
import { type TektonBackendProps, TektonForge } from '../../tekton-backend-props';
import { tektonShortcomings } from './tekton-shortcomings';
import { tektonTranslation } from './tekton-translation';

// biome-ignore lint/suspicious/noExplicitAny: tests look at fields of any kind
type Any = any;

const PROPS: TektonBackendProps = { placement: Placement.everywhere(), namespaceName: 'ci', image: 'alpine:3.22' };
const SOURCE = { url: 'https://git.example.com/shop.git' };

const definition = (props: Partial<PipelineDefinitionProps>) =>
  new PipelineDefinition({ agent: PipelineAgent.any(), stages: [sh('Build')], ...props })._tree();
const sh = (name: string, options: PipelineStageOptions = {}, script = 'make') =>
  PipelineStage.steps(name, [PipelineStep.sh(script)], options);

function translated(props: Partial<PipelineDefinitionProps>, own: Partial<TektonBackendProps> = {}) {
  const { objects, findings } = tektonTranslation('shop', definition(props), { ...PROPS, ...own });
  const all = objects as Any[];
  const pipeline = all.find(({ kind }) => kind === 'Pipeline').spec;
  const place = (name: string) =>
    [...pipeline.tasks, ...(pipeline.finally ?? [])].find((one: Any) => one.name === name);
  const task = (name: string) =>
    all.find(({ kind, metadata }) => kind === 'Task' && metadata.name === `shop-${name}`)?.spec;
  return { all, pipeline, place, task, findings, said: findings.map(({ what }: Finding) => what) };
}

const lacks = (props: Partial<PipelineDefinitionProps>) =>
  tektonShortcomings(definition(props)).map(({ what, stage }) => (stage === undefined ? what : `${stage}: ${what}`));

describe('a pipeline on Tekton', () => {
  it('runs stages one after another, parallel ones at a time, and goes on when all are done', () => {
    const { pipeline, findings } = translated({
      stages: [sh('A'), PipelineStage.parallel('P', [sh('B'), PipelineStage.stages('Q', [sh('C'), sh('D')])]), sh('E')],
    });
    expect(findings).toEqual([]);
    expect(pipeline.tasks.map(({ name, runAfter }: Any) => [name, runAfter])).toEqual([
      ['a', undefined],
      ['b', ['a']],
      ['c', ['a']],
      ['d', ['c']],
      ['e', ['b', 'd']],
    ]);
  });

  it('runs each step in its container, in one folder for all stages', () => {
    const pod = PipelineAgent.pod(
      [
        BuildContainer.node({ environment: { CI: '1' }, mounts: { '/root/.npm': 'npm' } }),
        BuildContainer.buildkit({ memory: '3Gi' }),
      ],
      { volumes: [PipelineVolume.claim('npm', 'npm-cache')], nodeSelector: { pool: 'ci' }, serviceAccount: 'builder' },
    );
    const { task, all, findings } = translated(
      {
        agent: pod,
        stages: [
          PipelineStage.steps('Build', [
            PipelineStep.dir('web', PipelineStep.sh('npm ci')),
            PipelineStep.container('buildkit', PipelineStep.sh('buildctl')),
          ]),
        ],
        triggers: [PipelineTrigger.cron('@daily')],
      },
      {},
    );
    expect(findings).toEqual([]);
    expect(task('build').steps).toMatchObject([
      {
        image: 'node:24',
        workingDir: '$(workspaces.source.path)/web',
        volumeMounts: [{ name: 'npm', mountPath: '/root/.npm' }],
        computeResources: { requests: { cpu: '500m', memory: '3Gi' }, limits: { memory: '1Gi' } },
      },
      {
        image: 'moby/buildkit:v0.23.2-rootless',
        securityContext: { runAsUser: 1000 },
        // Steps run one after another: a pod asks for what the largest needs, once.
        computeResources: { requests: { cpu: '0', memory: '0' }, limits: { memory: '3Gi' } },
      },
    ]);
    expect(task('build').volumes).toEqual([{ name: 'npm', persistentVolumeClaim: { claimName: 'npm-cache' } }]);
    const template = all.find(({ kind }) => kind === 'TriggerTemplate').spec.resourcetemplates[0].spec;
    expect(template.taskRunTemplate).toEqual({
      serviceAccountName: 'builder',
      podTemplate: { nodeSelector: { pool: 'ci' }, securityContext: { fsGroup: 1000 } },
    });
  });

  it('compares what Tekton can compare, and lets a shell look at the rest before the first stage', () => {
    const { place, task, findings } = translated({
      parameters: [PipelineParameter.line('WHO')],
      environment: { MODE: 'ci' },
      stages: [
        sh('Main', { when: [PipelineWhen.branch('main'), PipelineWhen.negated(PipelineWhen.changeRequest())] }),
        sh('Either', { when: [PipelineWhen.anyOf(PipelineWhen.branch('main'), PipelineWhen.branch('next'))] }),
        sh('Mode', {
          when: [PipelineWhen.environment('MODE', 'ci'), PipelineWhen.equal(PipelineValue.param('WHO'), 'ann')],
        }),
        sh('Never', { when: [PipelineWhen.environment('MODE', 'prod')] }),
        sh('Glob', { when: [PipelineWhen.anyOf(PipelineWhen.branch('release/*'), PipelineWhen.buildingTag())] }),
      ],
    });
    expect(findings).toEqual([]);
    const branch = '$(params.git-branch)';
    expect(place('main').when).toEqual([
      { input: branch, operator: 'in', values: ['main'] },
      { input: '$(params.git-change)', operator: 'in', values: [''] },
    ]);
    expect(place('either').when).toEqual([{ input: branch, operator: 'in', values: ['main', 'next'] }]);
    expect(place('mode').when).toEqual([{ input: '$(params.WHO)', operator: 'in', values: ['ann'] }]);
    expect(place('never').when).toEqual([{ input: 'false', operator: 'in', values: ['true'] }]);
    expect(place('glob').when).toEqual([
      { input: '$(tasks.prepare.results.when-1)', operator: 'in', values: ['true'] },
    ]);
    expect(task('prepare').steps[0].script).toContain(`grep -Eqx 'release/[^/]*'`);
  });

  it('runs through a matrix by itself where a cell is one stage, and is written out where it is more', () => {
    const axes = [
      { name: 'OS', values: ['linux', 'mac'] },
      { name: 'ARCH', values: ['amd64', 'arm64'] },
    ];
    const excludes = [
      {
        values: [
          { name: 'OS', values: ['mac'] },
          { name: 'ARCH', values: ['amd64'] },
        ],
      },
    ];
    const one = translated({ stages: [PipelineStage.matrix('M', [sh('Build')], { axes, excludes })] });
    expect(one.findings).toEqual([]);
    expect(one.place('build').matrix.include.map(({ params }: Any) => params.map(({ value }: Any) => value))).toEqual([
      ['linux', 'amd64'],
      ['linux', 'arm64'],
      ['mac', 'arm64'],
    ]);
    const two = translated({
      stages: [PipelineStage.matrix('M', [sh('Build'), sh('Test')], { axes, excludes }), sh('End')],
    });
    expect(two.findings).toEqual([]);
    expect(two.pipeline.tasks.map(({ name, runAfter = [] }: Any) => [name, ...runAfter])).toEqual([
      ['build-linux-amd64'],
      ['test-linux-amd64', 'build-linux-amd64'],
      ['build-linux-arm64'],
      ['test-linux-arm64', 'build-linux-arm64'],
      ['build-mac-arm64'],
      ['test-mac-arm64', 'build-mac-arm64'],
      ['end', 'test-linux-amd64', 'test-linux-arm64', 'test-mac-arm64'],
    ]);
    expect(two.task('test-mac-arm64').steps[0].env).toContainEqual({ name: 'ARCH', value: 'arm64' });
  });

  it('waits for people by approval tasks, which hold no pod', () => {
    const question = new PipelineInput('Go?', { submitters: ['ann', 'group:leads'] });
    const { pipeline, findings } = translated({
      stages: [
        PipelineStage.approval('Deploy', question, [sh('Apply')]),
        PipelineStage.steps('Ask', [PipelineStep.approval('Sure?', { submitters: ['bob'] })]),
      ],
    });
    expect(findings).toEqual([]);
    expect(pipeline.tasks[0]).toEqual({
      name: 'approve-deploy',
      taskRef: { apiVersion: 'openshift-pipelines.org/v1alpha1', kind: 'ApprovalTask' },
      params: [
        { name: 'approvers', value: ['ann', 'group:leads'] },
        { name: 'numberOfApprovalsRequired', value: '1' },
        { name: 'description', value: 'Go?' },
      ],
    });
    expect(pipeline.tasks.map(({ name, runAfter = [] }: Any) => [name, ...runAfter])).toEqual([
      ['approve-deploy'],
      ['apply', 'approve-deploy'],
      ['ask', 'apply'],
    ]);
  });

  it('does what comes afterwards at the end, by how it went', () => {
    const { pipeline, task, findings } = translated({
      stages: [
        sh('Test', {
          post: [PipelinePost.success(PipelineStep.sh('ok')), PipelinePost.failure(PipelineStep.sh('no'))],
        }),
      ],
      post: [PipelinePost.always(PipelineStep.sh('a')), PipelinePost.success(PipelineStep.sh('s'))],
    });
    expect(findings).toEqual([]);
    expect(task('test').steps.map(({ script }: Any) => script)).toEqual(['make', 'ok']);
    expect(pipeline.finally.map(({ name, when }: Any) => [name, when])).toEqual([
      ['post-test-failure', [{ input: '$(tasks.test.status)', operator: 'in', values: ['Failed'] }]],
      ['post-always', undefined],
      ['post-success', [{ input: '$(tasks.status)', operator: 'in', values: ['Succeeded', 'Completed'] }]],
    ]);
  });

  it('has timeouts, retries, choices, secrets and the clock', () => {
    const { place, task, all, findings } = translated(
      {
        parameters: [PipelineParameter.choice('TARGET', ['a', "b'c"])],
        options: [PipelineOption.timeout('2h')],
        triggers: [PipelineTrigger.cron('H 4 * * 1-5')],
        stages: [
          PipelineStage.steps(
            'Deploy',
            [
              PipelineStep.withCredentials(
                [
                  PipelineCredential.usernamePassword('registry', 'USER', 'PASSWORD'),
                  PipelineCredential.secretFile('prod', 'KUBECONFIG'),
                ],
                PipelineStep.timeout('5m', PipelineStep.sh('deploy')),
              ),
            ],
            { options: [PipelineOption.retry(3), PipelineOption.timeout('30m')] },
          ),
        ],
      },
      { credentialSecrets: { registry: 'registry-login' } },
    );
    expect(findings).toEqual([]);
    expect(place('deploy')).toMatchObject({ retries: 2, timeout: '1800s' });
    const [step] = task('deploy').steps;
    expect(step.timeout).toBe('300s');
    expect(step.env.slice(-3)).toEqual([
      { name: 'USER', valueFrom: { secretKeyRef: { name: 'registry-login', key: 'username' } } },
      { name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'registry-login', key: 'password' } } },
      { name: 'KUBECONFIG', value: '/credentials/prod/content' },
    ]);
    expect(task('prepare').steps[0].script).toContain(`case "$TARGET" in a|'b'\\''c') ;;`);
    expect(all.find(({ kind }) => kind === 'CronJob').spec.schedule).toMatch(/^\d+ 4 \* \* 1-5$/);
    const run = all.find(({ kind }) => kind === 'TriggerTemplate').spec.resourcetemplates[0].spec;
    expect(run.timeouts).toEqual({ pipeline: '2h0m0s' });
  });

  it('removes old runs, and gives each stage in a stage its time', () => {
    const { all, place, findings } = translated({
      options: [PipelineOption.buildDiscarder({ builds: 20, days: 30 })],
      stages: [
        PipelineStage.stages('All', [sh('A'), sh('B', { options: [PipelineOption.timeout('5m')] })], {
          options: [PipelineOption.timeout('1h')],
        }),
      ],
    });
    expect(findings).toEqual([]);
    expect([place('a').timeout, place('b').timeout]).toEqual(['3600s', '300s']);
    const [clock] = all.filter(({ kind }) => kind === 'CronJob');
    expect(clock.spec.jobTemplate.spec.template.spec.containers[0].command.join(' ')).toBe(
      'tkn pipelinerun delete --force --namespace ci --pipeline shop --keep 20 --keep-since 43200',
    );
    expect(all.find(({ kind }) => kind === 'Role').rules[0].resourceNames).toEqual(['shop']);
    expect(lacks({ options: [PipelineOption.buildDiscarder({ artifactBuilds: 1 })] })).toEqual([
      'artifacts that are removed before their builds',
    ]);
  });

  it.each([TektonForge.GITHUB, TektonForge.GITLAB])('makes runs of pushes and own pull requests of %s', (forge) => {
    const source = { ...SOURCE, forge, webhookSecret: { secret: 'hook', key: 'token' }, branches: ['main'] };
    const { all, findings } = translated(
      { stages: [PipelineStage.steps('A', [PipelineStep.checkout(), PipelineStep.sh('x')])] },
      { source },
    );
    expect(findings).toEqual([]);
    const listener = all.find(({ kind }) => kind === 'EventListener').spec;
    expect(listener.triggers.map(({ name }: Any) => name)).toEqual(['push', 'pull-request']);
    for (const { interceptors } of listener.triggers) {
      expect(interceptors[0]).toMatchObject({ ref: { name: forge }, params: [{ value: { secretName: 'hook' } }, {}] });
    }
    expect(listener.triggers[0].interceptors[1].params[0].value).toContain("body.ref in ['refs/heads/main']");
    expect(all.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['ServiceAccount', 'RoleBinding', 'ClusterRoleBinding']),
    );
  });

  it.each<[string, Partial<PipelineDefinitionProps>, Partial<TektonBackendProps>, string]>([
    ['step in no container', {}, { image: undefined as unknown as string }, 'a step runs in no container'],
    [
      'sources of nobody',
      { stages: [PipelineStage.steps('A', [PipelineStep.checkout()])] },
      {},
      'the back-end knows none',
    ],
    [
      'archive without a place',
      { stages: [PipelineStage.steps('A', [PipelineStep.archive('x')])] },
      {},
      'Tekton has no place for them',
    ],
    ['unsigned webhooks', {}, { source: { ...SOURCE, forge: TektonForge.GITHUB } }, 'the listener has no secret'],
    ['address with a password', {}, { source: { url: 'https://a:b@git.example.com/x' } }, 'no address of a repository'],
    [
      'branch with a quote',
      {},
      {
        source: {
          ...SOURCE,
          forge: TektonForge.GITHUB,
          webhookSecret: { secret: 'a', key: 'b' },
          branches: ["x' || true"],
        },
      },
      'no name of a branch',
    ],
    [
      'variable that is not known',
      { stages: [sh('A', { when: [PipelineWhen.environment('NODE_NAME', 'x')] })] },
      {},
      'not known before the stage',
    ],
    [
      'cause that does not exist',
      { stages: [sh('A', { when: [PipelineWhen.triggeredBy('UpstreamCause')] })] },
      {},
      'started by "UpstreamCause"',
    ],
    [
      'value of Tekton in a script',
      { stages: [sh('A', {}, 'echo "$(params.git-branch)"')] },
      {},
      'which Tekton would replace',
    ],
    [
      'result of Tekton in a script',
      { stages: [sh('A', {}, 'echo > $(results.x.path)')] },
      {},
      'which Tekton would replace',
    ],
    [
      'variable of Jenkins alone',
      { stages: [PipelineStage.steps('A', [PipelineStep.echo(PipelineValue.env('BUILD_NUMBER'))])] },
      {},
      'is made of "BUILD_NUMBER"',
    ],
    ['name too long', { stages: [sh('A'.repeat(60))] }, { namespaceName: 'CI' }, 'is not a valid namespace'],
  ])('is refused: %s', (_, props, own, what) => {
    const { said } = translated(props, own);
    expect(said.filter((one) => one.includes(what))).not.toEqual([]);
  });

  it.each<[Partial<PipelineDefinitionProps>, string]>([
    [{ agent: PipelineAgent.label('linux') }, 'agent by label'],
    [{ agent: PipelineAgent.dockerfile() }, 'agent "dockerfile"'],
    [{ libraries: ['x'] }, 'shared libraries of Groovy'],
    [{ tools: { jdk: '21' } }, 'tools that the build server installs'],
    [{ options: [PipelineOption.disableConcurrentBuilds()] }, 'option "disableConcurrentBuilds"'],
    [{ parameters: [PipelineParameter.password('P')] }, 'passwords as parameters: their values stand in every run'],
    [{ triggers: [PipelineTrigger.pollScm('@daily')] }, 'trigger "pollSCM"'],
    [{ environmentCredentials: { A: 'b' } }, 'credentials in the environment without their kind (use withCredentials)'],
    [{ post: [PipelinePost.changed(PipelineStep.sh('x'))] }, 'how the last run went'],
    [{ post: [PipelinePost.unstable(PipelineStep.sh('x'))] }, 'runs that are unstable'],
    [{ stages: [sh('A', { when: [PipelineWhen.expression('true')] })] }, 'A: expressions of Groovy'],
    [{ stages: [sh('A', { when: [PipelineWhen.changeset('x')] })] }, 'A: condition "changeset"'],
    [{ stages: [sh('A', { input: new PipelineInput('x') })] }, 'A: approval by anybody (name submitters)'],
    [{ stages: [PipelineStage.steps('A', [PipelineStep.script('x')])] }, 'A: Groovy'],
    [{ stages: [PipelineStage.steps('A', [PipelineStep.library('x')])] }, 'A: step "x" of Jenkins'],
    [{ stages: [PipelineStage.steps('A', [PipelineStep.slack('#a', 'x')])] }, 'A: Slack by the build server'],
    [
      { stages: [PipelineStage.steps('A', [PipelineStep.sh('x'), PipelineStep.approval('x', { submitters: ['a'] })])] },
      'A: approval amid other steps',
    ],
    [
      { stages: [PipelineStage.steps('A', [PipelineStep.sh('x'), PipelineStep.retry(2, PipelineStep.sh('x'))])] },
      'A: retries of some steps of a stage',
    ],
    [{ stages: [PipelineStage.parallel('A', [sh('B')], { failFast: true })] }, 'A: stop of what runs beside a failure'],
  ])('cannot say what Tekton has no way for (%#: %s)', (props, what) => {
    expect(lacks(props)).toContain(what);
    expect(lacks({})).toEqual([]);
  });

  /** What Tekton makes of a text, with every variable of its own marked, and then Kubernetes in the environment of a container. */
  const reaches = (text: string): string => {
    const afterTekton = text.replaceAll(
      /\$\((params|tasks|context|workspaces|results|tt|steps|step|inputs|finally)[.[][^)]*\)/g,
      '<replaced>',
    );
    return afterTekton.replaceAll(/\$\$|\$\([^)]*\)/g, (one) => (one === '$$' ? '$' : '<expanded>'));
  };
  const characters = [
    '$',
    '$$',
    '(',
    ')',
    '{',
    '}',
    "'",
    '"',
    "'''",
    '\\',
    '\n',
    '\r',
    '\u2028',
    '`',
    ';',
    ' ',
    'a',
    '-',
    '#!',
    '*/',
    '@',
    'é',
    '𝒳',
  ];
  const variables = [
    '$(params.WHO)',
    '$(tasks.a.results.b)',
    '$(context.taskRun.name)',
    '$(tt.params.a)',
    '$(HOME)',
    '$(',
    'params.x',
    '["',
  ];
  const text = (...units: string[]) => fc.string({ unit: fc.constantFrom(...units), maxLength: 8 });
  const nasty = fc.oneof(
    { weight: 9, arbitrary: text(...characters) },
    { weight: 1, arbitrary: text(...characters, ...variables) },
  );

  it('keeps every text as it is, or refuses it: no input changes the structure', () => {
    let kept = 0;
    fc.assert(
      fc.property(fc.array(nasty, { minLength: 8, maxLength: 8 }), (texts) => {
        const [name = '', value = '', script = '', message = '', choice = '', folder = '', argument = '', branch = ''] =
          texts;
        const { task, pipeline, findings } = translated({
          environment: { VALUE: value },
          parameters: [
            PipelineParameter.choice('PICK', ['x', choice]),
            PipelineParameter.line('WHO', { defaultValue: choice }),
          ],
          stages: [
            PipelineStage.steps(
              `S${name}`,
              [
                PipelineStep.sh(script),
                PipelineStep.echo(message),
                PipelineStep.dir(
                  `d${folder}`,
                  PipelineStep.withEnvironment(
                    { OWN: PipelineValue.joined(argument, PipelineValue.param('WHO')) },
                    PipelineStep.sh('x'),
                  ),
                ),
              ],
              { when: [PipelineWhen.branch(`b${branch}`)] },
            ),
            PipelineStage.approval('Ask', new PipelineInput(message, { submitters: ['ann'] }), [sh('End')]),
          ],
        });
        // The structure is always the same.
        expect(pipeline.tasks.length).toBe(4);
        const own = pipeline.tasks[1].taskRef.name.slice('shop-'.length);
        const { steps } = task(own);
        expect(steps.length).toBe(3);
        if (findings.length > 0) {
          expect(texts.some((text) => text.includes('$'))).toBe(true);
          return;
        }
        kept += 1;
        const env = (at: number, variable: string) => steps[at].env.find((one: Any) => one.name === variable).value;
        expect(reaches(env(0, 'VALUE'))).toBe(value);
        expect(steps[0].script).toBe(script);
        expect(reaches(env(1, 'MESSAGE'))).toBe(message);
        expect(reaches(env(2, 'OWN'))).toBe(`${argument}<replaced>`);
        expect(reaches(steps[2].workingDir)).toBe(`<replaced>/d${folder}`);
        expect(pipeline.params.find((one: Any) => one.name === 'WHO').default).toBe(choice);
        expect(pipeline.tasks[2].params[2].value).toBe(message);
        const [when] = pipeline.tasks[1].when;
        if (!/[*?]/.test(branch)) expect(when.values).toEqual([`b${branch}`]);
      }),
      { numRuns: 500 },
    );
    expect(kept).toBeGreaterThan(50);
  });
});
