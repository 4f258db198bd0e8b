import type { PipelineDefinition } from '@orrery/constructs';
import * as constructs from '@orrery/constructs';

/** A template as the page shows it. */
export interface TemplateExample {
  readonly title: string;
  readonly about: string;
  /** An expression of TypeScript, run as it is. */
  readonly code: string;
}

export const TEMPLATE_EXAMPLES: readonly TemplateExample[] = [
  {
    title: 'Node',
    about: 'Packages, build, tests; here with an image of the branch `main`.',
    code: `PipelineTemplate.nodeProject({
  image: { image: 'registry.example.com/shop/cart', registryCredential: 'registry' },
})`,
  },
  {
    title: 'Maven',
    about: 'Package, verify, results of tests; here with SonarQube, a cache, and who is told.',
    code: `PipelineTemplate.mavenProject({
  cacheClaim: 'maven-packages',
  sonar: { server: 'sonar' },
  notification: { mail: ['shop@example.com'] },
})`,
  },
  {
    title: 'Gradle',
    about: 'Assemble, check, results of tests.',
    code: `PipelineTemplate.gradleProject({ testArgs: ['--info'] })`,
  },
  {
    title: 'Go',
    about: 'Build and tests, of a folder of the repository.',
    code: `PipelineTemplate.goProject({ directory: 'server' })`,
  },
  {
    title: 'Python',
    about: 'Packages in a virtual environment, pytest, results of tests; the sources are those of another repository.',
    code: `PipelineTemplate.pythonProject({
  repository: { url: 'https://git.example.com/shop/forecast.git', credential: 'git' },
})`,
  },
  {
    title: '.NET',
    about: 'Build and tests; SonarQube has its own scanner in the pod.',
    code: `PipelineTemplate.dotnetProject({ sonar: {}, timeout: '30m' })`,
  },
  {
    title: 'Front end',
    about: 'Packages, build, tests, style; what the build makes is kept, and an image made by Buildah.',
    code: `PipelineTemplate.frontEnd({
  image: { image: 'registry.example.com/shop/web', tool: ImageTool.BUILDAH, branches: 'release-*' },
})`,
  },
  {
    title: 'Library release',
    about:
      'Build and tests on every branch; of a tag, after somebody approved, publishing. No pod is held while it waits.',
    code: `PipelineTemplate.libraryRelease({ tool: BuildTool.NODE, credential: 'npm-token', submitters: ['release-managers'] })`,
  },
  {
    title: 'Image only',
    about: 'Nothing but an image, for two architectures.',
    code: `PipelineTemplate.imageOnly({
  image: {
    image: 'registry.example.com/base/nginx',
    registryCredential: 'registry',
    platforms: ['linux/amd64', 'linux/arm64'],
  },
})`,
  },
  {
    title: 'Promotion over several clusters',
    about: 'A version goes from clusters to clusters: each but the first gets what somebody approved.',
    code: `PipelineTemplate.promotion({
  stages: [
    { name: 'staging', clusters: ['staging-sh'], credentials: [PipelineCredential.secretFile('staging', 'KUBECONFIG')] },
    {
      name: 'production',
      clusters: ['prod-sh', 'prod-gz'],
      credentials: [PipelineCredential.secretFile('production', 'KUBECONFIG')],
      submitters: ['retail-leads'],
    },
  ],
})`,
  },
  {
    title: 'Database migration',
    about: 'Checked on every branch; on one of them, after somebody approved, backup and change.',
    code: `PipelineTemplate.databaseMigration({
  tool: MigrationTool.FLYWAY,
  url: 'jdbc:postgresql://shop-db/shop',
  credential: 'shop-db',
  submitters: ['dba'],
})`,
  },
  {
    title: 'Delivery by Orrery',
    about: 'The plan on pull requests; on the branch plan, approval, and apply of exactly that plan.',
    code: `PipelineTemplate.delivery({
  deployment: {
    credentials: [PipelineCredential.secretFile('clusters', 'KUBECONFIG')],
    submitters: ['retail-leads'],
  },
  notification: { slack: '#deliveries' },
})`,
  },
  {
    title: 'A copy with changes',
    about: 'Every template is a definition: settings, stages and what runs afterwards may be others.',
    code: `PipelineTemplate.goProject()
  .copyWith({ parameters: [PipelineParameter.flag('RACE')], environment: { CGO_ENABLED: '1' } })
  .withStagesAfter('Test', PipelineStage.steps('Vet', [PipelineStep.sh('go vet ./...', { container: 'go' })]))
  .withoutStage('Compile')`,
  },
];

/** Runs the code of an example. */
export function definitionOf({ code }: TemplateExample): PipelineDefinition {
  const names = Object.keys(constructs).filter((name) => /^[A-Z][A-Za-z]+$/.test(name));
  const values = names.map((name) => (constructs as unknown as Record<string, unknown>)[name]);
  return new Function(...names, `return ${code};`)(...values) as PipelineDefinition;
}

/** The page with every template and what becomes of it. */
export function templatesPage(): string {
  const sections = TEMPLATE_EXAMPLES.map((example) => {
    const { title, about, code } = example;
    const jenkinsfile = definitionOf(example).toJenkinsfile().trimEnd();
    return `## ${title}\n\n${about}\n\n\`\`\`ts\n${code}\n\`\`\`\n\n\`\`\`groovy\n${jenkinsfile}\n\`\`\`\n`;
  });
  return `${HEAD}\n${sections.join('\n')}`;
}

const HEAD = `# Templates of pipelines

\`PipelineTemplate\` has definitions for what most projects need (row 32). They build without a Docker daemon, ask people without holding a pod, and have no secret in their text. Each of them is shown [below](#node) with its
Jenkinsfile, as it is generated; for other back-ends see [pipelines](pipeline.md).

\`\`\`ts
import { ClusterSet, Pipeline, PipelineBackend, PipelineParameter, PipelineTemplate, Platform } from '@orrery/constructs';

const platform = new Platform({ id: 'online-shop' });
new ClusterSet(platform, 'clusters').add('ops');

const definition = PipelineTemplate.mavenProject({ image: { image: 'registry.example.com/shop/cart' } });
new Pipeline(platform, 'cart', { definition, backends: [PipelineBackend.jenkinsfile()] });
new Pipeline(platform, 'pay', {
  definition: definition.copyWith({ parameters: [PipelineParameter.flag('SLOW_TESTS')] }).withoutStage('Image'),
  backends: [PipelineBackend.jenkinsfile({ file: 'pay/Jenkinsfile' })],
});

platform.synth();
\`\`\`

A copy with changes is \`copyWith\` (settings), \`withStage\`, \`withStagesBefore\`, \`withStagesAfter\` and \`withoutStage\` of the [definition](pipeline-definition.md); the original stays as it was.

**PipelineTemplateProps**

| property | means | default |
| --- | --- | --- |
| \`keepBuilds\` | Runs that are kept | \`20\` |
| \`notification\` | Who is told | nobody |
| \`repository\` |  | the repository that the Jenkinsfile lies in |
| \`timeout\` | Longest time of a run | \`'1h'\` |

**ProjectTemplateProps**, with all of \`PipelineTemplateProps\`

| property | means | default |
| --- | --- | --- |
| \`buildArgs\` | Further arguments of the build | none |
| \`cacheClaim\` | PersistentVolumeClaim that outlives builds, for downloaded packages | they are downloaded each time |
| \`deployment\` |  | nothing is deployed |
| \`directory\` | Folder of the project | the workspace |
| \`image\` |  | no image |
| \`memory\` | Memory of the tool's container | \`'2Gi'\` |
| \`sonar\` |  | no scan |
| \`testArgs\` | Further arguments of the tests | none |
| \`toolImage\` | Image of the tool's container | a current one |

**FrontEndTemplateProps**, with all of \`ProjectTemplateProps\`

| property | means | default |
| --- | --- | --- |
| \`lintScript\` | Script of package.json that looks at the style | \`'lint'\` |
| \`output\` | Folder that the build makes, kept with the run | \`'dist'\` |

**LibraryReleaseTemplateProps**, with all of \`PipelineTemplateProps\`

| property | means | default |
| --- | --- | --- |
| \`credential\` | Credential of the registry. Maven and Gradle: user and password, as MAVEN_USERNAME and MAVEN_PASSWORD; npm, PyPI, NuGet: a secret text, as NPM_TOKEN, TWINE_PASSWORD, NUGET_API_KEY | required |
| \`tool\` | What builds and publishes it. Go has no registry to publish to: there the tag is the release | required |
| \`registry\` | Address of the registry, where the tool is told one (NuGet, PyPI) | the public one |
| \`submitters\` | Users and groups that may approve | everybody who may build |
| \`tags\` | Tags that are releases, as a pattern | \`'v*'\` |
| \`toolImage\` | Image of the tool's container | a current one |

**ImageTemplateProps**, with all of \`PipelineTemplateProps\`

| property | means | default |
| --- | --- | --- |
| \`image\` | The image | required |

**PromotionTemplateProps**, with all of \`PipelineTemplateProps\`

| property | means | default |
| --- | --- | --- |
| \`stages\` | In order, at least two | required |
| \`directory\` | Folder of the project with cdk8s.yaml | the workspace |
| \`image\` | Image of the container, with Node and the project's packages | of Node |

**PromotionStage**

| property | means | default |
| --- | --- | --- |
| \`clusters\` | Clusters of the program | required |
| \`name\` | e.g. "staging" | required |
| \`approval\` | A person is asked before | true, of the first one false |
| \`credentials\` | Credentials that they are reached with | those of the pod's service account |
| \`submitters\` | Users and groups that may approve | everybody who may build |

**MigrationTemplateProps**, with all of \`PipelineTemplateProps\`

| property | means | default |
| --- | --- | --- |
| \`credential\` | Credential with user and password of the database | required |
| \`tool\` |  | required |
| \`url\` | Address of the database as JDBC has it, without user and password | required |
| \`backupScript\` | Script of the shell that makes a backup before. It runs in the container of the tool | none is made |
| \`branch\` | Branch whose changes are applied; of others they are only checked | \`'main'\` |
| \`submitters\` | Users and groups that may approve | everybody who may build |
| \`toolImage\` | Image of the tool | a current one |

\`MigrationTool\`: \`FLYWAY\` (flyway: FLYWAY_URL, FLYWAY_USER and FLYWAY_PASSWORD), \`LIQUIBASE\` (liquibase: LIQUIBASE_COMMAND_URL, …_USERNAME and …_PASSWORD;).

**DeliveryTemplateProps**, with all of \`PipelineTemplateProps\`

| property | means | default |
| --- | --- | --- |
| \`deployment\` |  | all clusters, approved by whoever may build |

**TemplateRepository**

| property | means | default |
| --- | --- | --- |
| \`url\` | Address in Git | required |
| \`branch\` |  | \`'main'\` |
| \`credential\` | Credential to read it with | none |

**TemplateImage**

| property | means | default |
| --- | --- | --- |
| \`image\` | Registry and repository without tag: "registry.example.com/shop/cart" | required |
| \`branches\` | Branches that an image is made of, as a pattern like "main" or "release-*" | \`'main'\` |
| \`dockerfile\` | Path of the Dockerfile | \`'Dockerfile'\` |
| \`platforms\` | e.g. ["linux/amd64", "linux/arm64"] | that of the node |
| \`registryCredential\` | Credential with user and password of the registry | what the container has in its own settings |
| \`tool\` |  | \`ImageTool.BUILDKIT\` |
| \`toolImage\` | Image of the tool's container. Needed of ImageTool.KANIKO | a current one |

**TemplateSonar**

| property | means | default |
| --- | --- | --- |
| \`args\` | Further arguments of the scanner | none |
| \`server\` | Name of the server in the settings of Jenkins | \`'sonar'\` |
| \`timeout\` | How long what it says is waited for | \`'10m'\` |

**TemplateDeployment**

| property | means | default |
| --- | --- | --- |
| \`branch\` | Branch that is applied from | \`'main'\` |
| \`clusters\` | Only these clusters | all |
| \`credentials\` | Credentials that the clusters are reached with | those of the pod's service account |
| \`directory\` | Folder of the project with cdk8s.yaml | the workspace |
| \`image\` | Image of the container, with Node and the project's packages | of Node |
| \`submitters\` | Users and groups that may approve | everybody who may build |

**TemplateNotification**

| property | means | default |
| --- | --- | --- |
| \`mail\` | Addresses of mail | none |
| \`slack\` | Channel of Slack | none |
| \`webhook\` | Credential of a secret text with the address of a chat | none |
`;
