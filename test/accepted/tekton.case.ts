import {
  BuildContainer,
  BuildTool,
  ClusterSet,
  Pipeline,
  PipelineAgent,
  PipelineBackend,
  PipelineCredential,
  PipelineDefinition,
  PipelineInput,
  PipelineOption,
  PipelineParameter,
  PipelinePost,
  PipelineStage,
  PipelineStep,
  PipelineTrigger,
  PipelineVolume,
  PipelineWhen,
  Placement,
  TektonEventListener,
  TektonForge,
  TektonInterceptor,
  TektonInterceptorService,
  TektonOnError,
  TektonPipeline,
  TektonPipelineRun,
  TektonTask,
  TektonTaskReference,
  TektonTriggerBinding,
  TektonTriggerTemplate,
  TektonType,
  TektonValue,
  TektonVolume,
  TektonWhen,
  TektonWorkspaceSource,
} from '@orrery/constructs';
import { type TriggerObject, triggerFindings } from '../../constructs/lib/private/tekton/trigger-rules.js';
import type { AcceptedCase } from './accepted-case.ts';

const SETTINGS = {
  serviceAccount: 'builder',
  nodeSelector: { pool: 'ci' },
  pullSecrets: ['registry'],
  runAsUser: 1000,
  volumes: [PipelineVolume.claim('npm', 'npm')],
};
const NODE = BuildContainer.node({ mounts: { '/root/.npm': 'npm' }, environment: { CI: '1' }, cpuLimit: '2' });
const POD = PipelineAgent.pod([NODE, BuildContainer.buildkit()], SETTINGS);

/** A pipeline with everything that the back-end has. */
const DEFINITION = new PipelineDefinition({
  agent: PipelineAgent.none(),
  environment: { MODE: 'ci' },
  parameters: [PipelineParameter.choice('TARGET', ['staging', 'prod'], { description: 'where to' })],
  options: [PipelineOption.timeout('2h'), PipelineOption.buildDiscarder({ builds: 20, days: 30 })],
  triggers: [PipelineTrigger.cron('H 4 * * 1-5')],
  stages: [
    PipelineStage.steps(
      'Test',
      [PipelineStep.checkout(), PipelineStep.testProject(BuildTool.NODE), PipelineStep.junit('**/report.xml')],
      { agent: POD, post: [PipelinePost.failure(PipelineStep.webhook('chat', 'failed'))] },
    ),
    PipelineStage.matrix(
      'Platforms',
      [PipelineStage.steps('Build', [PipelineStep.timeout('5m', PipelineStep.sh('make'))])],
      {
        agent: POD,
        axes: [{ name: 'ARCH', values: ['amd64', 'arm64'] }],
      },
    ),
    PipelineStage.steps(
      'Image',
      [PipelineStep.buildImage({ image: 'registry.example.com/shop/cart', registryCredential: 'registry' })],
      {
        agent: PipelineAgent.pod([BuildContainer.buildkit()]),
        when: [PipelineWhen.anyOf(PipelineWhen.branch('main'), PipelineWhen.branch('release/*'))],
        options: [PipelineOption.retry(2), PipelineOption.timeout('30m')],
      },
    ),
    PipelineStage.approval('Deploy', new PipelineInput('Go?', { submitters: ['ann', 'group:leads'] }), [
      PipelineStage.steps(
        'Apply',
        [PipelineStep.orreryApply({ credentials: [PipelineCredential.secretFile('prod', 'KUBECONFIG')] })],
        { agent: POD },
      ),
    ]),
  ],
});

export default {
  title: 'tasks, pipelines, runs and triggers of Tekton',
  crds: ['tekton.dev', 'triggers.tekton.dev'],
  kinds: [
    ...['CronJob', 'ServiceAccount', 'Role', 'RoleBinding', 'ClusterRoleBinding'],
    ...['Task', 'Pipeline', 'PipelineRun', 'TriggerBinding', 'TriggerTemplate', 'EventListener'],
    ...['Interceptor', 'ClusterInterceptor'],
  ],
  judged: {
    kinds: ['TriggerBinding', 'TriggerTemplate', 'EventListener', 'Interceptor', 'ClusterInterceptor'],
    judge: (object) =>
      triggerFindings(object as unknown as TriggerObject)
        .map(({ what }) => what)
        .join('\n'),
  },
  program(platform) {
    new ClusterSet(platform, 'clusters').add('ops');
    const at = { placement: Placement.everywhere(), namespaceName: 'ci' };
    const build = new TektonTask(platform, 'build', {
      ...at,
      description: 'Builds',
      parameters: [
        { name: 'image', description: 'with tag' },
        { name: 'flags', valueType: TektonType.ARRAY, defaultValue: TektonValue.texts('-v') },
        { name: 'git', propertyNames: ['url'], defaultValue: TektonValue.properties({ url: 'x' }) },
      ],
      workspaces: [
        { name: 'source', mountPath: '/src', description: 'code' },
        { name: 'cache', optional: true, readOnly: true },
      ],
      results: [
        { name: 'digest', description: 'of the image' },
        { name: 'urls', valueType: TektonType.OBJECT, propertyNames: ['one'] },
      ],
      volumes: [
        TektonVolume.scratch('tmp', '1Gi'),
        TektonVolume.secret('key', 'key'),
        TektonVolume.configMap('settings', 'settings'),
      ],
      steps: [
        {
          name: 'build',
          image: 'moby/buildkit:rootless',
          script: 'buildctl build > $(results.digest.path)',
          env: { IMAGE: '$(params.image)' },
          secretEnv: { TOKEN: { secret: 'registry', key: 'token' } },
          workingDirectory: '/src',
          cpu: '500m',
          memory: '1Gi',
          timeout: '10m',
          onError: TektonOnError.CONTINUE,
          mounts: { tmp: '/tmp' },
          rights: { runAsUser: 1000, runAsNonRoot: true, addCapabilities: ['SETUID'], unconfinedSystemCalls: true },
        },
        { image: 'alpine:3.22', command: ['run'], args: ['$(params.flags[*])'] },
      ],
      sidecars: [{ name: 'db', image: 'postgres:18', env: { A: 'b' }, memory: '256Mi', rights: { privileged: true } }],
    });
    const pipeline = new TektonPipeline(platform, 'delivery', {
      ...at,
      description: 'Delivers',
      parameters: [{ name: 'revision', defaultValue: TektonValue.text('main') }],
      workspaces: [
        { name: 'code', description: 'shared' },
        { name: 'maven', optional: true },
      ],
      tasks: [
        {
          name: 'build',
          description: 'first',
          task: TektonTaskReference.task(build),
          parameters: { image: TektonValue.text('shop:$(params.revision)') },
          workspaces: { source: 'code', cache: 'maven' },
          retries: 1,
          timeout: '30m',
        },
        {
          name: 'approve',
          task: TektonTaskReference.custom('openshift-pipelines.org/v1alpha1', 'ApprovalTask'),
          parameters: { approvers: TektonValue.texts('ann') },
          runAfter: ['build'],
          when: [TektonWhen.isIn('$(params.revision)', 'main'), TektonWhen.isNotIn('$(params.revision)', 'x')],
        },
        {
          name: 'scan',
          task: TektonTaskReference.resolved('git', {
            url: 'https://git.example.com/tasks.git',
            pathInRepo: 'scan.yaml',
          }),
          runAfter: ['approve'],
          matrix: {
            parameters: { arch: TektonValue.texts('amd64', 'arm64') },
            include: [{ name: 'extra', parameters: { arch: 's390x' } }],
          },
          onError: TektonOnError.CONTINUE,
          when: [TektonWhen.cel("'$(params.revision)' == 'main'")],
        },
      ],
      finallyTasks: [{ name: 'tell', task: TektonTaskReference.existing('tell') }],
      results: [{ name: 'digest', value: TektonValue.text('$(tasks.build.results.digest)'), description: 'image' }],
    });
    const workspaces = {
      code: TektonWorkspaceSource.newVolume('1Gi', 'fast'),
      maven: TektonWorkspaceSource.volumeClaim('maven'),
    };
    const run = {
      pipeline,
      workspaces,
      serviceAccountName: 'builder',
      timeout: '3h',
      tasksTimeout: '2h',
      finallyTimeout: '10m',
      nodeSelector: { pool: 'ci' },
      fsGroup: 1000,
    };
    new TektonPipelineRun(platform, 'first', {
      ...run,
      placement: at.placement,
      parameters: { revision: TektonValue.text('v1') },
    });
    const { code: _code, ...others } = workspaces;
    new TektonPipelineRun(platform, 'second', {
      pipeline,
      placement: at.placement,
      workspaces: { ...others, code: TektonWorkspaceSource.emptyFolder() },
    });
    const template = new TektonTriggerTemplate(platform, 'on-push', {
      placement: at.placement,
      parameters: [{ name: 'revision', description: 'commit', defaultValue: 'main' }],
      run: { ...run, parameters: { revision: TektonValue.text('$(tt.params.revision)') } },
    });
    const binding = new TektonTriggerBinding(platform, 'push', {
      ...at,
      parameters: { revision: '$(body.after)', short: '$(extensions.short)' },
    });
    new TektonEventListener(platform, 'github', {
      ...at,
      serviceAccountName: 'listener',
      replicas: 2,
      cpu: '50m',
      memory: '64Mi',
      triggers: [
        {
          name: 'push',
          template,
          bindings: [binding],
          values: { extra: 'x' },
          interceptors: [
            TektonInterceptor.gitHub({ secret: 'github', key: 'token' }, 'push'),
            TektonInterceptor.cel("body.ref == 'refs/heads/main'", [
              { key: 'short', expression: 'body.after.truncate(7)' },
            ]),
            TektonInterceptor.ofNamespace('own', { a: 'b' }),
            TektonInterceptor.ofCluster('all'),
          ],
        },
      ],
    });
    new TektonInterceptorService(platform, 'own', {
      ...at,
      serviceName: 'own',
      port: 8443,
      urlPath: '/x',
      caBundle: 'YQ==',
    });
    new Pipeline(platform, 'shop', {
      definition: DEFINITION,
      backends: [
        PipelineBackend.tekton({
          placement: at.placement,
          namespaceName: 'shop',
          artifactsClaim: 'reports',
          source: {
            url: 'https://git.example.com/shop.git',
            forge: TektonForge.GITLAB,
            webhookSecret: { secret: 'gitlab', key: 'token' },
            branches: ['main'],
          },
        }),
      ],
    });
    new TektonInterceptorService(platform, 'all', { ...at, serviceName: 'all', clusterWide: true });
  },
} satisfies AcceptedCase;
