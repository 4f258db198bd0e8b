import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClusterSet } from '../cluster-set';
import { Pipeline } from '../pipeline/pipeline';
import { PipelineAgent } from '../pipeline/pipeline-agent';
import { PipelineBackend } from '../pipeline/pipeline-backend';
import { PipelineCredential } from '../pipeline/pipeline-credential';
import { PipelineDefinition, type PipelineDefinitionProps } from '../pipeline/pipeline-definition';
import { PipelineOption } from '../pipeline/pipeline-option';
import { PipelineParameter } from '../pipeline/pipeline-parameter';
import { PipelineStage } from '../pipeline/pipeline-stage';
import { PipelineStep } from '../pipeline/pipeline-step';
import { PipelineTrigger } from '../pipeline/pipeline-trigger';
import type { Platform } from '../platform';
import { type AnyObject, assemblyOf, problemsOfProgram } from '../synthesis.test-support';
import { DevOpsCredential, DevOpsCredentialType } from './devops-credential';
import { type DevOpsPipelineProps, JenkinsfileEditMode } from './devops-pipeline-props';
import { DevOpsProject } from './devops-project';
import { DevOpsSource } from './devops-source';
import { BranchDiscovery, GitHubForkTrust, PullRequestRevision } from './devops-source-props';

const TREE = 'pipeline.devops.kubesphere.io/jenkinsfile';
const API = ['devops.kubesphere.io/v1alpha3', 'external-secrets.io/v1'];

const define = (props: Partial<PipelineDefinitionProps> = {}) =>
  new PipelineDefinition({
    agent: PipelineAgent.any(),
    stages: [PipelineStage.steps('Build', [PipelineStep.sh('make')])],
    ...props,
  });
const program =
  (props: Partial<DevOpsPipelineProps> = {}, definition = define(), apiVersions: string[] = API) =>
  (platform: Platform) => {
    const host = new ClusterSet(platform, 'clusters').add('host', { apiVersions });
    const project = new DevOpsProject(platform, 'ci', {
      host,
      credentials: {
        git: DevOpsCredential.basicAuth({ store: 'vault', username: { key: 'u' }, password: { key: 'p' } }),
        prod: DevOpsCredential.kubeconfig({ store: 'vault', content: { key: 'k' } }),
        manual: DevOpsCredential.existing(DevOpsCredentialType.SECRET_TEXT),
      },
    });
    new Pipeline(platform, 'cart', { definition, backends: [PipelineBackend.kubeSphere({ project, ...props })] });
  };
const objectsOf = (...given: Parameters<typeof program>): AnyObject[] => [
  ...assemblyOf(program(...given))
    .objects('host')
    .values(),
];
const pipelineOf = (...given: Parameters<typeof program>): AnyObject =>
  objectsOf(...given).find(({ kind }) => kind === 'Pipeline');
const problems = (...given: Parameters<typeof program>) =>
  problemsOfProgram(program(...given)).map(({ code, what }) => `${code} ${what}`);

describe('a pipeline in KubeSphere DevOps', () => {
  it('has its Jenkinsfile and the tree of the graphical editor, which nobody turns into each other', () => {
    const definition = define();
    const { metadata, spec } = pipelineOf({}, definition);
    expect(spec.type).toBe('pipeline');
    expect(spec.pipeline).toEqual({ name: 'cart', jenkinsfile: definition.toJenkinsfile() });
    expect(metadata.namespace).toBe('ci');
    expect(JSON.parse(metadata.annotations[TREE])).toEqual(JSON.parse(definition.toJson()));
    expect(metadata.annotations).toMatchObject({ [`${TREE}.edit.mode`]: '', [`${TREE}.validate`]: 'success' });
  });

  it('leaves the tree to Jenkins in mode raw', () => {
    const { metadata } = pipelineOf({ editMode: JenkinsfileEditMode.RAW });
    expect(metadata.annotations).toEqual({ [`${TREE}.edit.mode`]: 'raw' });
  });

  it('takes parameters, schedule and one run at a time from the definition', () => {
    const definition = define({
      parameters: [
        PipelineParameter.flag('DRY', { defaultValue: true }),
        PipelineParameter.choice('TO', ['a', 'b']),
        PipelineParameter.password('KEY'),
      ],
      options: [PipelineOption.disableConcurrentBuilds()],
      triggers: [PipelineTrigger.cron('H 4 * * *')],
    });
    expect(pipelineOf({}, definition).spec.pipeline).toMatchObject({
      parameters: [
        { name: 'DRY', type: 'boolean', default_value: 'true' },
        { name: 'TO', type: 'choice', default_value: 'a\nb' },
        { name: 'KEY', type: 'password' },
      ],
      disable_concurrent: true,
      timer_trigger: { cron: 'H 4 * * *' },
    });
    expect(problems({ concurrent: true }, definition)).toEqual([expect.stringContaining('disableConcurrentBuilds')]);
    expect(problems({ cron: '@daily' }, definition)).toEqual([expect.stringContaining('has the trigger')]);
  });

  it('has a source instead, and the Jenkinsfile as a document for its repository', () => {
    const source = DevOpsSource.gitHub({
      owner: 'shop',
      repository: 'cart',
      credential: 'git',
      discoverBranches: BranchDiscovery.ALL,
      forkPullRequests: PullRequestRevision.MERGED,
      forkTrust: GitHubForkTrust.WRITERS,
      scriptPath: 'ci/Jenkinsfile',
      scanInterval: '20m',
    });
    const assembly = assemblyOf(program({ source }));
    const [pipeline] = [...assembly.objects('host').values()].filter(({ kind }) => kind === 'Pipeline');
    expect(pipeline.metadata.annotations).toBeUndefined();
    expect(pipeline.spec).toEqual({
      type: 'multi-branch-pipeline',
      multi_branch_pipeline: {
        name: 'cart',
        timer_trigger: { interval: '1200000' },
        source_type: 'github',
        github_source: {
          owner: 'shop',
          repo: 'cart',
          credential_id: 'git',
          discover_branches: 3,
          discover_pr_from_forks: { strategy: 1, trust: 3 },
        },
        script_path: 'ci/Jenkinsfile',
      },
    });
    expect(assembly.manifest.documents).toMatchObject([{ path: 'cart', file: 'ci/Jenkinsfile' }]);
  });

  it('has credentials whose values External Secrets Operator fetches, with the type and annotation that Jenkins gets them by', () => {
    const secrets = objectsOf().filter(({ kind }) => kind === 'ExternalSecret');
    expect(secrets.map(({ metadata }) => metadata.name).sort()).toEqual(['git', 'prod']);
    expect(secrets.find(({ metadata }) => metadata.name === 'prod').spec.target.template).toEqual({
      type: 'credential.devops.kubesphere.io/kubeconfig',
      metadata: { annotations: { 'credential.devops.kubesphere.io/autosync': 'true' } },
    });
  });

  it('is in a project whose namespace is there first, with the labels by which KubeSphere takes it', () => {
    const [namespace, project] = ['Namespace', 'DevOpsProject'].map((kind) =>
      objectsOf().find((one) => one.kind === kind),
    );
    expect(namespace.metadata).toMatchObject({ name: 'ci', labels: { 'kubesphere.io/devopsproject': 'ci' } });
    expect(project.metadata.name).toBe('ci');
  });

  it.each<[string, Partial<DevOpsPipelineProps>, PipelineDefinition?]>([
    ['ORR2003 "A" is not a valid name', { pipelineName: 'A' }],
    ['ORR2011 runsToKeep of the discarder is 0', { discarder: { runsToKeep: 0 } }],
    ['ORR2012 The discarder keeps', { discarder: {} }],
    ['ORR2011 "every day" is no schedule', { cron: 'every day' }],
    ['ORR2011 A token', { remoteToken: 'a b' }],
    ['ORR2011 "a b" is no name of a variable', { webhook: { requestVariables: [{ key: 'a b' }] } }],
    ['ORR2011 The scmWebhook', { scmWebhook: { url: '' } }],
    ['has a password in it', { source: DevOpsSource.git({ url: 'https://joe:secret@git.example.com/a' }) }],
    ['ORR2012 cron is for a Jenkinsfile', { source: DevOpsSource.git({ url: 'https://g/a' }), cron: '@daily' }],
    [
      'neither its branches nor its tags',
      { source: DevOpsSource.git({ url: 'https://g/a', discoverBranches: false }) },
    ],
    ['depth of its clone is 0', { source: DevOpsSource.git({ url: 'https://g/a', clone: { depth: 0 } }) }],
    [
      'need each other',
      { source: DevOpsSource.gitHub({ owner: 'a', repository: 'b', forkTrust: GitHubForkTrust.EVERYONE }) },
    ],
    ['its apiUrl is missing', { source: DevOpsSource.bitbucketServer({ owner: 'a', repository: 'b' }) }],
    ['its owner "a b" is no name', { source: DevOpsSource.gitLab({ owner: 'a b', repository: 'b' }) }],
    ['ORR2011 "../x" is no path', { source: DevOpsSource.git({ url: 'https://g/a', scriptPath: '../x' }) }],
    ['ORR2011 The scanInterval', { source: DevOpsSource.svn({ url: 'https://s/a', scanInterval: 'often' }) }],
    ['is read with credential "prod"', { source: DevOpsSource.singleSvn({ url: 'https://s/a', credential: 'prod' }) }],
    ['ORR2013 Run "one" does not say', { source: DevOpsSource.git({ url: 'https://g/a' }), runs: [{ name: 'one' }] }],
    ['ORR2012 Run "one" is for a branch', { runs: [{ name: 'one', refName: 'main' }] }],
    ['ORR2004 Two runs', { runs: [{ name: 'one' }, { name: 'one' }] }],
    ['ORR2011 Run "one" sets "X"', { runs: [{ name: 'one', parameters: { X: '1' } }] }],
    [
      'A choice of parameter "TO" has several lines',
      {},
      define({ parameters: [PipelineParameter.choice('TO', ['a\nb'])] }),
    ],
    [
      'takes credential "git" for a kubeconfig',
      {},
      define({
        stages: [
          PipelineStage.steps('a', [
            PipelineStep.withCredentials([PipelineCredential.kubeconfig('git')], PipelineStep.sh('x')),
          ]),
        ],
      }),
    ],
  ])('refuses what its definition would let through: %s', (what, props, definition) => {
    expect(problems(props, definition)).toEqual([expect.stringContaining(what)]);
  });

  it('needs facts that say what its host serves', () => {
    expect(problems({}, define(), [])).toEqual([
      expect.stringContaining('KubeSphere DevOps serves'),
      expect.stringContaining('External Secrets Operator'),
    ]);
  });

  it('has the tree and the texts that were given, whatever is in them', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', "'", '"', '$', '\\', '\n', '{', '}', '<', '&', '\u2028', 'é', '`', '%'),
    });
    fc.assert(
      fc.property(text, text, (script, description) => {
        const definition = define({ stages: [PipelineStage.steps('Build', [PipelineStep.sh(`x${script}`)])] });
        const { metadata, spec } = pipelineOf({ description }, definition);
        const tree = JSON.parse(metadata.annotations[TREE]) as AnyObject;
        expect(Object.keys(tree)).toEqual(['pipeline']);
        expect(JSON.stringify(tree.pipeline.stages[0].branches[0].steps)).toContain(JSON.stringify(`x${script}`));
        expect(spec).toEqual({
          type: 'pipeline',
          pipeline: { name: 'cart', description, jenkinsfile: definition.toJenkinsfile() },
        });
      }),
      { numRuns: 50 },
    );
  });
});
