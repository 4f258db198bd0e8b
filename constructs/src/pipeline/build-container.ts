import type { ContainerTree } from './private/tree';

/** Of a container of the pod that a build runs in. */
export interface BuildContainerOptions {
  /** Its name, which steps say to run in it. @default - that of the tool */
  readonly name?: string;
  /** @default - a current image of the tool */
  readonly image?: string;
  /** CPU that it asks for, e.g. "500m". @default "500m" */
  readonly cpu?: string;
  /** Memory that it asks for and may not exceed, e.g. "2Gi". @default "1Gi" */
  readonly memory?: string;
  /** Most CPU that it gets. @default - unbounded */
  readonly cpuLimit?: string;
  /** Variables of its environment. @default - none */
  readonly environment?: { [name: string]: string };
  /** Volumes by the path that they are seen at: { "/cache": "maven-cache" }. The volumes are declared by the agent. @default - none */
  readonly mounts?: { [path: string]: string };
  /** What keeps it alive while no step runs in it. @default - sleeps */
  readonly command?: string[];
}

/** A container of the pod that a build runs in: one per tool. All see the same workspace. */
export class BuildContainer {
  /** Maven with a JDK: "maven". */
  public static maven(options: BuildContainerOptions = {}): BuildContainer {
    return new BuildContainer('maven', 'maven:3.9-eclipse-temurin-21', 'restricted', options);
  }

  /** Gradle with a JDK: "gradle". */
  public static gradle(options: BuildContainerOptions = {}): BuildContainer {
    return new BuildContainer('gradle', 'gradle:8-jdk21', 'restricted', options);
  }

  /** Node with npm: "node". */
  public static node(options: BuildContainerOptions = {}): BuildContainer {
    return new BuildContainer('node', 'node:24', 'restricted', options);
  }

  /** Go: "go". */
  public static golang(options: BuildContainerOptions = {}): BuildContainer {
    return new BuildContainer('go', 'golang:1.25', 'restricted', options);
  }

  /** Python with pip: "python". */
  public static python(options: BuildContainerOptions = {}): BuildContainer {
    return new BuildContainer('python', 'python:3.13', 'restricted', options);
  }

  /** The SDK of .NET: "dotnet". */
  public static dotnet(options: BuildContainerOptions = {}): BuildContainer {
    return new BuildContainer('dotnet', 'mcr.microsoft.com/dotnet/sdk:9.0', 'restricted', options);
  }

  /** The scanner of SonarQube for what neither Maven nor Gradle builds: "sonar". */
  public static sonarScanner(options: BuildContainerOptions = {}): BuildContainer {
    return new BuildContainer('sonar', 'sonarsource/sonar-scanner-cli:11', 'restricted', options);
  }

  /** BuildKit without root: "buildkit". Its processes make user namespaces, for which seccomp and AppArmor are off. */
  public static buildkit(options: BuildContainerOptions = {}): BuildContainer {
    // A pod has no process namespaces of its own to give (moby/buildkit docs/rootless.md).
    const environment = { BUILDKITD_FLAGS: '--oci-worker-no-process-sandbox', ...options.environment };
    const image = 'moby/buildkit:v0.23.2-rootless';
    return new BuildContainer('buildkit', image, 'rootless-build', { ...options, environment });
  }

  /** Buildah without root: "buildah". Its processes make user namespaces, for which seccomp and AppArmor are off. */
  public static buildah(options: BuildContainerOptions = {}): BuildContainer {
    return new BuildContainer('buildah', 'quay.io/buildah/stable:v1.38.0', 'rootless-build', options);
  }

  /**
   * Kaniko: "kaniko". It unpacks images as root. Google archived it in June 2025: name the image of a fork that is maintained, in the variant
   * with a shell ("debug").
   */
  public static kaniko(forkImage: string, options: BuildContainerOptions = {}): BuildContainer {
    return new BuildContainer('kaniko', forkImage, 'root', { command: ['/busybox/sleep', 'infinity'], ...options });
  }

  /** Any other tool. */
  public static custom(
    containerName: string,
    containerImage: string,
    options: BuildContainerOptions = {},
  ): BuildContainer {
    return new BuildContainer(containerName, containerImage, 'restricted', options);
  }

  private constructor(
    private readonly tool: string,
    private readonly toolImage: string,
    private readonly isolation: ContainerTree['isolation'],
    private readonly options: BuildContainerOptions,
  ) {}

  /** @internal */
  public _tree(): ContainerTree {
    const { name, image, cpu = '500m', memory = '1Gi', cpuLimit, environment, mounts, command } = this.options;
    return {
      name: name ?? this.tool,
      image: image ?? this.toolImage,
      environment: { ...environment },
      cpu,
      memory,
      memoryLimit: memory,
      ...(cpuLimit === undefined ? {} : { cpuLimit }),
      isolation: this.isolation,
      ...(command === undefined ? {} : { command: [...command] }),
      mounts: Object.entries(mounts ?? {}).map(([path, volume]) => ({ path, volume })),
    };
  }
}
