import type { PipelineCredential } from './pipeline-credential';
import type { BuildTool, ImageTool } from './pipeline-step-props';

/** A repository that a pipeline fetches by itself, because it is not the one that its Jenkinsfile lies in. */
export interface TemplateRepository {
  /** Address in Git. */
  readonly url: string;
  /** @default "main" */
  readonly branch?: string;
  /** Credential to read it with. @default - none */
  readonly credential?: string;
}

/** The image that a pipeline builds of a Dockerfile and pushes. */
export interface TemplateImage {
  /** Registry and repository without tag: "registry.example.com/shop/cart". */
  readonly image: string;
  /** Credential with user and password of the registry. @default - what the container has in its own settings */
  readonly registryCredential?: string;
  /** @default ImageTool.BUILDKIT */
  readonly tool?: ImageTool;
  /** Image of the tool's container. Needed of ImageTool.KANIKO. @default - a current one */
  readonly toolImage?: string;
  /** Path of the Dockerfile. @default "Dockerfile" */
  readonly dockerfile?: string;
  /** e.g. ["linux/amd64", "linux/arm64"]. @default - that of the node */
  readonly platforms?: string[];
  /** Branches that an image is made of, as a pattern like "main" or "release-*". @default "main" */
  readonly branches?: string;
}

/** A scan by SonarQube, and waiting for what it says. */
export interface TemplateSonar {
  /** Name of the server in the settings of Jenkins. @default "sonar" */
  readonly server?: string;
  /** How long what it says is waited for. @default "10m" */
  readonly timeout?: string;
  /** Further arguments of the scanner. @default - none */
  readonly args?: string[];
}

/** `orrery plan` on pull requests and before a person approves, `orrery apply` of what was approved. */
export interface TemplateDeployment {
  /** Only these clusters. @default - all */
  readonly clusters?: string[];
  /** Credentials that the clusters are reached with. @default - those of the pod's service account */
  readonly credentials?: PipelineCredential[];
  /** Users and groups that may approve. @default - everybody who may build */
  readonly submitters?: string[];
  /** Branch that is applied from. @default "main" */
  readonly branch?: string;
  /** Folder of the project with cdk8s.yaml. @default - the workspace */
  readonly directory?: string;
  /** Image of the container, with Node and the project's packages. @default - of Node */
  readonly image?: string;
}

/** Who is told when a pipeline fails, and when it is well again. */
export interface TemplateNotification {
  /** Addresses of mail. @default - none */
  readonly mail?: string[];
  /** Channel of Slack. @default - none */
  readonly slack?: string;
  /** Credential of a secret text with the address of a chat. @default - none */
  readonly webhook?: string;
}

/** Of every template. */
export interface PipelineTemplateProps {
  /** @default - the repository that the Jenkinsfile lies in */
  readonly repository?: TemplateRepository;
  /** Who is told. @default - nobody */
  readonly notification?: TemplateNotification;
  /** Longest time of a run. @default "1h" */
  readonly timeout?: string;
  /** Runs that are kept. @default 20 */
  readonly keepBuilds?: number;
}

/** Of templates that build a project of a language. */
export interface ProjectTemplateProps extends PipelineTemplateProps {
  /** Folder of the project. @default - the workspace */
  readonly directory?: string;
  /** Image of the tool's container. @default - a current one */
  readonly toolImage?: string;
  /** Memory of the tool's container. @default "2Gi" */
  readonly memory?: string;
  /** PersistentVolumeClaim that outlives builds, for downloaded packages. @default - they are downloaded each time */
  readonly cacheClaim?: string;
  /** Further arguments of the build. @default - none */
  readonly buildArgs?: string[];
  /** Further arguments of the tests. @default - none */
  readonly testArgs?: string[];
  /** @default - no scan */
  readonly sonar?: TemplateSonar;
  /** @default - no image */
  readonly image?: TemplateImage;
  /** @default - nothing is deployed */
  readonly deployment?: TemplateDeployment;
}

/** Of the template for a front end. */
export interface FrontEndTemplateProps extends ProjectTemplateProps {
  /** Folder that the build makes, kept with the run. @default "dist" */
  readonly output?: string;
  /** Script of package.json that looks at the style. @default "lint" */
  readonly lintScript?: string;
}

/** Of the template that publishes a library when a tag is built. */
export interface LibraryReleaseTemplateProps extends PipelineTemplateProps {
  /** What builds and publishes it. Go has no registry to publish to: there the tag is the release. */
  readonly tool: BuildTool;
  /**
   * Credential of the registry. Maven and Gradle: user and password, as MAVEN_USERNAME and MAVEN_PASSWORD; npm, PyPI, NuGet: a secret text, as NPM_TOKEN, TWINE_PASSWORD, NUGET_API_KEY.
   */
  readonly credential: string;
  /** Tags that are releases, as a pattern. @default "v*" */
  readonly tags?: string;
  /** Users and groups that may approve. @default - everybody who may build */
  readonly submitters?: string[];
  /** Address of the registry, where the tool is told one (NuGet, PyPI). @default - the public one */
  readonly registry?: string;
  /** Image of the tool's container. @default - a current one */
  readonly toolImage?: string;
}

/** Of the template that only builds an image. */
export interface ImageTemplateProps extends PipelineTemplateProps {
  /** The image. */
  readonly image: TemplateImage;
}

/** Clusters that get a version at a time. */
export interface PromotionStage {
  /** e.g. "staging". */
  readonly name: string;
  /** Clusters of the program. */
  readonly clusters: string[];
  /** Credentials that they are reached with. @default - those of the pod's service account */
  readonly credentials?: PipelineCredential[];
  /** A person is asked before. @default true, of the first one false */
  readonly approval?: boolean;
  /** Users and groups that may approve. @default - everybody who may build */
  readonly submitters?: string[];
}

/** Of the template that brings a version from clusters to clusters. */
export interface PromotionTemplateProps extends PipelineTemplateProps {
  /** In order, at least two. */
  readonly stages: PromotionStage[];
  /** Folder of the project with cdk8s.yaml. @default - the workspace */
  readonly directory?: string;
  /** Image of the container, with Node and the project's packages. @default - of Node */
  readonly image?: string;
}

/** What changes databases. */
export enum MigrationTool {
  /** Flyway: FLYWAY_URL, FLYWAY_USER and FLYWAY_PASSWORD. */
  FLYWAY = 'flyway',
  /** Liquibase: LIQUIBASE_COMMAND_URL, …_USERNAME and …_PASSWORD; the changelog is in liquibase.properties. */
  LIQUIBASE = 'liquibase',
}

/** Of the template that changes a database. */
export interface MigrationTemplateProps extends PipelineTemplateProps {
  readonly tool: MigrationTool;
  /** Address of the database as JDBC has it, without user and password. */
  readonly url: string;
  /** Credential with user and password of the database. */
  readonly credential: string;
  /** Branch whose changes are applied; of others they are only checked. @default "main" */
  readonly branch?: string;
  /** Script of the shell that makes a backup before. It runs in the container of the tool. @default - none is made */
  readonly backupScript?: string;
  /** Users and groups that may approve. @default - everybody who may build */
  readonly submitters?: string[];
  /** Image of the tool. @default - a current one */
  readonly toolImage?: string;
}

/** Of the template that plans and applies a project of Orrery. */
export interface DeliveryTemplateProps extends PipelineTemplateProps {
  /** @default - all clusters, approved by whoever may build */
  readonly deployment?: TemplateDeployment;
}
