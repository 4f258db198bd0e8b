import { type RemoteSecretKey, type SecretStoreKind, WorkspaceCredential } from '../workspace-credential';

/** What kind of secret a credential is: types of Secrets that KubeSphere DevOps hands to its Jenkins (ks-devops pkg/api/devops/v1alpha3/credential_types.go). */
export enum DevOpsCredentialType {
  /** User and password. */
  BASIC_AUTH = 'basic-auth',
  /** A private key for SSH. */
  SSH_KEY = 'ssh-auth',
  /** One text. */
  SECRET_TEXT = 'secret-text',
  /** A kubeconfig. */
  KUBECONFIG = 'kubeconfig',
}

/** From where External Secrets Operator fetches a credential. */
export interface DevOpsCredentialStore {
  /** Name of the store. */
  readonly store: string;
  /** @default SecretStoreKind.CLUSTER */
  readonly storeKind?: SecretStoreKind;
  /** How often it is fetched again. @default "1h" */
  readonly refreshInterval?: string;
}

/** User and password, as the store has them. */
export interface BasicAuthOptions extends DevOpsCredentialStore {
  readonly username: RemoteSecretKey;
  readonly password: RemoteSecretKey;
}

/** A private key for SSH, as the store has it. */
export interface SshKeyOptions extends DevOpsCredentialStore {
  readonly username: RemoteSecretKey;
  readonly privateKey: RemoteSecretKey;
  /** @default - the key has none */
  readonly passphrase?: RemoteSecretKey;
}

/** A text, as the store has it. */
export interface SecretTextOptions extends DevOpsCredentialStore {
  readonly secret: RemoteSecretKey;
}

/** A kubeconfig, as the store has it. */
export interface KubeconfigOptions extends DevOpsCredentialStore {
  readonly content: RemoteSecretKey;
}

/** A credential of a DevOps project. Its values are never in the program. */
export class DevOpsCredential {
  /** User and password. */
  public static basicAuth(options: BasicAuthOptions): DevOpsCredential {
    const { username, password } = options;
    return fetched(DevOpsCredentialType.BASIC_AUTH, options, { username, password });
  }

  /** A private key for SSH. */
  public static sshKey(options: SshKeyOptions): DevOpsCredential {
    const { username, privateKey, passphrase } = options;
    const keys = { username, private_key: privateKey };
    return fetched(DevOpsCredentialType.SSH_KEY, options, passphrase === undefined ? keys : { ...keys, passphrase });
  }

  /** One text. */
  public static secretText(options: SecretTextOptions): DevOpsCredential {
    return fetched(DevOpsCredentialType.SECRET_TEXT, options, { secret: options.secret });
  }

  /** A kubeconfig: one per cluster is how a pipeline reaches several. */
  public static kubeconfig(options: KubeconfigOptions): DevOpsCredential {
    return fetched(DevOpsCredentialType.KUBECONFIG, options, { content: options.content });
  }

  /** One that somebody else puts into the project: nothing is made. */
  public static existing(credentialType: DevOpsCredentialType): DevOpsCredential {
    return new DevOpsCredential(credentialType);
  }

  /** @internal */
  public static _fetched(type: DevOpsCredentialType, source: WorkspaceCredential): DevOpsCredential {
    return new DevOpsCredential(type, source);
  }

  private constructor(
    private readonly type: DevOpsCredentialType,
    private readonly source?: WorkspaceCredential,
  ) {}

  /** @internal */
  public _type(): DevOpsCredentialType {
    return this.type;
  }

  /** @internal */
  public _source(): WorkspaceCredential | undefined {
    return this.source;
  }
}

function fetched(
  type: DevOpsCredentialType,
  { store, storeKind, refreshInterval }: DevOpsCredentialStore,
  keys: { [key: string]: RemoteSecretKey },
): DevOpsCredential {
  const source = WorkspaceCredential.external({
    store,
    keys,
    secretType: `${CREDENTIAL}${type}`,
    // KubeSphere hands a changed Secret to Jenkins again only with this annotation (devopscredential_controller.go).
    secretAnnotations: { [`${CREDENTIAL}autosync`]: 'true' },
    ...(storeKind === undefined ? {} : { storeKind }),
    ...(refreshInterval === undefined ? {} : { refreshInterval }),
  });
  return DevOpsCredential._fetched(type, source);
}

const CREDENTIAL = 'credential.devops.kubesphere.io/';
