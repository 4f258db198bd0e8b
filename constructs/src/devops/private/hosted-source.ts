import { present } from '../../private/present-members';
import {
  type BitbucketForkTrust,
  type BitbucketSourceOptions,
  BranchDiscovery,
  type GitHubForkTrust,
  type GitHubSourceOptions,
  type GitLabForkTrust,
  type GitLabSourceOptions,
  PullRequestRevision,
} from '../devops-source-props';
import { gitFields, gitMistakes } from './plain-source';
import { addressMistakes, type SourceFields } from './source-fields';

/** A kind of server that repositories are hosted at. */
interface HostedKind<Trust extends string> {
  readonly label: string;
  readonly member: string;
  /** Numbers of the trusts (ks-devops pkg/client/devops/jenkins/internal/pull_request.go). */
  readonly trusts: { readonly [key in Trust]: number };
  /** Whether there is a public one, which needs no address. */
  readonly isPublic: boolean;
}

export const GITHUB: HostedKind<GitHubForkTrust> = {
  label: 'GitHub',
  member: 'github_source',
  trusts: { contributors: 1, everyone: 2, writers: 3, nobody: 4 },
  isPublic: true,
};

export const GITLAB: HostedKind<GitLabForkTrust> = {
  label: 'GitLab',
  member: 'gitlab_source',
  trusts: { members: 1, everyone: 2, writers: 3, nobody: 4 },
  isPublic: true,
};

export const BITBUCKET: HostedKind<BitbucketForkTrust> = {
  label: 'Bitbucket Server',
  member: 'bitbucket_server_source',
  trusts: { everyone: 1, 'team-forks': 2, nobody: 3 },
  isPublic: false,
};

/** Strategies of the branch source plugins (BranchDiscoveryTrait, OriginPullRequestDiscoveryTrait, ForkPullRequestDiscoveryTrait). */
const BRANCHES: { readonly [key in BranchDiscovery]: number } = {
  [BranchDiscovery.WITHOUT_PULL_REQUEST]: 1,
  [BranchDiscovery.WITH_PULL_REQUEST]: 2,
  [BranchDiscovery.ALL]: 3,
};
const REVISIONS: { readonly [key in PullRequestRevision]: number } = {
  [PullRequestRevision.MERGED]: 1,
  [PullRequestRevision.HEAD]: 2,
  [PullRequestRevision.BOTH]: 3,
};

export function hostedSource<Trust extends string>(
  kind: HostedKind<Trust>,
  options: (GitHubSourceOptions | GitLabSourceOptions | BitbucketSourceOptions) & { readonly forkTrust?: Trust },
  serverName?: string,
): SourceFields {
  const { owner, repository, apiUrl, credential, sourceId, discoverBranches, discoverTags, forkTrust } = options;
  const { pullRequests, forkPullRequests } = options;
  const trust = forkTrust === undefined ? undefined : kind.trusts[forkTrust];
  return {
    member: kind.member,
    value: present({
      scm_id: sourceId,
      server_name: serverName,
      owner,
      repo: repository,
      credential_id: credential,
      api_uri: apiUrl,
      discover_branches: BRANCHES[discoverBranches ?? BranchDiscovery.WITHOUT_PULL_REQUEST],
      discover_pr_from_origin: pullRequests === undefined ? undefined : REVISIONS[pullRequests],
      discover_pr_from_forks:
        forkPullRequests === undefined ? undefined : present({ strategy: REVISIONS[forkPullRequests], trust }),
      discover_tags: discoverTags,
      accept_jenkins_notification: options.acceptNotifications,
      ...gitFields(options),
    }),
    mistakes: [
      ...nameMistakes('owner', owner),
      ...nameMistakes('repository', repository),
      ...(apiUrl === undefined ? [] : addressMistakes('apiUrl', apiUrl)),
      ...(apiUrl === undefined && !kind.isPublic ? [`its apiUrl is missing: there is no public ${kind.label}`] : []),
      ...(apiUrl === undefined || /^https?:/.test(apiUrl) ? [] : [`its apiUrl "${apiUrl}" does not begin with https:`]),
      ...((forkPullRequests === undefined) === (forkTrust === undefined)
        ? []
        : ['forkPullRequests and forkTrust need each other: say whose Jenkinsfile is run']),
      ...gitMistakes(options),
    ],
  };
}

/** Path segments as the servers take them. */
function nameMistakes(field: string, name: string): string[] {
  const isName = /^[A-Za-z0-9_~][\w.~-]*(\/[A-Za-z0-9_][\w.-]*)*$/.test(name);
  return isName ? [] : [`its ${field} "${name}" is no name of one`];
}
