import type { ImageInput } from '../devops/image-input';
import type { Placement } from '../placement';
import type { SecretKey } from '../service-props';
import type { BuildParameterValue, ImageBuildStrategy } from './image-build-strategy';

interface TriggerFields {
  readonly type: string;
  readonly github?: object;
  readonly image?: object;
  readonly objectRef?: object;
}

/** What starts a build. */
export class ImageBuildTrigger {
  /** Pushes to branches of the repository on GitHub. @param branches default: all */
  public static gitHubPush(...branches: string[]): ImageBuildTrigger {
    return ImageBuildTrigger.gitHub('push', 'Push', branches);
  }

  /** Pull requests against branches of the repository on GitHub: the build runs what they bring. @param branches default: all */
  public static gitHubPullRequest(...branches: string[]): ImageBuildTrigger {
    return ImageBuildTrigger.gitHub('pull-request', 'PullRequest', branches);
  }

  /** A new version of one of these images, e.g. of the base. */
  public static images(...names: string[]): ImageBuildTrigger {
    return new ImageBuildTrigger('images', { type: 'Image', image: { names } }, names.length > 0);
  }

  /** A run of a Pipeline of Tekton ends so: "Succeeded", "Failed". */
  public static pipeline(pipelineName: string, ...status: string[]): ImageBuildTrigger {
    const objectRef = { name: pipelineName, status };
    return new ImageBuildTrigger('pipeline', { type: 'Pipeline', objectRef }, status.length > 0);
  }

  private static gitHub(name: string, event: string, branches: readonly string[]): ImageBuildTrigger {
    const github = { events: [event], ...(branches.length === 0 ? {} : { branches }) };
    return new ImageBuildTrigger(name, { type: 'GitHub', github }, true);
  }

  private constructor(
    private readonly name: string,
    private readonly when: TriggerFields,
    private readonly complete: boolean,
  ) {}

  /** @internal */
  public _when(): {
    readonly name: string;
    readonly type: string;
    readonly complete: boolean;
    readonly fields: object;
  } {
    return { name: this.name, type: this.when.type, complete: this.complete, fields: this.when };
  }
}

/** Which runs of a build are kept. */
export interface BuildRetention {
  /** So many that failed, 1 to 10000. @default - all */
  readonly failedLimit?: number;
  /** So many that went well, 1 to 10000. @default - all */
  readonly succeededLimit?: number;
  /** So long after a failure, e.g. "72h". @default - for ever */
  readonly afterFailure?: string;
  /** So long after a success, e.g. "24h". @default - for ever */
  readonly afterSuccess?: string;
  /** Whether runs go with the build. @default false */
  readonly withBuild?: boolean;
}

/** Severity of a known weakness. */
export enum VulnerabilitySeverity {
  LOW = 'low',
  MEDIUM = 'medium',
  HIGH = 'high',
}

/** A search for known weaknesses in the image, before it is pushed. */
export interface VulnerabilityScan {
  /** Whether the build fails when there are some. @default false */
  readonly failOnFinding?: boolean;
  /** Those at or below are not counted. @default - all are */
  readonly ignoreUpTo?: VulnerabilitySeverity;
  /** Those that nobody has mended are not counted. @default false */
  readonly ignoreUnfixed?: boolean;
  /** Ids that are not counted, e.g. "CVE-2026-1". @default - none */
  readonly ignoreIds?: string[];
}

/** A run of a build, started when the object appears, once. */
export interface ImageBuildRun {
  /** Name of the BuildRun. Another name is another run. */
  readonly name: string;
  /** Image with tag that is pushed instead. @default - that of the build */
  readonly image?: string;
  /** Parameters that differ. @default - those of the build */
  readonly parameters?: { [name: string]: BuildParameterValue };
  /** @default - that of the build */
  readonly timeout?: string;
  /** ".generate" makes one for the run. @default - Shipwright's setting */
  readonly serviceAccountName?: string;
}

/** Of an image that Shipwright builds. */
export interface ImageBuildProps {
  /** The clusters that build. Shipwright is there, with its strategies. */
  readonly placement: Placement;
  readonly namespaceName: string;
  /** What the image is made of, and how that reaches the build. */
  readonly input: ImageInput;
  /** Registry, repository and tag that it is pushed to. */
  readonly image: string;
  /** @default ImageBuildStrategy.buildpacks(): no Dockerfile */
  readonly strategy?: ImageBuildStrategy;
  /** Further parameters of the strategy. @default - none */
  readonly parameters?: { [name: string]: BuildParameterValue };
  /** Secret of type kubernetes.io/dockerconfigjson. @default - the registry takes anybody's */
  readonly pushSecret?: string;
  /** Whether the registry is plain HTTP, or its certificate is not looked at. @default false */
  readonly insecure?: boolean;
  /** Variables of the build. @default - none */
  readonly environment?: { [name: string]: string };
  /** Variables whose values are in Secrets. @default - none */
  readonly secretEnvironment?: { [name: string]: SecretKey };
  /** Labels of the image. @default - none */
  readonly imageLabels?: { [name: string]: string };
  /** Annotations of the image. @default - none */
  readonly imageAnnotations?: { [name: string]: string };
  /** How long a run may take, e.g. "20m". @default - Shipwright's setting */
  readonly timeout?: string;
  /** @default - all runs */
  readonly retention?: BuildRetention;
  /** @default - none: runs are started by hand */
  readonly triggers?: ImageBuildTrigger[];
  /** Secret with the key `github-token` that webhooks are signed with. Needed with triggers of GitHub. */
  readonly triggerSecret?: string;
  /** @default - none */
  readonly scan?: VulnerabilityScan;
  /** Labels of nodes that builds run on. @default - any */
  readonly nodeSelector?: { [label: string]: string };
  /** @default - none */
  readonly runs?: ImageBuildRun[];
}
