import type { CredentialTree } from './private/tree';

/** Names of the variables that an SSH key is bound to. */
export interface SshKeyVariables {
  /** Holds the path of a file with the key. @default "SSH_KEY" */
  readonly keyFile?: string;
  /** Holds the name of the user. @default - not bound */
  readonly username?: string;
  /** Holds the passphrase. @default - not bound */
  readonly passphrase?: string;
}

/** A secret that the build server keeps, bound to variables of the environment while some steps run. The value is never part of the program. */
export class PipelineCredential {
  /** User and password. @param id of the credential */
  public static usernamePassword(id: string, usernameVariable: string, passwordVariable: string): PipelineCredential {
    return new PipelineCredential({ kind: 'usernamePassword', id, usernameVariable, passwordVariable });
  }

  /** One secret text. @param id of the credential */
  public static secretText(id: string, variable: string): PipelineCredential {
    return new PipelineCredential({ kind: 'secretText', id, variable });
  }

  /** A secret file: the variable holds its path. @param id of the credential */
  public static secretFile(id: string, variable: string): PipelineCredential {
    return new PipelineCredential({ kind: 'secretFile', id, variable });
  }

  /** A private key for SSH. @param id of the credential */
  public static sshKey(id: string, variables: SshKeyVariables = {}): PipelineCredential {
    const { keyFile = 'SSH_KEY', username, passphrase } = variables;
    return new PipelineCredential({
      kind: 'sshKey',
      id,
      keyFileVariable: keyFile,
      ...(username === undefined ? {} : { usernameVariable: username }),
      ...(passphrase === undefined ? {} : { passphraseVariable: passphrase }),
    });
  }

  /** A kubeconfig of KubeSphere DevOps: the variable holds its content. @param id of the credential */
  public static kubeconfig(id: string, variable: string = 'KUBECONFIG_CONTENT'): PipelineCredential {
    return new PipelineCredential({ kind: 'kubeconfig', id, variable });
  }

  private constructor(private readonly tree: CredentialTree) {}

  /** @internal */
  public _tree(): CredentialTree {
    return this.tree;
  }
}
