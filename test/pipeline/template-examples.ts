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

\`PipelineTemplate\` has definitions for what most projects need. They build without a Docker daemon, ask people without holding a pod, and have no secret in their text. Each of them is shown here with its
Jenkinsfile, as it is generated; for other back-ends see [pipelines](pipeline.md).

| Property of most templates | means | default |
| --- | --- | --- |
| \`repository\` | sources to fetch, where the Jenkinsfile does not lie among them | the Jenkinsfile's |
| \`directory\` | folder of the project | the workspace |
| \`toolImage\`, \`memory\`, \`cacheClaim\` | container of the tool, and a PersistentVolumeClaim for downloaded packages | a current image, 2Gi, none |
| \`sonar\` | scan and quality gate of SonarQube | none |
| \`image\` | image by BuildKit, Buildah or a fork of Kaniko, tagged by commit, on some branches | none |
| \`deployment\` | \`orrery plan\` on pull requests, \`orrery apply\` of what a person approved | none |
| \`notification\` | who is told of failures and recovery | nobody |
| \`timeout\`, \`keepBuilds\` | longest time (waiting for people does not count) and runs that are kept | 1h, 20 |
`;
