import type { TaskVolume } from '../private/tekton/objects';
import type { SecretKey } from '../service-props';

/** What becomes of a task when a step, or of a pipeline when a task fails. */
export enum TektonOnError {
  /** It fails. */
  STOP_AND_FAIL = 'stopAndFail',
  /** It goes on. */
  CONTINUE = 'continue',
}

/** Rights of a container beyond or below the usual. */
export interface TektonRights {
  /** @default - what the image says */
  readonly runAsUser?: number;
  /** Whether the kubelet refuses root. @default - no word about it */
  readonly runAsNonRoot?: boolean;
  /** Everything on the node. @default false */
  readonly privileged?: boolean;
  /** Capabilities of Linux, e.g. "SETUID". @default - none beyond the runtime's */
  readonly addCapabilities?: string[];
  /** Without a filter of system calls: what rootless builds of images need. @default false */
  readonly unconfinedSystemCalls?: boolean;
}

/** A container of a task. Steps run one after another in one pod and see the same workspaces. */
export interface TektonStep {
  readonly image: string;
  /** A DNS label. @default - "step1", "step2", … */
  readonly name?: string;
  /**
   * Text of a script; a shell's without "#!". Values from outside come by `env`: "$(params.x)" in here is refused, because Tekton replaces it before the shell reads the text.
   * @default - `command`
   */
  readonly script?: string;
  /** @default - the image's entry point */
  readonly command?: string[];
  /** @default - none */
  readonly args?: string[];
  /** Variables of the environment. @default - none */
  readonly env?: { [name: string]: string };
  /** Variables whose values are in Secrets. @default - none */
  readonly secretEnv?: { [name: string]: SecretKey };
  /** Folder that it starts in. @default - the image's */
  readonly workingDirectory?: string;
  /** CPU that it asks for, e.g. "500m". @default - none */
  readonly cpu?: string;
  /** Memory that it asks for and may not exceed, e.g. "1Gi". @default - none */
  readonly memory?: string;
  /** @default TektonOnError.STOP_AND_FAIL */
  readonly onError?: TektonOnError;
  /** How long it may take, e.g. "10m". @default - as long as the task */
  readonly timeout?: string;
  /** Name of a volume of the task to the path in the container. @default - none */
  readonly mounts?: { [volume: string]: string };
  /** @default - the usual */
  readonly rights?: TektonRights;
}

/** A container that runs beside the steps, e.g. a database for tests. */
export interface TektonSidecar {
  readonly name: string;
  readonly image: string;
  /** @default - `command` */
  readonly script?: string;
  /** @default - the image's entry point */
  readonly command?: string[];
  /** @default - none */
  readonly args?: string[];
  /** Variables of the environment. @default - none */
  readonly env?: { [name: string]: string };
  /** Variables whose values are in Secrets. @default - none */
  readonly secretEnv?: { [name: string]: SecretKey };
  /** CPU that it asks for. @default - none */
  readonly cpu?: string;
  /** Memory that it asks for and may not exceed. @default - none */
  readonly memory?: string;
  /** Name of a volume of the task to the path in the container. @default - none */
  readonly mounts?: { [volume: string]: string };
  /** @default - the usual */
  readonly rights?: TektonRights;
}

/** A volume of a task's pod that is no workspace. */
export class TektonVolume {
  /** Empty at the start of each run. @param sizeLimit e.g. "2Gi" */
  public static scratch(name: string, sizeLimit?: string): TektonVolume {
    return new TektonVolume({ name, emptyDir: sizeLimit === undefined ? {} : { sizeLimit } });
  }

  /** The keys of a Secret as files. */
  public static secret(name: string, secretName: string): TektonVolume {
    return new TektonVolume({ name, secret: { secretName } });
  }

  /** The keys of a ConfigMap as files. */
  public static configMap(name: string, configMapName: string): TektonVolume {
    return new TektonVolume({ name, configMap: { name: configMapName } });
  }

  private constructor(private readonly volume: TaskVolume) {}

  /** @internal */
  public get _volume(): TaskVolume {
    return this.volume;
  }
}
