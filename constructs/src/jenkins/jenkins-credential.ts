import type { SecretKey } from '../service-props';

/** A credential of Jenkins whose values are in Secrets of its namespace. They come into the settings by reference, and are nowhere in the program. */
export class JenkinsCredential {
  /** User and password. */
  public static usernamePassword(username: SecretKey, password: SecretKey): JenkinsCredential {
    return new JenkinsCredential('usernamePassword', { username, password });
  }

  /** One secret text. */
  public static secretText(secret: SecretKey): JenkinsCredential {
    return new JenkinsCredential('string', { secret });
  }

  /** A secret file, e.g. a kubeconfig. @param fileName its name for the build */
  public static secretFile(content: SecretKey, fileName: string): JenkinsCredential {
    return new JenkinsCredential('file', { content }, fileName);
  }

  /** A private key for SSH. */
  public static sshKey(username: SecretKey, privateKey: SecretKey): JenkinsCredential {
    return new JenkinsCredential('basicSSHUserPrivateKey', { username, privateKey });
  }

  private constructor(
    private readonly kind: 'usernamePassword' | 'string' | 'file' | 'basicSSHUserPrivateKey',
    private readonly keys: { readonly [field: string]: SecretKey },
    private readonly fileName?: string,
  ) {}

  /** @internal */
  public _kind(): 'usernamePassword' | 'string' | 'file' | 'basicSSHUserPrivateKey' {
    return this.kind;
  }

  /** @internal */
  public _keys(): { readonly [field: string]: SecretKey } {
    return this.keys;
  }

  /** @internal */
  public _fileName(): string | undefined {
    return this.fileName;
  }
}
