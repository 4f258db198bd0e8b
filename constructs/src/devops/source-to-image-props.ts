import type { Cluster } from '../cluster';
import type { ImageInput } from './image-input';

/** A run of a build. KubeSphere starts it when the object appears, once. */
export interface SourceToImageRun {
  /** Name of the S2iRun. Another name is another run. */
  readonly name: string;
  /** @default - that of the builder */
  readonly tag?: string;
  /** Branch or commit. Only of sources in Git. @default - that of the builder */
  readonly revision?: string;
  /** Address of another artifact. Only of an artifact by its address. @default - that of the builder */
  readonly artifactUrl?: string;
  /** How often it is tried again. @default 0 */
  readonly backoffLimit?: number;
  /** Seconds after which its job is removed. @default - it stays */
  readonly secondsAfterFinished?: number;
}

/** Of an image of sources or of an artifact. */
export interface SourceToImageProps {
  /** The cluster with the operator. */
  readonly cluster: Cluster;
  /** The project that builds run in. */
  readonly namespaceName: string;
  /** What the image is made of. */
  readonly input: ImageInput;
  /** Registry and repository, without tag. */
  readonly image: string;
  /** @default "latest" */
  readonly tag?: string;
  /** Image that knows how to build, e.g. "kubesphere/java-11-centos7:v3.2.0". One of this and `template`. @default - that of the template */
  readonly builderImage?: string;
  /** Name of an S2iBuilderTemplate. @default - none */
  readonly template?: string;
  /** Secret of type kubernetes.io/dockerconfigjson that the image is pushed with. */
  readonly pushSecret: string;
  /** Secret that the builder's image is pulled with. @default - none */
  readonly pullSecret?: string;
  /** Image that what was built is copied into. @default - the builder's image */
  readonly runtimeImage?: string;
  /** Variables of the build and of the image. They are seen in the image: no secrets. @default - none */
  readonly environment?: { [name: string]: string };
  /** @default - none */
  readonly description?: string;
  /** Runs that are started. @default - none */
  readonly runs?: SourceToImageRun[];
}

/** An image of a template of builders. */
export interface BuilderContainer {
  readonly builderImage: string;
  /** @default - the builder's image */
  readonly runtimeImage?: string;
  /** Files that go from the one to the other: paths by path. @default - none */
  readonly runtimeArtifacts?: { [source: string]: string };
}

/** Of a template of builders. */
export interface SourceToImageTemplateProps {
  /** The cluster with the operator. */
  readonly cluster: Cluster;
  /** Language or framework, e.g. "java". */
  readonly codeFramework: string;
  /** At least one; the first is the default. */
  readonly containers: BuilderContainer[];
  /** @default - none */
  readonly description?: string;
  /** Variables that people may set, with their defaults. @default - none */
  readonly parameters?: { [name: string]: string };
  /** Takes artifacts, not sources. @default false */
  readonly binary?: boolean;
  /** @default "0.0.1" */
  readonly version?: string;
}
