/** What a gate said at one try. */
export interface GateAnswer {
  readonly passed: boolean;
  /** One line for people: why it passed or not. May hold text of strangers. */
  readonly detail: string;
  /** The end of what a command wrote. Text of strangers. */
  readonly output?: string | undefined;
}

/** What a gate may know of the run that asks it. */
export interface GateSurroundings {
  /** Folder that commands run in. */
  readonly folder: string;
  /** Environment of commands, without what is said about the wave. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
  readonly wave: string;
  readonly clusters: readonly string[];
  /** Aborted: asking ends. */
  readonly signal?: AbortSignal | undefined;
}
