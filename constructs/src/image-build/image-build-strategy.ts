import { STRATEGIES } from '../private/shipwright/strategies';

/** A value of a parameter of a strategy. */
export class BuildParameterValue {
  /** One text. */
  public static text(value: string): BuildParameterValue {
    return new BuildParameterValue({ value });
  }

  /** A list of texts. */
  public static texts(...values: string[]): BuildParameterValue {
    return new BuildParameterValue({ values: values.map((value) => ({ value })) });
  }

  /** A key of a Secret of the namespace. @param format text around it, e.g. "token=${SECRET_VALUE}" */
  public static secret(name: string, key: string, format?: string): BuildParameterValue {
    return new BuildParameterValue({ secretValue: { name, key, ...(format === undefined ? {} : { format }) } });
  }

  /** A key of a ConfigMap of the namespace. @param format text around it, e.g. "v${CONFIGMAP_VALUE}" */
  public static configMap(name: string, key: string, format?: string): BuildParameterValue {
    return new BuildParameterValue({ configMapValue: { name, key, ...(format === undefined ? {} : { format }) } });
  }

  private constructor(private readonly fields: object) {}

  /** @internal */
  public get _fields(): object {
    return this.fields;
  }
}

/** Of a strategy that reads a Dockerfile. */
export interface DockerfileBuildOptions {
  /** Path in the context. @default "Dockerfile" */
  readonly dockerfile?: string;
  /** Values of its ARGs. They are seen in the image: no secrets. BuildKit and Buildah only. @default - none */
  readonly buildArguments?: { [name: string]: string };
  /** The stage that is the image. BuildKit and Buildah only. @default - the last */
  readonly target?: string;
  /** e.g. ["linux/amd64", "linux/arm64"]. BuildKit only. @default - that of the node */
  readonly platforms?: string[];
}

/** Of a strategy for programs in Go. */
export interface KoBuildOptions {
  /** Folder of the main package. @default "." */
  readonly packageDirectory?: string;
  /** Version of Go, a tag of its image. @default - the strategy's */
  readonly goVersion?: string;
  /** e.g. "linux/amd64,linux/arm64" or "all". @default - that of the node */
  readonly targetPlatform?: string;
}

/** How Shipwright builds an image. Strategies are objects of the cluster: those of its samples are known here with their parameters. */
export class ImageBuildStrategy {
  /** Cloud Native Buildpacks: finds out by itself what to build. No Dockerfile. "buildpacks-v3". */
  public static buildpacks(): ImageBuildStrategy {
    return new ImageBuildStrategy('buildpacks-v3', true, {});
  }

  /** Source-to-Image: an image that knows how to build gets the sources or the artifact. No Dockerfile. "source-to-image". It ends with Kaniko: see there. */
  public static sourceToImage(builderImage: string): ImageBuildStrategy {
    return new ImageBuildStrategy('source-to-image', true, { 'builder-image': BuildParameterValue.text(builderImage) });
  }

  /** ko: programs in Go. No Dockerfile. "ko". */
  public static ko(options: KoBuildOptions = {}): ImageBuildStrategy {
    return new ImageBuildStrategy('ko', true, {
      ...texts({
        'package-directory': options.packageDirectory,
        'go-version': options.goVersion,
        'target-platform': options.targetPlatform,
      }),
    });
  }

  /** BuildKit without root, from a Dockerfile. "buildkit". */
  public static buildkit(options: DockerfileBuildOptions = {}): ImageBuildStrategy {
    return new ImageBuildStrategy('buildkit', true, dockerfile(options));
  }

  /** Buildah, from a Dockerfile. Its step is privileged. "buildah-shipwright-managed-push". */
  public static buildah(options: DockerfileBuildOptions = {}): ImageBuildStrategy {
    return new ImageBuildStrategy('buildah-shipwright-managed-push', true, dockerfile(options));
  }

  /** Kaniko, from a Dockerfile, as root. "kaniko". Google archived it in June 2025: nobody mends it there, prefer BuildKit. */
  public static kaniko(options: DockerfileBuildOptions = {}): ImageBuildStrategy {
    return new ImageBuildStrategy('kaniko', true, dockerfile(options));
  }

  /**
   * Another strategy that is in the cluster.
   * @param parameters its parameters by name @param clusterWide a ClusterBuildStrategy (default) or a BuildStrategy of the namespace
   */
  public static custom(
    name: string,
    parameters: { [name: string]: BuildParameterValue } = {},
    clusterWide: boolean = true,
  ): ImageBuildStrategy {
    return new ImageBuildStrategy(name, clusterWide, parameters);
  }

  private constructor(
    private readonly name: string,
    private readonly clusterWide: boolean,
    private readonly parameters: { readonly [name: string]: BuildParameterValue },
  ) {}

  /** @internal */
  public _strategy(): {
    readonly name: string;
    readonly kind: string;
    readonly parameters: { readonly [name: string]: BuildParameterValue };
    /** Its parameters, where they are known. */
    readonly known: (typeof STRATEGIES)[string] | undefined;
  } {
    return {
      name: this.name,
      kind: this.clusterWide ? 'ClusterBuildStrategy' : 'BuildStrategy',
      parameters: this.parameters,
      known: this.clusterWide && Object.hasOwn(STRATEGIES, this.name) ? STRATEGIES[this.name] : undefined,
    };
  }
}

function texts(values: { readonly [name: string]: string | undefined }): { [name: string]: BuildParameterValue } {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, BuildParameterValue.text(value)]],
    ),
  );
}

function dockerfile(options: DockerfileBuildOptions): { [name: string]: BuildParameterValue } {
  const { buildArguments, platforms } = options;
  const args = Object.entries(buildArguments ?? {}).map(([name, value]) => `${name}=${value}`);
  return {
    ...texts({ dockerfile: options.dockerfile, target: options.target }),
    ...(args.length === 0 ? {} : { 'build-args': BuildParameterValue.texts(...args) }),
    ...(platforms === undefined ? {} : { platforms: BuildParameterValue.texts(...platforms) }),
  };
}
