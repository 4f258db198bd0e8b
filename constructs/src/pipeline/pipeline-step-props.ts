import type { PipelineCredential } from './pipeline-credential';
import type { PipelineValue } from './pipeline-value';

/** What builds a project of its language, by its usual commands. */
export enum BuildTool {
  /** `mvn`, in the container "maven". */
  MAVEN = 'maven',
  /** `gradle`, in the container "gradle". */
  GRADLE = 'gradle',
  /** `npm`, in the container "node". */
  NODE = 'node',
  /** `go`, in the container "go". */
  GO = 'go',
  /** `pip` and `pytest`, in the container "python". */
  PYTHON = 'python',
  /** `dotnet`, in the container "dotnet". */
  DOTNET = 'dotnet',
}

/** What builds images without a Docker daemon. */
export enum ImageTool {
  /** BuildKit without root, in the container "buildkit". */
  BUILDKIT = 'buildkit',
  /** Buildah without root, in the container "buildah". */
  BUILDAH = 'buildah',
  /** Kaniko, in the container "kaniko": archived by Google in June 2025; forks of it live. */
  KANIKO = 'kaniko',
}

/** Of a step with a script for a shell. */
export interface ShellOptions {
  /** The container of the pod that it runs in. @default - the default container of the agent */
  readonly container?: string;
  /** How the log calls it. @default - its first words */
  readonly label?: string;
}

/** Of a source repository that is not the pipeline's own. */
export interface GitOptions {
  /** @default "main" */
  readonly branch?: string;
  /** Credential to read it with. @default - none */
  readonly credential?: string;
}

/** Of a build or test by the usual commands. */
export interface BuildOptions {
  /** Further arguments, each as one word for the shell, whatever it contains. @default - none */
  readonly args?: string[];
  /** The container of the pod. @default - that of the tool */
  readonly container?: string;
  /** Folder of the project. @default - the workspace */
  readonly directory?: string;
}

/** Of what is kept for a later stage. */
export interface StashOptions {
  /** Patterns as Ant has them, separated by commas. @default - everything */
  readonly includes?: string;
  /** What is left out of it. @default - nothing */
  readonly excludes?: string;
}

/** Of files that are kept with the build. */
export interface ArchiveOptions {
  /** It is no failure when there are none. @default false */
  readonly allowEmpty?: boolean;
}

/** Of a question to a person amid the steps. */
export interface ApprovalOptions {
  /** Text of the button. @default "Proceed" */
  readonly ok?: string;
  /** Users and groups that may answer. @default - everybody who may build */
  readonly submitters?: string[];
}

/** Of a scan for SonarQube. */
export interface SonarScanOptions {
  /** Name of the server in the settings of Jenkins. @default "sonar" */
  readonly server?: string;
  /** Maven, Gradle, .NET and what else scan by themselves; undefined: the scanner in the container "sonar". */
  readonly tool?: BuildTool;
  /** @default - that of the tool, else "sonar" */
  readonly container?: string;
  /** Further arguments, e.g. "-Dsonar.projectKey=cart". @default - none */
  readonly args?: string[];
}

/** Of waiting for what SonarQube says. */
export interface QualityGateOptions {
  /** How long, e.g. "10m". @default "10m" */
  readonly timeout?: string;
  /** The pipeline fails when the gate does. @default true */
  readonly aborts?: boolean;
}

/** Of building an image. */
export interface ImageBuildOptions {
  /** Registry and repository without tag: "registry.example.com/shop/cart". */
  readonly image: string;
  /** @default - the commit that is built */
  readonly tag?: PipelineValue;
  /** @default ImageTool.BUILDKIT */
  readonly tool?: ImageTool;
  /** Folder that the Dockerfile may copy from. @default "." */
  readonly context?: string;
  /** Path of the Dockerfile in the context. @default "Dockerfile" */
  readonly dockerfile?: string;
  /** It is pushed. @default true */
  readonly push?: boolean;
  /** Values of ARGs of the Dockerfile. They are seen in the image: no secrets. @default - none */
  readonly buildArguments?: { [name: string]: string };
  /** e.g. ["linux/amd64", "linux/arm64"]. @default - that of the node */
  readonly platforms?: string[];
  /** Credential with user and password of the registry. @default - what the container has in its own settings */
  readonly registryCredential?: string;
  /** Image that layers are kept in between builds. @default - none */
  readonly cacheImage?: string;
  /** The container of the pod. @default - that of the tool */
  readonly container?: string;
}

/** Of `orrery plan` and `orrery apply`. */
export interface DeployOptions {
  /** Folder of the project with cdk8s.yaml. @default - the workspace */
  readonly directory?: string;
  /** Only these clusters. @default - all */
  readonly clusters?: string[];
  /** Credentials that the clusters are reached with, e.g. PipelineCredential.secretFile("prod", "KUBECONFIG"). @default - those of the pod's service account */
  readonly credentials?: PipelineCredential[];
  /** The container of the pod, with Node and the project's packages. @default "node" */
  readonly container?: string;
  /** Name without folder under which a plan is saved, stashed and applied again as reviewed. @default - nothing is saved; apply makes its own plan */
  readonly plan?: string;
}
