/*
 * A pipeline as plain data: what the builders of ../ make, and what every back-end translates. Nothing here is text of Groovy, except where a
 * kind is named "groovy": that only Jenkins can run.
 */

/** What stands in a literal. */
export type Literal = string | number | boolean | null;

/** One piece of a text that is put together when the pipeline runs. */
export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  /** A variable of the environment. */
  | { readonly kind: 'env'; readonly name: string }
  /** A parameter of the pipeline. */
  | { readonly kind: 'param'; readonly name: string };

/** A value of an argument, a variable, a parameter. */
export type ValueTree =
  | { readonly kind: 'literal'; readonly value: Literal }
  | { readonly kind: 'template'; readonly parts: readonly TemplatePart[] }
  | { readonly kind: 'list'; readonly items: readonly ValueTree[] }
  | { readonly kind: 'map'; readonly entries: readonly NamedValue[] }
  /** Something of Jenkins made by its symbol, e.g. `string(credentialsId: …)`. */
  | { readonly kind: 'call'; readonly call: CallTree }
  /** An expression of Groovy. The escape hatch: only Jenkins can compute it. */
  | { readonly kind: 'groovy'; readonly source: string };

export interface NamedValue {
  readonly name: string;
  readonly value: ValueTree;
}

/** Arguments have names or they do not; both at once Jenkins refuses. */
export type ArgumentsTree =
  | { readonly kind: 'none' }
  | { readonly kind: 'positional'; readonly values: readonly ValueTree[] }
  | { readonly kind: 'named'; readonly values: readonly NamedValue[] };

/** Something of Jenkins by its symbol: an option, a trigger, a parameter of a plugin. */
export interface CallTree {
  readonly kind: 'call';
  readonly name: string;
  readonly arguments: ArgumentsTree;
}

export interface PipelineTree {
  readonly agent: AgentTree;
  readonly libraries: readonly string[];
  readonly environment: readonly EnvironmentTree[];
  readonly tools: readonly ToolTree[];
  readonly parameters: readonly ParameterTree[];
  readonly options: readonly CallTree[];
  readonly triggers: readonly CallTree[];
  readonly stages: readonly StageTree[];
  readonly post: readonly PostTree[];
}

/** Where a stage runs. */
export type AgentTree =
  | { readonly kind: 'any' }
  | { readonly kind: 'none' }
  | { readonly kind: 'label'; readonly label: ValueTree }
  | PodTree
  /** docker, dockerfile, node, kubernetes with a YAML of its own, or of a plugin. */
  | {
      readonly kind: 'other';
      readonly type: string;
      /** One value without a name, or several with names; maps are blocks. */
      readonly argument?: ValueTree;
      readonly arguments?: readonly NamedValue[];
    };

/** One pod per build. */
export interface PodTree {
  readonly kind: 'pod';
  readonly containers: readonly ContainerTree[];
  /** The container that steps run in which name none. */
  readonly defaultContainer: string;
  readonly serviceAccount?: string;
  readonly nodeSelector: { readonly [label: string]: string };
  readonly caches: readonly CacheTree[];
  readonly cloud?: string;
  readonly inheritFrom?: string;
  readonly pullSecrets: readonly string[];
  /** User that the processes run as; undefined: whom the workspace belongs to. */
  readonly runAsUser?: number;
}

export interface ContainerTree {
  readonly name: string;
  readonly image: string;
  readonly environment: { readonly [name: string]: string };
  readonly cpu?: string;
  readonly memory?: string;
  readonly cpuLimit?: string;
  readonly memoryLimit?: string;
  /** Only what cannot do without: BuildKit and Buildah without root need seccomp and AppArmor off, Kaniko needs root. */
  readonly isolation: 'restricted' | 'rootless-build' | 'root';
  /** What keeps the container alive; undefined: sleeping. */
  readonly command?: readonly string[];
  readonly mounts: readonly MountTree[];
}

export interface MountTree {
  readonly volume: string;
  readonly path: string;
  readonly subPath?: string;
}

/** What outlives a build, or is shared by its containers. */
export interface CacheTree {
  readonly name: string;
  readonly source:
    | { readonly kind: 'claim'; readonly claim: string }
    | { readonly kind: 'empty' }
    | { readonly kind: 'secret'; readonly secret: string; readonly items?: { readonly [key: string]: string } };
}

export interface EnvironmentTree {
  readonly name: string;
  readonly value: ValueTree | { readonly kind: 'credentials'; readonly id: ValueTree };
}

export interface ToolTree {
  readonly type: string;
  readonly version: ValueTree;
}

export type ParameterTree =
  | {
      readonly kind: 'parameter';
      readonly type: 'string' | 'text' | 'booleanParam' | 'choice' | 'password' | 'file';
      readonly name: string;
      readonly defaultValue?: Literal;
      readonly description?: string;
      readonly choices?: readonly string[];
      readonly trim?: boolean;
    }
  /** Of a plugin. */
  | CallTree;

export interface StageTree {
  readonly name: string;
  readonly agent?: AgentTree;
  readonly when?: WhenTree;
  readonly input?: InputTree;
  readonly environment: readonly EnvironmentTree[];
  readonly tools: readonly ToolTree[];
  readonly options: readonly CallTree[];
  readonly failFast?: boolean;
  readonly body: StageBody;
  readonly post: readonly PostTree[];
}

/** A stage has exactly one of them. */
export type StageBody =
  | { readonly kind: 'steps'; readonly steps: readonly StepTree[] }
  | { readonly kind: 'stages'; readonly stages: readonly StageTree[] }
  | { readonly kind: 'parallel'; readonly stages: readonly StageTree[] }
  | { readonly kind: 'matrix'; readonly matrix: MatrixTree }
  /** The step `parallel` with its branches, as old Jenkinsfiles have it. */
  | {
      readonly kind: 'branches';
      readonly branches: readonly { readonly name: string; readonly steps: readonly StepTree[] }[];
    };

export interface MatrixTree {
  readonly axes: readonly AxisTree[];
  readonly excludes: readonly (readonly AxisTree[])[];
  readonly agent?: AgentTree;
  readonly when?: WhenTree;
  readonly input?: InputTree;
  readonly environment: readonly EnvironmentTree[];
  readonly tools: readonly ToolTree[];
  readonly options: readonly CallTree[];
  readonly stages: readonly StageTree[];
  readonly post: readonly PostTree[];
}

export interface AxisTree {
  readonly name: string;
  readonly values: readonly string[];
  /** In excludes: all values but these. */
  readonly isInverse?: boolean;
}

export interface WhenTree {
  readonly conditions: readonly ConditionTree[];
  readonly beforeAgent?: boolean;
  readonly beforeInput?: boolean;
  readonly beforeOptions?: boolean;
}

export interface ConditionTree {
  /** As Jenkins names it: "branch", "allOf", … "expression" has its Groovy as its only value. */
  readonly name: string;
  readonly arguments: ArgumentsTree;
  /** Of allOf, anyOf, not and triggeredBy. */
  readonly children: readonly ConditionTree[];
}

/** A person is asked before a stage begins; no agent of the stage is held meanwhile. */
export interface InputTree {
  readonly message: ValueTree;
  readonly id?: ValueTree;
  readonly ok?: ValueTree;
  readonly submitter?: ValueTree;
  readonly submitterParameter?: ValueTree;
  readonly parameters: readonly ParameterTree[];
}

export interface PostTree {
  readonly condition: string;
  readonly steps: readonly StepTree[];
}

/** A secret of the build server, bound to variables of the environment for some steps. */
export type CredentialTree =
  | {
      readonly kind: 'usernamePassword';
      readonly id: string;
      readonly usernameVariable: string;
      readonly passwordVariable: string;
    }
  | { readonly kind: 'secretText'; readonly id: string; readonly variable: string }
  | { readonly kind: 'secretFile'; readonly id: string; readonly variable: string }
  | {
      readonly kind: 'sshKey';
      readonly id: string;
      readonly keyFileVariable: string;
      readonly usernameVariable?: string;
      readonly passphraseVariable?: string;
    }
  /** KubeSphere's: the content of a kubeconfig. */
  | { readonly kind: 'kubeconfig'; readonly id: string; readonly variable: string };

/** What stages consist of. Kinds that are composed of others are taken apart by `expandStep`. */
export type StepTree = BasicStep | ComposedStep;

export type BasicStep =
  /** The revision that the pipeline runs for. */
  | { readonly kind: 'checkout' }
  | {
      readonly kind: 'git';
      readonly url: string;
      readonly branch: string;
      readonly credential?: string;
    }
  | { readonly kind: 'sh'; readonly script: string; readonly label?: string }
  | { readonly kind: 'echo'; readonly message: ValueTree }
  | { readonly kind: 'error'; readonly message: ValueTree }
  | { readonly kind: 'container'; readonly name: string; readonly steps: readonly StepTree[] }
  | { readonly kind: 'dir'; readonly path: string; readonly steps: readonly StepTree[] }
  | { readonly kind: 'timeout'; readonly seconds: number; readonly steps: readonly StepTree[] }
  | { readonly kind: 'retry'; readonly count: number; readonly steps: readonly StepTree[] }
  | {
      readonly kind: 'withCredentials';
      readonly credentials: readonly CredentialTree[];
      readonly steps: readonly StepTree[];
    }
  | { readonly kind: 'withEnv'; readonly variables: readonly NamedValue[]; readonly steps: readonly StepTree[] }
  | { readonly kind: 'stash'; readonly name: string; readonly includes?: string; readonly excludes?: string }
  | { readonly kind: 'unstash'; readonly name: string }
  | { readonly kind: 'archive'; readonly artifacts: string; readonly allowEmpty: boolean }
  | { readonly kind: 'junit'; readonly results: string; readonly allowEmpty: boolean }
  /** Waits for a person. In a stage without agent nothing is held meanwhile. */
  | {
      readonly kind: 'approval';
      readonly message: string;
      readonly ok?: string;
      readonly submitters: readonly string[];
    }
  /** What a SonarQube server is told about the sources: the steps run with its address and token in the environment. */
  | { readonly kind: 'sonarqube'; readonly server: string; readonly steps: readonly StepTree[] }
  | { readonly kind: 'qualityGate'; readonly seconds: number; readonly aborts: boolean }
  | { readonly kind: 'library'; readonly name: string }
  /** The escape hatch: Groovy that only Jenkins can run. */
  | { readonly kind: 'script'; readonly source: string }
  /** Any step of a plugin, by its name. */
  | {
      readonly kind: 'call';
      readonly name: string;
      readonly arguments: ArgumentsTree;
      readonly steps?: readonly StepTree[];
    };

export type ComposedStep =
  | ImageBuildTree
  | NotifyTree
  | {
      readonly kind: 'deploy';
      /** "plan" writes nothing, "apply" does. */
      readonly verb: 'plan' | 'apply';
      readonly directory: string;
      readonly clusters: readonly string[];
      /** A kubeconfig per credential; several are merged by the environment. */
      readonly credentials: readonly CredentialTree[];
      readonly container?: string;
      /** The plan as a comment of the pull request: a file that the step writes. */
      readonly planFile?: string;
    };

/** Builds an image from a Dockerfile, and pushes it. */
export interface ImageBuildTree {
  readonly kind: 'image';
  readonly tool: 'buildkit' | 'buildah' | 'kaniko';
  /** Registry and repository, without tag. */
  readonly image: string;
  /** A literal tag, or one that the environment says. */
  readonly tag: ValueTree;
  readonly context: string;
  readonly dockerfile: string;
  readonly push: boolean;
  readonly buildArguments: { readonly [name: string]: string };
  readonly platforms: readonly string[];
  /** User and password of the registry; undefined: what the container has mounted. */
  readonly registryCredential?: string;
  readonly cacheImage?: string;
  readonly container: string;
}

export interface NotifyTree {
  readonly kind: 'notify';
  readonly channel:
    | { readonly kind: 'mail'; readonly to: readonly string[]; readonly subject: string }
    | { readonly kind: 'slack'; readonly channel: string }
    /** A JSON text is sent to an address that a credential holds. */
    | { readonly kind: 'webhook'; readonly credential: string };
  readonly message: ValueTree;
}
