import type { Placement } from '../placement';
import type { SecretKey } from '../service-props';

/** Whose webhooks tell of pushes and pull requests. */
export enum TektonForge {
  GITHUB = 'github',
  GITLAB = 'gitlab',
}

/** The repository that a pipeline runs for. */
export interface TektonSource {
  /** Address that it is cloned from, "https://…". */
  readonly url: string;
  /** What runs that nobody told a revision are of. @default "main" */
  readonly defaultRevision?: string;
  /** Secret with the keys `username` and `password` to clone with. @default - none */
  readonly credentialSecret?: string;
  /** Who tells of pushes and pull requests. @default - nobody: runs are started by hand or the clock */
  readonly forge?: TektonForge;
  /** The secret that the webhook is signed with. Needed with `forge`: anybody could start runs otherwise. */
  readonly webhookSecret?: SecretKey;
  /** Branches whose pushes start runs. @default - all, and tags */
  readonly branches?: string[];
  /** Whether pull requests start runs. @default true */
  readonly pullRequests?: boolean;
  /** Whether pull requests from forks do: they run what strangers wrote. @default false */
  readonly forks?: boolean;
}

/** Of a pipeline on Tekton. */
export interface TektonBackendProps {
  /** The clusters that build. Tekton is there. */
  readonly placement: Placement;
  readonly namespaceName: string;
  /** What is cloned before the first stage, and whose changes start runs. @default - none */
  readonly source?: TektonSource;
  /** Image of steps that are in no container. @default - none: every step has to be in one */
  readonly image?: string;
  /** Ids of credentials to names of Secrets. @default - the Secret is named like the id */
  readonly credentialSecrets?: { [id: string]: string };
  /** Size of the volume that the stages of a run share. @default "2Gi" */
  readonly workspaceSize?: string;
  /** Class of it. @default - the cluster's */
  readonly storageClass?: string;
  /** PersistentVolumeClaim that archived files and reports of tests are kept on, a folder for each run. @default - none: a pipeline that archives is refused */
  readonly artifactsClaim?: string;
  /** ServiceAccount of the pods where an agent names none. @default - Tekton's setting, "default" */
  readonly serviceAccountName?: string;
  /** Group that owns the files of the workspace. @default 1000 */
  readonly fsGroup?: number;
  /** Address of Tekton's dashboard, for links to runs. @default - none: links are the names of runs */
  readonly dashboardUrl?: string;
  /** Image with Git and a shell. @default "alpine/git:2.49.1" */
  readonly gitImage?: string;
  /** Image with curl and a shell, for webhooks, quality gates and the clock. @default "curlimages/curl:8.16.0" */
  readonly curlImage?: string;
  /** Image with Tekton's command, which removes old runs. @default "ghcr.io/tektoncd/plumbing/tkn:latest" */
  readonly tknImage?: string;
  /** How long a run may take where the pipeline has no timeout. @default "1h" */
  readonly timeout?: string;
}
