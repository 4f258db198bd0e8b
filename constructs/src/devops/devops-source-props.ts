/** Which branches are built. Strategies of the branch source plugins of Jenkins, which KubeSphere hands on as numbers. */
export enum BranchDiscovery {
  /** Those of which there is no pull request. */
  WITHOUT_PULL_REQUEST = 'without-pull-request',
  /** Only those of which there is one. */
  WITH_PULL_REQUEST = 'with-pull-request',
  /** All. */
  ALL = 'all',
}

/** Which revision of a pull request is built. */
export enum PullRequestRevision {
  /** As it would be after merging. */
  MERGED = 'merged',
  /** As it is. */
  HEAD = 'head',
  /** Both, as two builds. */
  BOTH = 'both',
}

/** Whose Jenkinsfile in a pull request of a fork of GitHub is run; of others that of the target branch is. */
export enum GitHubForkTrust {
  /** Whoever contributed to the repository before. */
  CONTRIBUTORS = 'contributors',
  /** Anybody: a stranger's pull request runs with the credentials of the project. */
  EVERYONE = 'everyone',
  /** Those who may write to the repository. */
  WRITERS = 'writers',
  /** Nobody. */
  NOBODY = 'nobody',
}

/** Whose Jenkinsfile in a merge request of a fork of GitLab is run. */
export enum GitLabForkTrust {
  /** Members of the project. */
  MEMBERS = 'members',
  /** Anybody: a stranger's merge request runs with the credentials of the project. */
  EVERYONE = 'everyone',
  /** Those who may write to the repository. */
  WRITERS = 'writers',
  /** Nobody. */
  NOBODY = 'nobody',
}

/** Whose Jenkinsfile in a pull request of a fork of Bitbucket Server is run. */
export enum BitbucketForkTrust {
  /** Anybody: a stranger's pull request runs with the credentials of the project. */
  EVERYONE = 'everyone',
  /** Forks of the same account. */
  TEAM_FORKS = 'team-forks',
  /** Nobody. */
  NOBODY = 'nobody',
}

/** How Git fetches. */
export interface GitCloneOptions {
  /** Commits that are fetched, from the newest. @default - all */
  readonly depth?: number;
  /** In minutes. @default 10 */
  readonly timeoutMinutes?: number;
}

/** Of every source of a multi-branch pipeline. */
export interface DevOpsSourceOptions {
  /** Credential of the DevOps project that it is read with. @default - none: the source is public */
  readonly credential?: string;
  /** Path of the Jenkinsfile in the repository. @default "Jenkinsfile" */
  readonly scriptPath?: string;
  /** How often the source is looked through when nobody tells of changes, e.g. "20m". @default - only when told */
  readonly scanInterval?: string;
  /** Pipeline of the DevOps project that is run when a branch appears. @default - none */
  readonly onBranchCreated?: string;
  /** Pipeline of the DevOps project that is run when a branch disappears. @default - none */
  readonly onBranchDeleted?: string;
  /** Id of the source in Jenkins, by which branches keep their history when the address changes. @default - Jenkins makes one */
  readonly sourceId?: string;
}

/** Of sources in Git. */
export interface GitBranchOptions extends DevOpsSourceOptions {
  /** Tags are built, too. @default false */
  readonly discoverTags?: boolean;
  /** @default - everything is fetched */
  readonly clone?: GitCloneOptions;
  /** Regular expression (of Java) for names of branches, tags and pull requests. @default - all of them */
  readonly regexFilter?: string;
}

/** Of a repository that is only known by its address. */
export interface GitSourceOptions extends GitBranchOptions {
  /** https://, ssh://, git:// or git@host:path. */
  readonly url: string;
  /** Branches are built. @default true */
  readonly discoverBranches?: boolean;
}

/** Of a repository of a server that knows pull requests. */
export interface HostedSourceOptions extends GitBranchOptions {
  /** Owner: user, organisation, group or project. */
  readonly owner: string;
  /** Name of the repository; of GitLab its path with groups. */
  readonly repository: string;
  /** Address of the server's API. @default - the public one; Bitbucket Server needs it */
  readonly apiUrl?: string;
  /** @default BranchDiscovery.WITHOUT_PULL_REQUEST */
  readonly discoverBranches?: BranchDiscovery;
  /** Pull requests of the repository itself. @default - none are built */
  readonly pullRequests?: PullRequestRevision;
  /** Calls from the server about changes start a scan. @default - as Jenkins is set */
  readonly acceptNotifications?: boolean;
}

/** Of a repository at GitHub. */
export interface GitHubSourceOptions extends HostedSourceOptions {
  /** Pull requests of forks. Needs `forkTrust`. @default - none are built */
  readonly forkPullRequests?: PullRequestRevision;
  /** @default - none; there is no safe default for strangers */
  readonly forkTrust?: GitHubForkTrust;
}

/** Of a repository at GitLab. */
export interface GitLabSourceOptions extends HostedSourceOptions {
  /** Name of the server in the settings of Jenkins. @default - its first */
  readonly serverName?: string;
  /** Merge requests of forks. Needs `forkTrust`. @default - none are built */
  readonly forkPullRequests?: PullRequestRevision;
  /** @default - none; there is no safe default for strangers */
  readonly forkTrust?: GitLabForkTrust;
}

/** Of a repository at Bitbucket Server. */
export interface BitbucketSourceOptions extends HostedSourceOptions {
  /** Pull requests of forks. Needs `forkTrust`. @default - none are built */
  readonly forkPullRequests?: PullRequestRevision;
  /** @default - none; there is no safe default for strangers */
  readonly forkTrust?: BitbucketForkTrust;
}

/** Of a repository of Subversion. */
export interface SvnSourceOptions extends DevOpsSourceOptions {
  /** Address of the repository, above trunk, branches and tags. */
  readonly url: string;
  /** Paths that are branches, separated by commas, with "*". @default "trunk,branches/*" */
  readonly includes?: string;
  /** Paths that are none. @default - none */
  readonly excludes?: string;
}

/** Of one folder of a repository of Subversion. */
export interface SingleSvnSourceOptions extends DevOpsSourceOptions {
  /** Address of the folder. */
  readonly url: string;
}
