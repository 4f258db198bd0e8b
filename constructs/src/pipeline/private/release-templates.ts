import { failHere } from '../../private/problem';
import { BuildContainer } from '../build-container';
import { PipelineAgent } from '../pipeline-agent';
import { PipelineCredential } from '../pipeline-credential';
import type { PipelineDefinition } from '../pipeline-definition';
import { PipelineInput } from '../pipeline-input';
import { PipelineOption } from '../pipeline-option';
import { PipelineStage } from '../pipeline-stage';
import { PipelineStep } from '../pipeline-step';
import { BuildTool } from '../pipeline-step-props';
import {
  type DeliveryTemplateProps,
  type ImageTemplateProps,
  type LibraryReleaseTemplateProps,
  type MigrationTemplateProps,
  MigrationTool,
  type PromotionStage,
  type PromotionTemplateProps,
  type TemplateRepository,
} from '../pipeline-template-props';
import { PipelineWhen } from '../pipeline-when';
import { TOOLS } from './project-templates';
import { shellCommand } from './shell-words';
import {
  deploymentStages,
  imageContainer,
  imageStage,
  install,
  nodeAgent,
  sources,
  templateDefinition,
  timeLimit,
} from './template-parts';

const NO_PODS = { agent: PipelineAgent.none(), together: [] };

/** Only an image. */
export function imageTemplate(props: ImageTemplateProps): PipelineDefinition {
  return templateDefinition(props, {
    agent: PipelineAgent.pod([imageContainer(props.image)]),
    together: [imageStage(props.image)],
    afterwards: [],
  });
}

/** Only `orrery plan` and `orrery apply`. */
export function deliveryTemplate(props: DeliveryTemplateProps): PipelineDefinition {
  return templateDefinition(withoutRepository(props), {
    ...NO_PODS,
    afterwards: deploymentStages(props.deployment ?? {}, props),
    options: [PipelineOption.disableConcurrentBuilds()],
  });
}

/** Build and tests on every branch; of a tag, after a question, publishing. */
export function libraryReleaseTemplate(props: LibraryReleaseTemplateProps): PipelineDefinition {
  const { tool, toolImage, tags = 'v*', submitters } = props;
  const inPod = {
    agent: PipelineAgent.pod([TOOLS[tool].container(toolImage === undefined ? {} : { image: toolImage })]),
    options: [timeLimit(props)],
  };
  const input = new PipelineInput('Publish this version?', {
    ok: 'Publish',
    ...(submitters === undefined ? {} : { submitters }),
  });
  const publish = PipelineStep.withCredentials([publishCredential(props)], ...publishSteps(props));
  return templateDefinition(props, {
    agent: inPod.agent,
    together: [
      PipelineStage.steps('Compile', [PipelineStep.buildProject(tool)]),
      PipelineStage.steps('Test', [PipelineStep.testProject(tool)]),
    ],
    afterwards: [
      PipelineStage.approval(
        'Publish',
        input,
        [
          PipelineStage.steps(
            'Upload',
            [...sources(props.repository), PipelineStep.buildProject(tool), publish],
            inPod,
          ),
        ],
        { when: [PipelineWhen.tag(tags)] },
      ),
    ],
  });
}

function publishCredential({ tool, credential }: LibraryReleaseTemplateProps): PipelineCredential {
  switch (tool) {
    case BuildTool.MAVEN:
    case BuildTool.GRADLE:
      return PipelineCredential.usernamePassword(credential, 'MAVEN_USERNAME', 'MAVEN_PASSWORD');
    case BuildTool.NODE:
      return PipelineCredential.secretText(credential, 'NPM_TOKEN');
    case BuildTool.PYTHON:
      return PipelineCredential.secretText(credential, 'TWINE_PASSWORD');
    case BuildTool.DOTNET:
      return PipelineCredential.secretText(credential, 'NUGET_API_KEY');
    case BuildTool.GO:
      return failHere(
        undefined,
        'ORR2012',
        'Go has no registry that a library is published to: the tag is the release.',
        {
          fix: 'Use PipelineTemplate.goProject, and make the tag.',
        },
      );
  }
}

function publishSteps({ tool, registry }: LibraryReleaseTemplateProps): PipelineStep[] {
  const run = (script: string) => PipelineStep.sh(script, { container: tool, label: 'publish' });
  switch (tool) {
    case BuildTool.MAVEN:
      return [run('mvn -B -ntp -DskipTests deploy')];
    case BuildTool.GRADLE:
      return [run('gradle --no-daemon publish')];
    case BuildTool.NODE:
      return [run('npm publish')];
    case BuildTool.PYTHON: {
      const address = registry === undefined ? [] : ['--repository-url', registry];
      const upload = shellCommand('.venv/bin/twine', 'upload', '--username', '__token__', ...address);
      return [run(`.venv/bin/pip install build twine\n.venv/bin/python -m build\n${upload} dist/*`)];
    }
    case BuildTool.DOTNET: {
      const source = shellCommand('--source', registry ?? 'https://api.nuget.org/v3/index.json');
      return [
        run(
          `dotnet pack --configuration Release --output packages\ndotnet nuget push 'packages/*.nupkg' --api-key "$NUGET_API_KEY" ${source}`,
        ),
      ];
    }
    case BuildTool.GO:
      return [];
  }
}

/** Cluster after cluster, with a question before each but the first. */
export function promotionTemplate(props: PromotionTemplateProps): PipelineDefinition {
  const { stages } = props;
  if (stages.length < 2) {
    const fix = 'Name at least two stages, e.g. staging and production.';
    failHere(undefined, 'ORR2012', 'A promotion goes from some clusters to others, and this one names none.', { fix });
  }
  return templateDefinition(withoutRepository(props), {
    ...NO_PODS,
    afterwards: stages.map((stage, index) => promotionStage(stage, stage.approval ?? index > 0, props)),
    options: [PipelineOption.disableConcurrentBuilds()],
  });
}

function promotionStage(stage: PromotionStage, asks: boolean, props: PromotionTemplateProps): PipelineStage {
  const { name, clusters, credentials, submitters } = stage;
  const { directory, image, repository } = props;
  const inPod = { agent: nodeAgent(image), options: [timeLimit(props)] };
  const where = {
    clusters,
    ...(credentials === undefined ? {} : { credentials }),
    ...(directory === undefined ? {} : { directory }),
  };
  const fetch = [...sources(repository), install(directory)];
  const plan = `plan-${name.replace(/[^A-Za-z0-9-]+/g, '-')}.json`;
  if (!asks) return PipelineStage.steps(name, [...fetch, PipelineStep.orreryApply(where)], inPod);
  const input = new PipelineInput(`Apply the plan for ${name}?`, {
    ok: 'Apply',
    ...(submitters === undefined ? {} : { submitters }),
  });
  return PipelineStage.stages(name, [
    PipelineStage.steps(`Plan for ${name}`, [...fetch, PipelineStep.orreryPlan({ ...where, plan })], inPod),
    PipelineStage.approval(`Approve ${name}`, input, [
      PipelineStage.steps(`Apply to ${name}`, [...fetch, PipelineStep.orreryApply({ ...where, plan })], inPod),
    ]),
  ]);
}

/** Commands and variables of what changes databases. */
const MIGRATIONS: {
  readonly [tool in MigrationTool]: {
    readonly image: string;
    readonly variables: { readonly url: string; readonly user: string; readonly password: string };
    readonly check: readonly string[];
    readonly run: string;
  };
} = {
  [MigrationTool.FLYWAY]: {
    image: 'flyway/flyway:11',
    variables: { url: 'FLYWAY_URL', user: 'FLYWAY_USER', password: 'FLYWAY_PASSWORD' },
    check: ["flyway validate '-ignoreMigrationPatterns=*:pending'", 'flyway info'],
    run: 'flyway migrate',
  },
  [MigrationTool.LIQUIBASE]: {
    image: 'liquibase/liquibase:4.33',
    variables: {
      url: 'LIQUIBASE_COMMAND_URL',
      user: 'LIQUIBASE_COMMAND_USERNAME',
      password: 'LIQUIBASE_COMMAND_PASSWORD',
    },
    check: ['liquibase validate', 'liquibase status --verbose'],
    run: 'liquibase update',
  },
};

/** Checks on every branch; on one of them, after a question, a backup and the change. */
export function migrationTemplate(props: MigrationTemplateProps): PipelineDefinition {
  const { tool, url, credential, branch = 'main', backupScript, submitters, toolImage } = props;
  const { image, variables, check, run } = MIGRATIONS[tool];
  const inPod = {
    agent: PipelineAgent.pod([BuildContainer.custom(tool, toolImage ?? image)]),
    options: [timeLimit(props)],
  };
  const bound = PipelineCredential.usernamePassword(credential, variables.user, variables.password);
  const inTool = (script: string, label: string) => PipelineStep.sh(script, { container: tool, label });
  const withDatabase = (...steps: PipelineStep[]) =>
    PipelineStep.withCredentials([bound], PipelineStep.withEnvironment({ [variables.url]: url }, ...steps));
  const backup = backupScript === undefined ? [] : [inTool(backupScript, 'backup')];
  const input = new PipelineInput('Change the database?', {
    ok: 'Change',
    ...(submitters === undefined ? {} : { submitters }),
  });
  return templateDefinition(props, {
    agent: inPod.agent,
    together: [PipelineStage.steps('Check the changes', [withDatabase(inTool(check.join('\n'), 'check'))])],
    afterwards: [
      PipelineStage.approval(
        'Migrate',
        input,
        [
          PipelineStage.steps(
            'Change',
            [...sources(props.repository), withDatabase(...backup, inTool(run, 'migrate'))],
            inPod,
          ),
        ],
        { when: [PipelineWhen.branch(branch)] },
      ),
    ],
    // Two at a time would meet in the lock of the tool.
    options: [PipelineOption.disableConcurrentBuilds()],
  });
}

/** Every stage fetches by itself. */
function withoutRepository<T extends { readonly repository?: TemplateRepository }>(props: T): Omit<T, 'repository'> {
  const { repository: _, ...rest } = props;
  return rest;
}
