import {
  BitbucketForkTrust,
  BranchDiscovery,
  BuildContainer,
  ClusterSet,
  DevOpsAgent,
  DevOpsApplication,
  DevOpsCredential,
  DevOpsCredentialType,
  DevOpsDelivery,
  DevOpsProject,
  DevOpsSource,
  DevOpsStepTemplate,
  DevOpsTemplate,
  GitHubForkTrust,
  GitLabForkTrust,
  ImageInput,
  JenkinsfileEditMode,
  Pipeline,
  PipelineAgent,
  PipelineBackend,
  PipelineDefinition,
  PipelineOption,
  PipelineParameter,
  PipelineStage,
  PipelineStep,
  PipelineTemplate,
  PipelineTrigger,
  PullRequestRevision,
  RunAction,
  ScmRefType,
  SourceToImage,
  SourceToImageTemplate,
  StepParameterType,
  TemplateParameterType,
} from '@orrery/constructs';
import type { AcceptedCase } from './accepted-case.ts';

const hosted = {
  owner: 'shop',
  repository: 'cart',
  credential: 'git',
  sourceId: 'cart',
  apiUrl: 'https://git.example.com/api',
  discoverBranches: BranchDiscovery.ALL,
  pullRequests: PullRequestRevision.MERGED,
  forkPullRequests: PullRequestRevision.BOTH,
  discoverTags: true,
  acceptNotifications: true,
  clone: { depth: 1, timeoutMinutes: 20 },
  regexFilter: '^(main|release-.*)$',
};

export default {
  title:
    'KubeSphere DevOps: projects, credentials, pipelines of every source, runs, agents, templates, delivery, images of sources',
  crds: [
    'devops.kubesphere.io',
    'gitops.kubesphere.io',
    'external-secrets.io/externalsecrets.external-secrets.io.yaml',
  ],
  kinds: [
    'DevOpsProject',
    'Pipeline',
    'PipelineRun',
    'ExternalSecret',
    'PodTemplate',
    'ClusterTemplate',
    'Template',
    'ClusterStepTemplate',
    'Application',
    'ImageUpdater',
    'S2iBuilder',
    'S2iBinary',
    'S2iRun',
    'S2iBuilderTemplate',
  ],
  program(platform) {
    const clusters = new ClusterSet(platform, 'clusters');
    const host = clusters.add('ops', {
      apiVersions: [
        'devops.kubesphere.io/v1alpha3',
        'devops.kubesphere.io/v1alpha1',
        'gitops.kubesphere.io/v1alpha1',
        'external-secrets.io/v1',
      ],
    });
    const store = 'vault';
    const project = new DevOpsProject(platform, 'retail-ci', {
      host,
      credentials: {
        git: DevOpsCredential.basicAuth({
          store,
          username: { key: 'git', property: 'user' },
          password: { key: 'git', property: 'token' },
        }),
        deploy: DevOpsCredential.sshKey({
          store,
          username: { key: 'd' },
          privateKey: { key: 'k' },
          passphrase: { key: 'p' },
        }),
        sonar: DevOpsCredential.secretText({ store, secret: { key: 'sonar' } }),
        prod: DevOpsCredential.kubeconfig({ store, content: { key: 'prod' }, refreshInterval: '10m' }),
        manual: DevOpsCredential.existing(DevOpsCredentialType.SECRET_TEXT),
      },
    });

    const inline = new PipelineDefinition({
      agent: PipelineAgent.label('maven'),
      parameters: [
        PipelineParameter.line('VERSION', { defaultValue: '1', description: 'What is built' }),
        PipelineParameter.text('NOTES'),
        PipelineParameter.flag('DRY', { defaultValue: true }),
        PipelineParameter.choice('TARGET', ['staging', 'production']),
        PipelineParameter.password('TOKEN'),
        PipelineParameter.file('input.csv'),
      ],
      options: [PipelineOption.disableConcurrentBuilds()],
      triggers: [PipelineTrigger.cron('H 4 * * *')],
      stages: [PipelineStage.steps('Build', [PipelineStep.sh('make "$VERSION"')])],
    });
    new Pipeline(platform, 'cart', {
      definition: inline,
      backends: [
        PipelineBackend.kubeSphere({
          project,
          description: 'Builds the cart',
          discarder: { daysToKeep: 7, runsToKeep: 10 },
          remoteToken: 'start-cart',
          webhook: {
            token: 'cart',
            cause: 'pushed to $ref',
            requestVariables: [{ key: 'ref', regexpFilter: 'refs/heads/' }],
            headerVariables: [{ key: 'X-Event' }],
            filter: { text: '$ref', expression: '^main$' },
            printVariables: true,
            printContent: true,
          },
          scmWebhook: { url: 'https://git.example.com/shop/cart.git', branches: ['main', 'fea-.*'] },
          runs: [
            { name: 'cart-first', parameters: { VERSION: '2' } },
            { name: 'cart-held', action: RunAction.PAUSE },
          ],
        }),
      ],
    });
    new Pipeline(platform, 'search', {
      definition: PipelineTemplate.goProject(),
      backends: [PipelineBackend.kubeSphere({ project, editMode: JenkinsfileEditMode.RAW })],
    });

    const sources = {
      git: DevOpsSource.git({
        url: 'https://git.example.com/shop/cart.git',
        credential: 'git',
        sourceId: 'cart',
        discoverTags: true,
        clone: { depth: 1, timeoutMinutes: 20 },
        regexFilter: '^main$',
        scriptPath: 'ci/Jenkinsfile',
        scanInterval: '20m',
        onBranchCreated: 'cart',
        onBranchDeleted: 'cart',
      }),
      github: DevOpsSource.gitHub({ ...hosted, forkTrust: GitHubForkTrust.CONTRIBUTORS }),
      gitlab: DevOpsSource.gitLab({ ...hosted, forkTrust: GitLabForkTrust.MEMBERS, serverName: 'gitlab' }),
      bitbucket: DevOpsSource.bitbucketServer({ ...hosted, forkTrust: BitbucketForkTrust.TEAM_FORKS }),
      svn: DevOpsSource.svn({
        url: 'https://svn.example.com/shop',
        credential: 'git',
        sourceId: 's',
        excludes: 'branches/old-*',
      }),
      'single-svn': DevOpsSource.singleSvn({
        url: 'https://svn.example.com/shop/trunk',
        credential: 'git',
        sourceId: 's',
      }),
    };
    for (const [name, source] of Object.entries(sources)) {
      const run = { name: `${name}-main`, refName: 'main', refType: ScmRefType.BRANCH };
      new Pipeline(platform, `of-${name}`, {
        definition: PipelineTemplate.mavenProject(),
        backends: [
          PipelineBackend.kubeSphere({ project, source, description: name, discarder: { runsToKeep: 5 }, runs: [run] }),
        ],
      });
    }

    const agent = PipelineAgent.pod([BuildContainer.python({ environment: { CI: 'true' } })], { inheritFrom: 'base' });
    new DevOpsAgent(platform, 'python', { host, agent, labels: ['pip'], idleMinutes: 5 });
    const parameters = [
      {
        name: 'script',
        description: 'What is run',
        required: true,
        defaultValue: 'make',
        parameterType: TemplateParameterType.STRING,
        expression: 'matches()',
        message: 'Name a target.',
      },
    ];
    const definition = new PipelineDefinition({
      agent: PipelineAgent.any(),
      stages: [PipelineStage.steps('Build', [PipelineStep.sh('((script)) $(date)')])],
    });
    new DevOpsTemplate(platform, 'make', {
      host,
      definition,
      parameters,
      displayName: 'Make',
      description: 'Runs make',
    });
    new DevOpsTemplate(platform, 'make-here', { project, definition, parameters });
    new DevOpsStepTemplate(platform, 'greet', {
      host,
      template: 'echo {{.param.name}}',
      container: 'base',
      agentLabel: 'base',
      credentialType: DevOpsCredentialType.BASIC_AUTH,
      displayName: 'Greet',
      parameters: [
        {
          name: 'name',
          parameterType: StepParameterType.CHOICE,
          required: true,
          display: 'Who',
          defaultValue: 'you',
          choices: ['you', 'me'],
          condition: 'true',
        },
      ],
    });

    new DevOpsDelivery(platform, 'cart-cd', {
      project,
      application: DevOpsApplication.argoCd({
        source: {
          repoUrl: 'https://git.example.com/shop/deploy.git',
          directory: 'cart',
          targetRevision: 'main',
          valueFiles: ['v.yaml'],
        },
        destinationCluster: 'prod-sh',
        destinationNamespace: 'mall',
        automated: true,
        prune: true,
        selfHeal: true,
        syncOptions: ['CreateNamespace=true'],
      }),
      imageUpdates: {
        images: { cart: 'registry.example.com/shop/cart' },
        updateStrategy: { cart: 'semver' },
        allowTags: { cart: 'regexp:^v' },
        ignoreTags: { cart: '*-rc' },
        platforms: { cart: 'linux/amd64' },
        secrets: { cart: 'pullsecret:mall/registry' },
        writeToGit: true,
      },
    });
    const source = { name: 'deploy' };
    const destinations = [{ targetNamespace: 'mall' }, { targetNamespace: 'mall', kubeconfigSecret: 'prod-gz' }];
    new DevOpsDelivery(platform, 'search-cd', {
      project,
      application: DevOpsApplication.fluxKustomization({ source, directory: 'search', destinations }),
    });
    new DevOpsDelivery(platform, 'pay-cd', {
      project,
      application: DevOpsApplication.fluxHelmRelease({
        source,
        chart: './charts/pay',
        version: '1.0.0',
        destinations,
        valueFiles: ['./charts/pay/prod.yaml'],
        values: { replicas: 2 },
        createNamespace: true,
      }),
    });

    const common = {
      cluster: host,
      namespaceName: 'retail-ci',
      image: 'registry.example.com/shop/cart',
      pushSecret: 'registry',
    };
    new SourceToImage(platform, 'cart-s2i', {
      ...common,
      input: ImageInput.git('https://git.example.com/shop/cart.git', {
        revision: 'main',
        directory: 'server',
        secret: 'git-basic',
      }),
      builderImage: 'kubesphere/java-11-centos7:v3.2.0',
      pullSecret: 'registry',
      runtimeImage: 'kubesphere/java-11-runtime:v3.2.0',
      environment: { MVN_ARGS: '-B' },
      description: 'The cart',
      runs: [{ name: 'cart-s2i-1', tag: 'v1', revision: 'v1', backoffLimit: 1, secondsAfterFinished: 600 }],
    });
    new SourceToImage(platform, 'cart-b2i', {
      ...common,
      input: ImageInput.uploaded('cart.war', { md5: 'd41d8cd98f00b204e9800998ecf8427e', size: '34 MB' }),
      template: 'tomcat',
    });
    new SourceToImage(platform, 'cart-url', {
      ...common,
      input: ImageInput.artifactUrl('https://repo.example.com/cart-1.0.jar'),
      template: 'tomcat',
      runs: [{ name: 'cart-url-2', artifactUrl: 'https://repo.example.com/cart-1.1.jar' }],
    });
    new SourceToImageTemplate(platform, 'tomcat', {
      cluster: host,
      codeFramework: 'java',
      containers: [
        {
          builderImage: 'shop/tomcat:9',
          runtimeImage: 'shop/tomcat-run:9',
          runtimeArtifacts: { '/deploy': '/deploy' },
        },
      ],
      description: 'WARs in Tomcat',
      parameters: { JAVA_OPTS: '-Xmx1g' },
      binary: true,
    });
  },
} satisfies AcceptedCase;
