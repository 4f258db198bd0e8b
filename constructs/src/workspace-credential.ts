import { isConfigKey, isDnsSubdomain } from './private/names';

/** Where External Secrets Operator finds its store. */
export enum SecretStoreKind {
  /** A ClusterSecretStore. */
  CLUSTER = 'ClusterSecretStore',
  /** A SecretStore in the namespaces of the workspace. */
  NAMESPACED = 'SecretStore',
}

/** A value in a secret store. */
export interface RemoteSecretKey {
  /** Name or path of the secret in the store. */
  readonly key: string;
  /** Property of the secret there. @default - the whole of it */
  readonly property?: string;
  /** @default - the newest */
  readonly version?: string;
}

/** A credential that External Secrets Operator fetches. */
export interface ExternalCredentialOptions {
  /** Name of the store. */
  readonly store: string;
  /** @default SecretStoreKind.CLUSTER */
  readonly storeKind?: SecretStoreKind;
  /** Key in the Secret to where its value is in the store. */
  readonly keys: { [key: string]: RemoteSecretKey };
  /** How often it is fetched again. @default "1h" */
  readonly refreshInterval?: string;
  /** Type of the Secret, e.g. "kubernetes.io/dockerconfigjson". @default - Opaque */
  readonly secretType?: string;
  /** Annotations of the Secret, for whoever looks for such. @default - none */
  readonly secretAnnotations?: { [key: string]: string };
}

/** A Secret that pods of a workspace read. Its values are never in the program. */
export class WorkspaceCredential {
  /** One that External Secrets Operator fetches from a secret store. */
  public static external(options: ExternalCredentialOptions): WorkspaceCredential {
    return new WorkspaceCredential(Object.keys(options.keys), options);
  }

  /** One that somebody else puts there: nothing is made, and only these keys can be referred to. */
  public static existing(...keys: string[]): WorkspaceCredential {
    return new WorkspaceCredential(keys);
  }

  private constructor(
    private readonly keys: readonly string[],
    private readonly options?: ExternalCredentialOptions,
  ) {}

  /** @internal */
  public _keys(): readonly string[] {
    return this.keys;
  }

  /**
   * Spec of the ExternalSecret; undefined where there is none.
   * @internal
   */
  public _spec(secret: string): object | undefined {
    if (this.options === undefined) return undefined;
    const { store, storeKind, keys, refreshInterval, secretType, secretAnnotations } = this.options;
    const template = {
      ...(secretType === undefined ? {} : { type: secretType }),
      ...(secretAnnotations === undefined ? {} : { metadata: { annotations: secretAnnotations } }),
    };
    return {
      refreshInterval: refreshInterval ?? '1h',
      secretStoreRef: { kind: storeKind ?? SecretStoreKind.CLUSTER, name: store },
      target: {
        name: secret,
        creationPolicy: 'Owner',
        ...(Object.keys(template).length === 0 ? {} : { template }),
      },
      data: Object.entries(keys).map(([secretKey, { key, property, version }]) => ({
        secretKey,
        remoteRef: {
          key,
          ...(property === undefined ? {} : { property }),
          ...(version === undefined ? {} : { version }),
        },
      })),
    };
  }

  /**
   * What is wrong with it, in clauses.
   * @internal
   */
  public _mistakes(): string[] {
    const { store, refreshInterval } = this.options ?? {};
    return [
      ...(this.keys.length === 0 ? ['it has no keys'] : []),
      ...this.keys.filter((key) => !isConfigKey(key)).map((key) => `"${key}" is no key of a Secret`),
      ...(store === undefined || isDnsSubdomain(store) ? [] : [`"${store}" is no name of a store`]),
      ...(refreshInterval === undefined || /^(\d+(\.\d+)?(ms|s|m|h))+$/.test(refreshInterval)
        ? []
        : [`"${refreshInterval}" is no duration`]),
    ];
  }
}
