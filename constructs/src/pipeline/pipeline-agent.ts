import type { BuildContainer } from './build-container';
import { namedValues, valueTree } from './private/plain-values';
import type { AgentTree, CacheTree } from './private/tree';

/** A volume that containers of a build mount by its name. */
export class PipelineVolume {
  /** A PersistentVolumeClaim, e.g. for downloaded packages: what outlives the build. Builds at a time need access mode ReadWriteMany. */
  public static claim(name: string, claim: string): PipelineVolume {
    return new PipelineVolume({ name, source: { kind: 'claim', claim } });
  }

  /** Empty when the build begins, gone when it ends. */
  public static empty(name: string): PipelineVolume {
    return new PipelineVolume({ name, source: { kind: 'empty' } });
  }

  /** A Secret of the namespace that builds run in. @param items names of files by key; default: all keys under their names */
  public static secret(name: string, secret: string, items?: { [key: string]: string }): PipelineVolume {
    return new PipelineVolume({
      name,
      source: items === undefined ? { kind: 'secret', secret } : { kind: 'secret', secret, items: { ...items } },
    });
  }

  private constructor(private readonly tree: CacheTree) {}

  /** @internal */
  public _tree(): CacheTree {
    return this.tree;
  }
}

/** Of a pod per build. */
export interface PodAgentOptions {
  /** The container that steps run in which name none. @default - the first */
  readonly defaultContainer?: string;
  /** The service account of the pod. Its token is mounted only with one. @default - that of the namespace, without token */
  readonly serviceAccount?: string;
  /** Labels that the node must have. @default - any node */
  readonly nodeSelector?: { [label: string]: string };
  /** What containers mount by name. @default - none */
  readonly volumes?: PipelineVolume[];
  /** Secrets that images are pulled with. @default - none */
  readonly pullSecrets?: string[];
  /** User number that processes run as. @default - 1000, to whom the files of the workspace belong; Kaniko always 0 */
  readonly runAsUser?: number;
  /** The cluster, as Jenkins calls it. @default - the first that Jenkins has */
  readonly cloud?: string;
  /** Name of a pod template of Jenkins that this one adds to. @default - none */
  readonly inheritFrom?: string;
}

/** Of an agent in a container of Docker. */
export interface DockerAgentOptions {
  /** Label of the node that Docker runs on. @default - any */
  readonly label?: string;
  /** Further arguments for `docker run`. @default - none */
  readonly args?: string;
  /** Address of the registry. @default - Docker Hub */
  readonly registryUrl?: string;
  /** Credential of the registry. @default - none */
  readonly registryCredentialsId?: string;
  /** On the node of the whole pipeline, in its workspace. @default false */
  readonly reuseNode?: boolean;
  /** The image is pulled even when the node has it. @default false */
  readonly alwaysPull?: boolean;
  /** Workspace other than the usual. @default - the usual */
  readonly customWorkspace?: string;
}

/** Of an agent in a container of a Dockerfile. */
export interface DockerfileAgentOptions {
  /** Name of the file, without folder. @default "Dockerfile" */
  readonly filename?: string;
  /** Folder of it. @default - that of the repository */
  readonly dir?: string;
  /** Label of the node that Docker runs on. @default - any */
  readonly label?: string;
  /** Further arguments for `docker build`. @default - none */
  readonly additionalBuildArgs?: string;
  /** Further arguments for `docker run`. @default - none */
  readonly args?: string;
  /** On the node of the whole pipeline, in its workspace. @default false */
  readonly reuseNode?: boolean;
}

/** Of an agent by label with a workspace of its own. */
export interface NodeAgentOptions {
  /** Path of the workspace. @default - the usual */
  readonly customWorkspace?: string;
}

/** Where a pipeline or a stage runs. */
export class PipelineAgent {
  /** Anywhere. */
  public static any(): PipelineAgent {
    return new PipelineAgent({ kind: 'any' });
  }

  /** Nowhere: every stage says where. What waits for a person should stand in such a pipeline, then nothing is held meanwhile. */
  public static none(): PipelineAgent {
    return new PipelineAgent({ kind: 'none' });
  }

  /** Where this label is, or this expression of labels ("linux && arm64"). */
  public static label(label: string): PipelineAgent {
    return new PipelineAgent({ kind: 'label', label: { kind: 'literal', value: label } });
  }

  /** As `label`, with settings. */
  public static node(label: string, options: NodeAgentOptions): PipelineAgent {
    return PipelineAgent.other('node', { label, ...options });
  }

  /** In a pod of its own, which exists as long as the pipeline or stage does. */
  public static pod(containers: BuildContainer[], options: PodAgentOptions = {}): PipelineAgent {
    const trees = containers.map((container) => container._tree());
    const { defaultContainer, serviceAccount, nodeSelector, volumes, pullSecrets, runAsUser, cloud, inheritFrom } =
      options;
    return new PipelineAgent({
      kind: 'pod',
      containers: trees,
      defaultContainer: defaultContainer ?? trees[0]?.name ?? '',
      ...(serviceAccount === undefined ? {} : { serviceAccount }),
      nodeSelector: { ...nodeSelector },
      caches: (volumes ?? []).map((volume) => volume._tree()),
      ...(cloud === undefined ? {} : { cloud }),
      ...(inheritFrom === undefined ? {} : { inheritFrom }),
      pullSecrets: [...(pullSecrets ?? [])],
      ...(runAsUser === undefined ? {} : { runAsUser }),
    });
  }

  /** In a container of an image, on a node with Docker. */
  public static docker(image: string, options: DockerAgentOptions = {}): PipelineAgent {
    if (Object.keys(options).length > 0) return PipelineAgent.other('docker', { image, ...options });
    return new PipelineAgent({ kind: 'other', type: 'docker', argument: valueTree(image) });
  }

  /** In a container built from a Dockerfile of the repository, on a node with Docker. */
  public static dockerfile(options: DockerfileAgentOptions = {}): PipelineAgent {
    if (Object.keys(options).length > 0) return PipelineAgent.other('dockerfile', { ...options });
    return new PipelineAgent({ kind: 'other', type: 'dockerfile', argument: valueTree(true) });
  }

  /** A kind of agent of a plugin. @param values its settings by name; a map is a block */
  public static other(kind: string, values: { [name: string]: unknown }): PipelineAgent {
    return new PipelineAgent({ kind: 'other', type: kind, arguments: namedValues(values) });
  }

  private constructor(private readonly tree: AgentTree) {}

  /** @internal */
  public _tree(): AgentTree {
    return this.tree;
  }
}
