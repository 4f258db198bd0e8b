import type {
  BitbucketSourceOptions,
  DevOpsSourceOptions,
  GitHubSourceOptions,
  GitLabSourceOptions,
  GitSourceOptions,
  SingleSvnSourceOptions,
  SvnSourceOptions,
} from './devops-source-props';
import { BITBUCKET, GITHUB, GITLAB, hostedSource } from './private/hosted-source';
import { gitSource, singleSvnSource, svnSource } from './private/plain-source';
import type { SourceFields } from './private/source-fields';

/** Where a multi-branch pipeline has its Jenkinsfile from: each branch, tag and pull request that has one is a pipeline of its own. */
export class DevOpsSource {
  /** Any Git repository, known by its address. It has no pull requests. */
  public static git(options: GitSourceOptions): DevOpsSource {
    return new DevOpsSource('git', options, gitSource(options));
  }

  /** A repository at GitHub. */
  public static gitHub(options: GitHubSourceOptions): DevOpsSource {
    return new DevOpsSource('github', options, hostedSource(GITHUB, options));
  }

  /** A repository at GitLab. */
  public static gitLab(options: GitLabSourceOptions): DevOpsSource {
    return new DevOpsSource('gitlab', options, hostedSource(GITLAB, options, options.serverName));
  }

  /** A repository at Bitbucket Server. */
  public static bitbucketServer(options: BitbucketSourceOptions): DevOpsSource {
    return new DevOpsSource('bitbucket_server', options, hostedSource(BITBUCKET, options));
  }

  /** A repository of Subversion with trunk and branches. */
  public static svn(options: SvnSourceOptions): DevOpsSource {
    return new DevOpsSource('svn', options, svnSource(options));
  }

  /** One folder of a repository of Subversion. */
  public static singleSvn(options: SingleSvnSourceOptions): DevOpsSource {
    return new DevOpsSource('single_svn', options, singleSvnSource(options));
  }

  private constructor(
    private readonly type: string,
    private readonly options: DevOpsSourceOptions,
    private readonly fields: SourceFields,
  ) {}

  /** @internal */
  public _type(): string {
    return this.type;
  }

  /** @internal */
  public _options(): DevOpsSourceOptions {
    return this.options;
  }

  /** @internal */
  public _fields(): SourceFields {
    return this.fields;
  }
}
