/** Groups by what they may. */
export interface JenkinsGroups {
  /** Everything. */
  readonly administrators: string[];
  /** Run and stop pipelines. @default - nobody */
  readonly developers?: string[];
  /** Look. @default - nobody */
  readonly readers?: string[];
}

/** Who may do what in Jenkins. */
export class JenkinsAuthorization {
  /** Everybody who signs on may do everything: for a Jenkins of few people who trust each other. */
  public static everybodySignedOn(): JenkinsAuthorization {
    return new JenkinsAuthorization(undefined);
  }

  /** Groups of the provider (plugin matrix-auth). Who is in none of them may nothing. */
  public static groups(groups: JenkinsGroups): JenkinsAuthorization {
    return new JenkinsAuthorization(groups);
  }

  private constructor(private readonly byGroup: JenkinsGroups | undefined) {}

  /** @internal */
  public _groups(): JenkinsGroups | undefined {
    return this.byGroup;
  }
}
