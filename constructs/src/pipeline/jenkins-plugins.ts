/** What a plugin adds, and what it takes. */
export interface PluginSymbol {
  /** Names of what it wants. @default - none */
  readonly requires?: string[];
  /** Names of what it may have beside. @default - anything goes when `requires` is not set either, else nothing */
  readonly takes?: string[];
}

/** What the Jenkins that a pipeline is for has beside the plugins that every Jenkins for pipelines has. Names that are neither here nor there are refused. */
export interface JenkinsPlugins {
  /** Kinds of agents. @default - none further */
  readonly agents?: { [name: string]: PluginSymbol };
  /** Options of pipelines. @default - none further */
  readonly options?: { [name: string]: PluginSymbol };
  /** Options that stages may have too. @default - none further */
  readonly stageOptions?: { [name: string]: PluginSymbol };
  /** @default - none further */
  readonly triggers?: { [name: string]: PluginSymbol };
  /** Kinds of parameters. @default - none further */
  readonly parameters?: { [name: string]: PluginSymbol };
  /** Conditions of `when`. @default - none further */
  readonly conditions?: { [name: string]: PluginSymbol };
  /** Steps whose arguments are looked at. Steps of other names are not. @default - those of the usual plugins */
  readonly steps?: { [name: string]: PluginSymbol };
  /** Kinds of tools with the names that they are installed under; an empty list: any name. @default - the usual kinds with any name */
  readonly tools?: { [kind: string]: string[] };
}
