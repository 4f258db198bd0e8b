import { BuildContainer, type BuildContainerOptions } from '../build-container';
import { PipelineAgent, PipelineVolume } from '../pipeline-agent';
import type { PipelineDefinition } from '../pipeline-definition';
import { PipelinePost } from '../pipeline-post';
import { PipelineStage } from '../pipeline-stage';
import { PipelineStep } from '../pipeline-step';
import { type BuildOptions, BuildTool } from '../pipeline-step-props';
import type { FrontEndTemplateProps, ProjectTemplateProps, TemplateSonar } from '../pipeline-template-props';
import { deploymentStages, imageContainer, imageStage, templateDefinition } from './template-parts';

/** What a tool needs to be told, and what it leaves behind. */
interface ToolFacts {
  readonly container: (options: BuildContainerOptions) => BuildContainer;
  /** Folder of downloaded packages, and the variable that names it. */
  readonly cache: { readonly path: string; readonly variable: string };
  /** Results of tests in the format of JUnit, where the tool writes them. */
  readonly results?: string;
  /** It has a scanner for SonarQube of its own. */
  readonly scans: boolean;
}

export const TOOLS: { readonly [tool in BuildTool]: ToolFacts } = {
  [BuildTool.MAVEN]: {
    container: (options) => BuildContainer.maven(options),
    cache: { path: '/cache/maven', variable: 'MAVEN_ARGS' },
    results: '**/target/surefire-reports/*.xml',
    scans: true,
  },
  [BuildTool.GRADLE]: {
    container: (options) => BuildContainer.gradle(options),
    cache: { path: '/cache/gradle', variable: 'GRADLE_USER_HOME' },
    results: '**/build/test-results/**/*.xml',
    scans: true,
  },
  [BuildTool.NODE]: {
    container: (options) => BuildContainer.node(options),
    cache: { path: '/cache/npm', variable: 'npm_config_cache' },
    scans: false,
  },
  [BuildTool.GO]: {
    container: (options) => BuildContainer.golang(options),
    cache: { path: '/cache/go', variable: 'GOMODCACHE' },
    scans: false,
  },
  [BuildTool.PYTHON]: {
    container: (options) => BuildContainer.python(options),
    cache: { path: '/cache/pip', variable: 'PIP_CACHE_DIR' },
    results: 'report.xml',
    scans: false,
  },
  [BuildTool.DOTNET]: {
    container: (options) => BuildContainer.dotnet(options),
    cache: { path: '/cache/nuget', variable: 'NUGET_PACKAGES' },
    scans: false,
  },
};

/** Maven is told by an argument, the others by a variable. */
function cacheEnvironment(tool: BuildTool): { [name: string]: string } {
  const { path, variable } = TOOLS[tool].cache;
  return { [variable]: tool === BuildTool.MAVEN ? `-Dmaven.repo.local=${path}` : path };
}

/** Build, tests, scan, image, deployment: what a project of a language goes through. */
export function projectTemplate(tool: BuildTool, props: ProjectTemplateProps): PipelineDefinition {
  return ofProject(tool, props, []);
}

/** The same, with a look at the style, and the files that the build makes. */
export function frontEndTemplate(props: FrontEndTemplateProps): PipelineDefinition {
  const { output = 'dist', lintScript = 'lint', directory } = props;
  const lint = PipelineStep.sh(`npm run ${lintScript} --if-present`, { container: 'node', label: 'style' });
  const inside = directory === undefined ? lint : PipelineStep.dir(directory, lint);
  const kept = directory === undefined ? output : `${directory}/${output}`;
  return ofProject(BuildTool.NODE, props, [
    PipelineStage.steps('Style', [inside]),
    PipelineStage.steps('Keep', [PipelineStep.archive(`${kept}/**`)]),
  ]);
}

function ofProject(
  tool: BuildTool,
  props: ProjectTemplateProps,
  further: readonly PipelineStage[],
): PipelineDefinition {
  const { sonar, image, deployment, directory } = props;
  const where: BuildOptions = directory === undefined ? {} : { directory };
  const { results } = TOOLS[tool];
  const together = [
    PipelineStage.steps('Compile', [PipelineStep.buildProject(tool, { ...where, args: props.buildArgs ?? [] })]),
    PipelineStage.steps(
      'Test',
      [PipelineStep.testProject(tool, { ...where, args: props.testArgs ?? [] })],
      results === undefined
        ? {}
        : { post: [PipelinePost.always(PipelineStep.junit(within(directory, results), { allowEmpty: true }))] },
    ),
    ...further,
    ...(sonar === undefined ? [] : [sonarStage(tool, sonar, directory)]),
    ...(image === undefined ? [] : [imageStage(image, directory)]),
  ];
  return templateDefinition(props, {
    agent: projectAgent(tool, props),
    together,
    afterwards: deployment === undefined ? [] : deploymentStages(deployment, props),
  });
}

function projectAgent(tool: BuildTool, props: ProjectTemplateProps): PipelineAgent {
  const { toolImage, memory = '2Gi', cacheClaim, image, sonar } = props;
  const { container, cache, scans } = TOOLS[tool];
  const main = container({
    memory,
    ...(toolImage === undefined ? {} : { image: toolImage }),
    ...(cacheClaim === undefined ? {} : { mounts: { [cache.path]: 'packages' }, environment: cacheEnvironment(tool) }),
  });
  const others = [
    ...(sonar === undefined || scans ? [] : [BuildContainer.sonarScanner()]),
    ...(image === undefined ? [] : [imageContainer(image)]),
  ];
  return PipelineAgent.pod(
    [main, ...others],
    cacheClaim === undefined ? {} : { volumes: [PipelineVolume.claim('packages', cacheClaim)] },
  );
}

/** The gate is asked in the same stage: what it says is about the scan before. */
function sonarStage(
  tool: BuildTool,
  { server, timeout, args }: TemplateSonar,
  directory: string | undefined,
): PipelineStage {
  const scan = PipelineStep.sonarScan({
    ...(TOOLS[tool].scans ? { tool } : {}),
    ...(server === undefined ? {} : { server }),
    ...(args === undefined ? {} : { args }),
  });
  const steps = [directory === undefined ? scan : PipelineStep.dir(directory, scan)];
  return PipelineStage.steps('Quality gate', [
    ...steps,
    PipelineStep.qualityGate(timeout === undefined ? {} : { timeout }),
  ]);
}

function within(directory: string | undefined, pattern: string): string {
  return directory === undefined ? pattern : `${directory}/${pattern}`;
}
