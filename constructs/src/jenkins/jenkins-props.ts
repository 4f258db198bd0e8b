import type { PipelineAgent } from '../pipeline/pipeline-agent';
import type { Placement } from '../placement';
import type { SecretKey } from '../service-props';
import type { JenkinsAuthorization } from './jenkins-authorization';
import type { JenkinsCredential } from './jenkins-credential';

/** A kind of pod that Jenkins runs builds in: pipelines have it by `PipelineAgent.label("<name>")`. */
export interface JenkinsAgent {
  /** A DNS label, and a label of the agent. */
  readonly name: string;
  /** The pod: `PipelineAgent.pod([...])`. */
  readonly agent: PipelineAgent;
  /** Labels beside its name. @default - none */
  readonly labels?: string[];
  /** Minutes that its pod stays when a build has ended. @default 0 */
  readonly idleMinutes?: number;
  /** Pods of it at a time. @default - as many as the cloud allows */
  readonly instanceCap?: number;
}

/** A shared library for every pipeline (`@Library`, `PipelineDefinition.libraries`). */
export interface SharedLibrary {
  /** What pipelines call it. */
  readonly name: string;
  /** Its repository in Git. */
  readonly url: string;
  /** Branch, tag or commit that a pipeline gets which names none. */
  readonly defaultVersion: string;
  /** Id of a credential to read it with. @default - none */
  readonly credential?: string;
  /** Folder of it in the repository. @default - its top */
  readonly libraryPath?: string;
  /** Every pipeline has it, also one that does not name it. @default false */
  readonly loadedImplicitly?: boolean;
  /** A pipeline may name another version. @default true */
  readonly allowVersionOverride?: boolean;
}

/** A server of SonarQube, which steps call by its name. */
export interface SonarServer {
  /** @default "sonar" */
  readonly name?: string;
  /** Its address. */
  readonly url: string;
  /** Id of a credential with its token, a secret text. */
  readonly credential: string;
}

/** Signing on with an account of an OpenID Connect provider (plugin oic-auth). */
export interface JenkinsSingleSignOn {
  /** https address of the provider's configuration ("…/.well-known/openid-configuration"). */
  readonly wellKnownUrl: string;
  /** Id of Jenkins at the provider. */
  readonly clientId: string;
  /** Key of a Secret in the namespace of Jenkins with the secret of the client. */
  readonly clientSecret: SecretKey;
  /** Claim with the name of the user. @default "preferred_username" */
  readonly userNameField?: string;
  /** Claim with the groups. @default "groups" */
  readonly groupsField?: string;
  /** Claim with the name for people. @default "name" */
  readonly fullNameField?: string;
  /** Claim with the address of mail. @default "email" */
  readonly emailField?: string;
  /** Scopes that are asked for, with blanks between. @default "openid email profile groups" */
  readonly scopes?: string;
  /** Signing off from Jenkins signs off at the provider. @default true */
  readonly logoutFromProvider?: boolean;
}

/** Of a Jenkins by its Helm chart. */
export interface JenkinsProps {
  /** Where it goes. */
  readonly placement: Placement;
  /** @default "jenkins" */
  readonly namespaceName?: string;
  /** Also make the namespace. @default true */
  readonly createNamespace?: boolean;
  /** Version of the chart; what is written is that of 5.9. @default "5.9.53" */
  readonly chartVersion?: string;
  /** Another copy of the chart: a local folder or archive, or a whole OCI reference with `chartVersion`. @default - "jenkins" of https://charts.jenkins.io */
  readonly chart?: string;
  /** Address that people open, e.g. "https://ci.example.com". @default - what the chart makes of its Service */
  readonly url?: string;
  /** Secret with the keys jenkins-admin-user and jenkins-admin-password. @default - the chart makes one */
  readonly adminSecret?: string;
  /** Plugins beside those of the chart, id to version: { "sonar": "2.18.1" }. What is used here and not installed is an error. @default - none */
  readonly plugins?: { [id: string]: string };
  /** @default - the chart's own, which has no tools */
  readonly agents?: JenkinsAgent[];
  /** Namespace that builds run in. @default - that of Jenkins */
  readonly agentNamespace?: string;
  /** Pods of builds at a time. @default 10 */
  readonly agentCap?: number;
  /** @default - none */
  readonly libraries?: SharedLibrary[];
  /** By id. Their values are in Secrets. @default - none */
  readonly credentials?: { [id: string]: JenkinsCredential };
  /** @default - none */
  readonly sonarServers?: SonarServer[];
  /** @default - the administrator of the chart, alone */
  readonly singleSignOn?: JenkinsSingleSignOn;
  /** Who may do what. Needed with `singleSignOn`: the chart's own makes everybody who signs on an administrator. @default - the chart's */
  readonly authorization?: JenkinsAuthorization;
  /** Further values of the chart; they win over what is made here. @default - none */
  // biome-ignore lint/suspicious/noExplicitAny: jsii has no other type for "any JSON"
  readonly values?: { [key: string]: any };
}
