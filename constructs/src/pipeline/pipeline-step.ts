import type { PipelineCredential } from './pipeline-credential';
import {
  type ApprovalOptions,
  type ArchiveOptions,
  type BuildOptions,
  type BuildTool,
  type DeployOptions,
  type GitOptions,
  type ImageBuildOptions,
  ImageTool,
  type QualityGateOptions,
  type ShellOptions,
  type SonarScanOptions,
  type StashOptions,
} from './pipeline-step-props';
import { buildScript, sonarScript, testScript } from './private/build-scripts';
import { namedArguments, namedValues, positionalArguments, valueTree } from './private/plain-values';
import { secondsOf } from './private/step-arguments';
import type { StepTree } from './private/tree';
import { COMMIT_TAG } from './private/values';

/**
 * What a stage does, one thing at a time. Texts are texts: nothing in them is code, whatever they contain, except in `script`, `PipelineValue.groovy`
 * and what the shell runs. Into a script for the shell no value is put: it reads variables of the environment, where values cannot become commands.
 */
export class PipelineStep {
  /** Fetches the sources that the pipeline runs for. */
  public static checkout(): PipelineStep {
    return new PipelineStep({ kind: 'checkout' });
  }

  /** Fetches another Git repository. */
  public static git(url: string, options: GitOptions = {}): PipelineStep {
    const { branch = 'main', credential } = options;
    return new PipelineStep({ kind: 'git', url, branch, ...(credential === undefined ? {} : { credential }) });
  }

  /**
   * Runs a script of the shell. Parameters and variables it reads from its environment, in quotes: "$NAME". Write nothing into the script that
   * comes from outside.
   */
  public static sh(script: string, options: ShellOptions = {}): PipelineStep {
    const { container, label } = options;
    return inContainer({ kind: 'sh', script, ...(label === undefined ? {} : { label }) }, container);
  }

  /** Writes into the log. @param message text or PipelineValue */
  public static echo(message: unknown): PipelineStep {
    return new PipelineStep({ kind: 'echo', message: valueTree(message) });
  }

  /** Fails: `error` in Jenkins. @param message text or PipelineValue */
  public static failWith(message: unknown): PipelineStep {
    return new PipelineStep({ kind: 'error', message: valueTree(message) });
  }

  /** Runs steps in a container of the pod. */
  public static container(name: string, ...steps: PipelineStep[]): PipelineStep {
    return new PipelineStep({ kind: 'container', name, steps: treesOf(steps) });
  }

  /** Runs steps in a folder of the workspace. */
  public static dir(path: string, ...steps: PipelineStep[]): PipelineStep {
    return new PipelineStep({ kind: 'dir', path, steps: treesOf(steps) });
  }

  /** Stops steps after some time. @param duration e.g. "10m" */
  public static timeout(duration: string, ...steps: PipelineStep[]): PipelineStep {
    return new PipelineStep({ kind: 'timeout', seconds: secondsOf(duration), steps: treesOf(steps) });
  }

  /** Runs steps again when they fail. @param count how often in all */
  public static retry(count: number, ...steps: PipelineStep[]): PipelineStep {
    return new PipelineStep({ kind: 'retry', count, steps: treesOf(steps) });
  }

  /** Runs steps with secrets in the environment. The log shows stars in their place. */
  public static withCredentials(credentials: PipelineCredential[], ...steps: PipelineStep[]): PipelineStep {
    return new PipelineStep({
      kind: 'withCredentials',
      credentials: credentials.map((credential) => credential._tree()),
      steps: treesOf(steps),
    });
  }

  /** Runs steps with variables in the environment. @param variables texts or PipelineValues by name */
  public static withEnvironment(variables: { [name: string]: unknown }, ...steps: PipelineStep[]): PipelineStep {
    return new PipelineStep({ kind: 'withEnv', variables: namedValues(variables), steps: treesOf(steps) });
  }

  /** Keeps files of the workspace for a later stage, maybe on another agent. */
  public static stash(name: string, options: StashOptions = {}): PipelineStep {
    return new PipelineStep({ kind: 'stash', name, ...options });
  }

  /** Brings back what was kept. */
  public static unstash(name: string): PipelineStep {
    return new PipelineStep({ kind: 'unstash', name });
  }

  /** Keeps files with the build. @param artifacts patterns as Ant has them, separated by commas */
  public static archive(artifacts: string, options: ArchiveOptions = {}): PipelineStep {
    return new PipelineStep({ kind: 'archive', artifacts, allowEmpty: options.allowEmpty ?? false });
  }

  /** Reads results of tests in the format of JUnit. @param results patterns as Ant has them, separated by commas */
  public static junit(results: string, options: ArchiveOptions = {}): PipelineStep {
    return new PipelineStep({ kind: 'junit', results, allowEmpty: options.allowEmpty ?? false });
  }

  /**
   * Asks a person and waits. A pod around it would be held meanwhile, which is refused: use `PipelineStage.approval`, or a stage without agent in
   * a pipeline without agent.
   */
  public static approval(message: string, options: ApprovalOptions = {}): PipelineStep {
    const { ok, submitters } = options;
    return new PipelineStep({
      kind: 'approval',
      message,
      ...(ok === undefined ? {} : { ok }),
      submitters: [...(submitters ?? [])],
    });
  }

  /** Builds, without tests, by the usual commands of the tool, in its container. */
  public static buildProject(tool: BuildTool, options: BuildOptions = {}): PipelineStep {
    return inDirectory({ kind: 'sh', script: buildScript(tool, options.args ?? []) }, tool, options);
  }

  /** Tests, by the usual commands of the tool, in its container. */
  public static testProject(tool: BuildTool, options: BuildOptions = {}): PipelineStep {
    return inDirectory({ kind: 'sh', script: testScript(tool, options.args ?? []) }, tool, options);
  }

  /** Lets SonarQube look at the sources. What it thinks of them says `qualityGate`, later. */
  public static sonarScan(options: SonarScanOptions = {}): PipelineStep {
    const { server = 'sonar', tool, container, args } = options;
    const scan = inContainer({ kind: 'sh', script: sonarScript(tool, args ?? []) }, container ?? tool ?? 'sonar');
    return new PipelineStep({ kind: 'sonarqube', server, steps: [scan._tree()] });
  }

  /** Waits for what SonarQube says about the scan. */
  public static qualityGate(options: QualityGateOptions = {}): PipelineStep {
    const { timeout = '10m', aborts = true } = options;
    return new PipelineStep({ kind: 'qualityGate', seconds: secondsOf(timeout), aborts });
  }

  /** Builds an image from a Dockerfile and pushes it, without a Docker daemon. */
  public static buildImage(options: ImageBuildOptions): PipelineStep {
    const { image, tag, tool = ImageTool.BUILDKIT, registryCredential, cacheImage } = options;
    return new PipelineStep({
      kind: 'image',
      tool,
      image,
      tag: tag?._tree() ?? COMMIT_TAG,
      context: options.context ?? '.',
      dockerfile: options.dockerfile ?? 'Dockerfile',
      push: options.push ?? true,
      buildArguments: { ...options.buildArguments },
      platforms: [...(options.platforms ?? [])],
      ...(registryCredential === undefined ? {} : { registryCredential }),
      ...(cacheImage === undefined ? {} : { cacheImage }),
      container: options.container ?? tool,
    });
  }

  /** `orrery plan`: what an apply would change, in the log and as plan.md of the build. Writes nothing into a cluster. */
  public static orreryPlan(options: DeployOptions = {}): PipelineStep {
    return new PipelineStep(deployTree('plan', options));
  }

  /** `orrery apply`, without asking: let a person approve before. With `plan` exactly what was reviewed. */
  public static orreryApply(options: DeployOptions = {}): PipelineStep {
    return new PipelineStep(deployTree('apply', options));
  }

  /** Writes a mail (plugin mailer). @param message text or PipelineValue */
  public static mail(to: string[], subject: string, message: unknown): PipelineStep {
    return new PipelineStep({
      kind: 'notify',
      channel: { kind: 'mail', to: [...to], subject },
      message: valueTree(message),
    });
  }

  /** Writes into a channel of Slack (plugin slack). @param message text or PipelineValue */
  public static slack(channel: string, message: unknown): PipelineStep {
    return new PipelineStep({ kind: 'notify', channel: { kind: 'slack', channel }, message: valueTree(message) });
  }

  /**
   * Posts {"text": …} to an address, as chats take it. @param credential of a secret text with the address @param message a text, to which the
   * address of the build is added
   */
  public static webhook(credential: string, message: string): PipelineStep {
    return new PipelineStep({ kind: 'notify', channel: { kind: 'webhook', credential }, message: valueTree(message) });
  }

  /** Calls a step of a shared library, `vars/NAME.groovy`. @param values its arguments by name */
  public static library(name: string, values: { [name: string]: unknown } = {}): PipelineStep {
    return PipelineStep.call(name, values);
  }

  /**
   * Groovy, as it is: the escape hatch. Only Jenkins can run it, with the rights of the pipeline, and nobody checks what it does, beside that it
   * does not end the block that it stands in.
   */
  public static script(groovy: string): PipelineStep {
    return new PipelineStep({ kind: 'script', source: groovy });
  }

  /** Any step by its name, with arguments by name. @param steps those inside it, for steps with a block */
  public static call(name: string, values: { [name: string]: unknown } = {}, ...steps: PipelineStep[]): PipelineStep {
    return callStep({ kind: 'call', name, arguments: namedArguments(values) }, steps);
  }

  /** Any step by its name, with arguments without names. @param steps those inside it, for steps with a block */
  public static callWith(name: string, values: unknown[], ...steps: PipelineStep[]): PipelineStep {
    return callStep({ kind: 'call', name, arguments: positionalArguments(values) }, steps);
  }

  /** A step that is data already. @internal */
  public static _of(tree: StepTree): PipelineStep {
    return new PipelineStep(tree);
  }

  private constructor(private readonly tree: StepTree) {}

  /** @internal */
  public _tree(): StepTree {
    return this.tree;
  }
}

function treesOf(steps: readonly PipelineStep[]): StepTree[] {
  return steps.map((step) => step._tree());
}

function callStep(tree: Extract<StepTree, { kind: 'call' }>, steps: readonly PipelineStep[]): PipelineStep {
  return PipelineStep._of(steps.length === 0 ? tree : { ...tree, steps: treesOf(steps) });
}

function inContainer(tree: StepTree, container: string | undefined): PipelineStep {
  return PipelineStep._of(container === undefined ? tree : { kind: 'container', name: container, steps: [tree] });
}

function inDirectory(tree: StepTree, tool: BuildTool, { container, directory }: BuildOptions): PipelineStep {
  const placed: StepTree = directory === undefined ? tree : { kind: 'dir', path: directory, steps: [tree] };
  return inContainer(placed, container ?? tool);
}

function deployTree(verb: 'plan' | 'apply', options: DeployOptions): StepTree {
  const { directory = '.', clusters, credentials, container = 'node', plan } = options;
  return {
    kind: 'deploy',
    verb,
    directory,
    clusters: [...(clusters ?? [])],
    credentials: (credentials ?? []).map((credential) => credential._tree()),
    container,
    ...(plan === undefined ? {} : { planFile: plan }),
  };
}
